"""Backs up and restores a database of many gigabytes, and prints the seconds and the peak memory of each.

bench/durable/large.py FOLDER GIGABYTES: the folder must lie on the disk to be measured and hold four times as much.
Rows of 800 characters are put in by sqlite3, beside a demonstration city. Uses the release build.
"""

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent.parent.parent / ".build/release/continuum"


def timed(what, *command):
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.monotonic() - began
    assert os.waitstatus_to_exitcode(status) in (0, 2), f"{what} failed"
    print(f"{what}\t{seconds:.1f} s\tpeak {used.ru_maxrss // 1024} MB", flush=True)


def main():
    folder, wanted = Path(sys.argv[1]), float(sys.argv[2]) * 1e9
    live, file = folder / "live", folder / "large.age"
    folder.mkdir(parents=True)
    subprocess.run([PROGRAM, "demo", "--prepare-only", "--city-size", "0", "--data", live], check=True)
    database = sqlite3.connect(live / "continuum.sqlite", isolation_level=None)
    number, words = 0, "~" * 760
    while (live / "continuum.sqlite").stat().st_size < wanted:
        database.execute("BEGIN")
        for _ in range(100_000):
            number += 1
            database.execute("INSERT INTO report (id, at, about, words) VALUES (?, '2026-01-01T00:00:00.000Z', '', ?)",
                             (f"r{number:012d}", f"{number} {words} {os.urandom(16).hex()}"))
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    print(f"{(live / 'continuum.sqlite').stat().st_size / 1e9:.1f} GB, {number} rows", flush=True)
    key = folder / "backup.key"
    subprocess.run(["age-keygen", "-o", key], check=True, capture_output=True)
    recipient = subprocess.run(["age-keygen", "-y", key], check=True, capture_output=True, text=True).stdout.strip()
    timed("backup", PROGRAM, "backup", file, "--to", recipient, "--no-drill", "--data", live)
    timed("restore with every check", PROGRAM, "restore", file, "--identity", key, "--data", folder / "restored")


main()
