"""Kills the server under load and measures the time until the next one answers; five times, on each engine.

bench/durable/start.py FOLDER: the folder must lie on the disk to be measured. Uses the release build.
"""

import shutil
import signal
import statistics
import sys
import threading
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests/FromOutside"))

import conftest  # noqa: E402

conftest.PROGRAM = ROOT / ".build/release/continuum"

from cluster import Cluster  # noqa: E402
from test_durable import report  # noqa: E402


def crash(folder, options):
    running = conftest.Server(folder, *options)
    stopped, count = threading.Event(), [0]

    def write():
        while not stopped.is_set():
            try:
                report(running, f"report {count[0]}")
                count[0] += 1
            except OSError:
                return

    clients = [threading.Thread(target=write) for _ in range(4)]
    for client in clients:
        client.start()
    time.sleep(3)
    running.send(signal.SIGKILL)
    running.process.wait()
    stopped.set()
    for client in clients:
        client.join()
    began = time.monotonic()
    after = conftest.Server(folder, *options)
    assert urllib.request.urlopen(after.url + "/search?q=autism").status == 200
    seconds = time.monotonic() - began
    assert after.stop() == 0
    return seconds, count[0]


def main():
    folder = Path(sys.argv[1])
    cluster = Cluster().start()
    try:
        for engine, options in [("SQLite", []), ("PostgreSQL", ["--database", cluster.schema("start")])]:
            place = folder / engine
            shutil.rmtree(place, ignore_errors=True)
            made = conftest.continuum("demo", "--prepare-only", "--city-size", "0", "--data", place, *options)
            assert made.returncode == 0
            found = [crash(place, options) for _ in range(5)]
            times = [seconds for seconds, _ in found]
            print(f"{engine}\tfirst answer after a kill\tmedian {statistics.median(times):.2f} s\t"
                  f"worst {max(times):.2f} s\tafter {sum(count for _, count in found)} reports")
    finally:
        cluster.stop()


main()
