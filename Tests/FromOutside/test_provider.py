"""Signing in by an identity provider in a real browser: a round trip by a real one, and every wrong token refused."""

import sqlite3

import pytest
from browsing import SHOTS, problems
from conftest import Server, continuum, demonstration
from council import OwnProvider, RealProvider, free_port
from test_signed_in import code_on_paper, signed_in

NAME = "Birmingham City Council"


def settings(provider, client, folder, secret):
    file = folder / "provider.secret"
    file.write_text(secret + "\n")
    file.chmod(0o600)
    return ["--provider", provider.issuer, "--provider-client", client, "--provider-secret-file", str(file),
            "--provider-name", NAME]


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """Continuum and a real provider at which it is registered."""
    folder, port = tmp_path_factory.mktemp("real"), free_port()
    provider = RealProvider(folder / "provider.log")
    try:
        client, secret = provider.register(f"http://localhost:{port}/sign-in/provider/return")
        server = Server(demonstration(folder / "city"), *settings(provider, client, folder, secret), "--port", str(port))
        yield server, provider
        assert server.stop() == 0
    finally:
        provider.stop()


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """Continuum and our own provider, where Nadia has connected her account."""
    folder = tmp_path_factory.mktemp("own")
    provider = OwnProvider()
    server = Server(demonstration(folder / "city"), *settings(provider, provider.CLIENT, folder, provider.SECRET),
                    "--provider-assurance", "mfa")
    server.folder = folder / "city"
    yield server, provider
    assert server.stop() == 0
    provider.shutdown()


@pytest.fixture
def right(own):
    server, provider = own
    provider.wrong, provider.subject, provider.more = "", "nadia-at-work", {}
    yield server, provider
    assert provider.complaints == []


def opened(browser, server, **options):
    return browser.new_context(base_url=f"http://localhost:{server.port}", **options).new_page()


def look(page, name):
    """axe, a small phone, and a picture of it."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    assert problems(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    page.screenshot(path=SHOTS / f"provider-{name}-phone.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1100, "height": 900})


def joined(browser, server, name, **options):
    """Somebody new with an account, a password and codes on paper."""
    code, _ = code_on_paper(browser, server, name)
    page = opened(browser, server, **options)
    page.goto("/join")
    page.get_by_label("Code").fill(code)
    page.get_by_label("Choose a password").fill("three random words here")
    page.get_by_label("The password again").fill("three random words here")
    page.get_by_role("button", name="Continue").click()
    return page, page.locator(".app-codes code").first.inner_text()


def at_the_provider(page, provider, subject):
    page.wait_for_url(provider.issuer + "/**")
    page.locator("input[name=sub]").fill(subject)
    page.get_by_role("button", name="Authorize").click()


@pytest.mark.parametrize("scripts", [True, False])
def test_connected_once_a_real_provider_stands_for_the_password_and_the_second_step_stays(browser, real, scripts):
    server, provider = real
    subject = f"zara-{scripts}"
    page, code = joined(browser, server, f"Zara {scripts}", java_script_enabled=scripts)
    page.goto("/account")
    page.get_by_role("button", name="Connect your council sign-in", exact=True).click()
    at_the_provider(page, provider, subject)
    page.wait_for_url("**/account#provider")
    assert f"you can sign in with {NAME}" in page.locator("main").inner_text()
    page.get_by_role("button", name="Sign out", exact=True).click()

    page.goto("/people/amina")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    at_the_provider(page, provider, subject)
    page.wait_for_url("**/sign-in/second?**")
    page.goto("/account")
    assert "/sign-in" in page.url, "half a session opens nothing"
    page.go_back()
    page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/people/amina")
    assert page.locator("h1").inner_text() == "Amina Rahman"

    page.goto("/account")
    page.get_by_role("button", name="Disconnect your council sign-in").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    at_the_provider(page, provider, subject)
    page.wait_for_url("**/sign-in/provider/return**")
    assert page.locator("h1").inner_text() == "This sign-in is not connected yet"
    assert provider.issuer not in server.logged() and subject not in server.logged()


def test_whoever_presses_cancel_at_a_real_provider_is_told_so(browser, real):
    server, provider = real
    page = opened(browser, server)
    page.goto("/sign-in")
    look(page, "sign-in")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    page.wait_for_url(provider.issuer + "/**")
    page.get_by_role("button", name="Deny").click()
    page.wait_for_url("**/sign-in/provider/return**")
    assert page.locator("h1").inner_text() == "You did not sign in"
    look(page, "cancelled")
    page.get_by_role("button", name="Go to sign in").click()
    page.wait_for_url("**/sign-in")


def test_the_page_on_the_way_leads_on_by_a_link_where_nothing_moves_by_itself(browser, real):
    server, provider = real
    page = opened(browser, server)
    # An answer without content: the browser stays where it is.
    page.route(provider.issuer + "/**", lambda route: route.fulfill(status=204))
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in with {NAME}").click(no_wait_after=True)
    page.get_by_text("You are taken there now").wait_for()
    assert page.get_by_role("link", name=f"go on to {NAME}").get_attribute("href").startswith(provider.issuer)
    look(page, "leaving")
    kept = [cookie for cookie in page.context.cookies() if cookie["name"] == "__Host-provider"]
    assert [(cookie["secure"], cookie["httpOnly"], cookie["sameSite"]) for cookie in kept] == [(True, True, "Lax")]


def by_the_council(browser, server):
    page = opened(browser, server)
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    page.wait_for_url(lambda url: "/return" in url or "/second" in url or "/account" in url, timeout=30_000)
    return page


def is_signed_in(page):
    return page.goto("/account").ok and page.url.endswith("/account")


def connected(browser, server):
    page = signed_in(browser, server, "Nadia Rahman")
    page.goto("/account")
    if page.get_by_role("button", name="Connect your council sign-in", exact=True).count():
        look(page, "account")
        page.get_by_role("button", name="Connect your council sign-in", exact=True).click()
        page.wait_for_url("**/account#provider")
        look(page, "account-connected")


def kinds(server):
    with sqlite3.connect(f"file:{server.folder}/continuum.sqlite?mode=ro", uri=True) as database:
        return [detail for detail, in database.execute(
            "SELECT detail FROM journal WHERE kind = 'sign-in.provider-refused' ORDER BY seq")]


def test_with_the_word_for_a_second_factor_the_session_is_whole(browser, right):
    server, provider = right
    connected(browser, server)
    assert "/sign-in/second" in by_the_council(browser, server).url
    provider.more = {"amr": ["pwd", "mfa"]}
    page = by_the_council(browser, server)
    assert page.url.endswith("/account") and page.locator("h1").inner_text() == "Nadia Rahman"


WRONG = {
    "no signature": "token-algorithm", "public key as a secret": "token-algorithm", "another key": "token-signature",
    "unknown key": "token-unknown-key", "a key in the header": "token-header", "another issuer": "token-issuer",
    "another audience": "token-audience", "another nonce": "token-nonce", "expired": "token-expired",
    "no subject": "token-subject", "changed afterwards": "token-signature", "slow": "slow",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_token_signs_nobody_in(browser, right, wrong):
    server, provider = right
    connected(browser, server)
    provider.wrong, provider.more = wrong, {"amr": ["mfa"]}
    page = by_the_council(browser, server)
    assert page.locator("h1").inner_text() == f"Signing in with {NAME} did not work"
    look(page, "wrong")
    assert not is_signed_in(page)
    assert kinds(server)[-1] == f"fault={WRONG[wrong]}"
    logged = server.logged()
    assert WRONG[wrong] in logged and "nadia-at-work" not in logged
    assert not any(token in logged for token in provider.handed)


@pytest.mark.parametrize("wrong, fault, title", [
    ("another sender", "answer", "Begin again"), ("no sender", "answer", "Begin again"),
    ("another state", "not-begun", "Begin again"), ("no", "cancelled", "You did not sign in"),
])
def test_a_wrong_answer_signs_nobody_in(browser, right, wrong, fault, title):
    server, provider = right
    connected(browser, server)
    provider.wrong, handed, noted = wrong, len(provider.handed), kinds(server)
    page = by_the_council(browser, server)
    assert page.locator("h1").inner_text() == title
    look(page, "again")
    assert not is_signed_in(page) and len(provider.handed) == handed
    # Whoever has begun nothing with this state fills no journal.
    assert (f"fault={fault}" in kinds(server)[len(noted):]) == (fault != "not-begun")


def test_an_answer_serves_once_and_in_the_browser_that_asked(browser, right):
    server, provider = right
    connected(browser, server)
    page = opened(browser, server)
    answers = []
    page.on("request", lambda request: answers.append(request.url) if "/return" in request.url else None)
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    page.wait_for_url("**/sign-in/second**")
    for other in [page, opened(browser, server), signed_in(browser, server, "Imran Rahman")]:
        assert other.goto(answers[0]).status == 400
        assert other.locator("h1").inner_text() == "Begin again"


def test_nobody_is_found_by_an_address(browser, right):
    server, provider = right
    connected(browser, server)
    with sqlite3.connect(f"file:{server.folder}/continuum.sqlite?mode=ro", uri=True) as database:
        login, = database.execute("SELECT login FROM account WHERE id = 'nadia'").fetchone()
    provider.subject = "somebody-else"
    provider.more = {"email": login, "email_verified": True, "amr": ["mfa"]}
    page = by_the_council(browser, server)
    assert page.locator("h1").inner_text() == "This sign-in is not connected yet"
    look(page, "unknown")
    assert not is_signed_in(page)


def test_a_provider_that_is_away_leaves_the_other_way_in(browser, tmp_path):
    class Nowhere:
        issuer = f"http://127.0.0.1:{free_port()}"
    server = Server(demonstration(tmp_path / "city"), *settings(Nowhere, "continuum", tmp_path, "secret"))
    page = opened(browser, server)
    page.goto("/sign-in")
    page.get_by_role("button", name=f"Sign in with {NAME}").click()
    assert page.locator("h1").inner_text() == f"Signing in with {NAME} did not work"
    assert "use your password and a code" in page.locator("main").inner_text()
    assert server.stop() == 0


@pytest.mark.parametrize("options, said", [
    (["--provider", "https://login.example.org"], "belong together"), (["--provider-client", "x"], "belong together"),
    (["--provider", "http://login.example.org", "--provider-client", "x", "--provider-name", "X"], "is an https address"),
    (["--provider", "https://login.example.org?x=1", "--provider-client", "x", "--provider-name", "X"],
     "without a question mark"),
    (["--provider", "https://login.example.org", "--provider-client", "x", "--provider-name", "X",
      "--provider-algorithm", "HS256"], "RS256"),
])
def test_wrong_settings_are_refused(tmp_path, options, said):
    ended = continuum("serve", "--data", tmp_path, *options)
    assert ended.returncode == 64 and said in ended.stderr, ended.stderr


def test_check_asks_the_provider(own_city, tmp_path):
    provider = OwnProvider()
    words = settings(provider, provider.CLIENT, tmp_path, provider.SECRET)
    good = continuum("check", "--data", own_city, *words)
    assert good.returncode == 0 and f"ok\tthe identity provider {provider.issuer} answers" in good.stdout, good.stdout
    assert "--site is not set" in good.stdout
    unfit = continuum("check", "--data", own_city, *words, "--provider-algorithm", "ES256")
    assert unfit.returncode == 1 and "does not do what is set" in unfit.stdout
    provider.wrong = "another provider"
    other = continuum("check", "--data", own_city, *words)
    assert other.returncode == 1 and "its issuer to the letter" in other.stdout
    provider.shutdown()
    provider.server_close()
    away = continuum("check", "--data", own_city, *words)
    assert away.returncode == 0 and "look\tthe identity provider" in away.stdout
    (tmp_path / "provider.secret").chmod(0o644)
    assert "provider.secret can be read by others" in continuum("check", "--data", own_city, *words).stdout


def test_the_name_on_the_button_comes_whole_from_a_file_or_a_variable(own_city, tmp_path, monkeypatch, browser):
    file = tmp_path / "continuum.conf"
    file.write_text("provider = https://login.example.org\nprovider-client = continuum\n")
    monkeypatch.setenv("CONTINUUM_PROVIDER_NAME", NAME)
    server = Server(own_city, "--config", str(file))
    page = opened(browser, server)
    page.goto("/sign-in")
    assert page.get_by_role("button", name=f"Sign in with {NAME}").count() == 1
    assert server.stop() == 0
