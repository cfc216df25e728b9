"""Runs bench-durable on both engines, beside one-by-one commits of the same rows by Python's sqlite3.

bench/durable/run.py FOLDER: the folder must lie on the disk to be measured.
"""

import resource
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "Tests/FromOutside"))

from cluster import Cluster  # noqa: E402


def one_by_one(folder):
    """What SQLite does where each write waits for the disk alone."""
    database = sqlite3.connect(folder / "one.sqlite", isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    database.execute("CREATE TABLE receipt (key TEXT PRIMARY KEY, at TEXT, answer TEXT)")
    database.execute("CREATE TABLE journal (seq INTEGER PRIMARY KEY, kind TEXT, subject TEXT)")
    times, end = [], time.monotonic() + 8
    while time.monotonic() < end:
        start = time.monotonic()
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO receipt VALUES (?, 'now', 'x')", (f"key-{len(times)}",))
        database.execute("INSERT INTO journal (kind, subject) VALUES ('bench.written', ?)", (f"key-{len(times)}",))
        database.execute("COMMIT")
        times.append((time.monotonic() - start) * 1000)
    times.sort()
    print(f"Python sqlite3\tone by one\t{len(times) / 8:.0f}/s\tp50 {times[len(times) // 2]:.2f} ms\t"
          f"p99 {times[len(times) * 99 // 100]:.2f} ms", flush=True)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    one_by_one(folder)
    cluster = Cluster().start()
    try:
        subprocess.run([ROOT / ".build/release/bench-durable", folder, cluster.schema("bench")], check=True)
    finally:
        cluster.stop()
    print(f"peak memory\t{resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024} MB")


main()
