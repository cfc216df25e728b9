"""Letters and bundles as files: tagged, to one recipient each, without a name in what they are called."""

import datetime
import io
import re
import subprocess

import pikepdf
import pytest
from browsing import SHOTS, problems
from conftest import ROOT, Server, demonstration
from papers import Tags, cells, lines, pages, words
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
    assert min(height for _, height in lines(pdf)) >= 12, "no line smaller than 12 points"
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


def test_how_a_mother_wants_to_be_written_to_is_said_once_and_obeyed(browser, site, case):
    """PER-6: large print at once, Urdu by a person, by post in place of mail; the officer is reminded."""
    nadia = signed_in(browser, site, "Nadia Rahman", java_script_enabled=False, viewport={"width": 360, "height": 800})
    nadia.goto(f"/cases/{case}")
    nadia.get_by_role("link", name="Say or change it").click()
    nadia.screenshot(path=SHOTS / "wishes-360.png", full_page=True)
    nadia.get_by_role("link", name="Change how to write to you").click()
    nadia.get_by_label("on paper, by post").check()
    nadia.get_by_label("large print").check()
    nadia.get_by_label("Letters in another language").fill("Urdu")
    nadia.get_by_label("An interpreter at every meeting").fill("Urdu")
    nadia.screenshot(path=SHOTS / "wishes-form-360.png", full_page=True)
    nadia.get_by_role("button", name="Save").click()
    assert "large print" in nadia.locator("main").inner_text()
    overflow = nadia.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    priya = signed_in(browser, site, "Priya Nair", java_script_enabled=False, viewport={"width": 1100, "height": 900})
    told = rows(site, "SELECT COUNT(*) FROM outbox WHERE recipient LIKE 'nadia@%'")
    priya.goto("/people/amina/cases/new")
    priya.locator("input[name='source'][value='school']").check()
    priya.locator("[name='day']").fill(DAY)
    priya.locator("[name='words']").fill("She needs more than we can give")
    priya.get_by_role("button").last.click()
    [(second,)] = rows(site, "SELECT id FROM ehc_case WHERE person = 'amina' AND id <> ?", case)
    priya.goto(f"/cases/{second}/events/new?step=consultation")
    shown = priya.locator("main").inner_text()
    assert "Nadia Rahman wants large print" in shown and "an interpreter in Urdu" in shown
    priya.screenshot(path=SHOTS / "wishes-reminder-1100.png", full_page=True)
    assert rows(site, "SELECT COUNT(*) FROM outbox WHERE recipient LIKE 'nadia@%'") == told
    priya.goto("/cases")
    priya.get_by_role("link", name="For people to carry").click()
    shown = priya.locator("main").inner_text()
    assert "Post it on paper" in shown and "translated into Urdu by a person" in shown
    priya.screenshot(path=SHOTS / "errands-1100.png", full_page=True)
    letter = rows(site, "SELECT id FROM case_letter WHERE ehc_case = ? ORDER BY number", second)[0][0]
    pdf, _ = file(priya, f"/letters/{letter}/pdf?to=nadia")
    assert "You asked for letters in Urdu" in words(pdf)
    picture(pdf, "letter-large")
    assert "Page 1 of" in words(pdf, 1)
    assert min(height for _, height in lines(pdf)) >= 18, "no line smaller than 18 points"
    assert min(left for left, _ in lines(pdf)) >= 84, "margins of 30 mm"
    assert Tags(pdf).kinds.count("H1") == 1
    priya.get_by_role("button", name="Done").first.click()
    nadia.goto(f"/cases/{second}")
    shown = nadia.locator("main").inner_text()
    assert "by post: done" in shown and "Owed to you in Urdu" in shown


def test_a_bundle_has_its_documents_by_date_and_an_index_whose_pages_are_right(browser, site, case):
    """STA-2: for an appeal. Every page says which it is of how many."""
    nadia = signed_in(browser, site, "Nadia Rahman", java_script_enabled=False)
    nadia.goto(f"/cases/{case}")
    nadia.get_by_role("link", name="Bundle of documents").click()
    nadia.screenshot(path=SHOTS / "bundle-form.png", full_page=True)
    with nadia.expect_download() as download:
        nadia.get_by_role("button", name="Make the bundle").click()
    assert download.value.suggested_filename == f"bundle-{TODAY.isoformat()}.pdf"
    # Hers is in large print; the officer’s is as usual.
    priya = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    large, pdf = (file(page, f"/cases/{case}/bundle/pdf")[0] for page in (nadia, priya))
    for made in (large, pdf):
        count = pages(made)
        for number in range(1, count + 1):
            assert f"Page {number} of {count}" in words(made, number)
    picture(large, "bundle-large")
    listed = [row for row in cells(pdf) if len(row) == 3 and re.match(r"\d+\. ", row[1])]
    assert len(listed) >= 4
    for _, title, page in listed:
        assert words(pdf, int(page)).startswith(title), (title, page)
    assert [int(page) for _, _, page in listed] == sorted(int(page) for _, _, page in listed)
    days = [datetime.datetime.strptime(day, "%d %B %Y") for day, _, _ in listed]
    assert days == sorted(days)
    tags = Tags(pdf)
    assert tags.is_marked and tags.language == "en-GB" and tags.kinds.count("H1") == 1
    assert tags.outline[1:] == [title for _, title, _ in listed]
    assert tags.kinds.count("Link") >= len(listed)
    assert tags.targets == {f"document-{number + 1}" for number in range(len(listed))}
    picture(pdf, "bundle-1")
    picture(pdf, "bundle-2", 2)
    picture(pdf, "bundle-3", 3)
    father = signed_in(browser, site, "Imran Rahman", java_script_enabled=False)
    for path in ["bundle", "bundle/pdf"]:
        assert father.request.get(f"/cases/{case}/{path}").status == 404


def report():
    """A report of two pages, the second turned on its side, as a scanner leaves it."""
    made = pikepdf.new()
    font = made.make_indirect(pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica))
    for words in ["First words of the report", "Last words of the report"]:
        page = made.add_blank_page(page_size=(612, 792))
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=font))
        page.Contents = made.make_stream(f"BT /F 16 Tf 72 700 Td ({words}) Tj ET".encode())
    made.pages[1].Rotate = 270
    kept = io.BytesIO()
    made.save(kept)
    return kept.getvalue()


@pytest.fixture(scope="module")
def reported(chromium, site):
    """A case of Amina in which advice came with a report, other advice with a damaged one, or with a text file."""
    page = signed_in(chromium, site, "Priya Nair", java_script_enabled=False)
    page.goto("/people/amina/cases/new")
    page.locator("input[name='source'][value='parent']").check()
    page.locator("[name='day']").fill(DAY)
    page.locator("[name='words']").fill("She says no words yet")
    page.get_by_role("button").last.click()
    case = page.url.split("/")[-1].split("?")[0]
    note(page, case, "decision", {"day": DAY, "needs-because": "By reports", "plan-because": "Not enough"},
         [("needs", "yes"), ("plan", "yes"), ("outcome", "assess")])
    damaged = b"%PDF-1.4\n" + b"Not what a PDF is made of. " * 40 + b"\n%%EOF\n"
    for kind, named, sort, given in [
        ("therapy", "report.pdf", "application/pdf", report()), ("medical", "damaged.pdf", "application/pdf", damaged),
        ("social-care", "notes.txt", "text/plain", b"Notes of the social worker.\n"),
    ]:
        note(page, case, "advice", {"kind": kind, "body": "Asked (invented)", "day": DAY})
        page.goto(f"/cases/{case}/events/new?step=arrival")
        choice = page.locator("[name='about']").first
        if choice.evaluate("field => field.tagName") == "SELECT":
            choice.select_option(index=choice.locator("option").count() - 1)
        else:
            page.locator("input[name='about']").last.check()
        page.locator("[name='day']").fill(DAY)
        page.locator("[name='files']").set_input_files([{"name": named, "mimeType": sort, "buffer": given}])
        page.get_by_role("button", name="Save").click()
        assert "Advice came: " in page.locator("main").inner_text(), kind
    return case


def test_a_bundle_has_the_reports_page_by_page_and_says_which_it_has_not(browser, site, reported):
    """STA-2: a tribunal reads the reports. Each of their pages has its place in the count, and in the tags."""
    priya = signed_in(browser, site, "Priya Nair", java_script_enabled=False)
    priya.goto(f"/cases/{reported}/bundle")
    assert priya.get_by_label(re.compile("that came with: Advice came: (Therapy|Medical)")).count() == 2
    nadia = signed_in(browser, site, "Nadia Rahman", java_script_enabled=False)
    for who, name in [(priya, "bundle-reports"), (nadia, "bundle-reports-large")]:
        pdf, _ = file(who, f"/cases/{reported}/bundle/pdf")
        count = pages(pdf)
        for number in range(1, count + 1):
            assert f"Page {number} of {count}" in words(pdf, number), number
        listed = [row for row in cells(pdf) if len(row) == 3 and re.match(r"\d+\. ", row[1])]
        bound = [row for row in listed if "that came with:" in row[1]]
        whole = next(row for row in bound if "Not in this bundle" not in row[1])
        broken = next(row for row in bound if "Not in this bundle" in row[1])
        begins = int(whole[2])
        assert words(pdf, begins).startswith(whole[1]) and "its own page 1 of 2" in words(pdf, begins)
        assert "First words of the report" in words(pdf, begins)
        assert "its own page 2 of 2" in words(pdf, begins + 1)
        assert "Last words of the report" in words(pdf, begins + 1)
        assert "The page “Advice” of the case hands it out" in broken[1]
        assert "it is damaged" in words(pdf, int(broken[2]))
        shown = words(pdf)
        assert "1 document not in this bundle" in shown and "TEXT " in shown and "Notes of the" not in shown
        tags = Tags(pdf)
        assert tags.is_marked and tags.shows_title and tags.language == "en-GB" and tags.kinds.count("H1") == 1
        assert tags.conformance is None, "what others wrote is not claimed to be PDF/UA"
        assert len(tags.outline) == len(listed) + 1 and whole[1] in tags.outline
        read = subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True)
        read = " ".join(read.stdout.decode().split())
        own = [read.index(word) for word in ["its own page 1 of 2", "First words", "its own page 2 of 2", "Last words"]]
        assert own == sorted(own), "read in order"
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            assert opened.check_pdf_syntax() == []
            assert all(list(map(round, page.MediaBox)) == [0, 0, 595, 842] for page in opened.pages)
        picture(pdf, name, begins)
        picture(pdf, f"{name}-turned", begins + 1)
        picture(pdf, f"{name}-broken", int(broken[2]))
    helen = signed_in(browser, site, "Helen Carter", java_script_enabled=False)
    helen.goto(f"/cases/{reported}/bundle")
    assert "that came with:" not in helen.locator("main").inner_text()
    shown = words(file(helen, f"/cases/{reported}/bundle/pdf")[0])
    assert "words of the report" not in shown and "that came with:" not in shown


def test_axe_finds_nothing_on_the_pages_around_letters(browser, site, case):
    letter = rows(site, "SELECT id FROM case_letter WHERE ehc_case = ? LIMIT 1", case)[0][0]
    for name in ["Priya Nair", "Nadia Rahman"]:
        page = signed_in(browser, site, name)
        for path in [f"/letters/{letter}", "/people/amina/wishes", "/people/amina/wishes?of=nadia",
                     f"/cases/{case}/bundle", f"/cases/{case}/bundle/pdf?chosen=yes", f"/cases/{case}"]:
            page.goto(path)
            assert problems(page) == [], (name, path)
    page = signed_in(browser, site, "Priya Nair")
    for path in ["/errands", "/people/amina/wishes?of=new"]:
        page.goto(path)
        assert problems(page) == [], path


def test_what_prints_works_under_the_unit_and_is_refused_the_network(tmp_path):
    """INF-5: the service’s own unit forbids much; the script forbids itself the rest."""
    python, script = ROOT / ".venv/run/bin/python", ROOT / "bin/print-pages.py"
    under = ["/usr/bin/python3", ROOT / "Tests/FromOutside/under_unit.py", ROOT / "share/systemd/continuum.service",
             tmp_path]
    page = b"<!DOCTYPE html><html lang='en-GB'><title>A page</title><h1>A page</h1>"
    made = subprocess.run([*under, python, "-I", script], input=page, capture_output=True)
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(b"%PDF-1.7")
    for sent in [b"bind 9 9\nshort", b"bind x\n" + page, b"bind \n" + page, b"bind 99999999999 1\n" + page]:
        told = subprocess.run([python, "-I", script], input=sent, capture_output=True)
        assert told.returncode == 65 and not told.stdout, sent
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
