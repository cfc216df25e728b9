"""Documents: the virus scanner when it is set, and a computer that stops between the file and its row."""

import os
import subprocess
import time

import pytest

from conftest import PROGRAM, continuum, demonstration

# Not a virus: words that only the signature of this test knows.
WORDS = b"These words stand for a virus in the tests of Continuum.\n"


@pytest.fixture(scope="session")
def clamd(tmp_path_factory):
    """The real daemon of ClamAV, with one signature of our own, on a socket of its own; its settings."""
    folder = tmp_path_factory.mktemp("clamd")
    signatures = folder / "signatures"
    signatures.mkdir()
    (signatures / "own.ndb").write_text(f"Continuum.Test.Words:0:*:{WORDS.strip().hex()}\n")
    # A socket’s path is short.
    home = os.path.realpath(f"/tmp/clamd-{os.getpid()}")
    os.makedirs(home, exist_ok=True)
    settings = folder / "clamd.conf"
    settings.write_text(f"LocalSocket {home}/s\nDatabaseDirectory {signatures}\nForeground yes\nTemporaryDirectory {home}\n")
    running = subprocess.Popen(["clamd", "--config-file", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while not os.path.exists(f"{home}/s"):
        assert running.poll() is None and time.monotonic() < end, "clamd did not start"
        time.sleep(0.1)
    yield settings
    running.terminate()
    running.wait(10)
    subprocess.run(["rm", "-rf", home], check=True)


def files(folder):
    place = folder / "documents"
    return sorted(file.name for file in place.iterdir()) if place.exists() else []


def test_a_document_with_a_virus_is_refused_by_name_and_leaves_nothing(tmp_path, clamd):
    folder = tmp_path / "city"
    demonstration(folder)
    scanned = {**os.environ, "CONTINUUM_CLAMD": str(clamd)}
    (tmp_path / "bad.txt").write_bytes(b"Before. " + WORDS)
    (tmp_path / "good.txt").write_bytes(b"Advice of a made-up therapist.\n")
    refused = continuum("documents", "add", tmp_path / "bad.txt", "--data", folder, env=scanned)
    assert refused.returncode == 1 and "Continuum.Test.Words" in refused.stderr and files(folder) == []
    assert continuum("documents", "add", tmp_path / "good.txt", "--data", folder, env=scanned).returncode == 0
    assert len(files(folder)) == 1
    # A scanner that is set and does not answer lets nothing in.
    (tmp_path / "gone.conf").write_text("LocalSocket /tmp/no-such-clamd\n")
    (tmp_path / "next.txt").write_bytes(b"More advice.\n")
    gone = {**os.environ, "CONTINUUM_CLAMD": str(tmp_path / "gone.conf")}
    unscanned = continuum("documents", "add", tmp_path / "next.txt", "--data", folder, env=gone)
    assert unscanned.returncode == 1 and "virus scanner does not answer" in unscanned.stderr and len(files(folder)) == 1


# Written, synced and renamed twice, by the system’s library and by us; then the folder is synced, and the row comes.
@pytest.mark.parametrize("place", ["rename 1", "fsync 2", "rename 2", "fsync 3"])
def test_a_computer_that_stops_between_file_and_row_leaves_no_row_and_no_half_file(tmp_path, place):
    folder = tmp_path / "city"
    demonstration(folder)
    advice = tmp_path / "advice.txt"
    advice.write_text("Advice of a made-up therapist.\n")
    call, number = place.split()
    # Only this thread renames; the threads of the database sync by another call, once each before it.
    ended = subprocess.run(
        ["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=fsync,rename", "-e",
         f"inject={call}:signal=KILL:when={number}", PROGRAM, "documents", "add", advice, "--data", folder])
    assert ended.returncode != 0, "the fault did not strike"
    assert continuum("documents", "list", "--data", folder).stdout == ""
    left = files(folder)
    # Whole under its own name, or under a name that nobody reads.
    for name in left:
        assert name.startswith(".") or (folder / "documents" / name).read_text() == advice.read_text()
    for name in left:
        os.utime(folder / "documents" / name, (time.time() - 2 * 86_400,) * 2)
    assert continuum("documents", "scrub", "--data", folder).stdout == "0 read\t0 damaged\n"
    assert files(folder) == []
    assert continuum("documents", "add", advice, "--data", folder).returncode == 0
    assert continuum("documents", "scrub", "--data", folder).stdout == "1 read\t0 damaged\n"
