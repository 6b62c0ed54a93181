"""Who is held back: whoever fails, on the account they fail at; nobody beside them (A4, A6, A9; 2 and 3 of the attacks)."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts import adapter
from accounts.models import User

PASSWORD = "kettle lantern violet"
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"
COLLEGE, HOME = "203.0.113.9", "198.51.100.7"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def person(name="maya"):
    return User.objects.create_user(f"{name}@example.org", PASSWORD, given_name=name.title(), family_name="Price")


@pytest.fixture
def maya(db):
    return person()


@pytest.fixture
def behind_proxy(settings):
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"


def sign_in(name="maya", password=PASSWORD, *, at=COLLEGE, client=None):
    data = {"login": f"{name}@example.org", "password": password}
    return (client or Client()).post(LOGIN, data, REMOTE_ADDR=at)


def through_proxy(name, password=PASSWORD, *, at, client=None):
    data = {"login": f"{name}@example.org", "password": password}
    return (client or Client()).post(LOGIN, data, REMOTE_ADDR="172.18.0.2", headers={"x-real-ip": at})


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


# --- whose address ------------------------------------------------------------------------------------------------

ASK = "from config import settings as s; print(s.ALLAUTH_TRUSTED_CLIENT_IP_HEADER, s.AXES_CLIENT_IP_CALLABLE)"


@pytest.mark.parametrize(("given", "header"), [({"BEHIND_PROXY": "true"}, "X-Real-IP"), ({}, "None")])
def test_the_header_is_believed_behind_the_proxy_only(tmp_path, given, header):
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=Path(settings.BASE_DIR),
        env={**kept, **given, "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [header, "accounts.adapter.counted_address"]


def test_behind_the_proxy_a_stranger_keeps_nobody_else_out(maya, behind_proxy):
    for n in range(70):
        through_proxy(f"nobody{n}", "guess", at="198.51.100.66")
    for address in ("203.0.113.77", "192.0.2.4", "2001:db8:7::5"):
        assert through_proxy("maya", at=address).status_code == 302


def test_behind_the_proxy_a_guesser_locks_their_own_address_out_of_that_account(maya, behind_proxy):
    for n in range(settings.AXES_FAILURE_LIMIT + 1):
        answer = through_proxy("maya", f"guess {n}", at="198.51.100.66")
    assert answer.status_code == 429
    assert through_proxy("maya", at="198.51.100.66").status_code == 429
    assert through_proxy("maya", at="203.0.113.77").status_code == 302


@pytest.mark.parametrize("address", ["203.0.113.77", "2001:db8:7::5"])
def test_the_list_of_sessions_and_the_letters_name_the_persons_address(maya, behind_proxy, address):
    client = Client(REMOTE_ADDR="172.18.0.2", headers={"x-real-ip": address})
    through_proxy("maya", at=address, client=client)
    assert address in words(client.get("/accounts/sessions/"))
    new = {"oldpassword": PASSWORD, "password1": "otter bramble quilt", "password2": "otter bramble quilt"}
    client.post("/accounts/password/change/", new)
    assert f"From the address {address}." in mail.outbox[-1].body


def test_without_a_proxy_the_header_is_nobodys(maya):
    client = Client(REMOTE_ADDR=HOME, headers={"x-real-ip": "203.0.113.77", "x-forwarded-for": "203.0.113.78"})
    sign_in(at=HOME, client=client)
    page = words(client.get("/accounts/sessions/"))
    assert HOME in page
    assert "203.0.113" not in page


@pytest.mark.parametrize("header", ["", "not an address", "203.0.113.9, 203.0.113.10"])
def test_a_proxy_that_says_nothing_of_use_is_itself_the_address(maya, behind_proxy, header):
    client = Client(REMOTE_ADDR="172.18.0.2", headers={"x-real-ip": header})
    assert sign_in(at="172.18.0.2", client=client).status_code == 302
    assert "172.18.0.2" in words(client.get("/accounts/sessions/"))


def test_one_household_of_the_new_internet_is_one_address(maya):
    for n in range(settings.AXES_FAILURE_LIMIT + 1):
        answer = sign_in(password=f"guess {n}", at=f"2001:db8:7:1::{n:x}")
    assert answer.status_code == 429
    assert sign_in(at="2001:db8:7:2::1").status_code == 302


# --- many at one address ------------------------------------------------------------------------------------------


def test_two_hundred_learners_of_one_college_get_in_at_nine(db):
    password = make_password(PASSWORD)
    User.objects.bulk_create(User(email=f"l{n}@example.org", password=password) for n in range(200))
    answers = [sign_in(f"l{n}").status_code for n in range(200)]
    assert answers == [302] * 200


def test_a_class_whose_every_second_password_is_mistyped_gets_in(db):
    password = make_password(PASSWORD)
    User.objects.bulk_create(User(email=f"l{n}@example.org", password=password) for n in range(40))
    for n in range(40):
        assert sign_in(f"l{n}", "mistyped").status_code == 200
        assert sign_in(f"l{n}").status_code == 302


def test_a_class_that_forgot_its_passwords_gets_its_letters(db):
    User.objects.bulk_create(User(email=f"l{n}@example.org") for n in range(60))
    answers = [Client().post(RESET, {"email": f"l{n}@example.org"}, REMOTE_ADDR=COLLEGE) for n in range(60)]
    assert {a.status_code for a in answers} == {302}
    assert len(mail.outbox) == 60


def test_one_mailbox_gets_few_letters(maya):
    answers = [
        Client().post(RESET, {"email": "Maya@example.org"}, REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(6)
    ]
    assert answers == [302] * 5 + [429]
    assert len(mail.outbox) == 5


def test_a_class_may_choose_passwords_and_use_passkeys_together(db):
    reset = [Client().post("/accounts/password/reset/key/1-x/", REMOTE_ADDR=COLLEGE).status_code for _ in range(40)]
    keys = [Client().post("/accounts/2fa/webauthn/login/", REMOTE_ADDR=COLLEGE).status_code for _ in range(40)]
    assert 429 not in {*reset, *keys}


# --- one address with very many failures --------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(adapter, "MOST_FAILURES", 4)


def fail(times, at=COLLEGE):
    for n in range(times):
        sign_in(f"nobody{n}", "guess", at=at)


@pytest.mark.parametrize(("failures", "status"), [(3, 302), (4, 200)])
def test_an_address_with_very_many_failures_is_held_back(maya, few, failures, status):
    fail(failures)
    answer = sign_in()
    assert answer.status_code == status
    assert ("That was tried too often." in words(answer)) is (status == 200)


def test_whoever_signed_in_from_there_before_still_gets_in(maya, few):
    person("other")
    sign_in()
    fail(4)
    assert sign_in().status_code == 302
    assert sign_in(at=HOME).status_code == 302
    assert sign_in("other").status_code == 200
    assert sign_in("other", at=HOME).status_code == 302


def test_what_is_right_is_never_counted(maya, few):
    assert [sign_in().status_code for _ in range(6)] == [302] * 6


def test_the_product_holds_back_only_after_hundreds():
    assert (adapter.MOST_FAILURES, adapter.FAILURES_WITHIN) == (600, 600)


def test_the_count_ends_with_its_time(maya, few):
    fail(4)
    cache.delete(f"accounts.failures:{COLLEGE}")
    assert sign_in().status_code == 302


# --- codes --------------------------------------------------------------------------------------------------------


@pytest.fixture
def with_app(maya):
    TOTP.activate(maya, SECRET)
    return maya


def give(code, at=COLLEGE):
    client = Client()
    assert sign_in(at=at, client=client)["Location"] == "/accounts/2fa/authenticate/"
    client.post("/accounts/2fa/authenticate/", {"code": code}, REMOTE_ADDR=at)
    return client.get("/account/").status_code == 200


def right():
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def wrong():
    return f"{(int(right()) + 500_000) % 1_000_000:06}"


@pytest.mark.parametrize(("tries", "let_in"), [(4, True), (5, False)])
@pytest.mark.parametrize("address", [COLLEGE, HOME])
def test_five_wrong_codes_hold_the_account_back_wherever_they_come_from(with_app, tries, let_in, address):
    for _ in range(tries):
        assert not give(wrong())
    assert give(right(), at=address) is let_in


def test_the_right_code_starts_the_count_again(with_app):
    RecoveryCodes.activate(with_app)
    for code in Authenticator.objects.get(user=with_app, type="recovery_codes").wrap().get_unused_codes()[:2]:
        for _ in range(4):
            assert not give(wrong())
        assert give(code)


def test_many_wrong_codes_of_one_person_hold_nobody_else_back(with_app):
    person("other")
    client = Client()
    sign_in(client=client)
    for _ in range(60):
        client.post("/accounts/2fa/authenticate/", {"code": wrong()}, REMOTE_ADDR=COLLEGE)
    assert sign_in("other").status_code == 302


# --- a way out ----------------------------------------------------------------------------------------------------


def test_a_new_password_by_letter_opens_what_wrong_ones_closed(maya):
    for n in range(settings.AXES_FAILURE_LIMIT + 1):
        sign_in(password=f"guess {n}")
    assert sign_in().status_code == 429
    Client().post(RESET, {"email": "maya@example.org"}, REMOTE_ADDR=COLLEGE)
    link = re.search(r"https?://\S+", mail.outbox[-1].body)[0].removeprefix(settings.SITE_ORIGIN)
    client = Client(REMOTE_ADDR=COLLEGE)
    page = client.get(link, follow=True)
    new = {"password1": "otter bramble quilt", "password2": "otter bramble quilt"}
    assert client.post(page.redirect_chain[-1][0], new).status_code == 302
    assert sign_in(password="otter bramble quilt").status_code == 302
