"""Inviting people, giving roles, ending them."""

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Invitation
from audit.models import Event
from centres import services
from centres.enums import Role
from centres.models import Assurance
from common.refusals import Forbidden, Refused
from tests.centres.acts import DAY, codes, held, invite, roles_of, snapshot
from tests.factories.world import DIPLOMA, A


def test_a_new_person_gets_roles_an_account_without_password_and_a_letter(world, run_jobs):
    invited = invite(world, roles=[Role.ASSESSOR, Role.IQA], entry_codes=[DIPLOMA], email="  New@People.Example ")
    assert invited.person.email == "new@people.example"
    assert not invited.person.has_usable_password()
    assert roles_of(world, invited.person) == {Role.ASSESSOR, Role.IQA}
    assert Assurance.objects.for_centre(world.centres[A].pk).filter(membership__person=invited.person).count() == 1
    assert list(Event.objects.filter(action="role.granted").order_by("pk").values_list("facts__role", flat=True)) == [
        "assessor",
        "iqa",
    ]
    assert not mail.outbox
    run_jobs()
    (letter,) = mail.outbox
    assert letter.to == ["new@people.example"]
    assert "Assessor, Internal quality assurer" in letter.body
    assert "Nadia Newcomer" in letter.body


def test_the_link_in_the_letter_opens_the_account_once_and_only_its_hash_is_kept(world, run_jobs):
    invited = invite(world)
    run_jobs()
    link = next(word for word in mail.outbox[0].body.split() if word.startswith("http"))
    token = link.rstrip("/").rsplit("/", 1)[1]
    row = Invitation.objects.get(person=invited.person)
    assert token not in str(row.__dict__)
    client = Client()
    assert client.get(f"/account/invitation/{token}/").status_code == 200
    answer = client.post(f"/account/invitation/{token}/", {"password": "five quiet garden snails"})
    assert answer.status_code == 302
    assert client.get(f"/c/{A}/assess/learners/").status_code == 200
    assert Client().get(f"/account/invitation/{token}/").status_code == 404


def test_no_secret_lies_in_a_job(world):
    from jobs.models import Job

    invited = invite(world)
    job = Job.objects.get(name="centres.send_invitation")
    assert job.args == {
        "centre_id": world.centres[A].pk,
        "person_id": invited.person.pk,
        "invited_by_id": world.people["CA"].pk,
    }


def test_somebody_known_elsewhere_gets_the_role_and_the_centre_learns_nothing(world, run_jobs):
    stranger = world.people["LB1"]
    invited = invite(world, email=stranger.email.upper(), given_name="Typed", family_name="Here")
    assert invited.person == stranger
    stranger.refresh_from_db()
    assert "LB1" in stranger.full_name
    assert held(world, "LB1", Role.ASSESSOR).known_as == "Typed Here"
    run_jobs()
    assert [m.to for m in mail.outbox] == [[stranger.email]]
    assert "LB1" not in mail.outbox[0].body.replace(stranger.email, "")
    assert Role.LEARNER in roles_of(world, stranger, "10002")


def test_a_letter_is_not_sent_to_somebody_whose_access_ended_meanwhile(world, run_jobs):
    invited = invite(world)
    services.end_access(actor=world.actor("CA"), person=invited.person, at=world.at)
    run_jobs()
    assert mail.outbox == []
    assert not Invitation.objects.filter(person=invited.person).exists()


def test_two_grants_in_one_go_are_one_letter(world, run_jobs):
    invited = invite(world)
    services.send_link_again(actor=world.actor("CA"), person=invited.person, at=world.at)
    run_jobs()
    assert len(mail.outbox) == 1


def test_sending_the_link_again_ends_the_first_one(world, run_jobs):
    invited = invite(world)
    run_jobs()
    services.send_link_again(actor=world.actor("CA"), person=invited.person, at=world.at)
    run_jobs()
    assert len(mail.outbox) == 2
    assert Invitation.objects.filter(person=invited.person, used_at=None).count() == 1


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "a b@c.de"}, "email"),
        ({"email": "a@b@c.de"}, "email"),
        ({"email": "x" * 260 + "@c.de"}, "email"),
        ({"given_name": "  "}, "name-missing"),
        ({"family_name": "1234"}, "name-letters"),
        ({"family_name": "Bad\u202ename"}, "name-signs"),
        ({"family_name": "x" * 81}, "too-long"),
        ({"roles": []}, "role-missing"),
        ({"roles": [Role.LEARNER]}, "learner-by-registering"),
        ({"roles": [Role.EQA, Role.ASSESSOR], "entry_codes": [DIPLOMA]}, "external-apart"),
        ({"roles": [Role.IQA]}, "assurance-missing"),
        ({"roles": [Role.IQA], "entry_codes": ["99999"]}, "assurance-unknown"),
        ({"roles": [Role.EQA], "entry_codes": [DIPLOMA]}, "external-by-two"),
    ],
)
def test_what_an_invitation_refuses(world, changed, code):
    before = snapshot()
    with pytest.raises(Refused) as caught:
        invite(world, **changed)
    assert code in codes(caught)
    assert snapshot() == before


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [(-1, None, "starts-in-past"), (0, -1, "ends-before-start"), (366 * 5 + 1, None, "starts-too-late")],
)
def test_dates_stand_in_order_and_within_reach(world, starts, ends, code):
    last = None if ends is None else world.today + ends * DAY
    with pytest.raises(Refused) as caught:
        invite(world, starts_on=world.today + starts * DAY, ends_on=last)
    assert codes(caught) == {code}


def test_a_role_of_one_day_holds_on_that_day_only(world):
    invited = invite(world, starts_on=world.today + DAY, ends_on=world.today + DAY)
    assert roles_of(world, invited.person) == frozenset()
    assert roles_of(world, invited.person, day=world.today + DAY) == {Role.ASSESSOR}
    assert roles_of(world, invited.person, day=world.today + 2 * DAY) == frozenset()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.ASSESSOR, Role.TRAINEE, Role.IQA, Role.LEAD_IQA, Role.EQA])
def test_an_admin_gives_no_power_to_themselves(world, role):
    me = world.people["CA"]
    with pytest.raises(Refused) as caught:
        services.grant_role(
            actor=world.actor("CA"), person=me, role=role, starts_on=world.today, entry_codes=[DIPLOMA], at=world.at
        )
    assert "own-role" in codes(caught)
    with pytest.raises(Refused) as caught:
        invite(world, email=me.email.upper(), roles=[role], entry_codes=[DIPLOMA])
    assert "own-role" in codes(caught)
    assert roles_of(world, me) == {Role.ADMIN}


def test_another_admin_gives_an_admin_more_roles(world):
    me = world.people["CA"]
    services.grant_role(
        actor=world.actor("CA"), person=world.people["AA1"], role=Role.ADMIN, starts_on=world.today, at=world.at
    )
    services.grant_role(actor=world.actor("AA1"), person=me, role=Role.ASSESSOR, starts_on=world.today, at=world.at)
    services.grant_role(
        actor=world.actor("AA1"), person=me, role=Role.IQA, starts_on=world.today, entry_codes=[DIPLOMA], at=world.at
    )
    assert roles_of(world, me) == {Role.ADMIN, Role.ASSESSOR, Role.IQA}


def test_a_role_is_held_once_at_a_time(world):
    with pytest.raises(Refused) as caught:
        services.grant_role(
            actor=world.actor("CA"), person=world.people["AA1"], role=Role.ASSESSOR, starts_on=world.today, at=world.at
        )
    assert codes(caught) == {"already-held"}


def test_a_role_can_follow_itself_after_its_end(world):
    row = held(world, "AA1", Role.ASSESSOR)
    services.end_membership(actor=world.actor("CA"), membership=row, on=world.today, at=world.at)
    again = services.grant_role(
        actor=world.actor("CA"),
        person=row.person,
        role=Role.ASSESSOR,
        starts_on=world.today + DAY,
        at=world.at,
    )
    assert again.known_as == row.person.full_name


@pytest.mark.parametrize(("code", "role"), [("EA", Role.ASSESSOR), ("AA1", Role.EQA)])
def test_an_external_assurer_holds_nothing_else_here(world, code, role):
    with pytest.raises(Refused) as caught:
        services.grant_role(
            actor=world.actor("CA"),
            person=world.people[code],
            role=role,
            starts_on=world.today,
            entry_codes=[DIPLOMA],
            at=world.at,
        )
    assert codes(caught) - {"external-by-two"} == {"external-apart"}


@pytest.mark.parametrize("code", ["AA1", "QA", "EA", "LA1"])
def test_only_admins_change_people(world, code):
    actor, person, row = world.actor(code), world.people["AA2"], held(world, "AA2", Role.ASSESSOR)
    learner = world.learners["LA2"]
    acts = [
        lambda: invite(world, by=code),
        lambda: services.grant_role(actor=actor, person=person, role=Role.ADMIN, starts_on=world.today, at=world.at),
        lambda: services.end_membership(actor=actor, membership=row, on=world.today, at=world.at),
        lambda: services.end_access(actor=actor, person=person, at=world.at),
        lambda: services.send_link_again(actor=actor, person=person, at=world.at),
        lambda: services.allocate(
            actor=actor, learner=learner, assessor_id=person.pk, starts_on=world.today, at=world.at
        ),
        lambda: services.set_countersigner(
            actor=actor, trainee_id=1, countersigner_id=2, starts_on=world.today, at=world.at
        ),
    ]
    before = snapshot()
    for act in acts:
        with pytest.raises(Forbidden):
            act()
    assert snapshot() == before
