"""The one-time link: only its hash is kept, it opens once, for a while, for one person."""

import datetime as dt
import threading

import pytest
from django.db import connections

from accounts import queries, rules, services
from accounts.models import Invitation, User
from audit.models import Event
from common import clock
from common.refusals import Refused

AT = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
PASSWORD = "five quiet garden snails"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def sian(db):
    return User.objects.create_user("Sian@People.Example", given_name="Siân", family_name="Meadowsweet")


def invite(person, centre="10001", at=AT, name="Harbour College"):
    return services.invite(
        person=person, invited_by_id=None, centre_number=centre, centre_name=name, roles="Assessor", at=at
    )


def accept(token, password=PASSWORD, at=AT):
    return services.accept_invitation(token=token, password=password, at=at)


def test_only_the_hash_is_kept_and_it_says_for_how_long(sian):
    token = invite(sian)
    (row,) = Invitation.objects.values()
    assert token not in str(row)
    assert row["expires_at"] == AT + dt.timedelta(days=14)
    assert Event.objects.get(action="account.invited").object_id == sian.public_id
    assert token not in str(list(Event.objects.values()))


def test_it_opens_the_account_once(sian):
    token = invite(sian)
    assert queries.open_invitation(token, AT).email == "sian@people.example"
    assert accept(token) == sian
    sian.refresh_from_db()
    assert sian.check_password(PASSWORD)
    assert queries.open_invitation(token, AT) is None
    with pytest.raises(Refused) as caught:
        accept(token, "another quiet garden snail")
    assert [r.code for r in caught.value.refusals] == ["link-gone"]
    sian.refresh_from_db()
    assert sian.check_password(PASSWORD)


@pytest.mark.parametrize(("after", "opens"), [(rules.INVITATION_LIFE - SECOND, True), (rules.INVITATION_LIFE, False)])
def test_it_ends_to_the_second(sian, after, opens):
    token = invite(sian)
    assert (queries.open_invitation(token, AT + after) is not None) is opens


@pytest.mark.parametrize("token", ["", "x", "\x00", "é" * 500, "../../etc/passwd"])
def test_a_guess_opens_nothing(sian, token):
    invite(sian)
    assert queries.open_invitation(token, AT) is None
    with pytest.raises(Refused):
        accept(token)


def test_a_new_link_ends_the_earlier_one_of_the_same_centre_only(sian):
    first, elsewhere = invite(sian), invite(sian, centre="10002")
    second = invite(sian)
    assert queries.open_invitation(first, AT) is None
    assert queries.open_invitation(elsewhere, AT)
    assert queries.open_invitation(second, AT)


def test_a_link_of_another_centre_of_the_same_name_stays(sian):
    ours, theirs = invite(sian), invite(sian, centre="10002", name="Harbour College")
    assert queries.open_invitation(ours, AT)
    assert services.revoke_invitations(person=sian, centre_number="10002", at=AT) == 1
    assert queries.open_invitation(ours, AT)
    assert queries.open_invitation(theirs, AT) is None


def test_a_centre_that_got_another_name_still_ends_its_links(sian):
    before = invite(sian, name="Old Harbour")
    after = invite(sian, name="New Harbour")
    assert queries.open_invitation(before, AT) is None
    assert queries.open_invitation(after, AT).centre_name == "New Harbour"


def test_a_revoked_link_opens_nothing(sian):
    token, elsewhere = invite(sian), invite(sian, centre="10002")
    assert services.revoke_invitations(person=sian, centre_number="10001", at=AT) == 1
    assert queries.open_invitation(token, AT) is None
    assert queries.open_invitation(elsewhere, AT)


def test_a_link_of_somebody_disabled_opens_nothing(sian):
    token = invite(sian)
    sian.is_active = False
    sian.save()
    assert queries.open_invitation(token, AT) is None
    with pytest.raises(Refused):
        accept(token)


@pytest.mark.parametrize("password", ["short", "password123", "", "Meadowsweet1"])
def test_a_weak_password_is_named_and_the_link_stays_open(sian, password):
    token = invite(sian)
    with pytest.raises(Refused) as caught:
        accept(token, password)
    assert {(r.code, r.field) for r in caught.value.refusals} == {("weak-password", "password")}
    assert queries.open_invitation(token, AT)


def test_somebody_with_a_password_keeps_it(sian):
    sian.set_password(PASSWORD)
    sian.save()
    accept(invite(sian), "somebody elses new words")
    sian.refresh_from_db()
    assert sian.check_password(PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_of_eight_who_open_it_at_once_one_sets_the_password():
    person = User.objects.create_user("one@people.example", given_name="One", family_name="Person")
    token = invite(person, at=clock.now())
    words = [f"five quiet garden snails {n}" for n in range(8)]
    start, done = threading.Barrier(8), []

    def click(password):
        start.wait()
        try:
            accept(token, password, clock.now())
        except Refused as refused:
            done.append(refused.refusals[0].code)
        else:
            done.append(password)
        connections.close_all()

    threads = [threading.Thread(target=click, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (winner,) = [word for word in done if word in words]
    assert done.count("link-gone") == 7
    person.refresh_from_db()
    assert person.check_password(winner)


# --- joining ----------------------------------------------------------------------------------------------------


def test_the_person_behind_an_address_is_one_whatever_its_case(sian):
    found = services.person_for(email=" SIAN@people.example ", given_name="Other", family_name="Name")
    assert found == sian
    assert found.full_name == "Siân Meadowsweet"


def test_a_new_person_cannot_sign_in_yet(db):
    person = services.person_for(email="New@People.Example", given_name="New", family_name="Person")
    assert person.email == "new@people.example"
    assert not person.has_usable_password()


@pytest.mark.django_db(transaction=True)
def test_of_eight_centres_that_invite_the_same_new_address_one_makes_the_person():
    start, found = threading.Barrier(8), []

    def ask():
        start.wait()
        found.append(services.person_for(email="same@people.example", given_name="A", family_name="B").pk)
        connections.close_all()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == User.objects.count() == 1
