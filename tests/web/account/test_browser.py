"""In a real browser: passkeys without inline script, and pages that everybody can read at every size."""

import pytest
from playwright.sync_api import expect

from accounts.models import User
from tests.reading import faults

PASSWORD = "kettle lantern violet"
TOUCH = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def maya(transactional_db, settings):
    settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return User.objects.create_user("maya@example.org", PASSWORD, given_name="Maya", family_name="Thistledown")


def sign_in(page, server, then="/account/"):
    page.goto(f"{server.url}/accounts/login/?next={then}")
    page.fill("[name=login]", "maya@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Sign in with password")
    page.wait_for_url(lambda url: "/login/" not in url)


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/account/invitation/none/"])
def test_everybody_can_read_the_way_in(live_server, open_page, db, path):
    page = open_page()
    page.goto(live_server.url + path)
    assert faults(page) == []


def test_everybody_can_read_what_is_wrong(live_server, open_page, db):
    page = open_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.click("text=Sign in with password")
    page.wait_for_selector(".govuk-error-summary")
    assert page.evaluate("document.activeElement.className") == "govuk-error-summary"
    assert faults(page) == []


@pytest.mark.parametrize("path", ["/account/", "/accounts/2fa/", "/accounts/sessions/", "/accounts/email/"])
def test_everybody_can_read_their_account(live_server, open_page, maya, path):
    page = open_page()
    sign_in(page, live_server, then=path if path != "/accounts/email/" else "/account/")
    page.goto(live_server.url + path)
    assert faults(page) == []


def test_a_passkey_is_made_and_lets_in(live_server, open_page, maya):
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": TOUCH})
    sign_in(page, live_server, then="/accounts/2fa/webauthn/add/")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Go on")
    page.fill("[name=name]", "My phone")
    page.check("[name=passwordless]")
    page.click("text=Add it now")
    page.wait_for_url("**/recovery-codes/")
    page.click("summary")
    page.click(".at-menu button")
    page.goto(f"{live_server.url}/accounts/login/?next=/account/")
    page.click("text=Use face, finger or PIN")
    page.wait_for_url(f"{live_server.url}/account/")
    expect(page.locator("main")).to_contain_text("Maya Thistledown", use_inner_text=True)


def test_a_device_that_says_no_is_said_in_words(live_server, open_page, maya):
    page = open_page()
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": {**TOUCH, "isUserVerified": False}})
    page.goto(f"{live_server.url}/accounts/login/")
    page.click("text=Use face, finger or PIN")
    page.wait_for_selector("[data-webauthn-note]:not([hidden])")
    expect(page.locator("[data-webauthn-note]").first).to_contain_text("use your password", use_inner_text=True)
    assert page.is_enabled("text=Use face, finger or PIN")


def test_signing_in_needs_no_script(live_server, open_page, maya):
    page = open_page(java_script_enabled=False)
    page.goto(f"{live_server.url}/accounts/login/?next=/account/")
    expect(page.locator("text=Use face, finger or PIN").first).not_to_be_visible()
    page.fill("[name=login]", "maya@example.org")
    page.fill("[name=password]", PASSWORD)
    page.click("text=Sign in with password")
    expect(page.locator("h1:has-text('Your account')").first).to_be_visible()
    page.click("summary")
    expect(page.locator("text=Sign out").first).to_be_visible()


def test_a_form_is_sent_once(live_server, open_page, maya):
    page = open_page()
    sign_in(page, live_server)
    sent = []
    page.route("**/account/", lambda route: (sent.append(route.request.method), route.continue_())[1])
    page.evaluate("() => { const b = document.querySelector('main form button'); b.click(); b.click(); b.click(); }")
    page.wait_for_selector("text=Your choices are saved.")
    assert sent.count("POST") == 1


def test_the_menu_closes_on_escape_and_gives_the_focus_back(live_server, open_page, maya):
    page = open_page()
    sign_in(page, live_server)
    page.focus("summary")
    page.keyboard.press("Enter")
    expect(page.locator("text=Sign out").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("text=Sign out").first).not_to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_the_typed_password_can_be_looked_at(live_server, open_page, db):
    page = open_page()
    page.goto(f"{live_server.url}/accounts/login/")
    page.fill("[name=password]", "otter")
    page.click("button:has-text('Show')")
    assert page.get_attribute("[name=password]", "type") == "text"
