"""Signed in as each of the cast, in a real browser: what they see, axe, a small phone, no scripts, the keyboard."""

import re

import pytest
from browsing import SHOTS, problems

# Whom each of the cast finds in their list, by the access model.
CAST = {
    "Nadia Rahman": {"Amina", "Yusuf"}, "Imran Rahman": {"Amina", "Yusuf"}, "Maureen Doyle": {"Kieran"},
    "Kieran Doyle": {"Kieran"}, "Priya Nair": {"Amina", "Kieran"}, "Grace Mensah": {"Amina", "Yusuf", "Kieran"},
    "Helen Carter": {"Amina", "Yusuf"}, "Tom Fielding": {"Kieran"}, "Dr Anwar Siddiqui": {"Amina"},
    "Lucy Okafor": {"Amina"}, "Steve Brennan": {"Kieran"}, "Dawn Achebe": {"Kieran"}, "Ruth Lindqvist": {"Kieran"},
    "Farah Haddad": {"Kieran"}, "Owen Price": {"Amina"}, "Megan Foster": {"Kieran"}, "Joan Ellery": set(),
    "Colin Abara": set(), "Vera Novak": set(), "Sam Whitlock": set(), "Leila Farouk": set(),
    "Ruth Carver": set(), "Basil Whyte": set(),
}
# Who may see where those whom they find live.
PLACES = {"Nadia Rahman", "Maureen Doyle", "Priya Nair", "Grace Mensah", "Dr Anwar Siddiqui", "Steve Brennan",
          "Ruth Lindqvist"}

PAGES = {
    "Nadia Rahman": ["/account", "/people", "/people/amina", "/people/amina/looks"],
    "Priya Nair": [
        "/people/amina/access", "/people/amina/whereabouts", "/people/amina/relationships/new",
        "/people/amina/invitations/new", "/people/amina/restrictions/new", "/people/amina/labels/new",
        "/people/emergency", "/people/new", "/administration", "/administration/approvals/new"],
    "Ruth Lindqvist": ["/people/kieran-doyle/hidden-looks", "/administration/approvals"],
    "Joan Ellery": [
        "/administration", "/administration/accounts", "/administration/accounts/new", "/administration/accounts/nadia",
        "/administration/teams", "/administration/openings", "/administration/restrictions", "/administration/work"],
    "Leila Farouk": ["/administration/sources"],
}
WALKS = [(name, path) for name, paths in PAGES.items() for path in paths]


def signed_in(browser, server, name, **options):
    """A page of a browser of its own, signed in by one click. The cookie is for this computer's name alone."""
    context = browser.new_context(base_url=f"http://localhost:{server.port}", **options)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    page.goto("/demo/people")
    page.get_by_role("button", name=f"Sign in as {name}").click()
    assert page.locator("h1").inner_text() == name
    return page


@pytest.mark.parametrize("name", CAST)
def test_each_of_the_cast_sees_what_the_access_model_says(browser, server, name):
    page = signed_in(browser, server, name, java_script_enabled=False)
    page.goto("/people")
    links = page.locator(".app-people a")
    assert {links.nth(n).inner_text().split()[0] for n in range(links.count())} == CAST[name]
    for text in [links.nth(n).inner_text() for n in range(links.count())]:
        page.locator(".app-people a", has_text=text).click()
        assert page.locator("h1").inner_text() == text
        assert ("Where they live" in page.locator("main").inner_text()) == (name in PLACES), text
        page.go_back()
    offices = page.get_by_role("link", name="Administration")
    assert (offices.count() == 1) == (name in {
        "Priya Nair", "Grace Mensah", "Steve Brennan", "Ruth Lindqvist", "Joan Ellery", "Colin Abara", "Vera Novak",
        "Sam Whitlock", "Leila Farouk"})


@pytest.mark.parametrize("name,path", WALKS)
def test_axe_finds_nothing_wrong_signed_in(browser, server, name, path):
    page = signed_in(browser, server, name, viewport={"width": 1100, "height": 900})
    assert page.goto(path).status == 200
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"in{path.replace('/', '-')}.png", full_page=True)
    assert problems(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.screenshot(path=SHOTS / f"in{path.replace('/', '-')}-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.complaints == []


def test_a_record_is_opened_in_an_emergency_and_reviewed_without_scripts(browser, server):
    page = signed_in(browser, server, "Steve Brennan", java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.goto("/people")
    page.get_by_role("link", name="Open a record in an emergency").click()
    page.get_by_role("button", name="Open the record for an hour").click()
    assert "Write why it cannot wait" in page.locator(".govuk-error-summary").inner_text()
    page.get_by_label("First name").fill("Amina")
    page.get_by_label("Family name").fill("Rahman")
    page.get_by_label("Day of birth").fill("17/4/2023")
    page.get_by_label("Why can it not wait?").fill("The nursery says that nobody has come for her")
    page.get_by_role("button", name="Open the record for an hour").click()
    assert page.locator("h1").inner_text() == "Amina Rahman"
    mother = signed_in(browser, server, "Nadia Rahman", java_script_enabled=False)
    mother.goto("/people/amina/looks")
    assert "in an emergency, which is reviewed" in mother.locator("main").inner_text()
    vera = signed_in(browser, server, "Vera Novak", java_script_enabled=False)
    vera.goto("/administration/openings")
    vera.locator("main a", has_text=re.compile(" at ")).first.click()
    vera.get_by_label("Was it right to open it?").select_option("Yes, there was a reason")
    vera.get_by_label("What did you look at").fill("The duty manager had asked for it")
    vera.get_by_role("button", name="Save the review").click()
    assert "It was right" in vera.locator("main").inner_text()


def code_on_paper(browser, server, name="Zara Rahman"):
    """The code that the officer of the case makes for a carer of Amina’s, and the name to sign in with."""
    officer = signed_in(browser, server, "Priya Nair")
    officer.goto("/people/amina/invitations/new")
    officer.get_by_label("Their name").fill(name)
    officer.get_by_label("Amina Rahman is to them").select_option("carer")
    officer.get_by_label("Until").fill("31/8/2027")
    officer.get_by_label("What shows it").fill("an order seen")
    officer.get_by_role("button", name="Make the code").click()
    return officer.locator("code").inner_text(), officer.locator("dd").last.inner_text()


def test_a_family_begins_with_a_code_on_paper_by_keyboard_alone(browser, server):
    code, login = code_on_paper(browser, server)
    page = browser.new_context(base_url=f"http://localhost:{server.port}").new_page()
    page.goto("/join")
    page.get_by_label("Code").focus()
    for words in [code, "three random words here", "three random words here"]:
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".app-codes")
    paper = page.locator(".app-codes code").first.inner_text()
    page.goto("/people/amina")
    assert "7 Invented Row" in page.locator("main").inner_text()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/people/amina")
    page.get_by_label("E-mail address").fill(login)
    page.get_by_label("Password").fill("three random words here")
    page.keyboard.press("Enter")
    page.get_by_label("Code").fill(paper)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/amina")
    assert page.locator("h1").inner_text() == "Amina Rahman"


def test_the_father_is_told_nowhere_where_the_twins_are(browser, server):
    page = signed_in(browser, server, "Imran Rahman")
    for path in ["/people", "/people/amina", "/people/yusuf", "/people/amina/looks", "/people/amina/whereabouts",
                 "/people/amina/access", "/account", "/search?q=Marigold", "/administration"]:
        page.goto(path)
        for word in ["Invented Row", "B11 9ZZ", "0121 496 0107"]:
            assert word not in page.content(), path
