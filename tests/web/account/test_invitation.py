"""A one-time link opens an account once; every link that does not work looks the same."""

import datetime as dt

import pytest

from accounts import services
from accounts.models import Invitation, User
from common import clock

PASSWORD = "otter bramble quilt"


@pytest.fixture
def sian(db):
    return User.objects.create_user("sian@example.org", given_name="Siân", family_name="Meadowsweet")


@pytest.fixture
def inviter(db):
    return User.objects.create_user("sam@example.org", "x", given_name="Sam", family_name="Ashgrove")


def invite(person, inviter, at=None):
    return services.invite(
        person=person,
        invited_by_id=inviter.pk,
        centre_number="10001",
        centre_name="Example Training",
        roles="Learner",
        at=at or clock.now(),
    )


def url(token):
    return f"/account/invitation/{token}/"


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def test_it_says_who_invites_whom_to_what(client, sian, inviter):
    page = client.get(url(invite(sian, inviter))).content.decode()
    for words in ("Hello Siân", "Sam Ashgrove invites you to Example Training.", "Learner", "sian@example.org"):
        assert words in page


def test_looking_does_not_use_the_link_up(client, sian, inviter):
    token = invite(sian, inviter)
    client.get(url(token))
    assert client.get(url(token)).status_code == 200


def test_a_password_opens_the_account_and_lets_in(client, sian, inviter):
    answer = client.post(url(invite(sian, inviter)), {"password": PASSWORD})
    assert answer.status_code == 302
    sian.refresh_from_db()
    assert sian.check_password(PASSWORD)
    assert signed_in_as(client) == str(sian.pk)


def test_a_second_use_makes_nothing(client, sian, inviter):
    token = invite(sian, inviter)
    client.post(url(token), {"password": PASSWORD})
    client.logout()
    assert client.post(url(token), {"password": "another good password"}).status_code == 404
    sian.refresh_from_db()
    assert sian.check_password(PASSWORD)


def test_unknown_used_and_expired_look_the_same(client, sian, inviter):
    used = invite(sian, inviter)
    Invitation.objects.update(used_at=clock.now())
    expired = invite(sian, inviter, at=clock.now() - dt.timedelta(days=15))
    answers = [client.get(url(token)) for token in ("no-such-link", used, expired)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "sian@example.org" not in answers[1].content.decode()


@pytest.mark.parametrize("password", ["", "short", "sian@example.org", "x" * 2000])
def test_a_weak_password_is_named_and_the_link_stays_open(client, sian, inviter, password):
    token = invite(sian, inviter)
    answer = client.post(url(token), {"password": password})
    assert answer.status_code == 422
    assert 'href="#id_password"' in answer.content.decode()
    assert f'value="{password}" class="govuk-input' not in answer.content.decode()
    assert 'type="password"' in answer.content.decode()
    assert signed_in_as(client) is None
    assert client.post(url(token), {"password": PASSWORD}).status_code == 302


@pytest.mark.parametrize("password", [" leading and trailing ", "snowy 🦊 and lantern"])
def test_a_password_is_kept_as_typed(client, sian, inviter, password):
    client.post(url(invite(sian, inviter)), {"password": password})
    sian.refresh_from_db()
    assert sian.check_password(password)


def test_somebody_with_a_password_keeps_it_and_signs_in_with_it(client, inviter):
    known = User.objects.create_user("kim@example.org", PASSWORD, given_name="Kim", family_name="Rowan")
    token = invite(known, inviter)
    assert 'name="password"' not in client.get(url(token)).content.decode()
    assert client.post(url(token)).status_code == 302
    assert signed_in_as(client) is None
    known.refresh_from_db()
    assert known.check_password(PASSWORD)


def test_an_invitation_does_not_inherit_somebody_elses_session(as_client, sian, inviter):
    client = as_client(inviter)
    before = client.session.session_key
    client.post(url(invite(sian, inviter)), {"password": PASSWORD})
    assert signed_in_as(client) == str(sian.pk)
    assert client.session.session_key != before
