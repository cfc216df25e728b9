"""The site in a real browser: Debian's Chromium, driven by Playwright, looked over by axe."""

import re

import pytest
from browsing import SHOTS, problems, visit

PAGES = {
    "home": "/", "search-empty": "/search", "results": "/search?q=autism+B11+age+4",
    "map": "/search?q=autism+B11+age+4&view=map", "nothing": "/search?q=xyzzyx", "near-misses":
    "/search?q=saturday+group+for+autistic+toddlers", "mistake": "/search?age=99&q=school", "school":
    "/entries/school-103600", "silent-school": "/entries/school-103120", "base-of-2012":
    "/entries/listed-2012-103506-autistic-spectrum-disorder", "service": "/entries/demo-cdc-1", "compare":
    "/compare?entry=school-103600&entry=school-103605&entry=demo-cdc-1", "shortlist-empty": "/shortlist", "shortlist":
    "/shortlist?list=school-103600~school-103605~demo-cdc-1", "words": "/words", "sources": "/sources", "privacy":
    "/privacy", "accessibility": "/accessibility", "report": "/reports/new?about=/entries/school-103600", "thanks":
    "/reports/thanks", "components": "/components", "not-found": "/nowhere",
}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_wrong(browser, server, name):
    page = visit(browser, server.url + PAGES[name], viewport={"width": 1100, "height": 900})
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}.png", full_page=True)
    assert problems(page) == []
    allowed = [said for said in page.complaints if "404" not in said and "400" not in said]
    assert allowed == [], "the page broke its own content policy, or a script failed"
    assert all(url.startswith(server.url) for url in page.asked)


@pytest.mark.parametrize("name", PAGES)
def test_it_works_on_a_small_phone_without_scripts(browser, server, name):
    page = visit(
        browser, server.url + PAGES[name], viewport={"width": 320, "height": 640}, java_script_enabled=False)
    width = page.locator("html").bounding_box()["width"]
    assert width <= 320
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-phone.png", full_page=True)
    assert page.locator("h1").count() == 1
    assert page.locator("main").is_visible()


@pytest.mark.parametrize("name", PAGES)
def test_nothing_scrolls_sideways_at_320_pixels(browser, server, name):
    page = visit(browser, server.url + PAGES[name], viewport={"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert problems(page) == []


def test_a_family_searches_without_scripts(browser, server):
    page = visit(browser, server.url + "/", java_script_enabled=False, viewport={"width": 360, "height": 800})
    page.get_by_label("What do you need?").fill("autism B11 age 4")
    page.get_by_role("button", name="Search").click()
    assert "fit what you asked" in page.locator("h1").inner_text()
    first = page.locator(".app-result").first
    assert "Uffculme School" in first.inner_text() and "miles" in first.inner_text()
    first.get_by_role("button", name="Add to shortlist").click()
    assert "/search?q=autism" in page.url
    assert page.get_by_role("link", name=re.compile("Shortlist 1")).is_visible()
    page.get_by_role("link", name="Uffculme School").click()
    assert "Not known: ask the school" in page.locator("main").inner_text()
    page.get_by_role("link", name=re.compile("Shortlist")).click()
    assert "Uffculme School" in page.locator("main").inner_text()
    page.get_by_role("button", name="Remove from shortlist").click()
    assert "empty" in page.locator("h1").inner_text()


def test_a_family_compares_side_by_side_without_scripts(browser, server):
    page = visit(browser, server.url + PAGES["shortlist"], java_script_enabled=False)
    for box in page.get_by_label(re.compile("^Compare")).all()[:2]:
        box.check()
    page.get_by_role("button", name="Compare those ticked").click()
    assert page.locator("thead th").count() == 3
    assert "Hamilton School" in page.locator("thead").inner_text()


def test_the_keyboard_alone_is_enough(browser, server):
    page = visit(browser, server.url + "/search?q=autism+B11+age+4")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    reached = set()
    for _ in range(140):
        page.keyboard.press("Tab")
        reached.add(page.evaluate(
            "(document.activeElement.name || '') + '|' + document.activeElement.textContent.trim().slice(0, 40)"))
        ring = page.evaluate("""() => {
            const style = getComputedStyle(document.activeElement);
            return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || style.backgroundColor !== 'rgba(0, 0, 0, 0)';
        }""")
        assert ring, "what has the focus cannot be seen"
    for wanted in ["q|", "near|", "age|", "need|", "|Uffculme School", "entry|Add to shortlist: Uffculme School"]:
        assert any(name.startswith(wanted) for name in reached), wanted
    page.goto(server.url + "/")
    page.get_by_label("What do you need?").focus()
    page.keyboard.type("speech therapy")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    assert "Speech and language therapy" in page.locator(".app-result").first.inner_text()


def test_a_mistake_is_said_and_has_the_focus(browser, server):
    page = visit(browser, server.url + "/search?age=99")
    assert page.evaluate("document.activeElement.classList.contains('govuk-error-summary')")
    page.get_by_role("link", name="Enter an age in whole years from 0 to 25").click()
    assert page.evaluate("document.activeElement.id") == "age"


def test_at_most_three_things_are_fetched_before_the_page_is_drawn(browser, server):
    page = visit(browser, server.url + "/search?q=autism+B11+age+4")
    needed = [url for url in page.asked if not re.search(r"\.(woff2|svg)$", url)]
    assert len(needed) <= 3, needed
    blocking = page.evaluate("""() => performance.getEntriesByType('resource')
        .filter(entry => entry.renderBlockingStatus === 'blocking').map(entry => entry.name)""")
    assert len(blocking) == 1 and blocking[0].endswith(".css"), blocking


def test_the_map_is_drawn_with_and_without_scripts_and_the_list_says_the_same(browser, server):
    for scripts in (True, False):
        page = visit(browser, server.url + PAGES["map"], java_script_enabled=scripts)
        names = page.locator(".app-results h3").all_inner_texts()
        assert len(names) == 20
        if scripts:
            assert page.locator(".leaflet-marker-icon").count() == 20
            assert page.locator("path.leaflet-interactive").count() >= 69
            assert "Crown copyright" in page.locator(".leaflet-control-attribution").inner_text()
        else:
            links = page.locator(".app-map--plain a")
            off = re.search(r"(One is|(\d+) are) off this map", page.locator("figcaption").inner_text())
            assert links.count() + (0 if not off else int(off.group(2) or 1)) == 20
            assert links.last.get_attribute("aria-label") == f"1: {names[0]}"
        assert "Crown copyright" in page.locator("figcaption").inner_text()


def test_a_shortlist_prints_with_addresses_and_without_buttons(browser, server):
    page = visit(browser, server.url + PAGES["shortlist"])
    page.emulate_media(media="print")
    assert not page.locator(".app-actions").first.is_visible()
    assert not page.locator(".app-header__nav").is_visible()
    assert page.get_by_text("Addresses and telephone numbers").is_visible()
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.pdf(path=SHOTS / "shortlist.pdf", tagged=True)
    assert (SHOTS / "shortlist.pdf").stat().st_size > 5000


def test_what_is_wrong_can_be_told_without_scripts(browser, server):
    page = visit(browser, server.url + "/entries/school-103600", java_script_enabled=False)
    page.get_by_role("link", name="Something here is wrong").first.click()
    page.get_by_role("button", name="Send").click()
    assert "There is a problem" in page.locator("main").inner_text()
    page.get_by_label("What is wrong?").fill("It has moved")
    page.get_by_role("button", name="Send").click()
    assert "Thank you" in page.locator("h1").inner_text()


def test_colours_of_the_visitor_s_own_are_kept(browser, server):
    page = visit(browser, server.url + "/search?q=autism", forced_colors="active", reduced_motion="reduce")
    assert problems(page) == []
