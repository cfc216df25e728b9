"""A case from the request to the panel's decision, in a real browser: as officer, parent, SENCO, psychologist, a therapist
without an account, and a member of the panel; each sees only what is theirs. And reminders, whatever dies."""

import datetime
import os
import re
import signal
import time

import pytest
from browsing import SHOTS, problems, visit
from conftest import Server, continuum, peopled
from test_casework import note, rows
from test_signed_in import signed_in

PHONE = {"viewport": {"width": 360, "height": 740}, "java_script_enabled": False}
PDF = (b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
       b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = peopled(tmp_path_factory.mktemp("advice") / "city")
    yield running
    assert running.stop() == 0


def today():
    day = datetime.date.today()
    return f"{day.day}/{day.month}/{day.year}"


@pytest.fixture
def case(browser, site):
    """Amina's case, as far as the decision to assess; made once."""
    for (held,) in rows(site, "SELECT id FROM ehc_case WHERE person = 'amina'"):
        return held
    page = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    page.goto("/people/amina/cases/new")
    page.locator("input[name='source'][value='parent']").check()
    page.locator("[name='day']").fill(today())
    page.locator("[name='words']").fill("She says no words")
    page.get_by_role("button", name="Enter it").click()
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'amina'")
    shown = note(page, case, "decision", {"day": today(), "needs-because": "By reports", "plan-because": "Not enough"},
                 [("needs", "yes"), ("plan", "yes"), ("outcome", "assess")])
    assert "The council decided to assess" in shown
    return case


def ask(page, case, kind, address, body="Asked (invented)"):
    return note(page, case, "advice", {"kind": kind, "body": body, "day": today(), "address": address})


def fill(page, fields):
    for name, value in fields.items():
        page.locator(f"[name='{name}']").fill(value)


WHOLE = {"needs": "Few words", "outcomes": "She asks for what she wants", "provision": "Therapy weekly, 45 minutes"}


def test_a_therapist_without_an_account_gives_advice_on_a_phone_by_link_and_code(browser, site, case):
    """STA-2: the mail names nobody; the code is the receipt; a file that is not what it says is refused at its field."""
    officer = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    assert "Send another link" in ask(officer, case, "therapy", "therapy@trust.invalid", "Midland Community Trust")
    officer.screenshot(path=SHOTS / "advice-papers-officer.png", full_page=True)
    mail = visit(browser, site.url + "/demo/mailbox").locator("main").inner_text()
    mail = mail[mail.index("therapy@trust.invalid"):][:1500]
    assert "Amina" not in mail and "therapy advice" not in mail
    link = re.search(r"http://[^/]+(/tasks/\S+)", mail).group(1)
    officer.goto("/people/amina/tasks")
    officer.get_by_role("button", name="Make a code").first.click()
    code = officer.locator("main strong").inner_text()
    adviser = visit(browser, site.url + link, **PHONE)
    assert "Amina" not in adviser.content()
    adviser.get_by_label("Code").fill(code)
    adviser.get_by_role("button", name="Continue").click()
    shown = adviser.locator("main").inner_text()
    for word in ["Amina Rahman", "Therapy", "reg 6(1)(f)", "by our own promise"]:
        assert word in shown, word
    assert "Marigold" not in shown and "Invented Row" not in shown
    adviser.screenshot(path=SHOTS / "advice-form-360.png", full_page=True)
    assert adviser.evaluate("document.documentElement.scrollWidth") <= 360
    adviser.get_by_role("button", name="Send").click()
    assert "reg 6(1)" in adviser.locator("main").inner_text()
    fill(adviser, WHOLE)
    adviser.locator("[name='files']").set_input_files([{"name": "report.pdf", "mimeType": "application/pdf",
                                                       "buffer": b"MZ not a PDF at all"}])
    adviser.get_by_role("button", name="Send").click()
    refused = adviser.locator("main").inner_text()
    assert "“report.pdf” was not taken" in refused, refused
    assert adviser.locator("[name='needs']").input_value() == "Few words"
    adviser.locator("[name='files']").set_input_files([
        {"name": "report.pdf", "mimeType": "application/pdf", "buffer": PDF},
        {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"Seen twice in May"}])
    adviser.get_by_role("button", name="Send").click()
    assert "Thank you" in adviser.locator("h1").inner_text()
    officer.goto(f"/cases/{case}/advice")
    shown = officer.locator("main").inner_text()
    assert "Therapy weekly, 45 minutes" in shown and "(PDF" in shown and "Document 2" in shown
    address = officer.get_by_role("link", name=re.compile("PDF")).get_attribute("href")
    got = officer.request.get(address)
    assert got.body() == PDF and "attachment" in got.headers["content-disposition"]
    for name, status in [("Nadia Rahman", 200), ("Helen Carter", 404), ("Imran Rahman", 404), ("Megan Foster", 404)]:
        other = signed_in(browser, site, name, java_script_enabled=False)
        assert other.request.get(address).status == status, name


def test_parent_senco_and_psychologist_find_what_is_asked_of_them_in_their_account(browser, site, case):
    officer = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    asked = [("family", "nadia", "Nadia Rahman"), ("education", "helen", "Helen Carter"),
             ("psychological", "lucy", "Lucy Okafor")]
    for kind, login, _ in asked:
        ask(officer, case, kind, f"{login}@continuum.invalid")
    assert "There is a problem" in ask(officer, case, "medical", "tom@continuum.invalid")
    for kind, login, name in asked:
        page = signed_in(browser, site, name, **PHONE)
        page.goto("/advice-asked")
        assert page.locator("tbody tr").count() == 1, name
        page.get_by_role("link", name="Amina Rahman").click()
        page.screenshot(path=SHOTS / f"advice-own-{login}-360.png", full_page=True)
        fill(page, {"views": f"Said by {login}"} if kind == "family" else WHOLE)
        page.get_by_role("button", name="Send").click()
        assert "Nothing is asked of you now" in page.locator("main").inner_text()
    nadia = signed_in(browser, site, "Nadia Rahman", **PHONE)
    nadia.goto(f"/cases/{case}/advice")
    assert "Said by nadia" in nadia.locator("main").inner_text()
    nadia.screenshot(path=SHOTS / "advice-papers-nadia-360.png", full_page=True)
    nadia.goto("/worried")
    nadia.get_by_role("link", name="The assessment of Amina Rahman").click()
    assert "worries" in nadia.url
    father = signed_in(browser, site, "Imran Rahman", java_script_enabled=False)
    told = father.request.get(f"/cases/{case}/advice").text()
    for word in ["Said by nadia", "Therapy weekly", "Marigold", "trust.invalid", "Few words"]:
        assert word not in told, word


def test_the_panel_reads_the_papers_says_what_it_thinks_and_the_officer_decides(browser, site, case):
    officer = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    for kind in ["medical", "social-care"]:
        ask(officer, case, kind, "")
    officer.goto("/panels/new")
    officer.locator("[name='name']").fill("Tuesday panel")
    soon = datetime.date.today() + datetime.timedelta(days=7)
    officer.locator("[name='day']").fill(f"{soon.day}/{soon.month}/{soon.year}")
    officer.get_by_label("Megan Foster").check()
    officer.get_by_role("button", name="Call it").click()
    officer.locator("select[name='case']").select_option(case)
    officer.get_by_role("button", name="Put it on the agenda").click()
    officer.get_by_role("button", name="Tell the members that the agenda is ready").click()
    officer.screenshot(path=SHOTS / "panel-officer.png", full_page=True)
    megan = signed_in(browser, site, "Megan Foster", java_script_enabled=False, viewport={"width": 900, "height": 800})
    megan.goto("/panels")
    megan.get_by_role("link", name="Tuesday panel").click()
    shown = megan.locator("main").inner_text()
    assert "Amina Rahman" in shown and "Should the council make a plan?" in shown
    megan.get_by_role("link", name="all advice").click()
    assert "Therapy weekly, 45 minutes" in megan.locator("main").inner_text()
    megan.go_back()
    megan.locator("summary", has_text="Say what you think").click()
    megan.get_by_label("Yes", exact=True).check()
    megan.get_by_label("Why").fill("More than a nursery has")
    megan.get_by_role("button", name="Save").click()
    assert "More than a nursery has" in megan.locator("main").inner_text()
    megan.screenshot(path=SHOTS / "panel-megan.png", full_page=True)
    officer.goto(f"/cases/{case}/events/new?step=panel")
    assert "More than a nursery has" in officer.locator("main").inner_text()
    shown = note(officer, case, "panel", {"day": today(), "reasons": "As the panel advised"}, [("outcome", "issue")])
    assert "The council decided to make a plan" in shown
    helen = signed_in(browser, site, "Helen Carter", java_script_enabled=False)
    helen.goto("/assessments")
    assert "A plan is being made" in helen.locator("main").inner_text()


def test_axe_finds_nothing_on_the_pages_of_advice_and_panels(browser, site, case):
    officer = signed_in(browser, site, "Priya Nair")
    [(panel,)] = rows(site, "SELECT id FROM panel_meeting LIMIT 1")
    [(other,)] = rows(site, "SELECT ehc_case.id FROM ehc_case JOIN relationship ON subject = person "
                                   "WHERE state = 'assessing' AND account = 'priya' LIMIT 1")
    for path in [f"/cases/{case}/advice", f"/cases/{other}/advice", f"/cases/{other}/events/new?step=advice",
                 f"/cases/{other}/events/new?step=arrival", "/panels", "/panels/new", f"/panels/{panel}"]:
        officer.goto(path)
        assert problems(officer) == [], path
    nadia = signed_in(browser, site, "Nadia Rahman")
    for path in ["/assessments", "/worried", "/advice-asked"]:
        nadia.goto(path)
        assert problems(nadia) == [], path


def test_no_reminder_is_missed_or_sent_twice_when_the_server_is_killed_while_it_reminds(tmp_path):
    """STA-2: each step of the ladder and its message are one write."""
    folder = tmp_path / "city"
    made = continuum("demo", "--prepare-only", "--city-size", "150", "--data", folder)
    assert made.returncode == 0, made.stderr
    for turn in range(6):
        running = Server(folder)
        time.sleep(0.05 * turn)
        os.kill(running.process.pid, signal.SIGKILL)
        running.process.wait()
    running = Server(folder)
    running.folder = folder
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        # Work that a killed server held is taken over when its lease has run out.
        if rows(running, "SELECT 1 FROM job WHERE kind = 'chase advice' AND finished IS NOT NULL AND failure IS NULL"):
            break
        time.sleep(0.5)
    steps = rows(running, "SELECT advice, step, way FROM case_chaser WHERE way <> 'passed'")
    told = rows(running, "SELECT detail FROM journal WHERE kind = 'case.chased'")
    assert running.stop() == 0
    assert len(steps) > 3 and len(steps) == len(told)
    for advice, step, way in steps:
        assert sum(f"advice={advice};step={step};way={way}" in detail for (detail,) in told) == 1
