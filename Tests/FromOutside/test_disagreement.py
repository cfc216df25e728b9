"""Reassessment, mediation, appeal and Tribunal in a real browser: Kieran’s K2, and cases of the demonstration."""

import pytest
from browsing import SHOTS, problems
from conftest import peopled
from test_casework import rows
from test_signed_in import signed_in


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = peopled(tmp_path_factory.mktemp("disagreement") / "city")
    yield running
    assert running.stop() == 0


def fill(page, address, fields, choices=()):
    page.goto(address)
    for name, value in choices:
        page.locator(f"input[name='{name}'][value='{value}']").check()
    for name, value in fields.items():
        page.locator(f"[name='{name}']").first.fill(value)
    page.locator("main form button").last.click()
    return page.locator("main").inner_text()


def test_kieran_k2_each_clock_apart_and_the_order_from_the_day_it_was_sent(browser, site):
    """STA-6, OFF-8: asked 9 March, refused 23 March, certificate 10 April, appeal 20 April, order sent 13 July 2026."""
    priya = signed_in(browser, site, "Priya Nair", java_script_enabled=False, viewport={"width": 1100, "height": 900})
    shown = fill(priya, "/people/kieran-doyle/cases/new", {
        "day": "9/3/2026", "teller": "Maureen Doyle", "words": "Everything has changed since the last one"},
        [("about", "reassessment"), ("source", "parent")])
    assert "Reassessment of Kieran Doyle" in shown and "24 March 2026" in shown
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'kieran-doyle'")
    step = f"/cases/{case}/events/new?step=reassessment"
    bare = fill(priya, step, {"day": "23/3/2026"}, [("outcome", "refuse")])
    assert "There is a problem" in bare and "reg 24" in bare
    refused = fill(priya, step, {
        "day": "23/3/2026", "reasons": "What the plan says still fits", "help": "The plan goes on; a mentor twice a week"},
        [("outcome", "refuse"), ("ground", "not-necessary")])
    assert "Closed: no reassessment" in refused
    disagree = f"/cases/{case}/disagreement/new?step="
    early = fill(priya, disagree + "order", {"day": "13/7/2026", "words": "x"})
    assert "There is a problem" in early
    priya.goto(disagree + "appeal")
    assert "Mediation never blocks an appeal" in priya.locator("main").inner_text()
    fill(priya, disagree + "certificate", {"day": "10/4/2026", "words": "MA-2044"})
    twice = fill(priya, disagree + "certificate", {"day": "11/4/2026", "words": "MA-2045"})
    assert "There is a problem" in twice and "10 April 2026" in twice
    fill(priya, disagree + "appeal", {"day": "20/4/2026"}, [("outcome", "reassess")])
    wrong = fill(priya, disagree + "order", {"day": "19/4/2026", "words": "x"}, [("outcome", "assess")])
    assert "There is a problem" in wrong and "20 April 2026" in wrong
    fill(priya, disagree + "order", {
        "day": "13/7/2026", "other": "9/7/2026", "words": "The council reassesses the needs"}, [("outcome", "assess")])
    priya.screenshot(path=SHOTS / "disagreement-officer-1100.png", full_page=True)
    for name in ["Maureen Doyle", "Farah Haddad", "Priya Nair"]:
        page = signed_in(browser, site, name, java_script_enabled=False, viewport={"width": 360, "height": 800})
        page.goto(f"/cases/{case}")
        shown = page.content()
        for word in ["23 May 2026", "26 May 2026", "27 July 2026", "21 September 2026", "19 October 2026",
                     "the day the Tribunal sent its order", "the family, if it wants to", "The family’s rights" if name == "Priya Nair" else "Your rights"]:
            assert word in shown, (name, word)
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, name
        page.screenshot(path=SHOTS / f"disagreement-{name.split()[0].lower()}-360.png", full_page=True)
    [(letter,)] = rows(site, "SELECT id FROM case_letter WHERE ehc_case = ? AND template = 'reassessment-refusal'", case)
    maureen = signed_in(browser, site, "Maureen Doyle", java_script_enabled=False)
    maureen.goto(f"/letters/{letter}")
    text = maureen.locator("main").inner_text()
    assert "26 May 2026" in text and "What the plan says still fits" in text and "Mediation is your choice" in text
    stranger = signed_in(browser, site, "Nadia Rahman", java_script_enabled=False)
    assert stranger.request.get(f"/cases/{case}").status == 404


def test_a_family_asks_for_a_meeting_and_the_officer_answers(browser, site):
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'kieran-doyle'")
    maureen = signed_in(browser, site, "Maureen Doyle", java_script_enabled=False)
    maureen.goto(f"/cases/{case}")
    maureen.get_by_text("Ask for a meeting", exact=True).first.click()
    maureen.get_by_label("What do you want to talk about?").fill("What happens at college")
    maureen.get_by_label("When can you come?").fill("After four")
    maureen.get_by_role("button", name="Ask for a meeting").click()
    assert "Waits for an answer" in maureen.locator("main").inner_text()
    priya = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    priya.goto("/cases")
    assert "Asks for a meeting since" in priya.locator("main").inner_text()
    priya.goto(f"/cases/{case}")
    priya.get_by_label("On which day is the meeting").fill("14/1/2099")
    priya.get_by_label("Hour, place and who comes, or why there is none").fill("Ten o’clock, at the college")
    priya.get_by_role("button", name="Answer").click()
    maureen.goto(f"/cases/{case}")
    assert "the meeting is on 14 January 2099" in maureen.locator("main").inner_text()


def test_the_demonstration_has_disagreements_and_they_are_counted_without_a_target(browser, site):
    """STA-6: refused, certified, appealed and ordered ones; what runs by law stands in the officer’s day."""
    kinds = {kind for (kind,) in rows(site, "SELECT DISTINCT kind FROM case_event")}
    assert {"reassess.decided", "mediation.certified", "appeal.received", "order.sent"} <= kinds
    grace = signed_in(browser, site, "Grace Mensah", java_script_enabled=False, viewport={"width": 1100, "height": 900})
    grace.goto("/cases")
    assert "The council: the response to the Tribunal" in grace.locator("main").inner_text()
    grace.goto("/appeals")
    shown = grace.locator("main").inner_text()
    for word in ["There is no target", "Not to reassess", "With the Tribunal"]:
        assert word in shown, word
    assert "Doyle" not in shown
    grace.screenshot(path=SHOTS / "disagreement-appeals-1100.png", full_page=True)
    tom = signed_in(browser, site, "Tom Fielding", java_script_enabled=False)
    assert tom.request.get("/appeals").status == 404


def test_axe_finds_nothing_on_the_pages_of_a_disagreement(browser, site):
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'kieran-doyle'")
    page = signed_in(browser, site, "Priya Nair")
    for path in [f"/cases/{case}", f"/cases/{case}/events/new", f"/cases/{case}/disagreement/new?step=followed",
                 "/people/kieran-doyle/cases/new", "/appeals"]:
        page.goto(path)
        assert problems(page) == [], path
