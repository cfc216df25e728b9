"""Backups, drills, copies between the engines, and documents, by the real programs."""

import json
import shutil
import subprocess
import threading
import urllib.request
import zipfile

import pytest

from conftest import ENGINES, Server, continuum, demonstration
from test_durable import kept, report


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """The file with the private key, and the public one."""
    file = tmp_path_factory.mktemp("keys") / "backup.key"
    subprocess.run(["age-keygen", "-o", file], check=True, capture_output=True)
    told = subprocess.run(["age-keygen", "-y", file], check=True, capture_output=True, text=True)
    return file, told.stdout.strip()


@pytest.fixture(scope="session")
def document(tmp_path_factory):
    file = tmp_path_factory.mktemp("documents") / "advice.txt"
    file.write_text("Advice of a made-up therapist.\n")
    return file


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_backup_under_load_is_restored_as_it_was(tmp_path, engine, keys, document, cluster):
    identity, recipient = keys
    demonstration(tmp_path / "live", *engine)
    assert continuum("documents", "add", document, "--data", tmp_path / "live", *engine).returncode == 0
    running = Server(tmp_path / "live", *engine)
    told, stopped = [], threading.Event()

    def write():
        while not stopped.is_set():
            words = f"report {len(told)}"
            report(running, words)
            told.append(words)

    client = threading.Thread(target=write)
    client.start()
    while len(told) < 10:
        stopped.wait(0.05)
    before = len(told)
    made = continuum("backup", tmp_path / "b.age", "--to", recipient, "--data", tmp_path / "live", *engine)
    stopped.set()
    client.join()
    assert running.stop() == 0
    assert made.returncode == 0 and "found whole" in made.stderr, made.stderr
    assert b"SQLite" not in (tmp_path / "b.age").read_bytes()
    restored = continuum("restore", tmp_path / "b.age", "--identity", identity, "--data", tmp_path / "new")
    assert restored.returncode == 0, restored.stderr
    held = kept(tmp_path / "new")
    assert set(told[:before]) <= set(held) <= set(told)
    proof = continuum("journal", "verify", "--data", tmp_path / "new", "--from", tmp_path / "live/checkpoints.txt",
                      "--key", (tmp_path / "live/checkpoints.txt").read_text().split()[6])
    # The live journal went on after the backup: a restored copy ends before the last checkpoint, and that is told.
    assert proof.returncode in (0, 5)
    assert continuum("documents", "scrub", "--data", tmp_path / "new").stdout == "1 read\t0 damaged\n"
    again = ["--database", cluster.schema("again" + tmp_path.name[-8:].replace("-", "_"))]
    moved = continuum("restore", tmp_path / "b.age", "--identity", identity, "--data", tmp_path / "pg", *again)
    assert moved.returncode == 0, moved.stderr
    assert sorted(kept(tmp_path / "pg", again)) == sorted(held)


def test_a_backup_that_is_broken_is_refused_and_leaves_nothing(tmp_path, city, keys):
    identity, recipient = keys
    assert continuum("backup", tmp_path / "b.age", "--to", recipient, "--no-drill", "--data", city).returncode == 0
    whole = (tmp_path / "b.age").read_bytes()
    for name, data in {"short": whole[:len(whole) // 2], "empty": b"", "other": b"nothing of the kind" * 100,
                       "flipped": whole[:50_000] + b"\0" + whole[50_001:]}.items():
        (tmp_path / name).write_bytes(data)
        ended = continuum("restore", tmp_path / name, "--identity", identity, "--data", tmp_path / "new")
        assert ended.returncode == 1 and "continuum: " in ended.stderr, name
        assert not (tmp_path / "new").exists() and not (tmp_path / "new.partial").exists()
    other = tmp_path / "other.key"
    subprocess.run(["age-keygen", "-o", other], check=True, capture_output=True)
    ended = continuum("restore", tmp_path / "b.age", "--identity", other, "--data", tmp_path / "new")
    assert ended.returncode == 1 and "Reading the backup failed" in ended.stderr
    ended = continuum("restore", tmp_path / "b.age", "--identity", identity, "--data", city)
    assert ended.returncode == 1 and "not empty" in ended.stderr
    # Well encrypted, and still not what it says: by somebody who has only the public key.
    (tmp_path / "forged").mkdir()
    shutil.copy(city / "continuum.sqlite", tmp_path / "forged")
    (tmp_path / "forged/manifest.txt").write_text("continuum-backup 2026-11-24T00:00:00.000Z x\n")
    tar = subprocess.run(["tar", "-C", tmp_path / "forged", "-cf", "-", "."], check=True, capture_output=True)
    subprocess.run(["age", "-r", recipient, "-o", tmp_path / "forged.age"], input=tar.stdout, check=True)
    ended = continuum("restore", tmp_path / "forged.age", "--identity", identity, "--data", tmp_path / "new")
    assert ended.returncode == 1 and "does not name" in ended.stderr
    for wrong in ([], ["--to", "ssh-rsa x"], ["--to", "age1nonsense"]):
        assert continuum("backup", tmp_path / "c.age", *wrong, "--data", city).returncode == 1
        assert not (tmp_path / "c.age").exists() and not (tmp_path / "c.age.partial").exists()


def test_a_drill_is_run_by_the_server_and_its_age_told(tmp_path):
    import time
    demonstration(tmp_path)
    running = Server(tmp_path)
    for _ in range(200):
        state = json.load(urllib.request.urlopen(running.url + "/health/ready"))
        if state["drill_age_seconds"] is not None:
            break
        time.sleep(0.2)
    else:
        raise AssertionError(f"no drill was run: {running.logged()[-500:]}")
    assert state["ready"] and state["warnings"] == [] and state["engine"] == "SQLite"
    assert running.stop() == 0
    assert continuum("drill", "--data", tmp_path).stdout.startswith("good\t")
    assert not list(tmp_path.glob("stage-*"))


def test_a_database_moves_to_the_other_engine_and_back(tmp_path, city, cluster):
    postgres = ["--database", cluster.schema("moved")]
    there = continuum("database", "copy", postgres[1], "--data", city)
    assert there.returncode == 0 and "every table is the same" in there.stderr
    again = continuum("database", "copy", postgres[1], "--data", city)
    assert again.returncode == 1 and "holds rows already" in again.stderr
    words = ["search", "autism B11 age 4", "--json"]
    held = continuum(*words, "--data", city).stdout
    assert json.loads(held) and continuum(*words, "--data", tmp_path, *postgres).stdout == held
    back = continuum("database", "copy", tmp_path / "back", "--data", tmp_path, *postgres)
    assert back.returncode == 0, back.stderr
    assert continuum(*words, "--data", tmp_path / "back").stdout == held
    assert continuum("journal", "verify", "--data", tmp_path / "back").returncode == 0
    assert continuum("confirm", "school-103600", "--data", tmp_path / "back").returncode == 0
    refused = continuum("database", "copy", tmp_path / "back", "--data", city)
    assert refused.returncode == 1 and "already" in refused.stderr


def test_documents_are_looked_into_kept_once_and_found_when_changed(tmp_path, document):
    demonstration(tmp_path)
    kept_once = continuum("documents", "add", document, "--data", tmp_path)
    assert kept_once.returncode == 0 and "\ttext\t" in kept_once.stdout
    name = kept_once.stdout.split("\t")[0]
    assert continuum("documents", "add", document, "--data", tmp_path).stdout == kept_once.stdout
    assert [file.name for file in (tmp_path / "documents").iterdir()] == [name]
    lie = tmp_path / "letter.pdf"
    lie.write_bytes(document.read_bytes())
    refused = continuum("documents", "add", lie, "--data", tmp_path)
    assert refused.returncode == 1 and "is refused" in refused.stderr
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        for number in range(30):
            archive.writestr(f"word/{number}.xml", b"\0" * 10_000_000)
    assert bomb.stat().st_size < 1_000_000
    assert continuum("documents", "add", bomb, "--data", tmp_path).returncode == 1
    file = tmp_path / "documents" / name
    file.chmod(0o600)
    file.write_bytes(b"changed")
    found = continuum("documents", "scrub", "--data", tmp_path)
    assert found.returncode == 2 and name in found.stderr and found.stdout == "1 read\t1 damaged\n"
    assert "damaged" in continuum("documents", "list", "--data", tmp_path).stdout
    # Handed in again, it is whole again.
    assert continuum("documents", "add", document, "--data", tmp_path).returncode == 0
    assert continuum("documents", "scrub", "--data", tmp_path).returncode == 0
