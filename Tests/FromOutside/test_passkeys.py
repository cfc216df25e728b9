"""Passkeys in a real browser, with an authenticator that Chromium pretends to have: added, used, listed, removed."""

import re

import pytest
import requests
from browsing import SHOTS, problems
from conftest import Server, continuum

LOGIN, PASSWORD = "joan@city.example", "three random words here"


@pytest.fixture
def joan(browser, tmp_path):
    """A page signed in by a code on paper, on a server without a site of its own; a passkey device is plugged in."""
    folder = tmp_path / "city"
    made = continuum("begin", LOGIN, "--name", "Joan Ellery", "--data", folder)
    assert made.returncode == 0, made.stderr
    server = Server(folder, rates=True)
    context = browser.new_context(base_url=f"http://localhost:{server.port}", viewport={"width": 1100, "height": 900})
    page = context.new_page()
    page.server, page.folder, page.complaints = server, folder, []
    page.on("console", lambda said: page.complaints.append(said.text))
    page.on("pageerror", lambda fault: page.complaints.append(str(fault)))
    page.device = context.new_cdp_session(page)
    page.device.send("WebAuthn.enable")
    page.authenticator = plug_in(page)
    page.goto("/join")
    page.get_by_label("Code").fill(made.stdout.strip())
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The password again").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.codes = page.locator(".app-codes code").all_inner_texts()
    page.goto("/account")
    yield page
    context.close()
    assert server.stop() == 0
    assert " error " not in server.logged()
    assert continuum("journal", "verify", "--data", folder).returncode == 0


def plug_in(page):
    return page.device.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True}})["authenticatorId"]


def add(page, name):
    page.goto("/account/passkeys/new")
    page.get_by_label("What do you call it?").fill(name)
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_url("**/account#passkeys")


def write_password(page):
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in?next=/account")
    page.get_by_label("E-mail address").fill(LOGIN)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/sign-in/second*")


def looks_right(page, name):
    """Axe finds nothing wrong, and it fits on a small phone."""
    assert problems(page) == []
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.set_viewport_size({"width": 320, "height": 640})
    page.screenshot(path=SHOTS / f"passkeys-{name}-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1100, "height": 900})
    page.screenshot(path=SHOTS / f"passkeys-{name}.png", full_page=True)


def test_a_passkey_is_added_used_after_the_password_and_removed(joan):
    page = joan
    looks_right(page, "account-without")
    page.get_by_role("button", name="Add a passkey").click()
    looks_right(page, "new")
    add(page, "my phone")
    assert "my phone" in page.locator("#passkeys table").inner_text()
    assert "Not yet" in page.locator("#passkeys table").inner_text()
    looks_right(page, "account")
    held = page.device.send("WebAuthn.getCredentials", {"authenticatorId": page.authenticator})["credentials"]
    assert [item["rpId"] for item in held] == ["localhost"]

    write_password(page)
    looks_right(page, "second")
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/account")
    assert page.locator("h1").inner_text() == "Joan Ellery"
    assert "Not yet" not in page.locator("#passkeys table").inner_text()

    page.get_by_role("link", name="Remove “my phone”").click()
    looks_right(page, "removal")
    page.get_by_role("button", name="Remove the passkey").click()
    page.wait_for_url("**/account#passkeys")
    assert page.locator("#passkeys table").count() == 0
    write_password(page)
    assert page.get_by_role("button", name="Use your passkey").count() == 0
    page.get_by_label("Code").fill(page.codes[0])
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")
    assert page.complaints == []


def test_by_keyboard_alone_and_a_device_gets_one_passkey_not_two(joan):
    page = joan
    page.goto("/account/passkeys/new")
    page.get_by_label("What do you call it?").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("my laptop")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/account#passkeys")
    page.goto("/account/passkeys/new")
    page.get_by_role("button", name="Add a passkey").click()
    page.wait_for_function("document.querySelector('[data-passkey-said]').textContent !== ''")
    assert "This device has a passkey for your account already" in page.locator("main").inner_text()
    looks_right(page, "twice")
    write_password(page)
    page.get_by_role("button", name="Use your passkey").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/account")


def test_a_browser_without_the_newer_helpers_of_passkeys_adds_and_uses_one(joan):
    page = joan
    page.add_init_script("""
        delete PublicKeyCredential.parseCreationOptionsFromJSON;
        delete PublicKeyCredential.parseRequestOptionsFromJSON;
        delete PublicKeyCredential.prototype.toJSON;""")
    add(page, "an older browser")
    assert page.evaluate("typeof PublicKeyCredential.prototype.toJSON") == "undefined"
    write_password(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_url("**/account")
    assert page.complaints == []


def test_whoever_has_no_passkey_at_hand_is_told_and_writes_a_code(joan):
    page = joan
    add(page, "my phone")
    write_password(page)
    page.device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": page.authenticator})
    page.authenticator = plug_in(page)
    page.get_by_role("button", name="Use your passkey").click()
    page.wait_for_function("document.querySelector('[data-passkey-said]').textContent !== ''")
    assert "No passkey was used. Try again, or write a code." in page.locator("main").inner_text()
    looks_right(page, "second-not-used")
    page.get_by_label("Code").fill(page.codes[0])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/account")


def test_without_javascript_the_pages_say_what_to_do(joan, browser):
    page = joan
    add(page, "my phone")
    cookies = page.context.cookies()
    plain = browser.new_context(base_url=f"http://localhost:{page.server.port}", java_script_enabled=False)
    plain.add_cookies(cookies)
    bare = plain.new_page()
    bare.goto("/account/passkeys/new")
    assert "A passkey needs JavaScript" in bare.locator("main").inner_text()
    assert bare.get_by_role("button", name="Add a passkey").count() == 0
    bare.get_by_label("What do you call it?").press("Enter")
    assert "A passkey needs JavaScript" in bare.locator(".govuk-error-summary").inner_text()
    bare.get_by_role("button", name="Sign out", exact=True).click()
    bare.goto("/sign-in?next=/account")
    bare.get_by_label("E-mail address").fill(LOGIN)
    bare.get_by_label("Password").fill(PASSWORD)
    bare.get_by_role("button", name="Continue").click()
    assert "A passkey needs JavaScript" in bare.locator("main").inner_text()
    assert bare.get_by_role("button", name="Use your passkey").count() == 0
    bare.get_by_label("Code").fill(page.codes[0])
    bare.get_by_role("button", name="Sign in").click()
    assert bare.locator("h1").inner_text() == "Joan Ellery"
    plain.close()


def test_another_origin_offers_none_and_says_why(joan):
    page = joan
    add(page, "my phone")
    cookies = {item["name"]: item["value"] for item in page.context.cookies()}
    # A browser would not send the cookie over plain http to a number; whoever does is offered nothing.
    ours = requests.get(f"http://localhost:{page.server.port}/account/passkeys/new", cookies=cookies, timeout=20)
    assert "data-options" in ours.text
    number = requests.get(page.server.url + "/account/passkeys/new", cookies=cookies, timeout=20)
    assert number.status_code == 200 and "Passkeys cannot be used at this address" in number.text
    assert "data-options" not in number.text
    write_password(page)
    half = {item["name"]: item["value"] for item in page.context.cookies()}
    here = requests.get(f"http://localhost:{page.server.port}/sign-in/second", cookies=half, timeout=20)
    there = requests.get(page.server.url + "/sign-in/second", cookies=half, timeout=20)
    assert re.search("data-options", here.text) and "data-options" not in there.text and "Code" in there.text
