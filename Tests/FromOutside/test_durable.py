"""What was acknowledged stays, whatever happens to the process."""

import contextlib
import http.client
import json
import os
import re
import signal
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from cluster import Cluster
from conftest import ENGINES, Server, continuum, demonstration

# Over both engines; bin/prove asks for a thousand.
KILLS = int(os.environ.get("CONTINUUM_KILLS", "50"))


def report(server, words):
    """Tells the server what is wrong, as the form does."""
    page = urllib.request.urlopen(server.url + "/reports/new").read().decode()
    form = re.search(r'<form method="post" action="/reports".*?</form>', page, re.S).group(0)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    data = urllib.parse.urlencode({**fields, "words": words}).encode()
    return urllib.request.urlopen(urllib.request.Request(
        server.url + "/reports", data, {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}))


@contextlib.contextmanager
def writing(server):
    """Four clients that write without a pause; gives when each of their reports was acknowledged, and its words. A
    report that is not acknowledged ends its client, and fails the test."""
    told, stopped, failures = [], threading.Event(), []

    def write(client):
        number = 0
        try:
            while not stopped.is_set():
                words = f"client {client} number {number}"
                assert report(server, words).url.endswith("/reports/thanks")
                told.append((time.monotonic(), words))
                number += 1
        except Exception as failure:
            failures.append(failure)

    clients = [threading.Thread(target=write, args=(client,)) for client in range(4)]
    for client in clients:
        client.start()
    try:
        yield told
    finally:
        stopped.set()
        for client in clients:
            client.join()
    assert not failures, failures


def kept(folder, engine=()):
    told = continuum("reports", "--json", "--data", folder, *engine)
    assert told.returncode == 0, told.stderr
    return [found["words"] for found in json.loads(told.stdout)]


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_what_was_acknowledged_survives_a_kill(tmp_path, engine):
    """Clients write all the while; the server is killed again and again; this process keeps the ledger."""
    demonstration(tmp_path, *engine)
    told, tried = [], []
    for turn in range(KILLS // 2):
        running = Server(tmp_path, *engine)
        stopped = threading.Event()

        def write(client):
            number = 0
            while not stopped.is_set():
                words = f"turn {turn} client {client} number {number}"
                tried.append(words)
                try:
                    if report(running, words).url.endswith("/reports/thanks"):
                        told.append(words)
                except (urllib.error.URLError, http.client.HTTPException, OSError):
                    return
                number += 1

        clients = [threading.Thread(target=write, args=(client,)) for client in range(4)]
        for client in clients:
            client.start()
        time.sleep(0.15 + 0.2 * (turn % 3))
        running.send(signal.SIGKILL)
        running.process.wait()
        stopped.set()
        for client in clients:
            client.join()
    held = kept(tmp_path, engine)
    assert len(told) > KILLS, "too few were acknowledged for this to prove anything"
    assert not set(told) - set(held), "acknowledged and lost"
    assert len(held) == len(set(held)), "written twice"
    assert set(held) <= set(tried)
    assert continuum("journal", "verify", "--data", tmp_path, *engine).returncode == 0


def test_searches_that_find_nothing_are_written_when_the_server_stops(tmp_path):
    demonstration(tmp_path)
    running = Server(tmp_path)
    for _ in range(3):
        urllib.request.urlopen(running.url + "/search?q=xyzzyx+qqqq").read()
    assert running.stop() == 0
    counts = json.loads(continuum("empty-searches", "--json", "--data", tmp_path).stdout)
    assert [count["searches"] for count in counts] == [3]
    assert "xyzzyx" not in (tmp_path / "continuum.sqlite").read_bytes().decode("latin-1")


def test_a_confirmed_base_is_called_suitable_and_stays_so_after_an_import(tmp_path):
    from conftest import ROOT
    demonstration(tmp_path)
    base = "listed-2012-103307-autistic-spectrum-disorder"

    def fits():
        found = json.loads(continuum(
            "search", "autism base Topcliffe", "--data", tmp_path, "--json", "--limit", 1000).stdout)
        return next(result["fits"] for result in found if result["id"] == base)

    assert fits() is None
    assert continuum("confirm", base, "--data", tmp_path, "--on", "2999-01-01").returncode == 1
    assert continuum("confirm", base, "--data", tmp_path).returncode == 0
    assert fits() is True
    schools = ROOT / "share/schools/birmingham_schools_2025.csv"
    assert continuum("import", "schools", schools, "--data", tmp_path).returncode == 0
    assert fits() is True
    assert continuum("confirm", "nothing-like-it", "--data", tmp_path).returncode == 1


def test_a_postgres_backend_that_is_killed_is_ridden_out(tmp_path, cluster):
    """The server loses its connections again and again; every write is acknowledged all the same, and done once."""
    options = ["--database", cluster.schema("backends")]
    demonstration(tmp_path, *options)
    running = Server(tmp_path, *options)
    with writing(running) as told:
        for _ in range(15):
            time.sleep(0.2)
            cluster.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'continuum'")
    assert running.stop() == 0
    assert sorted(kept(tmp_path, options)) == sorted(words for _, words in told) and len(told) > 20
    assert continuum("journal", "verify", "--data", tmp_path, *options).returncode == 0


def test_two_servers_on_one_postgres_soon_agree(tmp_path, cluster):
    from conftest import ROOT
    options = ["--database", cluster.schema("two")]
    demonstration(tmp_path / "a", *options)
    one, two = Server(tmp_path / "a", *options), Server(tmp_path / "b", *options)
    changed = tmp_path / "schools.csv"
    schools = (ROOT / "share/schools/birmingham_schools_2025.csv").read_text()
    changed.write_text(schools.replace("Hamilton School", "Hamilton Renamed School"))
    assert continuum("import", "schools", changed, "--data", tmp_path / "a", *options).returncode == 0
    deadline = time.monotonic() + 15
    for server in (one, two):
        while True:
            found = json.load(urllib.request.urlopen(server.url + "/search.json?q=Hamilton+School"))
            if found["results"][0]["name"] == "Hamilton Renamed School":
                break
            assert time.monotonic() < deadline, "the two still disagree"
            time.sleep(0.2)
        assert server.stop() == 0


def test_a_failover_loses_nothing_and_writes_go_on_by_themselves(tmp_path):
    """The primary is killed under load and its synchronous standby promoted; the outage is printed."""
    cluster = Cluster().start()
    try:
        cluster.standby()
        options = ["--database", cluster.schema("failover", ports=(5432, 5433))]
        demonstration(tmp_path, *options)
        running = Server(tmp_path, *options)
        with writing(running) as told:
            time.sleep(1.5)
            killed = time.monotonic()
            cluster.kill("a")
            time.sleep(1)
            cluster.promote()
            time.sleep(3)
        assert running.stop() == 0
        resumed = min(at for at, _ in told if at > killed + 0.9)
        print(f"outage {resumed - killed:.2f} s, of which 1 s before the promotion; {len(told)} acknowledged")
        assert sorted(kept(tmp_path, options)) == sorted(words for _, words in told)
        assert continuum("journal", "verify", "--data", tmp_path, *options).returncode == 0
    finally:
        cluster.stop()


def test_what_may_lag_is_read_from_the_standby_and_what_must_be_new_is_not(tmp_path):
    """The standby is made to stand still: only what may be old is answered without the newest row."""
    cluster = Cluster().start()
    try:
        cluster.standby()
        options = ["--data", tmp_path, "--database", cluster.schema("lagging", ports=(5432, 5433))]
        assert continuum("demo", "--prepare-only", "--city-size", "1", *options).returncode == 0
        cluster.query("SELECT pg_wal_replay_pause()", port=5433)
        cluster.query("INSERT INTO lagging.empty_search VALUES ('2026-09', 'any', '', '', 7)")
        cluster.query("INSERT INTO lagging.report (id, at, about, words, contact) VALUES "
                      "('r', '2026-09-01T00:00:00.000Z', '', 'new words', NULL)")
        assert "new words" in continuum("reports", *options).stdout
        assert "2026-09" not in continuum("empty-searches", *options).stdout
        cluster.query("SELECT pg_wal_replay_resume()", port=5433)
        end = time.monotonic() + 20
        while "2026-09" not in continuum("empty-searches", *options).stdout:
            assert time.monotonic() < end, "the standby did not catch up"
        # Without a standby the first server answers; it is told to wait for none any more.
        cluster.query("ALTER SYSTEM RESET synchronous_standby_names")
        cluster.query("SELECT pg_reload_conf()")
        cluster.run(cluster.program("pg_ctl"), "-D", cluster.folder / "b", "-m", "immediate", "-s", "stop")
        assert "2026-09" in continuum("empty-searches", *options).stdout
    finally:
        cluster.stop()


def test_a_second_server_on_one_folder_is_refused_and_commands_are_not(tmp_path):
    demonstration(tmp_path)
    running = Server(tmp_path)
    try:
        second = continuum("serve", "--data", tmp_path, "--port", "0")
        assert second.returncode == 1 and "already serves" in second.stderr
        assert continuum("search", "autism", "--data", tmp_path).returncode == 0
        assert continuum("confirm", "school-103600", "--data", tmp_path).returncode == 0
    finally:
        assert running.stop() == 0


def test_a_server_that_is_not_there_or_not_safe_is_said(tmp_path, cluster):
    ended = continuum("search", "x", "--data", tmp_path, "--database", "postgres:///postgres?host=/tmp/nowhere")
    assert ended.returncode == 1 and "does not answer" in ended.stderr
    ended = continuum("search", "x", "--data", tmp_path, "--database", "mysql://x")
    assert ended.returncode == 1 and "postgres://" in ended.stderr
    unsafe = cluster.schema("unsafe").replace("-csearch_path", "-csynchronous_commit%3Doff%20-csearch_path")
    ended = continuum("search", "x", "--data", tmp_path, "--database", unsafe)
    assert ended.returncode == 1 and "synchronous_commit" in ended.stderr


def test_the_journal_is_proved_by_a_command(tmp_path):
    import sqlite3
    demonstration(tmp_path)
    kept_elsewhere = tmp_path / "elsewhere.txt"
    kept_elsewhere.write_text((tmp_path / "checkpoints.txt").read_text())
    good = continuum("journal", "verify", "--data", tmp_path, "--from", kept_elsewhere)
    assert good.returncode == 0 and good.stdout.startswith("good\t")
    alone = continuum("journal", "verify", "--data", tmp_path)
    assert alone.returncode == 0 and "No checkpoint was given" in alone.stderr
    explained = continuum("journal", "verify", "--data", tmp_path, "--explain", "3")
    assert explained.returncode == 0 and "It is as it was written" in explained.stdout

    def spoil(statement):
        with sqlite3.connect(tmp_path / "continuum.sqlite") as database:
            for trigger in ("journal_no_update", "journal_no_delete"):
                database.execute(f"DROP TRIGGER IF EXISTS {trigger}")
            database.execute(statement)

    spoil("DELETE FROM journal WHERE seq > 10")
    assert continuum("journal", "verify", "--data", tmp_path).returncode == 0
    cut = continuum("journal", "verify", "--data", tmp_path, "--from", kept_elsewhere, "--json")
    assert cut.returncode == 5 and json.loads(cut.stdout)["state"] == "checkpoint disagrees"
    spoil("DELETE FROM journal WHERE seq = 5")
    gap = continuum("journal", "verify", "--data", tmp_path, "--from", kept_elsewhere)
    assert gap.returncode == 4 and "first bad entry 5" in gap.stdout
    spoil("UPDATE journal SET actor = 'x' WHERE seq = 8")
    broken = continuum("journal", "verify", "--data", tmp_path)
    assert broken.returncode == 3 and "first bad entry 8" in broken.stdout
    other = tmp_path / "other"
    assert continuum("demo", "--prepare-only", "--city-size", "1", "--data", other).returncode == 0
    foreign = continuum("journal", "verify", "--data", other, "--from", kept_elsewhere)
    assert foreign.returncode == 1 and "another database" in foreign.stderr
    kept_elsewhere.write_text(kept_elsewhere.read_text()[:-10])
    cut_short = continuum("journal", "verify", "--data", tmp_path, "--from", kept_elsewhere)
    assert cut_short.returncode == 1 and "line 1" in cut_short.stderr
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    assert continuum("journal", "verify", "--data", tmp_path, "--from", empty).returncode == 1


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_clock_that_jumps_loses_nothing_and_is_said(tmp_path, engine):
    """One entry is written by a clock that is two days ahead; then the clock is right again."""
    import subprocess
    from conftest import PROGRAM
    demonstration(tmp_path, *engine)
    ahead = subprocess.run(["faketime", "--exclude-monotonic", "-f", "+2d", PROGRAM, "confirm", "school-103600", "--data",
                            tmp_path, *engine], capture_output=True, text=True)
    assert ahead.returncode == 0, ahead.stderr
    running = Server(tmp_path, *engine)
    state = json.loads(urllib.request.urlopen(running.url + "/health/ready").read())
    assert any("clock" in warning for warning in state["warnings"]), state
    assert report(running, "written after the jump").url.endswith("/reports/thanks")
    assert running.stop() == 0
    assert kept(tmp_path, engine) == ["written after the jump"]
    assert continuum("journal", "verify", "--data", tmp_path, *engine).returncode == 0


def test_work_of_a_server_that_is_killed_is_taken_over_by_another(tmp_path, cluster):
    """Two servers on one database; the one that holds a piece of work is killed in the middle of it."""
    name = "overtaken"
    options = ["--database", cluster.schema(name)]
    demonstration(tmp_path / "a", *options)
    drill = f"FROM {name}.job WHERE kind = 'restore drill'"
    is_held, end = f"SELECT holder IS NOT NULL {drill}", time.monotonic() + 90
    caught = False
    while not caught:
        first = Server(tmp_path / "a", *options)
        while cluster.query(is_held) != "t":
            # Done already: due again at once.
            cluster.query(f"UPDATE {name}.job SET due = '2020-01-01T00:00:00.000Z' WHERE kind = 'restore drill'")
            assert time.monotonic() < end, "no work was caught in the middle"
        first.send(signal.SIGKILL)
        first.process.wait()
        # It may have been done between the look and the kill.
        caught = cluster.query(is_held) == "t"
    before = cluster.query(f"SELECT finished {drill}")
    second = Server(tmp_path / "b", *options)
    end = time.monotonic() + 90
    while cluster.query(f"SELECT finished {drill} AND holder IS NULL") in ("", before):
        assert time.monotonic() < end, "it was not taken over"
        time.sleep(0.5)
    assert second.stop() == 0
    assert continuum("journal", "verify", "--data", tmp_path / "a", *options).returncode == 0
