"""What the tests from outside share: the real program, a data folder made by it, and its server."""

import atexit
import functools
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from pathlib import Path

import pytest
from cluster import Cluster
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = ROOT / ".build/debug/continuum"
# Another program to run ours under, such as one that makes it another day.
UNDER = os.environ.get("CONTINUUM_UNDER", "").split()
ENGINES = ["sqlite", "postgres"]


def continuum(*arguments, **more):
    """Runs the program and gives what it printed and how it ended."""
    return subprocess.run([*UNDER, str(PROGRAM), *map(str, arguments)], capture_output=True, text=True, timeout=120, **more)


class Server:
    """The real server on a free port. It counts nobody’s requests where not asked to: tests send more than people do."""

    started = []

    def __init__(self, folder, *options, rates=False):
        options = options if rates else [*options, "--without-rates"]
        Path(folder).mkdir(exist_ok=True)
        self.log = open(Path(folder) / f"server-{time.monotonic_ns()}.log", "w+")
        self.process = subprocess.Popen(
            [*UNDER, str(PROGRAM), "serve", "--data", str(folder), "--port", "0", "--log", "info", *options],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        Server.started.append(self)
        line = self.process.stdout.readline()
        found = re.fullmatch(r"http://localhost:(\d+)\n", line)
        assert found, f"the server said {line!r} and {self.logged()!r}"
        self.port = int(found.group(1))
        self.url = f"http://127.0.0.1:{self.port}"

    def logged(self):
        self.log.flush()
        return Path(self.log.name).read_text()

    def send(self, number):
        """Sends a signal to the server itself, which may run under another program."""
        if UNDER:
            children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
            os.kill(int(children[0]), number)
        else:
            self.process.send_signal(number)

    def stop(self):
        if self.process.poll() is None:
            self.send(signal.SIGTERM)
        return self.process.wait(timeout=30)


@pytest.fixture(scope="session", autouse=True)
def no_server_outlives_the_tests():
    """A test that fails leaves its server behind; it is ended here."""
    yield
    for server in Server.started:
        if server.process.poll() is None:
            server.send(signal.SIGKILL)
            server.process.wait()


@functools.cache
def first_city():
    """The demonstration city as it was made. Nothing ever serves from it, so it may be copied at any time."""
    folder = Path(tempfile.mkdtemp(prefix="city-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = continuum("demo", "--prepare-only", "--city-size", "1", "--data", folder)
    assert made.returncode == 0, made.stderr
    return folder


def demonstration(folder, *engine):
    """A data folder with the demonstration city; on SQLite it is a copy, which takes far less than to make one anew."""
    if engine:
        made = continuum("demo", "--prepare-only", "--city-size", "1", "--data", folder, *engine)
        assert made.returncode == 0, made.stderr
        return folder
    return shutil.copytree(first_city(), folder, dirs_exist_ok=True)


def peopled(folder):
    """The server of a demonstration with enough children that there are cases; made anew, since its tests write."""
    made = continuum("demo", "--prepare-only", "--city-size", "150", "--data", folder)
    assert made.returncode == 0, made.stderr
    running = Server(folder)
    running.folder = folder
    return running


@pytest.fixture(scope="session")
def city(tmp_path_factory):
    """The folder of the server that most tests share."""
    return demonstration(tmp_path_factory.mktemp("city"))


@pytest.fixture
def own_city(tmp_path):
    """A folder of the test’s own, since only one may serve from a folder."""
    return demonstration(tmp_path / "city")


@pytest.fixture(scope="session")
def server(city):
    running = Server(city)
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="session")
def cluster():
    """A PostgreSQL of the tests' own, apart from the one that bin/test starts for the tests inside."""
    running = Cluster().start()
    yield running
    running.stop()


@pytest.fixture
def engine(request, tmp_path):
    """Which engine to use, as the options that say so: none for SQLite."""
    if request.param == "sqlite":
        return []
    name = "t" + uuid.uuid4().hex
    return ["--database", request.getfixturevalue("cluster").schema(name)]


@pytest.fixture
def environment():
    return {**os.environ, "LC_ALL": "C.UTF-8"}


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium")
    assert program, "Chromium is missing: run bin/setup --tests"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture
def browser(chromium):
    """The one browser of all tests; what a test leaves open in it is closed, so that it does not grow with each."""
    yield chromium
    for context in chromium.contexts:
        context.close()
