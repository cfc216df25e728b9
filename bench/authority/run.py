#!/usr/bin/env python3
"""Measures casework at the size of an authority: all limits recomputed, an officer’s day and a case page over HTTP.

    swift build -c release
    bench/authority/run.py FOLDER [--sizes 2100 21000] [--times 5]

FOLDER takes the authorities that are made, about 1 GB. Each officer has 210 open cases. Pages are asked of the release server on
loopback by one connection, with session, policy and journal. Prints medians with the least and the most.
"""

import argparse
import http.client
import random
import re
import shutil
import statistics
import subprocess
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BUILT = ROOT / ".build/release"
LOAD = 210


def spread(values, places=2):
    return f"{statistics.median(values):.{places}f} ({min(values):.{places}f}–{max(values):.{places}f})"


def made(folder, children):
    data = folder / f"authority-{children}"
    if data.exists():
        return data
    shutil.rmtree(folder / "making", ignore_errors=True)
    subprocess.run([BUILT / "continuum", "demo", "--prepare-only", "--city-size", "0", "--data", folder / "making"],
                   check=True, capture_output=True)
    subprocess.run([BUILT / "bench-authority", "make", folder / "making", str(children), "7"], check=True)
    (folder / "making").rename(data)
    return data


def reckoned(data, times):
    runs = [subprocess.run(["taskset", "-c", "0", BUILT / "bench-authority", "reckon", data], capture_output=True, text=True,
                           check=True).stdout.split("\t") for _ in range(times)]
    cases = int(runs[0][0])
    reading, listed, explained = ([float(run[place]) for run in runs] for place in (3, 4, 5))
    print(f"| {cases:,} | {int(runs[0][1]):,} | {int(runs[0][2]):,} | {spread(reading)} | {spread(listed)} "
          f"| {spread([one / cases * 1e6 for one in listed], 0)} | {spread(explained)} |", flush=True)


class Browser:
    """One connection that keeps its session."""

    def __init__(self, port, account):
        self.connection, self.session = http.client.HTTPConnection("localhost", port, timeout=60), ""
        page = self.get("/demo/people")
        form = page.split('action="/demo/sign-ins"', 1)[1]
        token = re.search(r'name="form-token" value="([^"]*)"', form).group(1)
        self.ask("POST", "/demo/sign-ins", urllib.parse.urlencode({"form-token": token, "account": account}))
        assert self.session, "nobody is signed in"

    def ask(self, method, path, body=None):
        headers = {"Sec-Fetch-Site": "same-origin"}
        if self.session:
            headers["Cookie"] = self.session
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            self.session = cookie.split(";", 1)[0]
        return answer.status, answer.read().decode()

    def get(self, path):
        status, text = self.ask("GET", path)
        assert status == 200, (path, status)
        return text


def used(process):
    """Processor seconds of the server, and its peak in MiB."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text()).group(1)
    return (int(fields[11]) + int(fields[12])) / 100, int(peak) / 1024


def asked(process, browser, paths):
    times, before = [], used(process)[0]
    for path in paths:
        start = time.monotonic()
        browser.get(path)
        times.append((time.monotonic() - start) * 1000)
    times.sort()
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))]
    return at(0.5), at(0.95), at(0.99), (used(process)[0] - before) / len(paths) * 1000


def pages(data, children, count):
    server = subprocess.Popen([BUILT / "continuum", "serve", "--port", "0", "--data", data, "--without-rates"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        chance, officers = random.Random(7), max(1, children // LOAD)
        days, files, listed = [], [], 0
        for officer in chance.sample(range(officers), min(10, officers)):
            browser = Browser(port, f"officer-{officer}")
            own = re.findall(r'href="(/cases/case-[^"]+)"', browser.get("/cases"))
            listed = len(own)
            browser.get(own[0])
            days.append(asked(server, browser, ["/cases"] * (count // 10)))
            files.append(asked(server, browser, chance.choices(own, k=count // 5)))
        for name, some in (("an officer’s day", days), ("a case page", files)):
            told = [spread([one[place] for one in some], 1) for place in range(4)]
            print(f"| {children:,} | {name}, {listed} open cases | {' | '.join(told)} | {used(server)[1]:.0f} |", flush=True)
    finally:
        server.terminate()
        server.wait(timeout=30)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", type=Path)
    options.add_argument("--sizes", type=int, nargs="+", default=[2_100, 21_000])
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--requests", type=int, default=400)
    chosen = options.parse_args()
    chosen.folder.mkdir(parents=True, exist_ok=True)
    folders = [(made(chosen.folder, size), size) for size in chosen.sizes]
    print("| open cases | events | limits | s to read | s to recompute | µs a case | s with every sentence |")
    print("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for data, _ in folders:
        reckoned(data, chosen.times)
    print("\n| children | what | p50 ms | p95 ms | p99 ms | CPU ms/request | MB at the peak |")
    print("| ---: | --- | ---: | ---: | ---: | ---: | ---: |")
    for data, size in folders:
        pages(data, size, chosen.requests)


main()
