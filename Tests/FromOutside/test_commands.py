"""The commands, run as a script would run them."""

import json
import shutil
import socket
import sqlite3
import time

from conftest import PROGRAM, ROOT, Server, continuum, demonstration

SCHOOLS = ROOT / "share/schools/birmingham_schools_2025.csv"


def test_a_data_folder_is_made_within_a_minute_and_can_be_made_again(tmp_path):
    folder = tmp_path / "new" / "deep"
    started = time.monotonic()
    assert continuum("demo", "--prepare-only", "--city-size", "1", "--data", folder).returncode == 0
    assert time.monotonic() - started < 60
    assert [path.name for path in folder.iterdir() if path.suffix == ".sqlite"] == ["continuum.sqlite"]
    with sqlite3.connect(folder / "continuum.sqlite") as database:
        head = database.execute("SELECT COUNT(*), COUNT(DISTINCT kind) FROM journal").fetchone()
    assert head[0] >= 5
    assert continuum("demo", "--prepare-only", "--city-size", "1", "--data", folder).returncode == 0
    with sqlite3.connect(folder / "continuum.sqlite") as database:
        assert database.execute("SELECT COUNT(*), COUNT(DISTINCT kind) FROM journal").fetchone() == head


def test_a_search_as_json_is_an_array_alone_on_standard_output(city):
    found = continuum("search", "autism B11 age 4", "--data", city, "--json", "--limit", 7)
    assert found.returncode == 0
    results = json.loads(found.stdout)
    assert len(results) == 7
    for result in results:
        assert isinstance(result["name"], str) and result["name"]
        assert isinstance(result["distance_metres"], int)
        assert result["fits"] in (True, False, None)
        assert result["reasons"] and all(isinstance(reason, str) for reason in result["reasons"])
    assert results[0]["name"] == "Uffculme School" and results[0]["fits"] is True
    assert not results[0]["invented"]
    order = [{True: 0, None: 1, False: 2}[result["fits"]] for result in results]
    assert order == sorted(order)


def test_distance_is_null_without_a_place_and_fits_is_null_where_nothing_is_asked(city):
    results = json.loads(continuum("search", "Hamilton School", "--data", city, "--json").stdout)
    assert results[0]["name"] == "Hamilton School" and results[0]["distance_metres"] is None
    results = json.loads(continuum("search", "", "--data", city, "--json", "--limit", 1).stdout)
    assert results[0]["fits"] is None


def test_options_say_what_words_can(city):
    by_words = continuum("search", "autism B11 age 4", "--data", city, "--json")
    by_options = continuum("search", "", "--near", "B11", "--age", 4, "--need", "asd", "--data", city, "--json")
    ids = [[result["id"] for result in json.loads(found.stdout)] for found in (by_words, by_options)]
    assert ids[0] == ids[1]


def test_wrong_usage_ends_with_64_and_says_what_is_allowed(city):
    for arguments, word in [
        (["search", "x", "--age", "-1"], "0 to 25"), (["search", "x", "--age", "26"], "0 to 25"),
        (["search", "x", "--age", "four"], "four"), (["search", "x", "--need", "ADHD"], "SEMH"),
        (["search", "x", "--limit", "0"], "1 to 1000"), (["search"], "words"), (["nonsense"], "nonsense"),
        (["import", "castles", "x"], "castles"), (["serve", "--port", "70000"], "65535"),
    ]:
        ended = continuum(*arguments)
        assert ended.returncode == 64, arguments
        assert word in ended.stderr and ended.stdout == ""


def test_a_command_that_finds_no_data_folder_ends_with_1_and_names_it(tmp_path):
    for command in [["search", "x"], ["serve"], ["reports"], ["empty-searches"], ["confirm", "school-103600"]]:
        ended = continuum(*command, "--data", tmp_path / "nowhere")
        assert ended.returncode == 1
        assert str(tmp_path / "nowhere") in ended.stderr and "demo --prepare-only" in ended.stderr
    assert continuum("import", "schools", SCHOOLS, "--data", tmp_path / "nowhere").returncode == 1
    assert not (tmp_path / "nowhere").exists()


def test_a_place_that_is_not_known_is_answered_without_distances_and_ends_with_2(city):
    found = continuum("search", "autism", "--near", "ZZ1 1ZZ", "--data", city, "--json")
    assert found.returncode == 2
    assert "do not know the postcode" in found.stderr
    assert all(result["distance_metres"] is None for result in json.loads(found.stdout))


def test_words_of_any_kind_never_end_the_program_by_a_trap(city):
    for words in ["", " ", "🙂", "'; DROP TABLE entry; --", "<script>", "%s%n", "-- --", "\x01\x02", "x" * 200, "é" * 200]:
        assert continuum("search", "--data", city, "--", words).returncode in (0, 2), words
    assert continuum("search", "x" * 10_000, "--data", city).returncode == 1
    ended = continuum("search", "x" * 10_000, "--data", city)
    assert "at most 200 characters" in ended.stderr


def test_an_import_goes_in_whole_but_for_refused_rows_and_ends_with_2(tmp_path):
    broken = tmp_path / "schools.csv"
    lines = SCHOOLS.read_text().splitlines()
    broken.write_text("\n".join(lines + [lines[1], "999999,330,Birm"]) + "\n")
    ended = continuum("import", "schools", broken, "--data", tmp_path, "--json")
    report = json.loads(ended.stdout)
    assert ended.returncode == 2
    assert (report["added"], report["changed"], report["removed"]) == (499, 0, 0)
    assert [refusal["line"] for refusal in report["refused"]] == [501, 502]
    assert all(refusal["reason"] for refusal in report["refused"])
    again = json.loads(continuum("import", "schools", broken, "--data", tmp_path, "--json").stdout)
    assert (again["added"], again["unchanged"]) == (0, 499)


def test_strict_refuses_all(tmp_path):
    broken = tmp_path / "schools.csv"
    broken.write_text(SCHOOLS.read_text() + "999999,330,Birm\n")
    ended = continuum("import", "schools", broken, "--data", tmp_path, "--strict")
    assert ended.returncode == 1 and "Nothing was changed" in ended.stderr and "line 501" in ended.stderr
    report = json.loads(continuum("import", "schools", SCHOOLS, "--data", tmp_path, "--json").stdout)
    assert report["added"] == 499


def test_a_file_that_is_no_table_ends_with_1_and_changes_nothing(city, tmp_path):
    wrong = {
        "utf16.csv": SCHOOLS.read_text().encode("utf-16"), "latin.csv": b"urn,name\n1,\xe9\n", "empty.csv": b"",
        "binary.csv": bytes(range(256)), "semicolons.csv": b"urn;name\n1;x\n", "open.csv": b'urn,name\n1,"x\n',
        "missing.csv": b"urn,name\n103600,x\n",
    }
    for name, data in wrong.items():
        path = tmp_path / name
        path.write_bytes(data)
        ended = continuum("import", "schools", path, "--data", city)
        assert ended.returncode == 1, name
        assert ended.stdout == "" and len(ended.stderr) > 30
    assert continuum("import", "schools", tmp_path, "--data", city).returncode == 1
    report = json.loads(continuum("import", "schools", SCHOOLS, "--data", city, "--json").stdout)
    assert report["unchanged"] == 499


def test_a_folder_that_holds_no_database_is_said_to(tmp_path):
    (tmp_path / "continuum.sqlite").write_text("not a database, but quite long enough to be taken for one" * 100)
    ended = continuum("search", "x", "--data", tmp_path)
    assert ended.returncode == 1 and "damaged, or no database" in ended.stderr


def test_every_command_but_serve_works_without_assets(tmp_path):
    root = tmp_path / "elsewhere"
    root.mkdir()
    program = shutil.copy(PROGRAM, root / "continuum")
    shutil.copytree(ROOT / "share", root / "share")
    import subprocess
    made = subprocess.run(
        [program, "demo", "--prepare-only", "--city-size", "1", "--data", root / "data"], capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    found = subprocess.run([program, "search", "autism", "--data", root / "data"], capture_output=True, text=True)
    assert found.returncode == 0
    served = subprocess.run([program, "serve", "--data", root / "data"], cwd=root, capture_output=True, text=True)
    assert served.returncode == 1 and "bin/setup" in served.stderr


def test_a_port_in_use_is_said_with_another_to_try(server, own_city):
    ended = continuum("serve", "--data", own_city, "--port", server.port)
    assert ended.returncode == 1
    assert f"Port {server.port} is in use" in ended.stderr and f"--port {server.port + 1}" in ended.stderr


def test_an_import_shows_in_a_running_server_within_seconds(tmp_path):
    demonstration(tmp_path)
    running = Server(tmp_path)
    try:
        import urllib.request
        address = running.url + "/search.json?q=Hamilton+School"
        assert json.load(urllib.request.urlopen(address))["results"][0]["name"] == "Hamilton School"
        changed = tmp_path / "schools.csv"
        changed.write_text(SCHOOLS.read_text().replace("Hamilton School", "Hamilton Renamed School"))
        assert continuum("import", "schools", changed, "--data", tmp_path).returncode == 0
        for _ in range(50):
            if json.load(urllib.request.urlopen(address))["results"][0]["name"] == "Hamilton Renamed School":
                break
            time.sleep(0.2)
        else:
            raise AssertionError("the import did not show")
    finally:
        assert running.stop() == 0


def test_the_search_answers_the_judged_searches_well(city):
    ended = continuum("judge-search", ROOT / "Slices/Offer/Tests/Data/judged-searches.csv", "--data", city)
    figures = {line.split("\t")[0]: line.split("\t") for line in ended.stdout.splitlines()}
    assert float(figures["report"][2].split()[-1]) >= 0.85
    assert float(figures["report"][3].split()[-1].rstrip("%")) <= 3
    assert int(figures["report"][1].split()[-1]) + int(figures["tune"][1].split()[-1]) >= 100


def test_what_strangers_wrote_cannot_steer_the_terminal_nor_forge_a_row(tmp_path):
    from test_durable import report
    demonstration(tmp_path)
    running = Server(tmp_path)
    report(running, "\x1b]0;owned\x07 bell\tand tab\nsecond line")
    assert running.stop() == 0
    told = continuum("reports", "--data", tmp_path).stdout
    assert "\x1b" not in told and "\x07" not in told and len(told.splitlines()) == 1
    assert told.count("\t") == 3 and "second line" in told


def test_the_data_folder_is_for_its_owner_alone(tmp_path):
    folder = tmp_path / "city"
    assert continuum("demo", "--prepare-only", "--city-size", "1", "--data", folder).returncode == 0
    for path in [folder, *folder.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path


def test_routes_are_printed_with_their_policies():
    lines = continuum("routes").stdout.splitlines()
    assert "GET\t/search\tanyone" in lines
    assert all(len(line.split("\t")) == 3 for line in lines)


def test_the_policy_explains_who_may_see_what_of_whom_and_notes_that_it_was_asked(own_city):
    told = continuum("policy", "explain", "nadia", "amina", "--data", own_city)
    assert told.returncode == 0 and "Roles held now: a parent or carer" in told.stdout
    see, change = told.stdout.split("\nChange:\n")
    assert "  yes  name and date of birth: A parent or carer sees" in see and "(P-family; " in see
    assert "  no   safeguarding: " in see and "  no   name and date of birth: No rule allows it." in change
    kept = continuum("policy", "explain", "imran", "amina", "--data", own_city).stdout
    assert "  no   where the person lives" in kept and "F-restricted-location" in kept
    stranger = continuum("policy", "explain", "tom", "amina", "--data", own_city).stdout
    assert "  yes  " not in stranger
    about = continuum("journal", "about", "amina", "--data", own_city).stdout
    assert about.count("policy.explained") == 3
    refused = continuum("policy", "explain", "nobody", "amina", "--data", own_city)
    assert refused.returncode == 1 and "no account “nobody”" in refused.stderr


def test_the_socket_is_closed_to_the_network(server):
    with socket.socket() as probe:
        probe.settimeout(2)
        assert probe.connect_ex(("127.0.0.1", server.port)) == 0
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    except socket.gaierror:
        addresses = set()
    for address in addresses - {"127.0.0.1", "127.0.1.1"}:
        with socket.socket() as probe:
            probe.settimeout(2)
            assert probe.connect_ex((address, server.port)) != 0
