#!/usr/bin/env python3
"""Measures the clock: all limits of a city’s cases recomputed on one core, and `continuum deadlines` on files of rows.

    swift build -c release
    bench/clock/run.py FOLDER [--times 5]

FOLDER takes the files that are made, about 900 MB. Prints medians with the least and the most.
"""

import argparse
import csv
import datetime
import random
import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILT = ROOT / ".build/release"
FACTS = [
    "", "", "", "", "waiting_list", "absent_from_area:from=2026-03-20;to=2026-04-30",
    "exceptional_circumstances:date=2026-03-25;evidence=letter",
    "school_closed:first_closed=2026-07-25;reopens=2026-09-02;advice_requested=2026-07-20",
]


def spread(values, places):
    return f"{statistics.median(values):.{places}f} ({min(values):.{places}f}–{max(values):.{places}f})"


def cases(times):
    print("| plans | events | limits | open | processor seconds | µs a case |\n| ---: | ---: | ---: | ---: | ---: | ---: |")
    for plans in (2_100, 21_000, 210_000):
        runs = [subprocess.run([BUILT / "bench-clock", ROOT / "share", str(plans), "7"], capture_output=True, text=True,
                               check=True).stdout.split("\t") for _ in range(times)]
        assert len({run[6] for run in runs}) == 1, "the same events gave different limits"
        print(f"| {int(plans):,} | {int(runs[0][1]):,} | {int(runs[0][2]):,} | {int(runs[0][3]):,} "
              f"| {spread([float(run[4]) for run in runs], 3)} | {spread([float(run[5]) for run in runs], 1)} |")


def rows(folder, times):
    chance = random.Random(7)
    with open(ROOT / "share/law/rules.csv", encoding="utf-8") as file:
        rules = [rule["rule_id"] for rule in csv.DictReader(file) if rule["rule_id"][0] in "ET" and rule["rule_id"] != "E-MOVE-REVIEW"]
    print("\n| rows | seconds | processor | MiB at the peak |\n| ---: | ---: | ---: | ---: |")
    for count in (100_000, 1_000_000):
        file = folder / f"cases-{count}.csv"
        with open(file, "w") as out:
            out.write("case_id,rule_id,trigger_date,facts\n")
            for number in range(count):
                day = datetime.date(2018, 5, 1) + datetime.timedelta(chance.randrange(3600))
                out.write(f"case-{number},{chance.choice(rules)},{day},{chance.choice(FACTS)}\n")
        runs = []
        for _ in range(times):
            done = subprocess.run(["/usr/bin/time", "-f", "%e %U %S %M", BUILT / "continuum", "deadlines", file, "--out", folder / "out.csv"],
                                  capture_output=True, text=True, check=True)
            wall, user, system, memory = map(float, done.stderr.splitlines()[-1].split())
            runs.append((wall, user + system, memory / 1024))
        print(f"| {count:,} | {spread([run[0] for run in runs], 2)} | {spread([run[1] for run in runs], 2)} "
              f"| {spread([run[2] for run in runs], 0)} |")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--times", type=int, default=5)
    asked = options.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    cases(asked.times)
    rows(asked.folder, asked.times)


main()
