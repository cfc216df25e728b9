"""The units do not only start: under what they forbid, the server does all of its work, and nothing besides."""

import re
import signal
import subprocess

import pytest
from conftest import PROGRAM, ROOT
from test_http import ask

UNITS = ROOT / "share/systemd"
UNDER = ["/usr/bin/python3", str(ROOT / "Tests/FromOutside/under_unit.py")]


def command(unit, kind, **places):
    """The words of a line of the unit, with our places in it."""
    line = next(line for line in (UNITS / unit).read_text().splitlines() if line.startswith(f"{kind}="))
    line = line.split("=", 1)[1].replace("/opt/continuum/.build/release/continuum", str(PROGRAM))
    for name, place in places.items():
        line = line.replace({"config": "/etc/continuum.conf", "data": "/var/lib/continuum"}[name], str(place))
    return line.split()


class Unit:
    """A server started as its unit starts it."""

    def __init__(self, unit, folder, words):
        self.errors = open(folder.parent / f"{unit}.log", "w+")
        self.process = subprocess.Popen(
            [*UNDER, str(UNITS / unit), str(folder), *words], stdout=subprocess.PIPE, stderr=self.errors, text=True)
        line = self.process.stdout.readline()
        found = re.fullmatch(r"http://localhost:(\d+)\n", line)
        assert found, (line, open(self.errors.name).read(), self.process.poll())
        self.port = int(found.group(1))

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=40)


@pytest.fixture
def settings(own_city, tmp_path):
    """The settings of a service in our places: mail is handed to a program of our own."""
    sendmail = own_city / "sendmail"
    sendmail.write_text(f"#!/bin/sh\ncat >> {own_city}/sent.txt\n")
    sendmail.chmod(0o700)
    file = tmp_path / "continuum.conf"
    file.write_text(f"data = {own_city}\nport = 0\nsendmail = {sendmail}\nmail-from = send@example.org\n")
    return file


def run_under(unit, folder, *words):
    return subprocess.run([*UNDER, str(UNITS / unit), str(folder), *map(str, words)], capture_output=True, text=True)


def test_the_filter_ends_what_a_unit_forbids_and_all_but_its_folder_is_read_only(tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    python = "/usr/bin/python3"
    assert run_under("continuum.service", folder, python, "-c", f"open('{folder}/x', 'w').write('x')").returncode == 0
    refused = run_under("continuum.service", folder, python, "-c", f"open('{tmp_path}/x', 'w')")
    assert refused.returncode == 1 and "Read-only file system" in refused.stderr
    library = "import ctypes; found = ctypes.CDLL(None)."
    for call in ["mount(b'none', b'/mnt', b'tmpfs', 0, None)", "ptrace(0, 0, 0, 0)", "reboot(0)", "swapon(b'/x', 0)"]:
        ended = run_under("continuum.service", folder, python, "-c", library + call)
        assert ended.returncode == -signal.SIGSYS, (call, ended)
    for call in ["unshare(0x10000000)", "mprotect(0, 0, 7)", "socket(17, 3, 0)", "socket(16, 3, 0)"]:
        ended = run_under("continuum.service", folder, python, "-c", library + call + "; raise SystemExit(found != -1)")
        assert ended.returncode == 0, (call, ended)


def test_the_whole_site_checks_starts_keeps_mails_and_stops_under_its_unit(own_city, settings):
    checked = run_under("continuum.service", own_city, *command("continuum.service", "ExecStartPre", config=settings))
    assert checked.returncode == 0 and "wrong" not in checked.stdout, (checked.stdout, checked.stderr, checked.returncode)
    service = Unit("continuum.service", own_city, command("continuum.service", "ExecStart", config=settings))
    try:
        for path, status in {"/": 200, "/search?q=autism+B11": 200, "/health/ready": 200, "/metrics": 200, "/people": 303}.items():
            assert ask(service, "GET", path)[0].status == status, path
        page = ask(service, "GET", "/reports/new?entry=school-103600")[1].decode()
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        assert "form-token" in hidden
        people = ask(service, "GET", "/demo/people", {"Host": "localhost"})
        token = re.search(r'name="form-token" value="([^"]+)"', people[1].decode()).group(1)
        key = re.search(r'name="form-key" value="([^"]+)"', people[1].decode())
        body = f"form-token={token}&account=nadia" + (f"&form-key={key.group(1)}" if key else "")
        signed, _ = ask(service, "POST", "/demo/sign-ins", {
            "Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}, body)
        assert signed.status == 303 and "__Host-session" in (signed.headers["Set-Cookie"] or ""), signed.status
        cookie = signed.headers["Set-Cookie"].split(";")[0]
        shown, record = ask(service, "GET", "/people/amina", {"Host": "localhost", "Cookie": cookie})
        assert shown.status == 200 and b"Amina" in record
    finally:
        ended = service.stop()
    assert ended == 0, open(service.errors.name).read()


def test_the_public_site_serves_under_its_unit(own_city):
    subprocess.run([PROGRAM, "publish", "--data", own_city], check=True, capture_output=True)
    words = command("continuum-offer.service", "ExecStart", data=own_city)
    words[words.index("--port") + 1] = "0"
    service = Unit("continuum-offer.service", own_city / "public", words)
    try:
        assert ask(service, "GET", "/search?q=autism+B11")[0].status == 200
    finally:
        assert service.stop() == 0
