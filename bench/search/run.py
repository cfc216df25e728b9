"""Measures search through the whole HTTP stack, beside Datasette and the bare framework, in one run.

    bench/search/run.py [--seconds 6] [--sizes 6000,200000]

Needs Debian's wrk, and makes its own virtual environment for Datasette. Prints the tables of bench/RESULTS.md. Traffic
goes to 127.0.0.1 only, each measurement for the given seconds.
"""

import argparse
import csv
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / ".build/release/continuum"
TICKS = os.sysconf("SC_CLK_TCK")


class Process:
    """A server under measurement: its time on the processor and its memory, from /proc."""

    def __init__(self, command, port, path="/"):
        self.started = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.port = port
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=2).read()
                break
            except OSError:
                if time.monotonic() - self.started > 90 or self.process.poll() is not None:
                    sys.exit(f"{command[0]} did not start")
                time.sleep(0.01)
        self.start_seconds = time.monotonic() - self.started

    def cpu_seconds(self):
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def megabytes(self, field):
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{field}:\s+(\d+) kB", status).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=30)


def load(server, addresses, connections, seconds):
    """Requests a second, latencies in milliseconds, milliseconds of processor a request."""
    before = server.cpu_seconds()
    out = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(ROOT / "bench/search/ask.lua"),
         f"http://127.0.0.1:{server.port}", "--", str(addresses)], capture_output=True, text=True, check=True).stdout
    rate, p50, p95, p99, bad = re.search(r"RESULT (\S+) (\S+) (\S+) (\S+) (\d+)", out).groups()
    done = float(rate) * seconds
    if int(bad):
        sys.exit(f"{bad} requests to {addresses} failed")
    return float(rate), float(p50), float(p95), float(p99), (server.cpu_seconds() - before) / done * 1000


def environment(folder):
    python = folder / "bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r",
                        str(ROOT / "bench/requirements.txt")], check=True)
    return folder / "bin/datasette"


def words_for_peer(answer):
    """What our reader understood, as a question for full-text search."""
    understood = answer["understood"]
    words = list(understood["other_words"]) + list(understood["needs"])
    labels = {row["code"]: row["label"] for row in csv.DictReader(open(ROOT / "share/offer/help.csv"))}
    for codes in understood["help"]:
        words += [labels[code] for code in codes[:3]]
    return " OR ".join('"' + word.replace('"', "") + '"' for word in words) or '"school"'


def questions(server, folder):
    """The queries: the words of the judged searches, as pages and as JSON; and what they find, for the peer."""
    judged = list(csv.DictReader(open(ROOT / "Slices/Offer/Tests/Data/judged-searches.csv")))[:100]
    asked = []
    for row in judged:
        query = urllib.parse.urlencode({"q": row["words"]})
        answer = json.load(urllib.request.urlopen(f"http://127.0.0.1:{server.port}/search.json?{query}"))
        place = answer["results"][0] if answer["results"] and answer["understood"]["place"] else None
        asked.append({
            "words": words_for_peer(answer), "age": str(answer["understood"]["age_from"] or ""),
            "lat": str(place["latitude"] or "") if place else "", "lon": str(place["longitude"] or "") if place else "",
            "found": [result["id"] for result in answer["results"]]})
    (folder / "queries.json").write_text(json.dumps(asked))
    lines = [urllib.parse.urlencode({"q": row["words"]}) for row in judged]
    (folder / "json.txt").write_text("".join(f"/search.json?{line}\n" for line in lines))
    (folder / "html.txt").write_text("".join(f"/search?{line}\n" for line in lines))


def measure(size, folder, seconds, datasette):
    data = folder / f"data-{size}"
    subprocess.run([sys.executable, str(ROOT / "bench/search/make_entries.py"), str(folder / "demo"), str(data), str(size)],
                   check=True)
    rows = []
    ours = Process([str(PROGRAM), "serve", "--data", str(data), "--port", "18080", "--without-rates"], 18080)
    start, first_memory = ours.start_seconds, ours.megabytes("VmRSS")
    questions(ours, folder)
    for name, file in (("Continuum, JSON", "json.txt"), ("Continuum, HTML page", "html.txt")):
        for connections in (1, 8, 64):
            rows.append((name, connections, *load(ours, folder / file, connections, seconds), ours.megabytes("VmRSS")))
    peak = ours.megabytes("VmHWM")
    ours.stop()
    peer = folder / f"peer-{size}"
    subprocess.run([sys.executable, str(ROOT / "bench/search/peer.py"), str(data), str(peer), str(folder / "queries.json")],
                   check=True)
    theirs = Process([str(datasette), "serve", str(peer / "peer.db"), "-m", str(peer / "metadata.json"), "-p", "18081", "--setting",
                      "sql_time_limit_ms", "20000", "--setting", "num_sql_threads", "2"], 18081, "/-/versions.json")
    for name, file in (("Datasette, FTS5 search, JSON", "searches.txt"), ("Datasette, the same 20 rows by key, JSON", "lookups.txt")):
        for connections in (1, 8, 64):
            rows.append((name, connections, *load(theirs, peer / file, connections, seconds), theirs.megabytes("VmRSS")))
    theirs.stop()
    return rows, start, first_memory, peak


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=int, default=6)
    options.add_argument("--sizes", default="6000,200000")
    asked = options.parse_args()
    datasette = environment(ROOT / ".venv/bench")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(
            [str(PROGRAM), "demo", "--prepare-only", "--city-size", "0", "--data", str(folder / "demo")], check=True)
        hello = Process([str(ROOT / ".build/release/bench-hello"), "18082"], 18082)
        (folder / "hello.txt").write_text("/\n")
        limits = [("Bare framework, “hello”", connections, *load(hello, folder / "hello.txt", connections, asked.seconds),
                   hello.megabytes("VmRSS")) for connections in (1, 8, 64)]
        hello.stop()
        for size in map(int, asked.sizes.split(",")):
            rows, start, memory, peak = measure(size, folder, asked.seconds, datasette)
            print(f"\n### {size:,} entries\n")
            print(f"Start with the data loaded, to the first answer: {start:.2f} s. Resident then {memory:.0f} MB, peak over the "
                  f"whole run {peak:.0f} MB.\n")
            print("| what | connections | requests/s | p50 ms | p95 ms | p99 ms | CPU ms/request | resident MB |")
            print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
            for row in rows + limits:
                print(f"| {row[0]} | {row[1]} | {row[2]:,.0f} | {row[3]:.2f} | {row[4]:.2f} | {row[5]:.2f} | {row[6]:.3f} | {row[7]:.0f} |")
            at_eight = {row[0]: row[2] for row in rows if row[1] == 8}
            for name in list(at_eight)[2:]:
                print(f"\nContinuum’s JSON against {name}, at 8 connections: {at_eight['Continuum, JSON'] / at_eight[name]:.1f} times "
                      "the throughput.")


main()
