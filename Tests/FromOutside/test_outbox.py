"""Messages and due work, by the real server, a real mail program and a real mail server that counts."""

import email
import email.policy
import json
import os
import random
import signal
import socket
import stat
import time

import pytest
from aiosmtpd.controller import Controller

from conftest import ENGINES, ROOT, Server, continuum, demonstration
from test_durable import report


class Counting:
    """Takes every letter, and keeps it."""

    def __init__(self):
        self.letters = []
        self.refusal = None

    async def handle_DATA(self, _, session, envelope):
        if self.refusal:
            return self.refusal
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 taken"


@pytest.fixture
def post_office():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    handler = Counting()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    handler.port = port
    yield handler
    controller.stop()


@pytest.fixture
def sendmail(tmp_path, post_office):
    """A sendmail program that hands mail to the counting server: msmtp, as a small machine would have it."""
    (tmp_path / "msmtprc").write_text(
        f"account default\nhost 127.0.0.1\nport {post_office.port}\nauth off\ntls off\nfrom x@continuum.invalid\n")
    program = tmp_path / "sendmail"
    program.write_text(f'#!/bin/sh\nexec msmtp -C "{tmp_path}/msmtprc" "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


def city_that_sends(folder, engine):
    """A folder that is no demonstration, since a demonstration sends nothing."""
    folder.mkdir()
    schools = ROOT / "share/schools/birmingham_schools_2025.csv"
    assert continuum("import", "schools", schools, "--data", folder, *engine).returncode == 0
    assert continuum("reports", "--send-to", "team@council.invalid", "--data", folder, *engine).returncode == 0
    return folder


def until(condition, seconds, what):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_a_letter_arrives_with_what_was_written(tmp_path, engine, sendmail, post_office):
    folder = city_that_sends(tmp_path / "city", engine)
    running = Server(folder, *engine, "--sendmail", str(sendmail), "--mail-from", "offer@continuum.invalid")
    report(running, "The telephone of Zoë’s school is wrong\r\n.\r\nBcc: nobody@example.org")
    until(lambda: post_office.letters, 20, "no letter came")
    letter = post_office.letters[0]
    assert letter["To"] == "team@council.invalid" and letter["From"] == "offer@continuum.invalid"
    assert letter["Subject"] == "Something is said to be wrong in the Local Offer"
    assert letter["Bcc"] is None and "Zoë’s school is wrong" in letter.get_content()
    assert running.stop() == 0
    listed = continuum("outbox", "--data", folder, *engine)
    assert listed.returncode == 0 and "\tsent\t" in listed.stdout and "0 waiting" in listed.stderr
    assert "Zoë" not in listed.stdout


def test_a_sender_that_is_killed_sends_every_letter_at_least_once(tmp_path, sendmail, post_office):
    folder = city_that_sends(tmp_path / "city", [])
    options = ["--sendmail", str(sendmail), "--mail-from", "offer@continuum.invalid"]
    seed = int(os.environ.get("CONTINUUM_SEED", random.randrange(1 << 32)))
    dice = random.Random(seed)
    expected = []
    for turn in range(5):
        running = Server(folder, *options)
        for number in range(5):
            words = f"turn {turn} number {number}"
            report(running, words)
            expected.append(words)
        time.sleep(dice.uniform(0, 1.5))
        running.send(signal.SIGKILL)
        running.process.wait()
    # What the last killed one had taken is free again after two minutes: a hand may free it sooner.
    running = Server(folder, *options)
    for line in continuum("outbox", "--data", folder).stdout.splitlines():
        if "\twaiting\t" in line:
            continuum("outbox", "retry", line.split("\t")[0], "--data", folder)

    def arrived():
        return {letter.get_content().strip() for letter in post_office.letters}

    until(lambda: set(expected) <= arrived(), 60, f"letters were lost, seed {seed}")
    assert running.stop() == 0
    names = {}
    for letter in post_office.letters:
        names.setdefault(letter.get_content().strip(), set()).add(letter["Message-ID"])
    assert all(len(ids) == 1 for ids in names.values()), "a second copy could not be told from a second letter"


def test_a_letter_that_is_refused_is_tried_again_and_one_for_nobody_given_up(tmp_path, sendmail, post_office):
    folder = city_that_sends(tmp_path / "city", [])
    post_office.refusal = "451 try later"
    running = Server(folder, "--sendmail", str(sendmail), "--mail-from", "offer@continuum.invalid")
    report(running, "first")
    until(lambda: "sendmail-" in continuum("outbox", "--data", folder).stdout, 20, "the failure does not show")
    listed = continuum("outbox", "--data", folder)
    assert "\twaiting\ttried 1\t" in listed.stdout and listed.returncode == 0
    post_office.refusal = None
    name = listed.stdout.split("\t")[0]
    assert continuum("outbox", "retry", name, "--data", folder).returncode == 0
    until(lambda: post_office.letters, 20, "it was not sent again")
    assert continuum("outbox", "retry", name, "--data", folder).returncode == 1
    assert running.stop() == 0


def test_a_demonstration_sends_nothing_and_shows_what_it_would_have(tmp_path):
    from urllib.request import urlopen
    demonstration(tmp_path)
    running = Server(tmp_path)
    assert "Nothing has been sent yet" in urlopen(running.url + "/demo/mailbox").read().decode()
    report(running, "<b>wrong</b> & bad")
    page = urlopen(running.url + "/demo/mailbox").read().decode()
    assert "&lt;b&gt;wrong&lt;/b&gt; &amp; bad" in page and "local-offer@continuum.invalid" in page
    assert running.stop() == 0


def test_other_copies_have_no_mailbox_to_read(tmp_path):
    from urllib.error import HTTPError
    from urllib.request import urlopen
    running = Server(city_that_sends(tmp_path / "city", []))
    with pytest.raises(HTTPError) as refused:
        urlopen(running.url + "/demo/mailbox")
    assert refused.value.code == 404
    assert running.stop() == 0


@pytest.mark.parametrize("engine", ENGINES, indirect=True)
def test_work_is_shown_and_a_runner_that_is_not_there_is_said(tmp_path, engine):
    demonstration(tmp_path, *engine)
    alone = continuum("jobs", "--data", tmp_path, *engine)
    assert alone.returncode == 2 and "is a server running?" in alone.stderr
    running = Server(tmp_path, *engine)

    def told():
        return json.loads(continuum("jobs", "--json", "--data", tmp_path, *engine).stdout)

    until(lambda: told()["alive"] and told()["jobs"] and all(job["finished"] for job in told()["jobs"]), 30,
          "the work was not done")
    assert {job["kind"] for job in told()["jobs"]} >= {"forget sent messages", "watch the database"}
    assert running.stop() == 0
