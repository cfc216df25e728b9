"""Clerical review in a real browser: by keyboard, without scripts, on a phone; axe; the next pair comes fast."""

import sqlite3
import time

import pytest
from browsing import SHOTS, problems
from conftest import Server, demonstration
from test_signed_in import signed_in

PAIRS = 14


def filled(folder):
    """Pairs of records in doubt and a sample, as linking would leave them: of persons who are made up here."""
    base = sqlite3.connect(folder / "continuum.sqlite")
    now = "2026-11-24T10:00:00.000Z"
    # Linking that waits since the demonstration was made would weigh these pairs anew.
    base.execute("DELETE FROM job WHERE kind = 'link records'")
    for table in ["doubt", "sample_pair", "sample_layer", "sample_run"]:
        base.execute(f"DELETE FROM {table}")
    number = base.execute("SELECT COALESCE(MAX(number), 0) FROM held_record").fetchone()[0]
    base.execute("INSERT INTO sample_run VALUES ('run', 'model-1', ?)", (now,))
    base.execute("INSERT INTO sample_layer VALUES ('run', 1, '0.95 to 0.999', 'camhs school-census', 600)")
    base.execute("INSERT INTO sample_layer VALUES ('run', 0, '0.05 to 0.5', 'camhs school-census', 90)")

    def record(number, source, person, cells):
        base.execute(
            "INSERT INTO held_record VALUES (?, ?, ?, 'education', 'x', '2026-09-01', '2026-11-01', 'd', NULL, ?, '')",
            (number, source, f"r{number}", person))
        base.execute("INSERT INTO membership VALUES (?, ?, ?, 'model', NULL)", (number, person, now))
        base.execute(
            "INSERT INTO held_part VALUES (?, 'identity', 1, ?, '2026-11-01', NULL)",
            (number, "\n".join(f"{key}={value}" for key, value in cells.items())))

    for pair in range(PAIRS * 2):
        one, other = number + 2 * pair + 1, number + 2 * pair + 2
        isSample = pair >= PAIRS
        isLinked = isSample and pair % 7 != 0
        persons = [f"pair-{pair}-a", f"pair-{pair}-{'a' if isLinked else 'b'}"]
        for person in set(persons):
            base.execute("INSERT INTO person VALUES (?, 'Zara', 'Testcase', '2015-05-04', 1)", (person,))
            base.execute("INSERT INTO access_subject VALUES (?, '2031-06-28')", (person,))
            base.execute("INSERT INTO linked_person VALUES (?, ?)", (person, now))
        record(one, "school-census", persons[0], {
            "given": "Zara", "family": "Testcase", "born": "2015-05-04", "sex": "F", "upn": "H801200001001",
            "ethnicity": "ABAN", "postcode": "B11 9ZZ", "address": "12 Invented Row"})
        record(other, "camhs", persons[1], {
            "given": "Zahra", "family": "Khan", "born": "2015-04-05", "sex": "F", "nhs_number": "9434765919",
            "postcode": "B11 9ZX", "address": "12 Invented Row"})
        if isSample:
            base.execute(
                "INSERT INTO sample_pair VALUES (?, ?, ?, ?, ?, 'camhs school-census', 0.97, ?, 'run', NULL, NULL, NULL)",
                (f"sample-{pair}", one, other, int(isLinked), "0.95 to 0.999" if isLinked else "0.05 to 0.5", pair))
        else:
            base.execute(
                "INSERT INTO doubt VALUES (?, ?, ?, 'join', ?, ?, 'model-1', ?, NULL)",
                (f"doubt-{pair}", one, other, 0.6, 2.0 - pair / 10, now))
    base.commit()
    base.close()
    return folder


@pytest.fixture(scope="module")
def review(tmp_path_factory):
    running = Server(filled(demonstration(tmp_path_factory.mktemp("review"))))
    yield running
    assert running.stop() == 0


def test_pairs_are_decided_by_single_letters(browser, review):
    page = signed_in(browser, review, "Ruth Carver", viewport={"width": 1100, "height": 900})
    page.goto("/review")
    page.get_by_role("button", name="Begin").click()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / "review-pair.png", full_page=True)
    assert problems(page) == []
    first = page.url
    page.keyboard.press("d")
    page.wait_for_url(lambda url: url != first and "said=saved" in url)
    assert "Saved: different children." in page.locator("main").inner_text()
    # Whoever writes a reason decides nothing by a letter.
    page.get_by_text("Say why").click()
    page.get_by_label("Why (you need not say)").press_sequentially("sdc")
    assert "said=saved" in page.url
    page.locator("h1").click()
    page.keyboard.press("u")
    page.wait_for_url("**/review?said=taken-back")
    page.goto("/review/next")
    assert page.url.split("?")[0] == first.split("?")[0]
    assert page.complaints == []


def test_a_pair_is_shown_and_decided_in_a_moment(browser, review):
    page = signed_in(browser, review, "Ruth Carver")
    page.goto("/review/next")
    times = []
    for _ in range(4):
        begun, before = time.monotonic(), page.url
        page.keyboard.press("c")
        page.wait_for_url(lambda url: url != before)
        times.append(time.monotonic() - begun)
    # The server’s part is far less; this is a whole browser on a busy machine.
    assert sorted(times)[1] < 1.5, times
    server = page.evaluate(
        "(() => { const t = performance.getEntriesByType('navigation')[0]; return t.responseEnd - t.requestStart; })()")
    assert server < 500


def test_the_same_works_on_a_phone_without_scripts(browser, review):
    page = signed_in(
        browser, review, "Ruth Carver", java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto("/review/next")
    page.screenshot(path=SHOTS / "review-pair-phone.png", full_page=True)
    for words in ["Given name", "alike", "different", "Zahra", "60 in 100"]:
        assert words in page.locator("main").inner_text(), words
    page.get_by_role("button", name="Same child").click()
    assert "Saved: same child." in page.locator("main").inner_text()
    page.goto("/review/changes")
    assert "Two joined" in page.locator("main").inner_text()
    page.screenshot(path=SHOTS / "review-changes-phone.png", full_page=True)
    page.locator("main").get_by_role("button", name="Undo").click()
    assert "Taken back" in page.locator("main").inner_text()


def test_a_sample_is_answered_blind_and_tells_the_quality(browser, review):
    page = signed_in(browser, review, "Ruth Carver", viewport={"width": 1100, "height": 900})
    for n in range(PAIRS):
        page.goto("/review/samples/next")
        assert "in 100" not in page.locator("main").inner_text()
        page.keyboard.press("d" if n == 3 else "s")
        page.wait_for_url("**said=saved")
    page.goto("/review/quality")
    text = page.locator("main").inner_text()
    assert "Asian or Asian British" in text and "Right links" in text
    for width in [1100, 320]:
        page.set_viewport_size({"width": width, "height": 800})
        page.screenshot(path=SHOTS / f"review-quality-{width}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert problems(page) == []
    assert page.complaints == []
    page.emulate_media(media="print")
    page.screenshot(path=SHOTS / "review-quality-print.png", full_page=True)


def test_axe_finds_nothing_wrong(browser, review):
    page = signed_in(browser, review, "Ruth Carver")
    for path in ["/review", "/review/changes", "/review/next"]:
        assert page.goto(path).status == 200
        assert problems(page) == [], path
        page.set_viewport_size({"width": 320, "height": 640})
        page.screenshot(path=SHOTS / f"in{path.replace('/', '-')}-phone.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path
        page.set_viewport_size({"width": 1100, "height": 900})
        page.screenshot(path=SHOTS / f"in{path.replace('/', '-')}.png", full_page=True)


def test_nobody_else_reviews(browser, review):
    page = signed_in(browser, review, "Priya Nair")
    for path in ["/review", "/review/next", "/review/doubt-1", "/review/quality"]:
        assert page.goto(path).status == 404
