"""One task by a link, in a real browser, as a family without an account does it: on a small phone, without scripts."""

import re

import pytest
from conftest import Server
from browsing import SHOTS, problems, visit

PHONE = {"viewport": {"width": 320, "height": 640}}


@pytest.fixture
def site(own_city):
    running = Server(own_city, rates=True)
    yield running
    running.stop()


def signed_in(browser, site, name):
    page = visit(browser, site.url + "/demo/people", viewport={"width": 1100, "height": 900})
    page.get_by_role("button", name=re.compile(name)).click()
    page.wait_for_url(re.compile("/account"))
    return page


def looked_over(page, name):
    """Nothing for axe to find, nothing that scrolls sideways; and a picture."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"task-{name}.png", full_page=True)
    assert problems(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]


def asked(browser, site):
    """The officer asks; gives the officer's page, and the link from the mail."""
    officer = signed_in(browser, site, "Priya")
    officer.goto(site.url + "/people/amina")
    officer.get_by_role("link", name=re.compile("ask somebody")).click()
    looked_over(officer, "ask")
    officer.get_by_label("Who is asked").fill("Nadia")
    officer.get_by_label("Their e-mail address").fill("nadia@continuum.invalid")
    officer.get_by_role("button", name="Send the link").click()
    looked_over(officer, "asked")
    mail = visit(browser, site.url + "/demo/mailbox").locator("main").inner_text()
    assert "Amina" not in mail and "Rahman" not in mail
    return officer, re.search(r"http://[^/]+(/tasks/\S+)", mail).group(1)


def test_a_family_answers_by_a_link_and_a_code_on_a_small_phone(browser, site):
    officer, link = asked(browser, site)
    officer.get_by_role("button", name="Make a code").click()
    code = officer.locator("main strong").inner_text()
    # Without scripts, as far as the pages go; axe needs them, so it looks in a second browser.
    family = visit(browser, site.url + link, java_script_enabled=False, **PHONE)
    assert "Amina" not in family.content()
    family.get_by_label("Code").fill("AAAA-AAAA-AAAA")
    family.get_by_role("button", name="Continue").click()
    assert "not right" in family.locator("main").inner_text()
    family.get_by_label("Code").fill(code.lower())
    family.get_by_role("button", name="Continue").click()
    assert "Amina Rahman" in family.locator("main").inner_text()
    assert family.locator("html").bounding_box()["width"] <= 320
    family.get_by_role("button", name="Send").click()
    assert "Choose Yes or No" in family.locator("main").inner_text()
    family.get_by_label("No, something is wrong or missing").check()
    family.get_by_label(re.compile("What is wrong")).fill("We are at number 9 now")
    family.get_by_role("button", name="Send").click()
    assert "Thank you" in family.locator("h1").inner_text()
    officer.goto(site.url + "/people/amina/whereabouts")
    assert "We are at number 9 now" in officer.locator("main").inner_text()
    looked_over(officer, "answer")


def test_a_link_that_is_passed_on_asks_for_the_code_again(browser, site):
    officer, link = asked(browser, site)
    officer.get_by_role("button", name="Make a code").click()
    code = officer.locator("main strong").inner_text()
    family = visit(browser, site.url + link, **PHONE)
    looked_over(family, "code")
    family.get_by_label("Code").fill(code)
    family.get_by_role("button", name="Continue").click()
    looked_over(family, "form")
    other = visit(browser, site.url + link, **PHONE)
    assert "You need a new code" in other.locator("h1").inner_text()
    looked_over(other, "passed-on")
    family.reload()
    assert "Amina Rahman" in family.locator("main").inner_text()
    officer.goto(site.url + "/people/amina/tasks")
    officer.get_by_role("button", name="Take back").click()
    family.reload()
    assert "This link opens nothing" in family.locator("h1").inner_text()
    looked_over(family, "nothing")
    nowhere = visit(browser, site.url + "/tasks/nothing", **PHONE)
    assert nowhere.locator("main").inner_text() == family.locator("main").inner_text()


def test_a_link_says_nothing_to_caches_and_other_sites(browser, site):
    _, link = asked(browser, site)
    page = visit(browser, "about:blank")
    headers = page.request.get(site.url + link).headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"


def test_a_young_person_writes_and_keeps_an_entry(browser, site):
    kieran = signed_in(browser, site, "Kieran")
    kieran.goto(site.url + "/people/kieran-doyle/words")
    kieran.get_by_label("What there is to say").fill("I am afraid of the bus")
    kieran.get_by_label("Keep this from my parents and carers").check()
    kieran.get_by_role("button", name="Save").first.click()
    assert "Kept from parents" in kieran.locator("main").inner_text()
    kieran.set_viewport_size(PHONE["viewport"])
    looked_over(kieran, "words")
    carer = signed_in(browser, site, "Maureen")
    carer.goto(site.url + "/people/kieran-doyle/words")
    assert "bus" not in carer.content() and "Kept" not in carer.content()
    looked_over(carer, "words-carer")
