"""How often one may ask: the real server, asked more than anybody reads."""

import http.client
import threading

from browsing import SHOTS, problems, visit
from conftest import Server


def asked(port, path, times):
    """How each of these requests was answered, over connections that are kept."""
    connection, answers = http.client.HTTPConnection("127.0.0.1", port, timeout=30), []
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        answer.read()
        answers.append((answer.status, answer.headers.get("Retry-After")))
    connection.close()
    return answers


def test_who_asks_for_more_than_anybody_reads_is_told_to_wait(own_city, browser):
    server = Server(own_city, rates=True)
    try:
        answers = asked(server.port, "/words", 2500)
        statuses = [status for status, _ in answers]
        first = statuses.index(429)
        assert first >= 1500 and set(statuses) == {200, 429}
        assert answers[first][1] == "1"
        # What watches the server is answered still, and so is another kind of address.
        assert {status for status, _ in asked(server.port, "/health/live", 20)} == {200}
        assert {status for status, _ in asked(server.port, "/account", 20)} == {303}
        # The allowance grows meanwhile, by one a second where one must sign in, so others of this address go on asking.
        assert 429 in {status for status, _ in asked(server.port, "/account", 600)}
        done = threading.Event()
        others = threading.Thread(target=lambda: [asked(server.port, "/account", 20) for _ in iter(done.is_set, True)])
        others.start()
        try:
            pages = [visit(browser, server.url + "/account") for _ in range(5)]
        finally:
            done.set()
            others.join()
        refused = [page for page in pages if "Wait a little" in page.title()]
        assert refused and problems(refused[0]) == []
        assert "nothing is lost" in refused[0].inner_text("main")
        refused[0].screenshot(path=SHOTS / "asked-too-often.png")
        for page in pages:
            page.context.close()
    finally:
        server.stop()


def test_a_measurement_may_switch_it_off(own_city):
    server = Server(own_city)
    try:
        assert {status for status, _ in asked(server.port, "/words", 2500)} == {200}
    finally:
        server.stop()
