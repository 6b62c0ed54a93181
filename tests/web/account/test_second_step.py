"""The second step: an app's code, recovery codes, and what each page says on the way."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from accounts.models import User

PASSWORD = "kettle lantern violet"


@pytest.fixture
def maya(db):
    return User.objects.create_user("maya@example.org", PASSWORD, given_name="Maya", family_name="Thistledown")


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def give_password(client):
    return client.post("/accounts/login/", {"login": "maya@example.org", "password": PASSWORD})


def code_of(secret, steps=0):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


@pytest.fixture
def secret(client, maya):
    """Maya sets up an app as she would, and signs out."""
    give_password(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    secret = re.search(r'at-break">([A-Z2-7]{16,})<', page)[1]
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert Authenticator.objects.filter(type="totp").exists()
    client.post("/accounts/logout/")
    # A code works once; forgetting that it was used stands for waiting half a minute.
    from django.core.cache import cache

    cache.clear()
    return secret


def test_a_password_alone_no_longer_lets_in(client, secret):
    assert give_password(client)["Location"] == "/accounts/2fa/authenticate/"
    assert "One more step" in text(client.get("/accounts/2fa/authenticate/"))
    assert client.get("/account/").status_code == 302


def test_the_code_lets_in(client, secret):
    give_password(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert client.get("/account/").status_code == 200


def test_a_wrong_code_is_named_and_does_not_let_in(client, secret):
    give_password(client)
    answer = client.post("/accounts/2fa/authenticate/", {"code": "12345"})
    assert "There is a problem" in text(answer)
    assert 'href="#id_code"' in answer.content.decode()
    assert client.get("/account/").status_code == 302


def test_a_recovery_code_lets_in_once(client, maya, secret):
    codes = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    give_password(client)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert client.get("/account/").status_code == 200
    client.post("/accounts/logout/")
    give_password(client)
    client.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert client.get("/account/").status_code == 302


def test_the_pages_of_the_second_step(client, secret):
    give_password(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert "Turn it off" in text(client.get("/accounts/2fa/"))
    assert "Give a code from your authenticator app" in text(client.get("/accounts/2fa/reauthenticate/"))
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert "Turn off the authenticator app?" in text(client.get("/accounts/2fa/totp/deactivate/"))
    assert "10 of 10 codes are left" in text(client.get("/accounts/2fa/recovery-codes/"))
    assert "stop working" in text(client.get("/accounts/2fa/recovery-codes/generate/"))


def test_turning_it_off_asks_for_the_password_first(client, secret):
    give_password(client)
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    answer = client.post("/accounts/2fa/totp/deactivate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert Authenticator.objects.filter(type="totp").exists()


def test_a_new_password_does_not_go_round_the_second_step(client, maya, secret, mailoutbox):
    client.post("/accounts/password/reset/", {"email": "maya@example.org"})
    link = re.search(r"https?://[^/]+(/\S+)", mailoutbox[-1].body)[1]
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": "otter bramble quilt", "password2": "otter bramble quilt"})
    assert client.get("/account/").status_code == 302
