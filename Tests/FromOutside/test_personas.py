"""Every address, tried by Schemathesis as a stranger and as each of the cast: odd texts in odd places, with tokens that
the server signed, so that forms are taken and not merely turned away. The server never fails, keeps its own headers,
and gives nobody what is not theirs."""

import hashlib
import hmac
import json
import os
import re
import sqlite3
import time

import pytest
import schemathesis
from conftest import Server, continuum, demonstration
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

# Requests to each route by each of those who ask; bin/prove asks for more.
COUNT = int(os.environ.get("CONTINUUM_PERSONAS", "2"))
SEED = int(os.environ.get("CONTINUUM_SEED", "0")) or int(time.time()) % 100_000
CAST = ["", "nadia", "imran", "maureen", "kieran", "priya", "grace", "helen", "tom", "anwar", "lucy", "steve", "dawn",
        "ruth", "farah", "owen", "megan", "joan", "colin", "vera", "sam", "leila", "carver",
        "basil"]
# What would tell where the twins are, and to whom it may be shown.
TWINS = ["Invented Row", "B11 9ZZ", "0121 496 0107"]
THEIRS = {"nadia", "priya", "grace", "anwar"}
# Real identifiers, so that what is asked for is sometimes there.
KNOWN = {"person": ["amina", "yusuf", "kieran-doyle"], "account": ["nadia", "imran", "joan"],
         "entry": ["school-103600", "demo-cdc-1"]}
FIELDS = ["q", "near", "age", "need", "page", "view", "next", "login", "password", "code", "again", "name", "role", "team",
          "until", "kind", "reason", "given", "family", "born", "evidence", "named", "extent", "ground", "decider",
          "review", "label", "person", "target", "verdict", "note", "about", "address", "postcode", "telephone", "setting",
          "relationship", "grant", "message", "session", "entry", "back", "words", "list", "answer"]


class Signed:
    """A session of one of the cast, and the tokens that forms of it carry."""

    def __init__(self, folder, server, name):
        self.key = bytes.fromhex((folder / "secrets/form.key").read_text().strip())
        self.server, self.session, self.cookies = server, "", {}
        if name:
            import requests
            answer = requests.post(
                f"http://localhost:{server.port}/demo/sign-ins", allow_redirects=False,
                data={"form-token": self.token("/demo/sign-ins"), "account": name}, timeout=20)
            cookie = re.match(r"([^=]+)=([0-9a-f]{64})", answer.headers["Set-Cookie"])
            self.cookies = {cookie.group(1): cookie.group(2)}
            self.session = hashlib.sha256(f"session {cookie.group(2)}".encode()).hexdigest()

    def token(self, path):
        hour = int(time.time()) // 3600
        return f"{hour}.{hmac.new(self.key, f'{hour} {path} {self.session}'.encode(), hashlib.sha256).hexdigest()}"


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    folder = demonstration(tmp_path_factory.mktemp("personas") / "city")
    with sqlite3.connect(folder / "continuum.sqlite") as database:
        KNOWN["restriction"] = [row[0] for row in database.execute("SELECT id FROM restriction")]
    server = Server(folder)
    yield folder, server
    assert server.stop() == 0
    log = server.logged()
    assert " error " not in log, log[-2000:]
    # The forms were really taken, and the pages really shown, not all turned away.
    reached = {(method, route) for line in log.splitlines() if re.search(r"\bstatus=(200|303|422)\b", line)
               for method in re.findall(r"\bmethod=(\w+)", line) for route in re.findall(r"\broute=(\S+)", line)}
    print(f"{len(reached)} routes answered otherwise than by turning away")
    assert len(reached) > 45
    assert continuum("journal", "verify", "--data", folder).returncode == 0


@pytest.fixture(scope="module")
def schema():
    described = continuum("routes", "--openapi")
    found = schemathesis.openapi.from_dict(json.loads(described.stdout))
    operations = [result.ok() for result in found.get_all_operations()]
    assert len(operations) == len(continuum("routes").stdout.splitlines())
    return found, operations


@pytest.mark.parametrize("name", CAST)
def test_no_request_brings_a_failure_or_what_is_not_theirs(own, schema, name):
    folder, server = own
    signed = Signed(folder, server, name)
    # Ending the session, or the account, would end the test.
    operations = [operation for operation in schema[1] if operation.path not in ["/sign-out", "/account/session-ends"]
                  and not operation.path.endswith("/end")]
    texts = st.dictionaries(st.sampled_from(FIELDS), st.one_of(
        st.text(max_size=40), st.sampled_from(["amina", "31/8/2027", "parent", "order", "sealed", "B11 9ZZ", "%", "'--"])),
        max_size=12)

    def ask(data, operation):
        case = data.draw(operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
        for parameter, odd in (case.path_parameters or {}).items():
            case.path_parameters[parameter] = data.draw(st.sampled_from([*KNOWN.get(parameter, []), odd]))
        fields = data.draw(texts)
        headers = {"Host": f"localhost:{server.port}"}
        if operation.method.upper() == "POST":
            path = case.formatted_path
            case.body, case.media_type = {**fields, "form-token": signed.token(path)}, "application/x-www-form-urlencoded"
        else:
            case.query = fields
        answer = case.call(base_url=server.url, headers=headers, cookies=signed.cookies, allow_redirects=False, timeout=30)
        where = f"seed {SEED}: {operation.method} {case.formatted_path} as {name or 'a stranger'}: {fields}"
        assert answer.status_code < 500, where
        assert answer.headers["content-security-policy"][0].startswith("default-src 'none'"), where
        text = answer.text
        if name not in THEIRS:
            sent = json.dumps(fields)
            assert not [word for word in TWINS if word in text and word not in sent], where

    for number, operation in enumerate(operations):
        @seed(SEED + 1000 * CAST.index(name) + number)
        @settings(max_examples=COUNT, deadline=None, database=None, suppress_health_check=list(HealthCheck),
                  phases=[Phase.generate])
        @given(data=st.data(), operation=st.just(operation))
        def run(data, operation):
            ask(data, operation)

        run()
