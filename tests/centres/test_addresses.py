"""A wrong address of somebody who never joined is corrected by the office, and of nobody else (A1 to A3, A8, H02)."""

import re
import threading
import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import transaction

from accounts.models import Invitation, User
from accounts.services import accept_invitation
from accounts.services import invite as invite_to
from audit.models import Event
from centres import rules, services
from centres.models import Correction
from centres.queries.addresses import known_elsewhere, looks_from_outside
from centres.queries.seen import address_mark
from common import clock
from common.refusals import Forbidden, Refused, Stale
from tests.centres.acts import invite
from tests.centres.test_external import answer, propose
from tests.centres.test_registering import register
from tests.factories import rules as rulers
from tests.factories.world import PASSWORD, A, two_centres
from tests.portfolio.test_races import at_once

WHY = "A letter was missing in it."
RIGHT = "ella.fernwick@people.example"


def codes(act):
    with pytest.raises(Refused) as caught:
        act()
    return [refusal.code for refusal in caught.value.refusals]


def correct(world, person, address=RIGHT, by="CA", **said):
    asked = {"reason": WHY, "at": clock.now(), **said}
    return services.correct_address(actor=world.actor(by), person=person, address=address, **asked)


def joiner(world):
    """Somebody whom CA registered with a slip in the address."""
    return register(world).learner.person


def token_in(letter):
    return re.search(r"/account/invitation/([^/]+)/", letter.body)[1]


def join(token):
    return accept_invitation(token=token, password=PASSWORD, at=clock.now())


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"here": False}, ["no-role"]),
        ({"elsewhere": True}, ["address-theirs"]),
        ({"external": True}, ["address-theirs"]),
        ({"address": "nobody"}, ["email"]),
        ({"reason": "x" * 9}, ["no-reason"]),
        ({"reason": "x" * 10}, []),
        ({"reason": "x" * 300}, []),
        ({"reason": "x" * 301}, ["no-reason"]),
    ],
)
def test_whose_address_it_is_to_correct(changed, found):
    facts = {"address": RIGHT, "reason": WHY, "here": True, "elsewhere": False, "external": False}
    assert [one.code for one in rules.why_not_address(rules.AddressFacts(**(facts | changed)))] == found


def test_the_old_link_dies_and_the_right_mailbox_joins(world, run_jobs):
    person = joiner(world)
    run_jobs()
    [first] = mail.outbox
    wrong = person.email
    assert first.to == [wrong]
    correct(world, person, " Ella.Fernwick@people.example ")
    person.refresh_from_db()
    assert person.email == RIGHT
    rows = EmailAddress.objects.filter(user=person).values_list("email", "verified", "primary")
    assert list(rows) == [(RIGHT, True, True)]
    assert codes(lambda: join(token_in(first))) == ["link-gone"]
    run_jobs()
    assert mail.outbox[-1].to == [RIGHT]
    assert join(token_in(mail.outbox[-1])) == person
    assert codes(lambda: correct(world, person, "another@people.example")) == ["address-theirs"]
    assert not EmailAddress.objects.filter(email=wrong).exists()


def test_it_is_recorded_with_the_learner_and_in_the_audit(world):
    person = joiner(world)
    was = person.email
    correct(world, person)
    row = Correction.objects.for_centre(world.centres[A].pk).get(learner__person=person)
    assert row.changes == [{"field": "email", "from": was, "to": RIGHT}]
    assert (row.reason, row.by_name) == (WHY, world.people["CA"].full_name)
    actions = set(Event.objects.values_list("action", flat=True))
    assert {"account.address_corrected", "person.address_corrected"} <= actions


def test_staff_who_never_joined_too(world):
    person = invite(world).person
    correct(world, person)
    person.refresh_from_db()
    assert person.email == RIGHT
    assert not Correction.objects.for_centre(world.centres[A].pk).exists()


@pytest.mark.parametrize("by", ["AA1", "QA", "EA", "LA1"])
def test_only_the_office(world, by):
    person = joiner(world)
    with pytest.raises(Forbidden):
        correct(world, person, by=by)


def test_somebody_with_a_login_in_use_changes_it_themselves(world):
    assert codes(lambda: correct(world, world.people["LA1"])) == ["address-theirs"]
    person = joiner(world)
    User.objects.filter(pk=person.pk).update(last_login=clock.now())
    assert codes(lambda: correct(world, person)) == ["address-theirs"]


def test_nor_somebody_whom_another_centre_knows(world):
    person = joiner(world)
    invite(world, by="CB", email=person.email)
    assert codes(lambda: correct(world, person)) == ["address-theirs"]
    services.end_access(actor=world.actor("CB"), person=person, at=clock.now())
    assert codes(lambda: correct(world, person)) == ["address-theirs"], "they knew each other once"


def test_nor_an_external_quality_assurer_whom_two_people_let_in(world):
    rulers.lead(world, "QA")
    proposal = propose(world)
    answer(world, proposal)
    assert codes(lambda: correct(world, proposal.person)) == ["address-theirs"]


def test_nor_one_who_was_proposed_and_turned_down(world):
    rulers.lead(world, "QA")
    proposal = propose(world)
    answer(world, proposal, agrees=False, note="The awarding body does not know them.")
    person = invite(world, email=proposal.person.email).person
    assert codes(lambda: correct(world, person)) == ["address-theirs"]


def test_nor_somebody_without_a_role(world):
    person = joiner(world)
    services.end_access(actor=world.actor("CA"), person=person, at=clock.now())
    assert codes(lambda: correct(world, person)) == ["no-role"]


@pytest.mark.parametrize("whose", ["LA2", "LB1"])
def test_an_address_of_somebody_else_is_refused_in_the_same_words(world, whose):
    person = joiner(world)
    with pytest.raises(Refused) as caught:
        correct(world, person, world.people[whose].email.upper())
    [refusal] = caught.value.refusals
    assert refusal.code == "address-taken"
    assert whose not in refusal.sentence
    person.refresh_from_db()
    assert person.email != world.people[whose].email


def test_the_same_address_is_no_correction_and_an_old_tab_is_told(world):
    person = joiner(world)
    assert codes(lambda: correct(world, person, person.email)) == ["own-address"]
    seen = address_mark(person)
    correct(world, person, seen=seen)
    with pytest.raises(Stale):
        correct(world, person, "another@people.example", seen=seen)


def test_the_page_offers_it_to_the_office_until_they_join(world, as_client, run_jobs):
    row, office = register(world).learner, as_client("CA")
    run_jobs()
    person = row.person
    record = office.get(f"/c/{A}/centre/learners/{row.public_id}/record/").content.decode()
    assert f"/people/{person.public_id}/address/" in record
    page, url = (f"/c/{A}/centre/people/{person.public_id}/{rest}" for rest in ("", "address/"))
    assert url in office.get(page).content.decode()
    assert "Correct it and send a new link" in office.get(url).content.decode()
    wrong = office.post(url, {"email": "nobody", "reason": ""})
    assert wrong.status_code == 422
    assert "Type an e-mail address like name@example.org." in wrong.content.decode()
    assert "what was wrong with the address" in wrong.content.decode()
    done = office.post(url, {"email": RIGHT, "reason": WHY}, follow=True).content.decode()
    assert f"Corrected. A new link is on its way to {RIGHT}." in done
    joined = f"/c/{A}/centre/people/{world.people['LA1'].public_id}/"
    assert f"{joined}address/" not in office.get(joined).content.decode()
    assert "The link that you sent was used, or none was sent." in office.get(f"{joined}address/").content.decode()
    record = f"/c/{A}/centre/learners/{world.learners['LA1'].public_id}/record/"
    assert "Its owner alone changes it" in office.get(record).content.decode()


@pytest.mark.django_db(transaction=True)
def test_joining_and_correcting_at_once_one_is_told():
    world = two_centres()
    person = joiner(world)
    token = invite_to(
        person=person, invited_by_id=None, centre_number=A, centre_name="A", roles="Learner", at=clock.now()
    )
    found = at_once(lambda: join(token), lambda: correct(world, person))
    assert sorted(found) in (["address-theirs", "done"], ["done", "link-gone"])
    person.refresh_from_db()
    rows = list(EmailAddress.objects.filter(user=person).values_list("email", flat=True))
    assert rows == [person.email]
    assert not Invitation.objects.filter(person=person, used_at=None, created_at__lte=clock.now()).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("asked", ["invite", "propose"])
def test_another_centre_that_asks_for_the_wrong_address_meanwhile_gets_whoever_has_it(asked):
    world = two_centres()
    person = joiner(world)
    wrong, begun = person.email, threading.Event()

    def correcting():
        with transaction.atomic():
            correct(world, person)
            begun.set()
            time.sleep(1)

    def asking():
        begun.wait(20)
        {"invite": invite, "propose": propose}[asked](world, by="CB", email=wrong)

    assert at_once(correcting, asking) == ["done", "done"]
    assert User.objects.get(email=wrong) != person
    assert not known_elsewhere(world.centres[A].pk, person.pk)
    assert not looks_from_outside(person.pk)


def test_a_letter_that_was_begun_before_carries_no_link_to_the_other_mailbox(world):
    """Its job read the person, then the office corrected the address, then the job made the link."""
    read = joiner(world)
    correct(world, User.objects.get(pk=read.pk))
    invite_to(person=read, invited_by_id=None, centre_number=A, centre_name="A", roles="Learner", at=clock.now())
    assert read.email == RIGHT
