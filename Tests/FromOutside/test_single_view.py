"""The Single View from outside: a city’s agencies loaded and linked, a notice that joins, pages, upload, a kill."""

import json
import sqlite3
import subprocess
import time
import urllib.request

import pytest
from browsing import SHOTS, problems
from conftest import PROGRAM, Server, continuum, demonstration
from test_signed_in import signed_in

BODY = "Midland Community Trust (invented)"
NOTICE = {
    "reference": "CDC-2026-0117",
    "child": {"given": "Amina", "family": "Rahman", "born": "2023-04-17", "sex": "female", "nhs_number": "999 999 4199",
              "address": "7 Invented Row, Sparkbrook, Birmingham", "postcode": "B11 9ZZ"},
    "parent": {"name": "Nadia Rahman", "contact": "by telephone, after five"},
    "given_by": "Dr Anwar Siddiqui, paediatrician, child development centre", "needs": ["SLCN", "ASD"],
    "report": "What the report of the centre says",
    "parent_told_on": "2026-01-09", "offered_to_discuss": True, "voluntary_body": "A voluntary body (invented)",
}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("single-view") / "city"
    made = continuum("demo", "--prepare-only", "--city-size", "120", "--data", folder)
    assert made.returncode == 0, made.stderr
    running = Server(folder)
    key = continuum("notices", "key", "--body", BODY, "--data", folder)
    assert key.returncode == 0, key.stderr
    running.key, running.folder = key.stdout.strip(), folder
    yield running
    assert running.stop() == 0


def send(site, notice):
    request = urllib.request.Request(
        f"http://localhost:{site.port}/api/notices", json.dumps(notice).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {site.key}"})
    with urllib.request.urlopen(request) as answer:
        return answer.status, json.load(answer)


def rows(site, query, *values):
    with sqlite3.connect(f"file:{site.folder}/continuum.sqlite?mode=ro", uri=True) as database:
        return database.execute(query, values).fetchall()


def until(check, seconds, words):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := check():
            return found
        time.sleep(0.2)
    pytest.fail(words)


def test_the_demonstration_city_is_there_and_most_of_it_is_linked(site):
    """INF-3: nine sources, each with its refused rows, and more children than any one of them knows."""
    sources = continuum("feed", "sources", "--data", site.folder).stdout.splitlines()
    assert len(sources) == 10 and sum("refused 5" in line for line in sources) == 9
    [(records, unlinked)] = rows(site, "SELECT COUNT(*), SUM(person IS NULL) FROM held_record WHERE gone IS NULL")
    assert records > 150 and unlinked == 0
    [(shared,)] = rows(site, "SELECT COUNT(*) FROM (SELECT person FROM held_record GROUP BY person HAVING COUNT(*) > 1)")
    assert shared > 20
    again = continuum("demo", "--prepare-only", "--city-size", "120", "--seed", "9", "--data", site.folder)
    assert again.returncode == 1 and "--city-size 120 --seed 2012" in again.stderr


def test_golden_thread_step_1_the_notice_joins_the_three_records_and_not_the_twin(browser, site):
    """INF-1, INF-4, EYS-1: acknowledged once, linked with a reason and a score; Yusuf is not merged."""
    status, receipt = send(site, NOTICE)
    assert status == 201 and receipt["complete"] is True
    assert send(site, NOTICE)[1]["id"] == receipt["id"]
    [(count,)] = rows(site, "SELECT COUNT(*) FROM notice")
    assert count == 1
    until(lambda: rows(site, "SELECT 1 FROM notice WHERE person = 'amina'"), 60, "the notice was not linked")
    held = dict(rows(site, "SELECT source || ' ' || ref, person FROM held_record WHERE ref LIKE '%-A00000_'"))
    assert held["early-years EY-A000001"] == held["primary-care PC-A000001"] == "amina"
    assert held["early-years EY-A000002"] == held["primary-care PC-A000002"] == "yusuf"
    nadia = signed_in(browser, site, "Nadia Rahman", java_script_enabled=False)
    nadia.goto("/people/amina/links")
    words = nadia.locator("main").inner_text()
    assert "Early notices" in words and "Ameena" in words and "Of 1,000 pairs that compare like these two" in words
    assert "Yusuf" not in words
    nadia.goto("/people/yusuf/held")
    assert "Early notices" not in nadia.locator("main").inner_text()
    father = signed_in(browser, site, "Imran Rahman", java_script_enabled=False)
    for path in ["/people/amina", "/people/yusuf", "/people/amina/held", "/people/amina/links", "/people/amina/held.json"]:
        told = father.request.get(path).text()
        for word in ["Invented Row", "B11 9ZZ", "Marigold", "Sparkbrook"]:
            assert word not in told, (path, word)


def test_an_incomplete_notice_is_taken_and_its_body_chased_the_same_day(site):
    """EYS-1: the clock runs all the same."""
    bare = {key: NOTICE[key] for key in ["given_by", "needs"]} | {
        "reference": "CDC-2026-0118",
        "child": {"given": "Noone", "family": "Testcase", "born": "2024-02-01", "postcode": "B11 9ZX"}}
    status, receipt = send(site, bare)
    assert status == 201 and receipt["complete"] is False and len(receipt["missing"]) == 3
    mails = continuum("outbox", "--data", site.folder).stdout
    assert receipt["brought_to_attention_on"] == time.strftime("%Y-%m-%d") and mails.count("\tmail\t") >= 3
    until(lambda: rows(site, "SELECT 1 FROM held_record WHERE ref = ? AND person IS NOT NULL", receipt["id"]), 60,
          "a child known to nobody else became nobody")


@pytest.mark.parametrize("width", [320, 1100])
def test_the_pages_of_whoever_keeps_the_records_work_without_scripts_on_a_phone(browser, site, width):
    page = signed_in(browser, site, "Ruth Carver", java_script_enabled=False, viewport={"width": width, "height": 900})
    for name in ["/feeds", "/feeds/school-census", "/feeds/notices", "/feeds/take-in", "/feeds/camhs/refused", "/review",
                 "/review/models", "/review/find", "/review/quality"]:
        assert page.goto(name).status == 200, name
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, (name, overflow)
        page.screenshot(path=SHOTS / f"single-view{name.replace('/', '-')}-{width}.png", full_page=True)


def test_axe_finds_nothing_on_the_pages_of_the_records(browser, site):
    page = signed_in(browser, site, "Ruth Carver")
    for name in ["/feeds", "/feeds/early-years", "/feeds/take-in", "/review/models", "/review/find"]:
        page.goto(name)
        assert problems(page) == [], name


def test_a_keeper_takes_an_extract_in_by_upload_and_sees_what_became_of_it(browser, site, tmp_path):
    """INF-4: the rest goes in, the refused row is told of; the same again changes nothing."""
    page = signed_in(browser, site, "Ruth Carver")
    header = "record_id,given,family,born,sex,postcode,address,service,lead,need_1,referred\n"
    named = rows(site, "SELECT MAX(as_of) FROM delivery WHERE source = 'community-trust'")[0][0]
    bad = tmp_path / "notes.csv"
    bad.write_text(header.replace("born", "birthday"))

    def upload(path):
        page.goto("/feeds/take-in")
        page.locator("#file").set_input_files(path)
        page.get_by_label("Let it remove more than one record in five").check()
        page.get_by_role("button", name="Take in").click()
        return page.locator("main").inner_text()

    assert "does not say which source" in upload(bad)
    bad = bad.rename(tmp_path / f"community-trust_{named}.csv")
    assert "born" in upload(bad) and page.url.endswith("/feeds/take-in")
    good = tmp_path / f"community-trust_{time.strftime('%Y-%m-%d')}.csv"
    good.write_text(
        header + "CT-U1,Zuri,Uploaded,2019-03-04,F,B11 9ZX,1 Invented Row,Speech (invented),,SLCN,2026-01-05\n"
        "CT-U2,Zora,Uploaded,2019-02-30,F,B11 9ZX,1 Invented Row,Speech (invented),,SLCN,2026-01-05\n")
    said = upload(good)
    assert "1 new" in said and "1 rows were refused" in said and "a day that there was" in said
    assert "Nothing to do" in upload(good)
    until(lambda: rows(site, "SELECT 1 FROM held_record WHERE ref = 'CT-U1' AND person IS NOT NULL"), 60, "not linked")


def test_whether_a_child_is_known_is_answered_and_noted_for_the_family(browser, site):
    [(person, given, family, born)] = rows(
        site, "SELECT id, given, family, born FROM person JOIN linked_person ON person = id ORDER BY id LIMIT 1")
    page = signed_in(browser, site, "Ruth Carver", java_script_enabled=False)
    page.goto("/review/find")
    page.get_by_label("Given name").fill(given)
    page.get_by_role("button", name="Look").click()
    assert "at least two of these" in page.locator("main").inner_text()
    page.get_by_label("Family name").fill(family)
    page.get_by_label("Date of birth").fill(born)
    page.get_by_role("button", name="Look").click()
    words = page.locator(".app-results").inner_text()
    assert f"{given} {family}" in words and "The same: " in words and "Of 1,000 records" in words
    [(looks,)] = rows(site, "SELECT COUNT(*) FROM journal WHERE kind = 'person.compared' AND subject = ?", person)
    assert looks >= 1
    page.goto("/review/find")
    for label, value in [("Given name", "Amina"), ("Family name", "Rahman"), ("Postcode", "B11 9ZZ")]:
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Look").click()
    assert "Invented Row" not in page.locator("main").inner_text()


def test_a_feed_that_is_killed_leaves_all_of_it_or_nothing(tmp_path):
    """INF-4: nothing half-applied; the same file taken in again afterwards is whole."""
    today = time.strftime("%Y-%m-%d")
    made = continuum("demo-extracts", "--into", tmp_path, "--city-size", "400", "--as-of", today)
    assert made.returncode == 0, made.stderr
    take = ["feed", "take", tmp_path / f"school-census_{today}.csv", "--no-linking", "--data", tmp_path / "city"]
    folder = demonstration(tmp_path / "city")

    def count():
        with sqlite3.connect(folder / "continuum.sqlite") as database:
            return database.execute("SELECT COUNT(*), COUNT(DISTINCT delivery) FROM held_record").fetchone()

    before, seen = count(), set()
    for moment in [0.05, 0.1, 0.2, 0.3, 0.45, 0.6]:
        taking = subprocess.Popen(
            [PROGRAM, *map(str, take)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        taking.kill()
        taking.wait()
        seen.add(count())
    ended = continuum(*take)
    assert ended.returncode == 2, ended.stderr
    assert seen <= {before, count()} and count()[0] > before[0] + 390
    assert continuum("journal", "verify", "--data", folder).returncode == 0
