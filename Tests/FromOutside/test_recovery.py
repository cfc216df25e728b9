"""Changing how one signs in, and a new way in that two managers give, in a real browser: axe, keyboard, phone, no scripts."""

import base64
import hashlib
import hmac
import struct
import time

import pytest
from browsing import problems
from conftest import Server
from test_signed_in import code_on_paper, signed_in

PASSWORD, NEW = "three random words here", "eight yellow raincoats"
REASON = "I met her at the office with her passport on Monday"


@pytest.fixture
def own(own_city):
    running = Server(own_city, rates=True)
    yield running
    assert running.stop() == 0


def figures(secret):
    """What an authenticator app shows now for this key."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    mac = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    start = mac[19] & 15
    return f"{(struct.unpack('>I', mac[start:start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def begun(browser, own, **options):
    """A mother who began with a code on paper, and her codes."""
    code, login = code_on_paper(browser, own)
    page = browser.new_context(base_url=f"http://localhost:{own.port}", **options).new_page()
    page.goto("/join")
    page.get_by_label("Code").fill(code)
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    return page, login, page.locator(".app-codes code").all_inner_texts()


def sound(page):
    """Nothing for axe to find, and nothing that a small phone would have to scroll sideways for."""
    assert problems(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_password_is_changed_by_keyboard_alone(browser, own):
    page, login, codes = begun(browser, own)
    page.goto("/account")
    page.get_by_role("link", name="Change your password").press("Enter")
    page.get_by_label("The password you have now").focus()
    for words in [PASSWORD, NEW, NEW]:
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Your password was changed")
    other = browser.new_context(base_url=f"http://localhost:{own.port}").new_page()
    for password, heading in [(PASSWORD, "Sign in"), (NEW, "Show that it is you")]:
        other.goto("/sign-in")
        other.get_by_label("E-mail address, or the name").fill(login)
        other.get_by_label("Password").fill(password)
        other.get_by_role("button", name="Continue").click()
        assert other.locator("h1").inner_text() == heading
    other.get_by_label("Code").fill(codes[0])
    other.get_by_role("button", name="Sign in").click()
    assert other.locator("h1").inner_text() == "Zara Rahman"


def test_codes_and_app_are_made_anew_on_a_phone_without_scripts(browser, own):
    page, _, codes = begun(browser, own, java_script_enabled=False, viewport={"width": 320, "height": 640})
    page.goto("/account")
    page.get_by_role("link", name="Print new codes").click()
    page.get_by_role("button", name="Make new codes").click()
    fresh = page.locator(".app-codes code").all_inner_texts()
    assert len(fresh) == 10 and not set(fresh) & set(codes)
    page.goto("/account")
    page.get_by_role("link", name="Use another authenticator app").click()
    secret = page.locator("code").inner_text()
    page.get_by_label("Code of the new app").fill("000000")
    page.get_by_role("button", name="Use this app").click()
    assert "That code is not right" in page.locator(".govuk-error-summary").inner_text()
    assert page.locator("code").inner_text() == secret
    page.get_by_label("Code of the new app").fill(figures(secret))
    page.get_by_role("button", name="Use this app").click()
    assert page.locator("h1").inner_text() == "Your new app is ready"


@pytest.mark.parametrize("path", ["/account/password", "/account/codes", "/account/app"])
def test_axe_finds_nothing_wrong_where_one_changes_how_one_signs_in(browser, own, path):
    page = signed_in(browser, own, "Nadia Rahman")
    assert page.goto(path).status == 200
    sound(page)
    page.locator("main form button").click()
    sound(page)


def test_two_managers_decide_and_the_owner_stops_it_without_scripts(browser, own):
    options = {"java_script_enabled": False, "viewport": {"width": 360, "height": 800}}
    joan = signed_in(browser, own, "Joan Ellery", **options)
    joan.goto("/administration/accounts/nadia")
    assert "R-connected" in joan.locator("main").inner_text()
    joan.get_by_role("button", name="See what is needed").click()
    joan.get_by_role("button", name="Ask a second manager").click()
    assert "Write how you know" in joan.locator(".govuk-error-summary").inner_text()
    joan.get_by_label("How do you know").fill(REASON)
    joan.get_by_role("button", name="Ask a second manager").click()
    assert "Waits for a second manager" in joan.locator("main").inner_text()
    colin = signed_in(browser, own, "Colin Abara", **options)
    colin.goto("/administration/approvals")
    colin.get_by_role("button", name="Approve").click()
    colin.goto("/administration/accounts/nadia/recovery")
    assert "The code works from" in colin.locator("main").inner_text()
    nadia = signed_in(browser, own, "Nadia Rahman", **options)
    nadia.get_by_role("button", name="It was not me. Stop it").click()
    assert nadia.locator("h1").inner_text() == "It is stopped"
    joan.reload()
    assert "it was not the owner" in joan.locator("main").inner_text()


def test_axe_finds_nothing_wrong_with_a_new_way_in(browser, own):
    joan = signed_in(browser, own, "Joan Ellery")
    joan.goto("/administration/accounts/nadia/recovery")
    sound(joan)
    joan.get_by_role("button", name="Ask a second manager").click()
    sound(joan)
    joan.get_by_label("How do you know").fill(REASON)
    joan.get_by_role("button", name="Ask a second manager").click()
    sound(joan)
    colin = signed_in(browser, own, "Colin Abara")
    colin.goto("/administration/approvals")
    sound(colin)
    colin.get_by_role("button", name="Approve").click()
    colin.goto("/administration/accounts/nadia/recovery")
    sound(colin)
    colin.get_by_role("button", name="Make the code").click()
    sound(colin)
    nadia = signed_in(browser, own, "Nadia Rahman")
    sound(nadia)
    nadia.get_by_role("button", name="It was not me. Stop it").press("Enter")
    nadia.wait_for_selector("text=It is stopped")
    sound(nadia)
