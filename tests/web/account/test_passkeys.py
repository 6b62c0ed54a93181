"""Passkeys that nobody can read are refused with a sentence, and proving again who one is makes another session."""

import json

import pytest
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from tests.factories.world import PASSWORD

NONSENSE = {
    "deep": "[" * 50_000,
    "deep object": '{"a":' * 50_000 + "1" + "}" * 50_000,
    "half": '{"id": "a"}',
    "no json": "{",
    "list": "[1]",
    "number": "1" * 5000,
    "null": "null",
    "nan": '{"id": NaN}',
    "empty": "",
    "kinds": '{"id": 1, "rawId": [], "response": 2, "type": {}}',
    "somebody": '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"userHandle": "MQ", "signature": "YQ",'
    ' "clientDataJSON": "YQ", "authenticatorData": "YQ"}}',
    "long": json.dumps({"id": "a" * 100_000}),
}
SAID = "This passkey does not fit or could not be read"


@pytest.fixture
def maya(db):
    return User.objects.create_user("maya@example.org", PASSWORD, given_name="Maya", family_name="Thistledown")


@pytest.fixture
def browser():
    return Client(raise_request_exception=False)


@pytest.fixture
def signed_in(browser, maya):
    browser.post("/accounts/login/", {"login": maya.email, "password": PASSWORD})
    browser.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return browser


@pytest.mark.django_db
@pytest.mark.parametrize("what", NONSENSE)
def test_a_stranger_is_refused_with_a_sentence(browser, what):
    browser.get("/accounts/2fa/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"})
    answer = browser.post("/accounts/2fa/webauthn/login/", {"credential": NONSENSE[what]})
    assert answer["Location"] == "/accounts/login/"
    assert SAID in " ".join(map(str, get_messages(answer.wsgi_request)))


@pytest.mark.parametrize("what", NONSENSE)
def test_who_adds_a_passkey_is_refused_with_a_sentence(signed_in, what):
    signed_in.get("/accounts/2fa/webauthn/add/")
    answer = signed_in.post("/accounts/2fa/webauthn/add/", {"name": "Phone", "credential": NONSENSE[what]})
    assert answer.status_code < 500
    assert SAID in answer.content.decode()


@pytest.fixture
def with_step(signed_in, maya):
    """A browser signed in by somebody who has a second step, and the secret of that."""
    secret = generate_totp_secret()
    TOTP.activate(maya, secret)
    return signed_in, secret


@pytest.mark.parametrize("what", NONSENSE)
def test_a_second_step_is_refused_with_a_sentence(browser, with_step, maya, what):
    other = Client(raise_request_exception=False)
    answer = other.post("/accounts/login/", {"login": maya.email, "password": PASSWORD})
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    answer = other.post("/accounts/2fa/authenticate/", {"credential": NONSENSE[what]})
    assert answer.status_code < 500
    assert "_auth_user_id" not in other.session


# --- another session ----------------------------------------------------------------------------------------------


def proofs(client):
    return [one["method"] for one in client.session[AUTHENTICATION_METHODS_SESSION_KEY] if one.get("reauthenticated")]


def code_of(secret):
    return f"{hotp_value(secret, next(yield_hotp_counters_from_time())):06}"


@pytest.mark.parametrize("way", ["password", "code"])
def test_proving_again_makes_another_session(with_step, maya, way):
    client, secret = with_step
    before, shown = client.session.session_key, UserSession.objects.get().pk
    path, given = {
        "password": ("/accounts/reauthenticate/", {"password": PASSWORD}),
        "code": ("/accounts/2fa/reauthenticate/", {"code": code_of(secret)}),
    }[way]
    answer = client.post(f"{path}?next=/account/", given)
    assert answer["Location"] == "/account/"
    assert client.session.session_key != before
    assert proofs(client)
    assert client.get("/account/").status_code == 200
    row = UserSession.objects.get()
    assert (row.pk, row.session_key) == (shown, client.session.session_key)
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = before
    assert thief.get("/account/").status_code == 302


def test_a_wrong_password_changes_no_session(signed_in):
    before = signed_in.session.session_key
    signed_in.post("/accounts/reauthenticate/", {"password": "not this one"})
    assert signed_in.session.session_key == before
