"""The way in under attack: forged hosts, guesses from elsewhere, questions about who is known (H01, H02, H07, H11)."""

import re
import statistics
import time

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.test import Client, override_settings

from accounts.models import User
from accounts.services import end_sessions
from audit.models import Event
from common import clock
from config import settings as product

PASSWORD = "kettle lantern violet"
LOGIN, RESET = "/accounts/login/", "/accounts/password/reset/"


@pytest.fixture
def maya(db):
    return User.objects.create_user("maya@example.org", PASSWORD, given_name="Maya", family_name="Thistledown")


def sign_in(client, password=PASSWORD, **options):
    return client.post(LOGIN, {"login": "maya@example.org", "password": password}, **options)


def links(letter):
    return re.findall(r"https?://\S+", letter.body)


# --- H01 --------------------------------------------------------------------------------------------------------

FORGED = [
    {"HTTP_HOST": "evil.example"},
    {"HTTP_HOST": "evil.example:80@localhost"},
    {"HTTP_X_FORWARDED_HOST": "evil.example"},
    {"HTTP_FORWARDED": "host=evil.example"},
    {"HTTP_X_HOST": "evil.example", "HTTP_X_FORWARDED_SERVER": "evil.example"},
    {"SERVER_NAME": "evil.example"},
    {"HTTP_X_FORWARDED_PROTO": "ftp", "HTTP_ORIGIN": "http://evil.example", "HTTP_REFERER": "http://evil.example/"},
]


@pytest.mark.parametrize("headers", FORGED)
def test_a_forged_host_is_refused_or_does_not_reach_the_letter(client, maya, headers):
    answer = client.post(RESET, {"email": "maya@example.org"}, **headers)
    assert answer.status_code in {302, 400}
    assert len(mail.outbox) == (answer.status_code == 302)
    for letter in mail.outbox:
        assert "evil" not in letter.body + letter.subject + str(letter.extra_headers)
        assert links(letter)
        assert all(link.startswith(settings.SITE_ORIGIN + "/") for link in links(letter))


def test_an_absolute_address_in_the_request_line_does_not_reach_the_letter(client, maya):
    client.post("http://evil.example" + RESET, {"email": "maya@example.org"})
    assert all(link.startswith(settings.SITE_ORIGIN + "/") for letter in mail.outbox for link in links(letter))


def test_a_forged_host_is_a_bad_request(client, db):
    assert client.get(LOGIN, headers={"host": "evil.example"}).status_code == 400


# --- H02 --------------------------------------------------------------------------------------------------------


def plain(answer):
    """Return everything of an answer but what is different each time."""
    page = re.sub(r'(csrfmiddlewaretoken" value=")[^"]*|("X-CSRFToken": ")[^"]*', "", answer.content.decode())
    kept = {key: value for key, value in answer.headers.items() if key not in {"X-Request-ID", "Expires"}}
    return answer.status_code, kept, page.replace("maya@", "WHO@").replace("moya@", "WHO@")


@pytest.mark.parametrize(
    ("path", "data"),
    [(LOGIN, {"login": "{}@example.org", "password": "not this one"}), (RESET, {"email": "{}@example.org"})],
)
def test_known_and_unknown_people_get_the_same_answer(maya, path, data):
    known, unknown = (
        Client().post(path, {key: value.format(who) for key, value in data.items()}) for who in ("maya", "moya")
    )
    assert plain(known) == plain(unknown)


def test_known_and_unknown_people_are_answered_equally_fast(maya, settings):
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    settings.AXES_ENABLED = False
    settings.ACCOUNT_RATE_LIMITS = False
    maya.set_password(PASSWORD)
    maya.save()

    def took(who):
        begun = time.perf_counter()
        Client().post(LOGIN, {"login": f"{who}@example.org", "password": "not this one"})
        return time.perf_counter() - begun

    took("maya")
    pairs = [(took("maya"), took("nobody")) for _ in range(9)]
    known, unknown = (statistics.median(side) for side in zip(*pairs, strict=True))
    assert 0.5 < known / unknown < 2


# --- H07: a lock that is no weapon ------------------------------------------------------------------------------


def test_an_attacker_locks_their_own_address_out_and_not_the_owner(maya):
    for n in range(settings.AXES_FAILURE_LIMIT + 2):
        locked = sign_in(Client(), f"guess {n}", REMOTE_ADDR="203.0.113.9")
    assert locked.status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="203.0.113.9").status_code == 429
    assert sign_in(Client(), REMOTE_ADDR="198.51.100.7").status_code == 302


def test_guessing_one_account_locks_nobody_else_at_the_same_address_out(maya):
    User.objects.create_user("other@example.org", PASSWORD, given_name="Other", family_name="Person")
    for n in range(settings.AXES_FAILURE_LIMIT + 2):
        sign_in(Client(), f"guess {n}", REMOTE_ADDR="203.0.113.9")
    other = {"login": "other@example.org", "password": PASSWORD}
    assert Client().post(LOGIN, other, REMOTE_ADDR="203.0.113.9").status_code == 302


def test_one_account_is_one_however_its_address_is_written(maya):
    for n in range(settings.AXES_FAILURE_LIMIT + 2):
        login = "Maya@Example.org" if n % 2 else " maya@example.org "
        answer = Client().post(LOGIN, {"login": login, "password": f"guess {n}"}, REMOTE_ADDR="203.0.113.9")
    assert answer.status_code == 429


def test_who_is_signed_in_stays_signed_in_while_others_guess(maya):
    owner = Client()
    assert sign_in(owner, REMOTE_ADDR="198.51.100.7").status_code == 302
    for n in range(settings.AXES_FAILURE_LIMIT + 2):
        sign_in(Client(), f"guess {n}", REMOTE_ADDR="203.0.113.9")
    assert owner.get("/account/").status_code == 200


def test_a_forged_address_header_is_not_believed(maya):
    for n in range(settings.AXES_FAILURE_LIMIT + 2):
        forged = {"HTTP_X_FORWARDED_FOR": f"10.0.0.{n}", "HTTP_X_REAL_IP": f"10.0.0.{n}"}
        answer = sign_in(Client(), f"guess {n}", REMOTE_ADDR="203.0.113.9", **forged)
    assert answer.status_code == 429


def test_the_right_password_starts_the_count_again(maya):
    for _ in range(2):
        for n in range(settings.AXES_FAILURE_LIMIT - 2):
            sign_in(Client(), f"guess {n}", REMOTE_ADDR="203.0.113.9")
        assert sign_in(Client(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_strange_passwords_and_addresses_are_answered_in_time(db):
    for login, password in (("a\x00b@example.org", "x"), ("x" * 5000, "y" * 100_000), ("🦊@example.org", "\ufffd")):
        begun = time.monotonic()
        answer = Client().post(LOGIN, {"login": login, "password": password})
        assert answer.status_code in {200, 400, 422, 429}
        assert time.monotonic() - begun < 1


# --- H11: another address ---------------------------------------------------------------------------------------


def test_another_address_needs_the_password_again_and_tells_both(maya):
    client = Client()
    sign_in(client)
    with override_settings(ACCOUNT_REAUTHENTICATION_TIMEOUT=0):
        answer = client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
        assert answer["Location"].startswith("/accounts/reauthenticate/")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "new@example.org"})
    (letter,) = [m for m in mail.outbox if m.to == ["new@example.org"]]
    maya.refresh_from_db()
    assert maya.email == "maya@example.org"
    path = links(letter)[0].removeprefix(settings.SITE_ORIGIN)
    page = client.get(path)
    assert page.status_code == 200
    client.post(path)
    maya.refresh_from_db()
    assert maya.email == "new@example.org"
    told = {address for m in mail.outbox for address in m.to}
    assert told == {"maya@example.org", "new@example.org"}
    assert sign_in(Client()).status_code != 302
    again = Client().post(LOGIN, {"login": "new@example.org", "password": PASSWORD})
    assert again.status_code == 302


def test_an_address_of_somebody_else_cannot_be_taken(maya):
    User.objects.create_user("taken@example.org", PASSWORD, given_name="Other", family_name="Person")
    client = Client()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/accounts/email/", {"action_add": "", "email": "TAKEN@example.org"})
    maya.refresh_from_db()
    assert maya.email == "maya@example.org"
    assert not EmailAddress.objects.filter(user=maya, email__iexact="taken@example.org", verified=True).exists()


# --- sessions ---------------------------------------------------------------------------------------------------


def test_all_sessions_of_one_person_end_and_nobody_elses(maya):
    other = User.objects.create_user("other@example.org", PASSWORD, given_name="Other", family_name="Person")
    mine, theirs = [Client(), Client()], Client()
    for browser in mine:
        sign_in(browser)
    theirs.post(LOGIN, {"login": other.email, "password": PASSWORD})
    assert end_sessions(person=maya, at=clock.now()) == 2
    assert [browser.get("/account/").status_code for browser in mine] == [302, 302]
    assert theirs.get("/account/").status_code == 200
    assert Event.objects.get(action="account.sessions_ended").facts == {"sessions": 2}
    assert end_sessions(person=maya, at=clock.now()) == 0


def test_a_new_password_ends_the_sessions_elsewhere(maya):
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    new = {"oldpassword": PASSWORD, "password1": "otter bramble quilt", "password2": "otter bramble quilt"}
    here.post("/accounts/password/change/", new)
    assert here.get("/account/").status_code == 200
    assert elsewhere.get("/account/").status_code == 302
    assert any("maya@example.org" in m.to for m in mail.outbox)


def test_the_session_is_another_one_after_signing_in(client, maya):
    client.get(LOGIN)
    client.session["seen"] = "before"
    before = client.cookies.get("attest")
    sign_in(client)
    assert client.cookies["attest"].value != (before.value if before else "")
    assert client.cookies["attest"]["httponly"]
    assert client.cookies["attest"]["samesite"] == "Lax"


@pytest.mark.parametrize("path", ["/accounts/2fa/", "/accounts/2fa/totp/activate/", "/accounts/2fa/webauthn/add/"])
def test_the_second_step_is_in_reach(maya, path):
    client = Client()
    sign_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    assert client.get(path).status_code == 200
    assert "/accounts/2fa/" in client.get("/account/").content.decode()
