"""A case in a real browser: asked for online, decided step by step, as parent, officer, SENCO and the father kept away."""

import datetime
import sqlite3

import pytest
from browsing import SHOTS, problems, visit
from conftest import continuum, peopled
from test_signed_in import signed_in


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = peopled(tmp_path_factory.mktemp("casework") / "city")
    yield running
    assert running.stop() == 0


def words(day):
    return f"{day.day} {day:%B %Y}"


def rows(site, query, *values):
    with sqlite3.connect(f"file:{site.folder}/continuum.sqlite?mode=ro", uri=True) as database:
        return database.execute(query, values).fetchall()


def note(page, case, step, fields, choices=()):
    page.goto(f"/cases/{case}/events/new?step={step}")
    for name, value in fields.items():
        field = page.locator(f"[name='{name}']").first
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    for name, value in choices:
        page.locator(f"input[name='{name}'][value='{value}']").check()
    page.get_by_role("button", name="Save").click()
    return page.locator("main").inner_text()


def test_the_officer_s_day_has_cases_in_every_state_late_and_excused_ones_among_them(browser, site):
    """STA-1: what is late first, with how late, why, and whom it waits for."""
    states = {state for (state,) in rows(site, "SELECT DISTINCT state FROM ehc_case")}
    assert states == {"considering", "assessing", "issuing", "not-necessary", "refused", "not-issued", "withdrawn"}
    page = signed_in(browser, site, "Priya Nair", java_script_enabled=False, viewport={"width": 1100, "height": 900})
    page.goto("/cases")
    shown = page.locator("main").inner_text()
    for word in ["days late", "Excused, date stays", "At risk", "Waits for", "reg 5(1)"]:
        assert word in shown, word
    page.screenshot(path=SHOTS / "casework-day-1100.png", full_page=True)
    page.get_by_role("link", name="Late", exact=True).click()
    late = page.locator("tbody tr")
    assert late.count() >= 2 and all("late" in late.nth(n).inner_text() for n in range(late.count()))
    again = continuum("demo", "--prepare-only", "--city-size", "150", "--data", site.folder)
    assert again.returncode == 1 or rows(site, "SELECT COUNT(*) FROM ehc_case")


def test_golden_thread_step_5_nadia_asks_online_and_everybody_sees_the_dates(browser, site):
    """STA-1, OFF-10: without an account, acknowledged by mail with the dates, and each date with its law."""
    today = datetime.date.today()
    decide, no_plan, final = (today + datetime.timedelta(days=days) for days in (42, 112, 140))
    page = visit(browser, site.url + "/requests/new", viewport={"width": 360, "height": 800}, java_script_enabled=False)
    page.get_by_role("button", name="Send").click()
    assert "There is a problem" in page.locator("main").inner_text()
    page.screenshot(path=SHOTS / "casework-request-360.png", full_page=True)
    page.get_by_label("I am a parent, or care for the child").check()
    for label, value in [("Your name", "Nadia Rahman"), ("Given name", "Amina"), ("Family name", "Rahman"),
                         ("Date of birth", "17/4/2023"), ("What makes you ask?", "She says no words")]:
        page.get_by_label(label).fill(value)
    page.locator("#contact").fill("nadia@mail.invalid")
    page.get_by_role("button", name="Send").click()
    assert "We have written to you" in page.locator("main").inner_text()
    mail = visit(browser, site.url + "/demo/mailbox").locator("main").inner_text()
    assert words(decide) in mail and words(no_plan) in mail and words(final) in mail
    priya = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    priya.goto("/requests")
    priya.get_by_role("link", name="Amina Rahman").click()
    priya.locator("input[name='person'][value='amina']").check()
    priya.get_by_role("button", name="Attach it, and begin or join their case").click()
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'amina'")
    for name in ["Nadia Rahman", "Priya Nair", "Helen Carter"]:
        seen = signed_in(browser, site, name, java_script_enabled=False, viewport={"width": 360, "height": 800})
        seen.goto(f"/cases/{case}")
        shown = seen.content()
        for word in [words(decide), words(final), "42 days left", "reg 5(1)", "reg 13(2)", "by law"]:
            assert word in shown, (name, word)
        overflow = seen.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, name
        seen.screenshot(path=SHOTS / f"casework-timeline-{name.split()[0].lower()}-360.png", full_page=True)


def test_an_officer_is_told_at_the_field_what_the_law_does_not_let_happen_and_goes_on_to_the_end(browser, site):
    """STA-1, STA-2: consultation before decision, the test answered part by part, advice of all that regulation 6 wants."""
    [(case, person)] = rows(
        site, "SELECT id, person FROM ehc_case WHERE state = 'considering' AND id NOT IN (SELECT ehc_case FROM case_event "
        "WHERE kind = 'family.consulted') AND person IN (SELECT subject FROM relationship WHERE account = 'priya') "
        "AND person <> 'amina' ORDER BY opened DESC LIMIT 1")
    today = datetime.date.today()
    day = f"{today.day}/{today.month}/{today.year}"
    page = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    decision = {"day": day, "needs-because": "By three reports", "plan-because": "Support was not enough"}
    answers = [("needs", "yes"), ("plan", "yes"), ("outcome", "assess")]
    early = note(page, case, "necessity", {"day": day, "reasons": "The school can give it", "help": "A teacher weekly"})
    assert "There is a problem" in early and "section 36(4)" in early
    tomorrow = today + datetime.timedelta(days=1)
    future = note(page, case, "consultation", {"day": f"{tomorrow.day}/{tomorrow.month}/{tomorrow.year}", "how": "x"})
    assert "has not come yet" in future
    note(page, case, "consultation", {"day": day, "how": "By telephone"})
    assert "The council decided to assess" in note(page, case, "decision", decision, answers)
    for kind in ["family", "education", "medical", "psychological", "social-care"]:
        if kind == "social-care":
            refused = note(page, case, "panel", {"day": day, "reasons": "By all advice"}, [("outcome", "issue")])
            assert "There is a problem" in refused
        note(page, case, "advice", {"kind": kind, "body": "Asked (invented)", "day": day})
    shown = note(page, case, "panel", {"day": day, "reasons": "By all advice"}, [("outcome", "issue")])
    assert "The council decided to make a plan" in shown
    assert rows(site, "SELECT state FROM ehc_case WHERE id = ?", case) == [("issuing",)]
    assert rows(site, "SELECT COUNT(*) FROM journal WHERE subject = ? AND kind LIKE 'case.%'", person)[0][0] >= 8


def test_the_father_kept_away_sees_steps_and_days_and_nothing_that_tells_where_the_twins_are(browser, site):
    """INF-5: no reasons, letters, names of bodies or settings."""
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'amina'")
    father = signed_in(browser, site, "Imran Rahman", java_script_enabled=False)
    for path in [f"/cases/{case}", "/people/amina/cases", "/people/amina"]:
        told = father.request.get(path).text()
        for word in ["Invented Row", "B11 9ZZ", "Marigold", "She says no words"]:
            assert word not in told, (path, word)
    assert father.request.get(f"/cases/{case}/events/new").status == 404
    stranger = signed_in(browser, site, "Tom Fielding", java_script_enabled=False)
    assert stranger.request.get(f"/cases/{case}").status == 404


def test_axe_finds_nothing_on_the_pages_of_a_case(browser, site):
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'amina'")
    page = visit(browser, site.url + "/requests/new")
    assert problems(page) == []
    page = signed_in(browser, site, "Priya Nair")
    for path in ["/cases", "/requests", f"/cases/{case}", f"/cases/{case}/events/new",
                 f"/cases/{case}/events/new?step=decision", f"/cases/{case}/events/new?step=claim"]:
        page.goto(path)
        assert problems(page) == [], path
    letter = rows(site, "SELECT id FROM case_letter LIMIT 1")
    if letter:
        page.goto(f"/letters/{letter[0][0]}")
        assert problems(page) == []
