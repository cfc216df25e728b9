"""Runs what bin/test set up: builds, runs every test, and says how many passed. See bin/test."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/FromOutside"))

from cluster import Cluster  # noqa: E402


def main():
    options = argparse.ArgumentParser(prog="bin/test", description="Passes the tests of Continuum.")
    options.add_argument("--quick", action="store_true", help="the Swift tests alone")
    options.add_argument("--filter", metavar="NAME", help="only tests whose name holds NAME")
    asked = options.parse_args()
    os.chdir(ROOT)
    started = time.monotonic()
    run(["swift", "build", "--build-tests"], "the build")
    cluster = Cluster()
    try:
        os.environ["CONTINUUM_TEST_POSTGRES"] = cluster.start().address()
        results = swift_tests(asked.filter)
        if not asked.quick:
            results += python_tests(asked.filter)
    finally:
        cluster.stop()
    report(results, time.monotonic() - started)


def run(command, what):
    """Runs a step on which all else rests; where it fails, that is the one failure."""
    if subprocess.run(command).returncode != 0:
        print(f"bin/test: {what} failed\n0 passed, 1 failed")
        sys.exit(1)


def swift_tests(name):
    with tempfile.TemporaryDirectory() as folder:
        command = ["swift", "test", "--skip-build", "--disable-xctest", "--xunit-output", f"{folder}/swift.xml"]
        ended = subprocess.run(command + (["--filter", name] if name else []))
        files = list(Path(folder).glob("*swift-testing.xml")) or list(Path(folder).glob("*.xml"))
        results = [result for file in files for result in read(file, "swift")]
    if ended.returncode != 0 and all(passed for _, _, passed in results):
        results.append(("swift: the tests ended before their time", 0.0, False))
    return results


def python_tests(name):
    """The tests from outside: commands, the real server, and a real browser."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "python.xml"
        # Two files side by side: a test waits nearly half of its time, for a browser, a delay or the disk.
        command = [".venv/tests/bin/python", "-m", "pytest", "Tests/FromOutside", "-q", "--no-header", "-p", "no:cacheprovider",
                   "-n", "2", "--dist", "loadfile", f"--junit-xml={file}", "-o", "junit_family=xunit1"]
        ended = subprocess.run(command + (["-k", name] if name else []))
        results = read(file, "outside") if file.exists() else []
    # 5 is “nothing of that name”.
    if ended.returncode not in (0, 5) and all(passed for _, _, passed in results):
        results.append(("outside: the tests ended before their time", 0.0, False))
    return results


def read(file, kind):
    results = []
    for case in ElementTree.parse(file).getroot().iter("testcase"):
        failed = any(case.find(mark) is not None for mark in ("failure", "error", "skipped"))
        label = f"{kind}: {case.get('classname', '')} {case.get('name', '')}"
        results.append((label, float(case.get("time") or 0), not failed))
    return results


def report(results, seconds):
    print("\nThe ten slowest:")
    for label, time_taken, _ in sorted(results, key=lambda result: -result[1])[:10]:
        print(f"  {time_taken:7.2f} s  {label}")
    failures = [label for label, _, passed in results if not passed]
    for label in failures:
        print(f"failed: {label}")
    if not results:
        failures.append("no test ran")
        print("failed: no test ran")
    print(f"All in {seconds:.0f} s.")
    print(f"{len(results) - len([f for f in failures if f != 'no test ran'])} passed, {len(failures)} failed")
    sys.exit(1 if failures else 0)


main()
