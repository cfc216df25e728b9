"""What an operator needs: settings by file and variable, check, begin, proxies, logs with marks, metrics, the unit."""

import http.client
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

import pytest
from conftest import PROGRAM, ROOT, Server, continuum, demonstration


def ask(server, path, headers=None, source="127.0.0.1"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20, source_address=(source, 0))
    try:
        connection.request("GET", path, headers={"Host": f"localhost:{server.port}", **(headers or {})})
        answer = connection.getresponse()
        return answer, answer.read().decode()
    finally:
        connection.close()


def test_a_file_a_variable_and_the_command_line_set_the_same_in_this_order(own_city, tmp_path):
    settings = tmp_path / "continuum.conf"
    settings.write_text("# a city's own\nport = 1\nlog-format = json\nlog = info\nconnections=100\n")
    environment = {**os.environ, "CONTINUUM_PORT": "2"}
    words = [PROGRAM, "serve", "--config", settings, "--port", "0", "--data", own_city]
    running = subprocess.Popen(
        [str(word) for word in words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        port = int(re.fullmatch(r"http://localhost:(\d+)\n", running.stdout.readline()).group(1))
        assert port > 2
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/search?q=secret-words")
        mark = connection.getresponse().getheader("X-Request-Id")
    finally:
        running.terminate()
        told = running.communicate(timeout=30)[1]
    lines = [json.loads(line) for line in told.splitlines()]
    asked = [line for line in lines if line["message"] == "request"]
    assert [line["request"] for line in asked] == [mark] and re.fullmatch("[0-9a-f]{16}", mark)
    assert asked[0]["route"] == "/search" and asked[0]["status"] == "200"
    assert "secret-words" not in told and "127.0.0.1" not in told


def test_every_mistake_in_the_settings_is_said_at_once_with_its_line(tmp_path):
    settings = tmp_path / "continuum.conf"
    settings.write_text("prot = 8080\nport = many\nlog = loud\nplain-http-on-network = perhaps\njust words\n")
    for command in ["serve", "check"]:
        ended = continuum(command, "--config", settings)
        assert ended.returncode == 64
        for number, words in enumerate(
                ["there is no setting “prot”", "port", "log", "is yes or no, not “perhaps”", "name = value"]):
            assert re.search(rf"line {number + 1} of .*{words}", ended.stderr), (words, ended.stderr)
    ended = continuum("serve", "--config", tmp_path / "nowhere")
    assert ended.returncode == 64 and "cannot be read" in ended.stderr


def test_check_says_what_keeps_a_server_from_its_work(own_city, tmp_path):
    good = continuum("check", "--data", own_city)
    assert good.returncode == 0, good.stdout
    assert "ok\tthe database opens (SQLite)" in good.stdout and "look\tthis is a demonstration" in good.stdout
    (own_city / "secrets").chmod(0o755)
    bad = continuum("check", "--data", own_city, "--mail-from", "a@b.invalid", "--sendmail", "/nowhere/sendmail",
                    "--checkpoints", "/nowhere/at/all", "--assets", tmp_path)
    assert bad.returncode == 1
    for words in ["can be read by others", "no program /nowhere/sendmail", "/nowhere/at/all", "Run bin/setup"]:
        assert words in bad.stdout, bad.stdout
    none = continuum("check", "--data", tmp_path / "none")
    assert none.returncode == 1 and "continuum begin" in none.stdout


def test_the_first_manager_begins_with_a_code_and_can_sign_in(tmp_path):
    folder = tmp_path / "real"
    made = continuum("begin", "joan@city.example", "--name", "Joan Ellery", "--data", folder)
    assert made.returncode == 0 and re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4})+\n", made.stdout), made.stderr
    assert folder.stat().st_mode & 0o077 == 0
    wrong = continuum("begin", "joan", "--name", "Joan Ellery", "--data", folder)
    assert wrong.returncode == 64 and "no e-mail address" in wrong.stderr
    server = Server(folder, rates=True)
    try:
        _, page = ask(server, "/join")
        token = re.search(r'name="form-token" value="([^"]+)"', page).group(1)
        body = (f"form-token={token}&code={made.stdout.strip()}"
                "&password=three+random+words+here&again=three+random+words+here")
        connection = http.client.HTTPConnection("localhost", server.port, timeout=20)
        connection.request("POST", "/join", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        assert answer.status == 200 and "Keep these codes" in answer.read().decode()
        cookie = answer.getheader("Set-Cookie").split(";")[0]
        answer, page = ask(server, "/administration/accounts", {"Cookie": cookie})
        assert answer.status == 200 and "Joan Ellery" in page
        assert ask(server, "/demo/people")[0].status == 404
    finally:
        assert server.stop() == 0


def test_plain_http_beyond_this_computer_is_refused_unless_it_is_said(own_city):
    ended = continuum("serve", "--data", own_city, "--port", "0", "--host", "0.0.0.0")
    assert ended.returncode == 64 and "readable over the network" in ended.stderr
    running = subprocess.Popen(
        [str(PROGRAM), "serve", "--data", str(own_city), "--port", "0", "--host", "0.0.0.0", "--plain-http-on-network"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        assert running.stdout.readline().startswith("http://0.0.0.0:")
    finally:
        running.terminate()
        assert running.wait(timeout=30) == 0


def wrong_password(server, headers, source="127.0.0.1"):
    _, page = ask(server, "/sign-in", headers, source)
    token = re.search(r'name="form-token" value="([^"]+)"', page).group(1)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20, source_address=(source, 0))
    connection.request(
        "POST", "/sign-in", f"form-token={token}&login=nadia%40continuum.invalid&password=wrong",
        {"Host": f"localhost:{server.port}", "Content-Type": "application/x-www-form-urlencoded", **headers})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def test_visitors_behind_a_trusted_proxy_have_delays_of_their_own(own_city):
    server = Server(own_city, "--trusted-proxy", "127.0.0.1", "--trusted-proxy", "10.0.0.0/8", rates=True)
    try:
        # What stands left of the last address that is no proxy of ours, anybody may have written.
        mine = [{"X-Forwarded-For": f"203.0.113.{n}, 198.51.100.7, 10.1.2.3"} for n in range(8)]
        assert [wrong_password(server, headers) for headers in mine[:5]] == [422] * 5
        assert wrong_password(server, mine[5]) == 429
        assert wrong_password(server, {"X-Forwarded-For": "198.51.100.8"}) == 422
        for odd in ["", "nonsense", ",,,", "198.51.100.9:80", "x" * 5000, "::ffff:1.2.3.4, ]"]:
            assert ask(server, "/sign-in", {"X-Forwarded-For": odd})[0].status == 200
    finally:
        assert server.stop() == 0


def test_what_others_say_of_whom_they_speak_for_is_not_believed(own_city):
    server = Server(own_city, "--trusted-proxy", "127.0.0.9", rates=True)
    try:
        tries = [wrong_password(server, {"X-Forwarded-For": f"198.51.100.{n}"}) for n in range(6)]
        assert tries == [422] * 5 + [429]
        by_proxy = wrong_password(server, {"X-Forwarded-For": "198.51.100.1"}, source="127.0.0.9")
        assert by_proxy == 422
        assert ask(server, "/demo/people", {"X-Forwarded-For": "127.0.0.1"}, source="127.0.0.9")[0].status == 404
    finally:
        assert server.stop() == 0


def test_cookies_are_secure_where_the_proxy_says_https(own_city):
    server = Server(own_city, "--trusted-proxy", "127.0.0.1")
    try:
        _, page = ask(server, "/search?q=autism")
        form = page.split('action="/shortlist/entries"')[1]
        token = re.search(r'name="form-token" value="([^"]+)"', form).group(1)
        entry = re.search(r'name="entry" value="([^"]+)"', page).group(1)

        def cookie(headers):
            connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
            connection.request("POST", "/shortlist/entries", f"form-token={token}&entry={entry}", {
                "Host": f"localhost:{server.port}", "Content-Type": "application/x-www-form-urlencoded", **headers})
            return connection.getresponse().getheader("Set-Cookie")
        assert "Secure" not in cookie({})
        assert cookie({"X-Forwarded-For": "198.51.100.1", "X-Forwarded-Proto": "https"}).endswith("; Secure")
    finally:
        assert server.stop() == 0


def test_metrics_are_for_this_computer_alone_and_hold_no_values(own_city):
    server = Server(own_city, rates=True)
    try:
        ask(server, "/search?q=secret-words")
        ask(server, "/entries/school-103600")
        ask(server, "/no-such-page-of-ours")
        answer, text = ask(server, "/metrics")
        assert answer.status == 200 and answer.getheader("Content-Type").startswith("text/plain; version=0.0.4")
        assert 'continuum_requests_total{route="/search",method="GET",status="2xx"} 1' in text
        assert 'continuum_requests_total{route="/entries/{entry}",method="GET",status="2xx"} 1' in text
        assert 'continuum_request_seconds_bucket{route="/search",le="+Inf"} 1' in text
        for name in ["continuum_journal_entries", "continuum_messages_dead", "continuum_jobs_failing",
                     "continuum_disk_free_bytes", "continuum_checkpoint_age_seconds", "process_resident_memory_bytes"]:
            assert re.search(rf"^{name} \d+$", text, re.M), name
        for line in text.splitlines():
            assert re.fullmatch(r'# (HELP|TYPE) \S+ .*|[a-z_]+(\{([a-z]+="[^"]*",?)+\})? [0-9.e+-]+', line), line
        assert "secret-words" not in text and "school-103600" not in text and "no-such-page" not in text
        assert ask(server, "/metrics", {"X-Forwarded-For": "127.0.0.1"})[0].status == 404
        assert ask(server, "/metrics", {"Host": "records.example"})[0].status == 404
        _, bare = ask(server, "/health/ready", {"X-Forwarded-For": "198.51.100.1"})
        assert json.loads(bare) == {"ready": True}
        assert "warnings" in json.loads(ask(server, "/health/ready")[1])
    finally:
        assert server.stop() == 0


@pytest.fixture
def published():
    """A data folder whose public copy was made, where another user may pass."""
    above = Path(tempfile.mkdtemp())
    above.chmod(0o711)
    folder = demonstration(above / "city")
    made = continuum("publish", "--data", folder)
    assert made.returncode == 0, made.stderr
    yield folder
    shutil.rmtree(above)


def test_the_public_copy_holds_nothing_of_anybody(published):
    with sqlite3.connect(f"file:{published}/public/continuum.sqlite?mode=ro", uri=True) as database:
        tables = [name for name, in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = {name: database.execute(f"SELECT COUNT(*) FROM {name}").fetchone()[0] for name in tables}
    assert rows["entry"] > 500 and rows["postcode"] > 1000
    assert not set(tables) & {"person", "account", "session", "relationship", "whereabouts"}
    assert rows["report"] == rows["empty_search"] == rows["outbox"] == rows["receipt"] == 0
    bytes_ = (published / "public/continuum.sqlite").read_bytes()
    assert b"Rahman" not in bytes_ and b"Invented Row" not in bytes_
    assert [path.name for path in (published / "public").iterdir()] == ["continuum.sqlite"]
    assert published.stat().st_mode & 0o777 == 0o711
    own = [path for path in published.iterdir() if path.name != "public" and path.suffix != ".log"]
    assert all(path.stat().st_mode & 0o077 == 0 for path in own)


def test_the_public_site_opens_nothing_but_its_copy_and_connects_nowhere(published):
    trace = published.parent / "trace.txt"
    trace.touch()
    trace.chmod(0o666)
    # As root in the tests: another user then, who owns nothing here.
    other = ["setpriv", "--reuid=64321", "--regid=64321", "--clear-groups"] if os.geteuid() == 0 else []
    traced = [*other, "strace", "-f", "-qq", "-e", "trace=%file,connect,bind", "-o", str(trace)]
    running = subprocess.Popen(
        [*traced, str(PROGRAM), "serve", "--only", "Offer", "--data", str(published), "--port", "0",
         "--main-site", "https://records.example"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        start_new_session=True)
    try:
        line = running.stdout.readline()
        assert line.startswith("http://localhost:"), running.stderr.read()
        port = int(line.rsplit(":", 1)[1])

        class Here:
            pass
        Here.port = port
        found = json.loads(ask(Here, "/search.json?q=autism+B11")[1])
        assert len(found) > 3
        for path, status in {"/": 200, "/search?q=autism": 200, "/entries/school-103600": 200, "/shortlist": 200,
                             "/people": 404, "/sign-in": 404, "/administration/sources": 404, "/metrics": 404}.items():
            assert ask(Here, path)[0].status == status, path
        assert "https://records.example/reports/new" in ask(Here, "/reports/new")[1]
        # Another copy takes the place of the first, and shows.
        with sqlite3.connect(published / "continuum.sqlite") as database:
            database.execute("UPDATE entry SET name = 'Another name of it' WHERE id = 'school-103600'")
        assert continuum("publish", "--data", published).returncode == 0
        for _ in range(100):
            if "Another name of it" in ask(Here, "/entries/school-103600")[1]:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the new copy does not show")
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(timeout=30)
    lines = trace.read_text().splitlines()
    opened = [line for line in lines if "open" in line.split("(")[0] and f'"{published}' in line]
    assert len(opened) > 1 and all(f'"{published}/public' in line for line in opened), opened
    # The C library asks whether a cache of names runs here, and the thread library whether a log does: neither is there.
    asked = ["/var/run/nscd/socket", "/dev/log"]
    assert not [line for line in lines if "connect(" in line and not any(f'sun_path="{name}"' in line for name in asked)]
    assert len([line for line in lines if "bind(" in line and "AF_INET" in line]) == 1


def test_the_public_site_without_a_copy_says_how_one_is_made(own_city):
    ended = continuum("serve", "--only", "Offer", "--data", own_city, "--port", "0")
    assert ended.returncode == 1 and "continuum publish" in ended.stderr
    ended = continuum("serve", "--only", "People", "--data", own_city, "--port", "0")
    assert ended.returncode == 64 and "--only is Offer" in ended.stderr


UNITS = sorted((ROOT / "share/systemd").glob("*.service"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_the_units_start_what_there_is_and_give_it_little(unit):
    text = unit.read_text()
    settings = dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))
    for name, value in {
            "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
            "PrivateDevices": "yes", "MemoryDenyWriteExecute": "yes", "UMask": "0077", "Restart": "always",
            "RestartSec": "1", "CapabilityBoundingSet": "", "RestrictNamespaces": "yes"}.items():
        assert settings[name] == value, name
    words = settings["ExecStart"].split()
    assert words[0] == "/opt/continuum/.build/release/continuum"
    helped = continuum(words[1], "--help").stdout
    for option in [word for word in words if word.startswith("--")]:
        assert f"{option} " in helped, option
    if tool := shutil.which("systemd-analyze"):
        found = subprocess.run([tool, "verify", str(unit)], capture_output=True, text=True)
        complaints = [line for line in found.stderr.splitlines()
                      if "not executable" not in line and "No such file" not in line]
        assert complaints == []
