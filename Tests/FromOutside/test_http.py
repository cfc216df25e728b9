"""The server as a network sees it: headers, caching, limits, and what it does with what is broken."""

import gzip
import http.client
import json
import re
import socket
import threading
import time

import pytest
from conftest import Server

PAGES = ["/", "/search", "/search?q=autism+B11+age+4", "/search?q=autism&view=map", "/entries/school-103600", "/words",
         "/sources", "/privacy", "/accessibility", "/compare?entry=school-103600&entry=school-103605", "/shortlist",
         "/reports/new", "/components", "/nowhere"]


def ask(server, method, path, headers=None, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request(method, path, body=body, headers=headers or {})
    answer = connection.getresponse()
    data = answer.read()
    connection.close()
    return answer, data


def raw(server, data, wait=5):
    """Sends bytes as they are and gives what comes back before the server closes or time is up."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=wait) as link:
        link.sendall(data)
        received = b""
        try:
            while part := link.recv(65_536):
                received += part
        except (TimeoutError, ConnectionResetError):
            pass
        return received


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_the_headers_that_keep_it_safe(server, path):
    answer, data = ask(server, "GET", path)
    assert answer.status == (404 if path == "/nowhere" else 200)
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    text = data.decode()
    assert "<script>" not in text and " style=" not in text and "onclick" not in text


def test_public_pages_can_be_kept_a_minute_and_are_not_sent_twice(server):
    answer, data = ask(server, "GET", "/search?q=autism+B11+age+4")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    tag = answer.headers["ETag"]
    again, empty = ask(server, "GET", "/search?q=autism+B11+age+4", {"If-None-Match": tag})
    assert again.status == 304 and empty == b"" and again.headers["ETag"] == tag
    other, _ = ask(server, "GET", "/search?q=autism", {"If-None-Match": tag})
    assert other.status == 200


def test_a_page_with_a_visitor_s_own_list_is_kept_by_nobody_else(server):
    answer, _ = ask(server, "GET", "/search?q=autism", {"Cookie": "shortlist=school-103600"})
    assert answer.headers["Cache-Control"] == "private, no-cache" and "Cookie" in answer.headers.get_all("Vary")
    answer, _ = ask(server, "GET", "/shortlist")
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_are_compressed_where_the_browser_can_read_it(server):
    plain, data = ask(server, "GET", "/search?q=autism+B11+age+4")
    packed, smaller = ask(server, "GET", "/search?q=autism+B11+age+4", {"Accept-Encoding": "br;q=1.0, gzip;q=0.8"})
    assert plain.headers["Content-Encoding"] is None and packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(smaller) == data and len(smaller) < len(data) / 3
    assert "Accept-Encoding" in packed.headers.get_all("Vary")
    refused, _ = ask(server, "GET", "/search?q=autism", {"Accept-Encoding": "gzip;q=0"})
    assert refused.headers["Content-Encoding"] is None


def test_a_page_of_results_is_small(server):
    _, page = ask(server, "GET", "/search?q=autism+B11+age+4")
    assert len(page) < 60_000
    _, packed = ask(server, "GET", "/search?q=autism+B11+age+4", {"Accept-Encoding": "gzip"})
    sheet = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.decode()).group(1)
    answer, style = ask(server, "GET", sheet, {"Accept-Encoding": "gzip"})
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert len(packed) + len(style) < 40_000


def test_head_says_what_get_would_and_sends_no_body(server):
    get, data = ask(server, "GET", "/words")
    head, empty = ask(server, "HEAD", "/words")
    assert head.status == 200 and empty == b"" and head.headers["Content-Length"] == str(len(data))


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_change_nothing(server, method):
    answer, _ = ask(server, method, "/search")
    assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize("request_line, status", [
    (b"GET /search?q=%ff HTTP/1.1\r\nHost: localhost\r\n\r\n", b" 400 "),
    (b"GET /search?q=%00 HTTP/1.1\r\nHost: localhost\r\n\r\n", b" 400 "),
    (b"GET /%zz HTTP/1.1\r\nHost: localhost\r\n\r\n", b" 400 "),
    (b"GET /../../etc/passwd HTTP/1.1\r\nHost: localhost\r\n\r\n", b" 404 "),
    (b"GET /assets/%2e%2e%2fsecrets HTTP/1.1\r\nHost: localhost\r\n\r\n", b" 404 "),
    (b"GET /assets/..%2f..%2fREADME.md HTTP/1.1\r\nHost: localhost\r\n\r\n", b" 404 "),
    (b"GET / HTTP/1.1\r\n\r\n", b" 400 "),
    (b"gEt / HTTP/1.1\r\nHost: localhost\r\n\r\n", b" 400 "),
    (b"GARBAGE\r\n\r\n", b" 400 "),
    (b"POST /reports HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", b" 400 "),
    (b"POST /reports HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b" 400 "),
])
def test_what_is_malformed_is_refused(server, request_line, status):
    received = raw(server, request_line.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1), wait=20)
    assert status in received.split(b"\r\n")[0], received[:200]


def test_headers_and_bodies_have_a_limit(server):
    answer, data = ask(server, "POST", "/reports", {"Content-Type": "application/x-www-form-urlencoded"}, b"a" * 70_000)
    assert answer.status == 413 and b"That is too long" in data
    received = raw(server, b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 40_000 + b"\r\n\r\n")
    assert b" 400 " in received.split(b"\r\n")[0] or b" 431 " in received.split(b"\r\n")[0] or received == b""
    answer, _ = ask(server, "GET", "/words")
    assert answer.status == 200


def test_a_long_query_is_answered_with_a_sentence(server):
    answer, data = ask(server, "GET", "/search?q=" + "a" * 10_000)
    assert answer.status == 400 and b"Write at most 200 characters; this is 10,000" in data


def test_queries_never_reach_the_log(server):
    ask(server, "GET", "/search?q=secretword&near=B11+4EX")
    ask(server, "GET", "/entries/school-103600?x=secretword")
    logged = server.logged()
    assert "route=/search" in logged and "route=/entries/{entry}" in logged
    assert "secretword" not in logged and "B11" not in logged and "103600" not in logged


def test_who_idles_is_closed_and_others_are_served_meanwhile(own_city):
    running = Server(own_city, "--idle-seconds", "2", "--body-seconds", "3", "--reading-seconds", "3")
    try:
        def held(data, trickle=None):
            """How long the server holds a connection that sends this and then is slow."""
            started = time.monotonic()
            with socket.create_connection(("127.0.0.1", running.port), timeout=30) as link:
                link.sendall(data)
                link.settimeout(0.5)
                while time.monotonic() - started < 25:
                    try:
                        if link.recv(65_536) == b"":
                            break
                    except TimeoutError:
                        if trickle:
                            try:
                                link.sendall(trickle)
                            except OSError:
                                break
                    except OSError:
                        break
            return time.monotonic() - started

        times = {}
        slow = {
            "nothing": (b"", None), "half a head": (b"GET / HTTP/1.1\r\nHost: a\r\nX-A: ", b"b"),
            "slow body": (b"POST /reports HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                          b"Content-Length: 5000\r\n\r\nwords=", b"a"),
        }
        threads = [threading.Thread(target=lambda n=name, s=sent: times.update({n: held(*s)})) for name, sent in slow.items()]
        for thread in threads:
            thread.start()
        for _ in range(20):
            answer, _ = ask(running, "GET", "/words")
            assert answer.status == 200
        for thread in threads:
            thread.join()
        assert all(seconds < 12 for seconds in times.values()), times
    finally:
        assert running.stop() == 0


def test_who_does_not_read_is_closed(own_city):
    running = Server(own_city, "--reading-seconds", "2")
    try:
        link = socket.socket()
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        link.connect(("127.0.0.1", running.port))
        # Many answers are asked for and none is read, so the server's own buffers fill.
        link.sendall(b"GET /search?q=school HTTP/1.1\r\nHost: a\r\n\r\n" * 400)
        deadline = time.monotonic() + 20
        closed = False
        while time.monotonic() < deadline and not closed:
            time.sleep(0.5)
            try:
                link.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            except OSError:
                closed = True
        assert closed
    finally:
        assert running.stop() == 0


def test_a_stop_lets_requests_in_hand_finish(own_city):
    running = Server(own_city)
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=10)
    connection.request("GET", "/search?q=school")
    answer = connection.getresponse()
    started = time.monotonic()
    assert answer.status == 200 and len(answer.read()) > 10_000
    assert running.stop() == 0
    assert time.monotonic() - started < 20
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", running.port), timeout=2)


def test_health_says_that_it_is_live_and_ready(server):
    answer, data = ask(server, "GET", "/health/live")
    assert answer.status == 200 and data == b"live\n"
    answer, data = ask(server, "GET", "/health/ready")
    assert answer.status == 200 and json.loads(data)["ready"] is True
    assert answer.headers["Cache-Control"] == "no-store"


def test_random_bytes_never_bring_the_server_down(server):
    import os
    import random
    dice = random.Random(2012)
    times = int(os.environ.get("CONTINUUM_BROKEN", "300")) // 2
    for _ in range(times):
        data = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 200)))
        with socket.create_connection(("127.0.0.1", server.port), timeout=5) as link:
            link.sendall(dice.choice([b"", b"GET /", b"GET /search?q="]) + data + b"\r\n\r\n")
    for _ in range(times):
        text = "".join(chr(dice.choice([dice.randrange(32, 127), dice.randrange(0x80, 0x3000)])) for _ in range(20))
        from urllib.parse import quote
        field = dice.choice(["q", "near", "age", "need", "day", "page", "within", "help", "view", "list"])
        answer, _ = ask(server, "GET", f"/{dice.choice(['search', 'search.json', 'shortlist', 'compare'])}?{field}={quote(text)}")
        assert answer.status in (200, 400), (field, text)
    answer, _ = ask(server, "GET", "/")
    assert answer.status == 200


def test_the_server_starts_in_seconds(own_city):
    started = time.monotonic()
    running = Server(own_city)
    assert time.monotonic() - started < 10
    assert running.stop() == 0


def test_the_licences_travel_with_what_is_served(server):
    answer, data = ask(server, "GET", "/assets/licences.txt")
    text = data.decode()
    assert answer.status == 200 and "Crown Copyright" in text and "BSD 2-Clause" in text and "Open Font License" in text
    _, page = ask(server, "GET", "/")
    sheet = re.search(r'href="(/assets/continuum-[^"]+\.css)"', page.decode()).group(1)
    _, style = ask(server, "GET", sheet)
    assert b"GDS Transport" not in style and b"crest" not in style


@pytest.mark.parametrize("path", PAGES + ["/search?age=99&q=%3Cb%3E", "/entries/demo-cdc-1", "/search?q=xyzzyx"])
def test_the_markup_is_well_formed(server, path):
    import html5lib
    _, data = ask(server, "GET", path)
    html5lib.HTMLParser(strict=True).parse(data.decode())
    ids = re.findall(rb'\sid="([^"]+)"', data)
    assert len(ids) == len(set(ids)), sorted(name for name in ids if ids.count(name) > 1)
