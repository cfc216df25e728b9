#!/usr/bin/env python3
"""Measures the Single View: a census through all checks, linking a whole city, and one child asked of the city by the site.

    swift build -c release
    bench/single-view/run.py FOLDER [--times 3]

FOLDER takes the cities that are made, about 2 GB. Prints medians with the least and the most. Only loopback is asked.
"""

import argparse
import csv
import http.cookiejar
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / ".build/release/continuum"
SIZES = [1_412, 14_122, 141_215]
DAY = "2026-11-20"


def spread(values, places=2):
    return f"{statistics.median(values):.{places}f} ({min(values):.{places}f}–{max(values):.{places}f})"


def run(*arguments, allowed=(0,)):
    """Runs the program; gives wall seconds, processor seconds and peak megabytes."""
    start = time.monotonic()
    process = subprocess.Popen([PROGRAM, *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    assert os.waitstatus_to_exitcode(status) in allowed, arguments
    return time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def feeds(folder, times):
    print("| pupils | rows of the census | seconds | processor | MB | whole city linked: records | seconds | processor | MB |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    empty = folder / "empty"
    run("demo", "--prepare-only", "--city-size", 0, "--data", empty)
    for size in SIZES:
        extracts = folder / f"extracts-{size}"
        run("demo-extracts", "--into", extracts, "--city-size", size, "--as-of", DAY)
        census = extracts / f"school-census_{DAY}.csv"
        rows = sum(1 for _ in open(census)) - 1
        takes, links, records = [], [], 0
        for number in range(times):
            city = folder / "city"
            shutil.rmtree(city, ignore_errors=True)
            shutil.copytree(empty, city)
            takes.append(run("feed", "take", census, "--no-linking", "--data", city, allowed=(0, 2)))
            # Linking the largest takes a minute: once is told.
            if number and size == SIZES[-1]:
                continue
            others = [path for path in sorted(extracts.glob("*.csv")) if path != census]
            run("feed", "take", *others, "--no-linking", "--data", city, allowed=(0, 2))
            records = sum(sum(1 for _ in open(path)) - 6 for path in extracts.glob("*.csv"))
            links.append(run("feed", "link", "--data", city))
        told = [spread([one[place] for one in some], 0 if place == 2 else 2) for some in (takes, links) for place in (0, 1, 2)]
        print(f"| {size:,} | {rows:,} | {told[0]} | {told[1]} | {told[2]} | {records:,} | {told[3]} | {told[4]} | {told[5]} |",
              flush=True)


class Site:
    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--port", str(self.port), "--without-rates", "--data", folder], stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        # The cookie of a session is for this computer’s name alone, where it needs no https.
        policy = http.cookiejar.DefaultCookiePolicy(secure_protocols=("http", "https"))
        jar = http.cookiejar.CookieJar(policy)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
        for _ in range(600):
            try:
                self.get("/health/live")
                return
            except OSError:
                time.sleep(0.1)
        raise SystemExit("the server does not start")

    def get(self, path):
        return self.opener.open(f"http://localhost:{self.port}{path}").read().decode()

    def post(self, path, fields, page):
        form = page.split(f'action="{path}"', 1)[1].split("</form>", 1)[0]
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        body = urllib.parse.urlencode(hidden | fields).encode()
        request = urllib.request.Request(
            f"http://localhost:{self.port}{path}", body, {"Sec-Fetch-Site": "same-origin"})
        return self.opener.open(request).read().decode()

    def memory(self):
        for line in open(f"/proc/{self.process.pid}/status"):
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def asking(folder, count=400):
    """One child typed in, compared with the whole city, through the site: form, session, policy, journal and page."""
    print("\n| records | first answer, the index made | median ms | p95 | p99 | found | MB before | MB after |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for size in SIZES:
        city = folder / f"demo-{size}"
        run("demo", "--prepare-only", "--city-size", size, "--data", city)
        extracts = folder / f"extracts-{size}"
        people = list(csv.DictReader(open(extracts / f"school-census_{DAY}.csv")))
        chosen = random.Random(7).sample([row for row in people if "-" not in row["given"]], min(count, len(people)))
        site = Site(city)
        page = site.get("/demo/people")
        # Each of the cast has a form of one button: the keeper of records is among them.
        form = next(part for part in page.split("<form") if "Sign in as Ruth Carver" in part)
        token = re.search(r'name="form-token" value="([^"]*)"', form).group(1)
        body = urllib.parse.urlencode({"form-token": token, "account": "carver"}).encode()
        site.opener.open(urllib.request.Request(
            f"http://localhost:{site.port}/demo/sign-ins", body, {"Sec-Fetch-Site": "same-origin"})).read()
        before, times, found = site.memory(), [], 0
        page = site.get("/review/find")
        for row in chosen:
            start = time.monotonic()
            answer = site.post("/review/find", {
                "given": row["given"], "family": row["family"], "born": row["born"], "postcode": row["postcode"]}, page)
            times.append((time.monotonic() - start) * 1000)
            found += "app-results" in answer
        after = site.memory()
        site.stop()
        records = json.loads(subprocess.run(
            ["python3", "-c", "import sqlite3, sys, json; print(json.dumps(sqlite3.connect(sys.argv[1]).execute("
             "'SELECT COUNT(*) FROM held_record').fetchone()[0]))", str(city / "continuum.sqlite")],
            capture_output=True, text=True).stdout)
        rest = sorted(times[1:])
        at = lambda share: rest[min(len(rest) - 1, int(len(rest) * share))]
        print(f"| {records:,} | {times[0] / 1000:.2f} s | {statistics.median(rest):.1f} | {at(0.95):.1f} | {at(0.99):.1f} "
              f"| {found} of {len(chosen)} | {before:.0f} | {after:.0f} |", flush=True)


parser = argparse.ArgumentParser()
parser.add_argument("folder", type=Path)
parser.add_argument("--times", type=int, default=3)
options = parser.parse_args()
options.folder.mkdir(parents=True, exist_ok=True)
feeds(options.folder, options.times)
asking(options.folder)
