#!/usr/bin/env python3
"""Measures what deciding on access costs, and pages beside a storm of password checks.

    bench/access/run.py FOLDER

The folder must lie on the disk to be measured. Runs bench-access on both engines (decisions, lists, filters, pages,
“not found”), then the release server with a demonstration city: /search by one connection alone, and again while eight senders try wrong passwords as fast as they
are answered, each from an address of its own on the loopback, which delays do not join. Ends after about three minutes.
"""

import http.client
import re
import subprocess
import sys
import threading
import time
import urllib.parse
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / ".build/release/continuum"
sys.path.insert(0, str(ROOT / "Tests/FromOutside"))

from cluster import Cluster  # noqa: E402


def decisions(folder):
    cluster = Cluster().start()
    try:
        subprocess.run([ROOT / ".build/release/bench-access", folder, cluster.schema("bench")], check=True)
    finally:
        cluster.stop()


def ask(port, method, path, body=None, source="127.0.0.1"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=(source, 0))
    try:
        kind = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, kind)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def pages(port, seconds):
    times, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        began = time.monotonic()
        status, _ = ask(port, "GET", "/search?q=autism+B11")
        assert status == 200, status
        times.append((time.monotonic() - began) * 1000)
        time.sleep(0.01)
    times.sort()
    return times[len(times) // 2], times[len(times) * 99 // 100], len(times)


def storm(port, ends, number, counts):
    source, turn = f"127.0.1.{number + 1}", 0
    token = re.search(r'name="form-token" value="([^"]+)"', ask(port, "GET", "/sign-in", source=source)[1]).group(1)
    while time.monotonic() < ends:
        # Another name and address each time: neither is held up by what was tried before.
        turn += 1
        source = f"127.{number + 2}.{turn // 200 % 250}.{turn % 200 + 1}"
        body = urllib.parse.urlencode({"form-token": token, "login": f"nobody-{number}-{turn}", "password": "wrong"})
        status, _ = ask(port, "POST", "/sign-in", body, source)
        counts[status] = counts.get(status, 0) + 1


def passwords(folder):
    data = folder / "city"
    subprocess.run([PROGRAM, "demo", "--prepare-only", "--city-size", "0", "--data", data], check=True, capture_output=True)
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", "0", "--data", data, "--without-rates"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        port = int(server.stdout.readline().rsplit(":", 1)[1])
        pages(port, 2)
        p50, p99, count = pages(port, 10)
        print(f"pages alone\t{count}\tp50 {p50:.1f} ms\tp99 {p99:.1f} ms", flush=True)
        counts, ends = {}, time.monotonic() + 20
        senders = [threading.Thread(target=storm, args=(port, ends, n, counts)) for n in range(8)]
        for sender in senders:
            sender.start()
        time.sleep(2)
        p50, p99, count = pages(port, 15)
        for sender in senders:
            sender.join()
        print(f"pages in the storm\t{count}\tp50 {p50:.1f} ms\tp99 {p99:.1f} ms")
        answers = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
        print(f"password answers in 20 s\t{answers}")
        peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text()).group(1)
        print(f"peak memory of the server\t{int(peak) // 1024} MB")
    finally:
        server.terminate()
        server.wait(timeout=30)


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    decisions(folder)
    passwords(folder)


main()
