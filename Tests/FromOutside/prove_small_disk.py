"""A real disk that fills up, mounted in a namespace of its own: bin/prove runs this under unshare -rm."""

import json
import subprocess
import urllib.error
import urllib.request

from conftest import Server, continuum
from test_durable import kept, report


def tried(address):
    try:
        return urllib.request.urlopen(address).status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_full_disk_stops_writes_alone_and_they_go_on_when_there_is_room(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "small", disk], check=True)
    folder = disk / "city"
    assert continuum("demo", "--prepare-only", "--city-size", "1", "--data", folder).returncode == 0
    running = Server(folder)
    filler = disk / "filler"
    with open(filler, "wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(65_536))
        except OSError:
            file.truncate(max(0, file.tell() - 300_000))
    told, refused = [], 0
    for number in range(100_000):
        words = f"report {number} " + "~" * 900
        try:
            assert report(running, words).url.endswith("/reports/thanks")
            told.append(words)
        except urllib.error.HTTPError as error:
            assert error.code == 503, error.code
            refused += 1
            if refused == 20:
                break
    assert refused == 20 and len(told) > 50, (refused, len(told))
    assert tried(running.url + "/search?q=autism") == 200
    assert tried(running.url + "/health/ready") == 503
    filler.unlink()
    for number in range(20):
        words = f"later {number}"
        assert report(running, words).url.endswith("/reports/thanks")
        told.append(words)
    assert json.loads(urllib.request.urlopen(running.url + "/health/ready").read())["ready"] is True
    assert running.stop() == 0
    assert sorted(kept(folder)) == sorted(told)
    assert continuum("journal", "verify", "--data", folder).returncode == 0
    print(f"{len(told)} acknowledged and kept, {refused} refused")
