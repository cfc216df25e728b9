"""What was acknowledged stays, whatever happens to the process."""

import json
import re
import signal
import urllib.error
import urllib.parse
import urllib.request

from conftest import Server, continuum


def report(server, words):
    """Tells the server what is wrong, as the form does."""
    page = urllib.request.urlopen(server.url + "/reports/new").read().decode()
    form = re.search(r'<form method="post" action="/reports".*?</form>', page, re.S).group(0)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    data = urllib.parse.urlencode({**fields, "words": words}).encode()
    return urllib.request.urlopen(urllib.request.Request(
        server.url + "/reports", data, {"Origin": server.url, "Sec-Fetch-Site": "same-origin"}))


def kept(folder):
    return [found["words"] for found in json.loads(continuum("reports", "--json", "--data", folder).stdout)]


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    assert continuum("demo", "--prepare-only", "--data", tmp_path).returncode == 0
    told = []
    for turn in range(5):
        running = Server(tmp_path)
        for number in range(4):
            words = f"turn {turn} number {number}"
            assert report(running, words).url.endswith("/reports/thanks")
            told.append(words)
        running.send(signal.SIGKILL)
        running.process.wait()
        assert sorted(kept(tmp_path)) == sorted(told)


def test_searches_that_find_nothing_are_written_when_the_server_stops(tmp_path):
    assert continuum("demo", "--prepare-only", "--data", tmp_path).returncode == 0
    running = Server(tmp_path)
    for _ in range(3):
        urllib.request.urlopen(running.url + "/search?q=xyzzyx+qqqq").read()
    assert running.stop() == 0
    counts = json.loads(continuum("empty-searches", "--json", "--data", tmp_path).stdout)
    assert [count["searches"] for count in counts] == [3]
    assert "xyzzyx" not in (tmp_path / "continuum.sqlite").read_bytes().decode("latin-1")


def test_a_confirmed_base_is_called_suitable_and_stays_so_after_an_import(tmp_path):
    from conftest import ROOT
    assert continuum("demo", "--prepare-only", "--data", tmp_path).returncode == 0
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
