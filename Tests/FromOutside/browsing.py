"""What the tests in a real browser share."""

from axe_playwright_python.sync_playwright import Axe
from conftest import ROOT

SHOTS = ROOT / "output/screenshots"


def visit(browser, url, **options):
    """A page that was opened, with what it asked for and what it complained of."""
    context = browser.new_context(**options)
    page = context.new_page()
    page.asked, page.complaints = [], []
    page.on("request", lambda request: page.asked.append(request.url))
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    page.goto(url)
    page.wait_for_load_state("networkidle")
    return page


def problems(page):
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["impact"], [node["target"] for node in item["nodes"]][:3]) for item in found]
