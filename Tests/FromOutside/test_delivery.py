"""Messages by GOV.UK Notify’s interface and to other systems, to a receiver on this machine that judges what it gets."""

import base64
import hashlib
import hmac
import http.server
import json
import sqlite3
import threading
import time

import pytest

from conftest import Server, continuum
from test_durable import report
from test_outbox import city_that_sends, until

SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


class Receiver(http.server.ThreadingHTTPServer):
    """Answers as it is told, and keeps what came."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard, self.status = [], 201
        threading.Thread(target=self.serve_forever, daemon=True).start()
        self.origin = f"http://127.0.0.1:{self.server_address[1]}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.path, dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words):
        pass


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.shutdown()


def claims(token):
    """What a token of Notify says, once its signature is found good."""
    head, body, mark = token.split(".")
    proper = hmac.new(SECRET.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64encode(proper).rstrip(b"=").decode() == mark
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"typ": "JWT", "alg": "HS256"}
    return json.loads(base64.urlsafe_b64decode(body + "=="))


def notified(folder, receiver, tmp_path):
    (tmp_path / "notify.key").write_text(f"team_key-{SERVICE}-{SECRET}\n")
    return Server(folder, "--notify-key", str(tmp_path / "notify.key"), "--notify-template", TEMPLATE, "--notify-origin",
                  receiver.origin, "--allow-origin", receiver.origin)


def test_a_letter_by_notify_carries_a_token_a_template_and_a_reference(tmp_path, receiver):
    folder = city_that_sends(tmp_path / "city", [])
    running = notified(folder, receiver, tmp_path)
    report(running, "The telephone of Zoë’s school is wrong")
    until(lambda: receiver.heard, 20, "nothing was sent")
    path, headers, body = receiver.heard[0]
    said = claims(headers["Authorization"].removeprefix("Bearer "))
    assert said["iss"] == SERVICE and abs(said["iat"] - time.time()) < 30
    assert path == "/v2/notifications/email" and body["template_id"] == TEMPLATE
    assert body["email_address"] == "team@council.invalid" and "Zoë’s school" in body["personalisation"]["body"]
    assert continuum("outbox", "--data", folder).stdout.split("\t")[0] == body["reference"]
    assert running.stop() == 0


def test_a_busy_notify_is_asked_again_and_a_refused_letter_is_given_up_for_its_owner(tmp_path, receiver):
    folder = city_that_sends(tmp_path / "city", [])
    receiver.status = 429
    running = notified(folder, receiver, tmp_path)
    report(running, "first")
    until(lambda: "notify-429" in continuum("outbox", "--data", folder).stdout, 20, "the failure does not show")
    assert "\twaiting\t" in continuum("outbox", "--data", folder).stdout
    receiver.status = 400
    name = continuum("outbox", "--data", folder).stdout.split("\t")[0]
    assert continuum("outbox", "retry", name, "--data", folder).returncode == 0
    until(lambda: "\tdead\t" in continuum("outbox", "--data", folder).stdout, 20, "it was not given up")
    listed = continuum("outbox", "--data", folder)
    assert listed.returncode == 2 and "1 given up for local-offer-editor to look at" in listed.stderr
    assert running.stop() == 0


def test_messages_to_other_systems_carry_their_id_and_go_only_where_they_may(tmp_path, receiver):
    folder = city_that_sends(tmp_path / "city", [])
    waiting = [("a" * 32, receiver.origin + "/notices"), ("b" * 32, "http://127.0.0.1:9/other"), ("c" * 32, "file:///x")]
    with sqlite3.connect(folder / "continuum.sqlite") as database:
        for name, address in waiting:
            database.execute(
                "INSERT INTO outbox (id, at, channel, recipient, title, body, owner, state, attempts, due) VALUES "
                "(?, '2026-01-01T00:00:00.000Z', 'system', ?, 'notice', '{\"n\":1}', 'operator', 'waiting', 0, "
                "'2026-01-01T00:00:00.000Z')", (name, address))
    database.close()
    running = Server(folder, "--allow-origin", receiver.origin)
    until(lambda: receiver.heard, 20, "nothing was sent")
    path, headers, body = receiver.heard[0]
    assert path == "/notices" and headers["Idempotency-Key"] == "a" * 32 and body == {"n": 1}
    until(lambda: continuum("outbox", "--dead", "--data", folder).stdout.count("system-not-allowed") == 2, 20,
          "the others were not given up")
    assert running.stop() == 0


@pytest.mark.parametrize("options, said", [
    (["--notify-key", "x"], "belong together"), (["--notify-origin", "nowhere"], "is no origin"),
    (["--allow-origin", "https://a.org/path"], "is no origin"),
])
def test_wrong_options_are_refused(tmp_path, options, said):
    ended = continuum("serve", "--data", tmp_path, *options)
    assert ended.returncode == 64 and said in ended.stderr


def test_a_key_that_is_none_stops_the_start_and_is_not_repeated(tmp_path):
    folder = city_that_sends(tmp_path / "city", [])
    (tmp_path / "notify.key").write_text("secretsecret")
    ended = continuum("serve", "--data", folder, "--notify-key", tmp_path / "notify.key", "--notify-template", TEMPLATE)
    assert ended.returncode == 1 and "key of GOV.UK Notify" in ended.stderr and "secretsecret" not in ended.stderr
