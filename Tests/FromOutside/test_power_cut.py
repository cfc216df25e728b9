"""What was acknowledged stays, whatever happens to the power and to the disk.

The server runs under strace. What it wrote, synced and acknowledged is then played up to a moment of chance, where the
power is cut: the disk holds what was synced, and of the rest whatever it likes, in pieces of a sector. CONTINUUM_CUTS
is how many cuts are tried; CONTINUUM_SEED makes their chance the same again.
"""

import contextlib
import math
import os
import random
import re
import shutil
import signal
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import conftest
import pytest
from conftest import Server, demonstration
from test_durable import kept, report

CUTS = int(os.environ.get("CONTINUUM_CUTS") or 100)
SEED = int(os.environ.get("CONTINUUM_SEED") or random.SystemRandom().randrange(2**32))
AGAIN = f"again with CONTINUUM_SEED={SEED} CONTINUUM_CUTS={CUTS}"
SECTOR = 512
FOLLOWED = ("continuum.sqlite", "continuum.sqlite-wal", "continuum.sqlite-journal")
CHANGES = "write,pwrite64,pwritev,pwritev2,writev,sendto,sendmsg,fsync,fdatasync,ftruncate,fallocate,sendfile,"\
    "copy_file_range,sync_file_range,io_uring_setup,?unlink,unlinkat,?rename,renameat,renameat2,openat,read,recvfrom"


# The server under strace


@contextlib.contextmanager
def traced(folder, file, *options):
    """The server under strace, ended at the end whatever happens."""
    strace = ["strace", "-f", "--seccomp-bpf", "-o", str(file), *options]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conftest, "UNDER", [*strace, *conftest.UNDER])
        running = Server(folder)
        try:
            yield running
        finally:
            if running.process.poll() is None:
                running.send(signal.SIGKILL)
                running.process.wait(timeout=30)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    folder = demonstration(tmp_path_factory.mktemp("prepared"))
    assert not (folder / "continuum.sqlite-wal").exists()
    return folder


@dataclass(frozen=True)
class Run:
    """What a server did to its files, step by step, and the reports that were sent to it."""
    start: dict
    steps: list
    sent: list


@pytest.fixture(scope="module")
def run(prepared, tmp_path_factory):
    """Reports one after the other and by eight at once, until the log was begun anew and for longer; then a stop."""
    folder, file = tmp_path_factory.mktemp("run") / "data", tmp_path_factory.mktemp("trace") / "strace"
    shutil.copytree(prepared, folder)
    start = {name: (folder / name).read_bytes() for name in FOLLOWED if (folder / name).exists()}
    sent, acknowledged, logs = [], [], []
    with traced(folder, file, "-y", "-xx", "-s", "200000", "-e", "trace=" + CHANGES, "-e", "signal=none") as running:
        def send(words):
            return words if report(running, words).url.endswith("/reports/thanks") else None

        while len(sent) < 1000 and len(set(logs[:-1])) < 2:
            some = [f"report {number}.{'~' * (number * 37 % 1500)}" for number in range(len(sent), len(sent) + 60)]
            sent += some
            acknowledged += [send(words) for words in some[:30]]
            with ThreadPoolExecutor(8) as eight:
                acknowledged += eight.map(send, some[30:])
            # Its salt is another each time it is begun.
            logs.append((folder / "continuum.sqlite-wal").read_bytes()[:32])
        assert running.stop() == 0
    assert acknowledged == sent and sorted(kept(folder)) == sorted(sent)
    steps = understood(file, folder)
    seen = [step.words for step in steps if step.what == "acknowledged"]
    assert sorted(seen) == sorted(sent), "the trace and the client disagree about what was acknowledged"
    moved = [step for step in steps if step.name == "continuum.sqlite" and step.what == "write"]
    begun = [step for step in steps if step.name == "continuum.sqlite-wal" and step.what == "write" and step.at == 0]
    assert moved and len(begun) > 1, "the log was never copied into the database and begun anew"
    return Run(start, steps, sent)


# The trace


@dataclass(frozen=True)
class Step:
    what: str
    begins: float
    ends: float
    name: str = ""
    at: int = 0
    data: bytes = b""
    words: str = ""

    @property
    def position(self):
        """A write may reach the disk as soon as it begins, a sync counts once it has ended."""
        return self.ends if self.what in ("sync", "failed sync", "sync folder") else self.begins


def calls(file):
    """Each system call: the lines where it begins and ends, its name, its arguments, its result."""
    waiting = {}
    with open(file) as lines:
        for number, line in enumerate(lines):
            thread, _, text = line.rstrip("\n").partition(" ")
            begins, text = number, text.lstrip()
            if resumed := re.match(r"<\.\.\. \w+ resumed>", text):
                begins, before = waiting.pop(thread)
                text = before + text[resumed.end():]
            if text.endswith("<unfinished ...>"):
                waiting[thread] = (begins, text.removesuffix("<unfinished ...>"))
            elif call := re.fullmatch(r"(\w+)\((.*)\)\s+= (-?\d+|\?)(.*)", text):
                never = call[3] == "?"
                yield begins, math.inf if never else number, call[1], call[2], None if never else int(call[3])
    for begins, text in waiting.values():
        name, _, arguments = text.partition("(")
        yield begins, math.inf, name, arguments, None


def plain(text):
    return bytes.fromhex(text.replace("\\x", ""))


def understood(file, folder):
    """The steps of a trace that change the followed files or acknowledge a report, in order."""
    return sorted(steps_of(file, folder), key=lambda step: step.position)


def steps_of(file, folder):
    asked = {}
    for begins, ends, call, arguments, result in calls(file):
        strings = [plain(found) for found in re.findall(r'"((?:\\x[0-9a-f]{2})*)"', arguments)]
        place = re.match(r"\d+<((?:\\x[0-9a-f]{2})*)>", arguments)
        place = plain(place[1]).decode() if place else ""
        if place.startswith("socket:"):
            if call in ("read", "recvfrom"):
                asked[place] = asked.get(place, b"") + b"".join(strings)
            elif call in ("write", "writev", "sendto", "sendmsg") and b"".join(strings).startswith(b"HTTP/1.1 "):
                question = asked.pop(place).decode()
                if b"".join(strings).startswith(b"HTTP/1.1 303 ") and question.startswith("POST /reports "):
                    form = urllib.parse.parse_qs(question.partition("\r\n\r\n")[2])
                    yield Step("acknowledged", begins, ends, words=form["words"][0])
            continue
        if place == str(folder) and call in ("fsync", "fdatasync") and result == 0:
            yield Step("sync folder", begins, ends)
        if call == "openat" or "unlink" in call or "rename" in call:
            place = next((path for path in (string.decode() for string in strings) if followed(path, folder)), "")
        name = followed(place, folder)
        if not name or call == "read":
            continue
        if call in ("fsync", "fdatasync"):
            yield Step("sync" if result == 0 else "failed sync", begins, ends, name)
        elif result is not None and result < 0:
            continue
        elif call == "pwrite64":
            data, (length, at) = strings[0], map(int, re.search(r", (\d+), (\d+)\s*$", arguments).groups())
            assert len(data) == length, f"the trace leaves out bytes of {arguments[:200]}"
            yield Step("write", begins, ends, name, at, data if result is None else data[:result])
        elif call == "ftruncate":
            yield Step("truncate", begins, ends, name, int(re.search(r", (\d+)\s*$", arguments)[1]))
        elif call == "openat":
            if "O_CREAT" in arguments:
                yield Step("create", begins, ends, name)
        elif "unlink" in call:
            yield Step("unlink", begins, ends, name)
        else:
            raise AssertionError(f"this harness does not know what {call} does to {name}")


def followed(path, folder):
    name = path.removeprefix(f"{folder}/")
    return name if name != path and name in FOLLOWED else ""


# The disk


@dataclass(eq=False)
class File:
    durable: bytearray = field(default_factory=bytearray)
    waiting: list = field(default_factory=list)


class Disk:
    """Keeps what was synced, and of the rest whatever it likes."""

    def __init__(self, start, chance, ignoring=()):
        self.names = {name: File(bytearray(data)) for name, data in start.items()}
        self.durable = dict(self.names)
        self.waiting = []
        self.chance = chance
        self.ignoring = ignoring

    def do(self, step):
        file = self.names.get(step.name)
        if step.what == "create" and not file:
            self.names[step.name] = File()
            self.waiting.append((step.name, self.names[step.name]))
        elif step.what == "unlink" and file:
            del self.names[step.name]
            self.waiting.append((step.name, None))
        elif step.what in ("write", "truncate"):
            file.waiting.append(step)
        elif step.what == "sync folder":
            move(self.durable, self.waiting)
            self.waiting = []
        elif step.what == "sync" and file and step.name not in self.ignoring:
            for change in file.waiting:
                if change.ends < step.begins:
                    apply(file.durable, change)
            file.waiting = [change for change in file.waiting if change.ends >= step.begins]
        elif step.what == "failed sync" and file:
            # The system holds these pages to be clean from now on: no later sync writes them.
            self.scatter(file.durable, file.waiting)
            file.waiting = []

    def scatter(self, data, changes):
        """Does some of the changes: all, none, some whole, or some sectors."""
        mood = self.chance.choice(((0,), (1,), (0, 1), (0, 0.5, 1)))
        for change in changes:
            share = self.chance.choice(mood)
            if change.what == "truncate":
                if share:
                    apply(data, change)
                continue
            begin = 0
            while begin < len(change.data):
                end = begin + SECTOR - (change.at + begin) % SECTOR
                if self.chance.random() < share:
                    put(data, change.at + begin, change.data[begin:end])
                begin = end

    def after_a_cut(self):
        names = dict(self.durable)
        move(names, [change for change in self.waiting if self.chance.random() < 0.5])
        found = {}
        for name, file in names.items():
            found[name] = bytearray(file.durable)
            self.scatter(found[name], file.waiting)
        return found


def move(names, changes):
    for name, file in changes:
        names.pop(name, None)
        if file:
            names[name] = file


def apply(data, change):
    if change.what == "write":
        put(data, change.at, change.data)
    else:
        del data[change.at:]
        data.extend(bytes(change.at - len(data)))


def put(data, at, piece):
    data.extend(bytes(max(0, at - len(data))))
    data[at:at + len(piece)] = piece


# The judgement


@dataclass
class Outcome:
    """What one cut left."""
    cut: int
    acknowledged: int
    lost: int = 0
    wrong: str = ""


def judged(folder, cut, acknowledged, sent):
    outcome = Outcome(cut, len(acknowledged))
    try:
        with contextlib.closing(sqlite3.connect(folder / "continuum.sqlite")) as database:
            database.execute("PRAGMA synchronous = OFF")
            check = database.execute("PRAGMA integrity_check").fetchall()
            words = Counter(found for found, in database.execute("SELECT words FROM report"))
            silent = database.execute("SELECT id FROM report EXCEPT SELECT subject FROM journal").fetchall()
    except sqlite3.DatabaseError as error:
        outcome.wrong = str(error)
        return outcome
    outcome.lost = len(set(acknowledged) - set(words))
    if check != [("ok",)]:
        outcome.wrong = str(check)[:200]
    elif max(words.values(), default=0) > 1:
        outcome.wrong = "a report is there twice"
    elif set(words) - set(sent):
        outcome.wrong = "a report is there that nobody sent"
    elif silent:
        outcome.wrong = "a report is there without its entry in the journal"
    return outcome


def outcomes(run, folder, ignoring=()):
    """What each of the cuts leaves; the program itself, too, reads what the last one left."""
    chance = random.Random(SEED)
    disk, done, acknowledged, found = Disk(run.start, chance, ignoring), 0, [], []
    for cut in sorted(chance.randrange(len(run.steps) + 1) for _ in range(CUTS)):
        for step in run.steps[done:cut]:
            disk.do(step)
            if step.what == "acknowledged":
                acknowledged.append(step.words)
        done = cut
        for name in FOLLOWED + ("continuum.sqlite-shm",):
            (folder / name).unlink(missing_ok=True)
        for name, data in disk.after_a_cut().items():
            (folder / name).write_bytes(data)
        found.append(judged(folder, cut, acknowledged, run.sent))
    if not ignoring:
        assert set(acknowledged) <= set(kept(folder)), AGAIN
    lossy, broken = [one for one in found if one.lost], [one for one in found if one.wrong]
    print(f"seed {SEED}, {len(run.steps)} steps, {CUTS} cuts, syncs ignored: {list(ignoring)}; {len(lossy)} "
          f"cuts lost reports, at most {max(one.lost for one in found)}; {len(broken)} left something wrong")
    return lossy, broken


def test_a_power_cut_loses_nothing_that_was_acknowledged(run, tmp_path):
    lossy, broken = outcomes(run, tmp_path)
    assert not lossy and not broken, f"{AGAIN}: {lossy[:5]} {broken[:5]}"


def test_the_same_cuts_lose_reports_where_the_log_is_never_synced(run, tmp_path):
    """Otherwise the test above would find nothing in any program."""
    lossy, _ = outcomes(run, tmp_path, ignoring=("continuum.sqlite-wal",))
    assert len(lossy) > CUTS / 4, AGAIN


# The disk that fails


FAULTS = [
    # What fails, how, between which calls of one thread, and whether it fails from then on.
    ("fdatasync", "EIO", (10, 16), "", "continuum.sqlite-wal"),
    ("pwrite64", "EIO", (90, 140), "", "continuum.sqlite-wal"),
    ("pwrite64", "ENOSPC", (90, 140), "", "continuum.sqlite-wal"),
    ("pwrite64", "ENOSPC", (90, 140), "+", "continuum.sqlite-wal"),
    ("pwrite64", "ENOSPC", (1, 5), "+", "continuum.sqlite"),
    ("fdatasync", "EIO", (1, 1), "+", "continuum.sqlite"),
]


@pytest.mark.parametrize("call, error, between, onwards, name", FAULTS)
def test_what_a_failing_disk_does_not_keep_is_not_acknowledged(prepared, tmp_path, call, error, between, onwards, name):
    nth = f"{random.Random(SEED).randint(*between)}{onwards}"
    folder, file = tmp_path / "data", tmp_path / "strace"
    shutil.copytree(prepared, folder)
    # The log is copied into the database where it has a thousand pages.
    sent = [f"report {number}.{'~' * 1200}" for number in range(200 if call == "fdatasync" else 60 if name.endswith("-wal") else 160)]
    acknowledged, unsaved, refused, gone = [], [], 0, 0
    with traced(folder, file, "-P", str(folder / name), "-e", f"trace={call}",
                "-e", f"inject={call}:error={error}:when={nth}") as running:
        for words in sent:
            try:
                assert report(running, words).url.endswith("/reports/thanks")
                acknowledged.append(words)
            except urllib.error.HTTPError as answer:
                refused += 1
                assert answer.code == 500 or answer.code == 503 and answer.headers["Retry-After"]
                if "was not saved" in answer.read().decode():
                    unsaved.append(words)
            except (urllib.error.URLError, ConnectionError):
                gone += 1
                assert running.process.wait(timeout=30) != 0, "it closed the connection and yet did not stop"
        if error == "ENOSPC":
            assert not gone and urllib.request.urlopen(running.url + "/search?q=autism").status == 200
        if not gone:
            running.stop()
    assert f"{error} " in (trace := file.read_text()) and "(INJECTED)" in trace, AGAIN
    if name.endswith("-wal"):
        assert gone if error == "EIO" else refused or not onwards, f"{AGAIN}: {nth}"
    found = Counter(kept(folder))
    assert set(acknowledged) <= set(found) <= set(sent) - set(unsaved) and max(found.values()) == 1, f"{AGAIN}: {nth}"
    assert not judged(folder, 0, acknowledged, sent).wrong, f"{AGAIN}: {nth}"
