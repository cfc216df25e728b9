"""Letters and bundles as files: tagged, to one recipient each, without a name in what they are called."""

import datetime
import subprocess

import pytest
from browsing import SHOTS, problems
from conftest import ROOT, Server, demonstration
from papers import Tags, pages, words
from test_casework import note, rows
from test_signed_in import signed_in

TODAY = datetime.date.today()
DAY = f"{TODAY.day}/{TODAY.month}/{TODAY.year}"
REASONS = "Her nursery gives what she needs from its own means, and it helps. " * 20


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    running = Server(demonstration(tmp_path_factory.mktemp("letters") / "city"))
    running.folder = running.log.name.rsplit("/", 1)[0]
    yield running
    assert running.stop() == 0


@pytest.fixture(scope="module")
def case(chromium, site):
    """A case of Amina with two letters, the second of several pages."""
    page = signed_in(chromium, site, "Priya Nair", java_script_enabled=False)
    page.goto("/people/amina/cases/new")
    page.locator("input[name='source'][value='parent']").check()
    page.locator("[name='day']").fill(DAY)
    page.locator("[name='words']").fill("She says no words")
    page.get_by_role("button").last.click()
    [(case,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'amina'")
    note(page, case, "consultation", {"day": DAY, "how": "By telephone, with her mother"})
    shown = note(page, case, "necessity", {"day": DAY, "reasons": REASONS, "help": "A visit every week"})
    assert "A plan is not necessary" in shown
    return case


def file(page, address):
    answer = page.request.get(address)
    assert answer.status == 200, (address, answer.text()[:400])
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["cache-control"] == "no-store"
    return answer.body(), answer.headers["content-disposition"]


def picture(pdf, name, page=1):
    """What a page looks like, among the screenshots."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["pdftoppm", "-r", "60", "-png", "-f", str(page), "-l", str(page), "-singlefile", "-", str(SHOTS / name)],
        input=pdf, check=True)


def test_a_letter_is_a_tagged_pdf_that_reads_in_order(browser, site, case):
    """STA-2: for screen readers too, and on paper without anything of the screen."""
    letter = rows(site, "SELECT id FROM case_letter WHERE ehc_case = ? ORDER BY number", case)[-1][0]
    nadia = signed_in(browser, site, "Nadia Rahman", java_script_enabled=False)
    nadia.goto(f"/letters/{letter}")
    with nadia.expect_download() as download:
        nadia.get_by_role("link", name="This letter as PDF").click()
    assert download.value.suggested_filename == f"letter-{TODAY.isoformat()}.pdf"
    pdf, named = file(nadia, f"/letters/{letter}/pdf")
    assert "amina" not in named.lower() and "rahman" not in named.lower()
    tags = Tags(pdf)
    assert tags.is_marked and tags.shows_title and tags.conformance == "1"
    assert tags.language == "en-GB"
    assert tags.title == "A plan is not necessary for Amina Rahman now"
    heads = [kind for kind in tags.kinds if kind in ("H1", "H2", "P", "L")]
    assert heads.count("H1") == 1 and "L" in heads
    order = [heads.index("P"), heads.index("H1"), heads.index("H2"), heads.index("L")]
    assert order == sorted(order)
    assert "Figure" not in tags.kinds and "NonStruct" not in tags.kinds
    shown = words(pdf)
    marks = ["Special educational needs team", "To: Nadia Rahman", f"Our number: {case}", "A plan is not necessary for",
             "Why", "What help starts now", "A visit every week", "If you do not agree", "SENDIASS"]
    places = [shown.index(mark) for mark in marks]
    assert places == sorted(places)
    count = pages(pdf)
    for number in range(1, count + 1):
        assert f"Page {number} of {count}" in words(pdf, number)
    assert "Sign out" not in shown and "Continuum" not in shown
    info = subprocess.run(["pdfinfo", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert "Tagged:          yes" in info and "(A4)" in info and "JavaScript:      no" in info
    picture(pdf, "letter-1")
    picture(pdf, "letter-2", 2)


def test_a_letter_is_to_one_recipient_and_to_nobody_who_may_not_read_it(browser, site, case):
    """INF-5: the same as the page. The officer makes one for each; whom a court keeps away is none of them."""
    letter = rows(site, "SELECT id FROM case_letter WHERE ehc_case = ? ORDER BY number", case)[0][0]
    priya = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    priya.goto(f"/letters/{letter}")
    assert priya.get_by_role("link", name="to Nadia Rahman").count() == 1
    assert "To: Nadia Rahman" in words(file(priya, f"/letters/{letter}/pdf?to=nadia")[0])
    assert "Nadia" not in words(file(priya, f"/letters/{letter}/pdf")[0])
    assert priya.request.get(f"/letters/{letter}/pdf?to=imran").status == 404
    for name in ["Imran Rahman", "Tom Fielding", "Joan Ellery"]:
        other = signed_in(browser, site, name, java_script_enabled=False)
        answer = other.request.get(f"/letters/{letter}/pdf")
        assert answer.status == 404 and "Amina" not in answer.text(), name
    helen = signed_in(browser, site, "Helen Carter", java_script_enabled=False)
    assert "Nadia" not in words(file(helen, f"/letters/{letter}/pdf")[0])
    looks = rows(site, "SELECT COUNT(*) FROM journal WHERE actor = 'helen' AND kind = 'person.seen'")
    assert looks[0][0] >= 1


def test_axe_finds_nothing_on_the_page_of_a_letter(browser, site, case):
    letter = rows(site, "SELECT id FROM case_letter WHERE ehc_case = ? LIMIT 1", case)[0][0]
    for name in ["Priya Nair", "Nadia Rahman"]:
        page = signed_in(browser, site, name)
        page.goto(f"/letters/{letter}")
        assert problems(page) == [], name


def test_what_prints_works_under_the_unit_and_is_refused_the_network(tmp_path):
    """INF-5: the service’s own unit forbids much; the script forbids itself the rest."""
    python, script = ROOT / ".venv/run/bin/python", ROOT / "bin/print-pages.py"
    under = ["/usr/bin/python3",
             str(ROOT / "Tests/FromOutside/under_unit.py"), str(ROOT / "share/systemd/continuum.service"), str(tmp_path)]
    page = b"<!DOCTYPE html><html lang='en-GB'><title>A page</title><h1>A page</h1>"
    made = subprocess.run([*under, python, "-I", script], input=page, capture_output=True)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(b"%PDF-1.7")
    tried = """
import importlib.util, socket, sys
named = importlib.util.spec_from_file_location("printing", sys.argv[1])
printing = importlib.util.module_from_spec(named)
named.loader.exec_module(printing)
printing.limited()
printing.without_network()
for attempt in (lambda: socket.socket(), lambda: open(sys.argv[2], "w").write("x" * 9000)):
    try:
        attempt()
    except OSError as error:
        print(type(error).__name__)
"""
    told = subprocess.run([python, "-c", tried, script, tmp_path / "made"], capture_output=True, text=True)
    assert told.stdout.split() == ["PermissionError", "OSError"], told
