"""Inviting people, giving roles, ending them."""

import datetime as dt

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Invitation, User
from audit.models import Event
from centres import queries, services
from centres.enums import Role
from centres.models import Allocation, Assurance, Countersigner, Membership
from common import clock
from common.refusals import Forbidden, Refused, Stale
from tests.factories.world import DIPLOMA, PASSWORD, A

DAY = dt.timedelta(days=1)


def codes(caught):
    return {r.code for r in caught.value.refusals}


def invite(world, by="CA", **changed):
    facts = {
        "email": "new@people.example",
        "given_name": "Nadia",
        "family_name": "Newcomer",
        "roles": [Role.ASSESSOR],
        "starts_on": world.today,
        "ends_on": None,
        "at": world.at,
    }
    return services.invite_person(actor=world.actor(by), **(facts | changed))


def roles_of(world, person, number=A, day=None):
    places = queries.places_of(person.pk, day or world.today)
    return next((p.roles for p in places if p.centre_number == number), frozenset())


def held(world, code, role):
    rows = Membership.objects.across_centres(reason="a test looks")
    return rows.get(person=world.people[code], role=role)


def snapshot():
    """Count every row that an act here could write."""
    return {
        "memberships": Membership.objects.across_centres(reason="a test counts").count(),
        "people": User.objects.count(),
        "events": Event.objects.count(),
    }


def test_a_new_person_gets_roles_an_account_without_password_and_a_letter(world, run_jobs):
    invited = invite(world, roles=[Role.ASSESSOR, Role.IQA], entry_codes=[DIPLOMA], email="  New@People.Example ")
    assert invited.person.email == "new@people.example"
    assert not invited.person.has_usable_password()
    assert roles_of(world, invited.person) == {Role.ASSESSOR, Role.IQA}
    assert Assurance.objects.for_centre(world.centres[A].pk).filter(membership__person=invited.person).count() == 1
    assert list(Event.objects.filter(action="role.granted").values_list("facts__role", flat=True)) == [
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
        ({"roles": [Role.EQA], "entry_codes": ["99999"]}, "assurance-unknown"),
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


@pytest.mark.parametrize("role", [Role.ADMIN, Role.IQA, Role.LEAD_IQA, Role.EQA])
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


def test_an_admin_may_make_themselves_an_assessor_and_another_admin_an_assurer(world):
    me = world.people["CA"]
    services.grant_role(actor=world.actor("CA"), person=me, role=Role.ASSESSOR, starts_on=world.today, at=world.at)
    services.grant_role(
        actor=world.actor("CA"), person=world.people["AA1"], role=Role.ADMIN, starts_on=world.today, at=world.at
    )
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
    assert codes(caught) == {"external-apart"}


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


# --- ending ---------------------------------------------------------------------------------------------------


def test_the_last_day_is_still_a_day(world):
    row = held(world, "QA", Role.IQA)
    services.end_membership(actor=world.actor("CA"), membership=row, on=world.today + DAY, at=world.at)
    assert roles_of(world, row.person, day=world.today + DAY) == {Role.IQA}
    assert roles_of(world, row.person, day=world.today + 2 * DAY) == frozenset()


def test_ended_at_once_means_not_today_any_more(world):
    row = held(world, "QA", Role.IQA)
    services.end_membership(actor=world.actor("CA"), membership=row, on=world.today - DAY, at=world.at)
    assert roles_of(world, row.person) == frozenset()


def test_a_role_that_begins_later_can_be_ended_before_it_begins(world):
    invited = invite(world, starts_on=world.today + 9 * DAY)
    (row,) = invited.memberships
    services.end_membership(actor=world.actor("CA"), membership=row, on=row.starts_on - DAY, at=world.at)
    assert roles_of(world, invited.person, day=row.starts_on) == frozenset()


@pytest.mark.parametrize(("on", "code"), [(-2, "ends-in-past"), (40, "ends-later")])
def test_an_end_is_not_back_dated_and_not_pushed_out(world, on, code):
    invited = invite(world, ends_on=world.today + 30 * DAY)
    (row,) = invited.memberships
    with pytest.raises(Refused) as caught:
        services.end_membership(actor=world.actor("CA"), membership=row, on=world.today + on * DAY, at=world.at)
    assert codes(caught) == {code}


def test_what_is_over_stays_over(world):
    row = held(world, "QA", Role.IQA)
    services.end_membership(actor=world.actor("CA"), membership=row, on=world.today - DAY, at=world.at)
    with pytest.raises(Refused) as caught:
        services.end_membership(actor=world.actor("CA"), membership=row, on=world.today, at=world.at)
    assert codes(caught) == {"already-over"}


def test_a_stale_end_is_refused(world):
    row, same = held(world, "QA", Role.IQA), held(world, "QA", Role.IQA)
    services.end_membership(actor=world.actor("CA"), membership=row, on=world.today + 9 * DAY, at=world.at)
    with pytest.raises(Stale):
        services.end_membership(actor=world.actor("CA"), membership=same, on=world.today + 5 * DAY, at=world.at)


def test_the_last_admin_stays(world):
    row = held(world, "CA", Role.ADMIN)
    acts = [
        lambda: services.end_membership(actor=world.actor("CA"), membership=row, on=world.today + 5 * DAY, at=world.at),
        lambda: services.end_access(actor=world.actor("CA"), person=row.person, at=world.at),
    ]
    for act in acts:
        with pytest.raises(Refused) as caught:
            act()
        assert codes(caught) == {"last-admin"}
    assert roles_of(world, row.person) == {Role.ADMIN}


@pytest.mark.parametrize("why", ["never signed in", "disabled", "ends soon", "other centre"])
def test_an_admin_who_cannot_act_does_not_count_as_another_one(world, why):
    other = world.people["CB" if why == "other centre" else "AA1"]
    if why != "other centre":
        services.grant_role(
            actor=world.actor("CA"),
            person=other,
            role=Role.ADMIN,
            starts_on=world.today,
            ends_on=world.today + 9 * DAY if why == "ends soon" else None,
            at=world.at,
        )
    if why == "never signed in":
        other.set_unusable_password()
    other.is_active = why != "disabled"
    other.save()
    with pytest.raises(Refused) as caught:
        services.end_membership(
            actor=world.actor("CA"), membership=held(world, "CA", Role.ADMIN), on=world.today, at=world.at
        )
    assert codes(caught) == {"last-admin"}


def test_with_another_admin_the_first_one_may_go(world):
    services.grant_role(
        actor=world.actor("CA"), person=world.people["AA1"], role=Role.ADMIN, starts_on=world.today, at=world.at
    )
    services.end_access(actor=world.actor("AA1"), person=world.people["CA"], at=world.at)
    assert roles_of(world, world.people["CA"]) == frozenset()


def test_an_assessors_end_ends_their_caseload_with_it(world):
    row = held(world, "AA2", Role.ASSESSOR)
    last = world.today + 5 * DAY
    lost = services.end_membership(actor=world.actor("CA"), membership=row, on=last, at=world.at)
    assert lost == 1
    mine = Allocation.objects.for_centre(world.centres[A].pk).get(assessor=row.person)
    assert mine.ends_on == last
    assert Countersigner.objects.for_centre(world.centres[A].pk).get().ends_on == last


def test_a_trainee_who_becomes_an_assessor_keeps_the_learners(world):
    trainee = world.people["AT1"]
    services.grant_role(actor=world.actor("CA"), person=trainee, role=Role.ASSESSOR, starts_on=world.today, at=world.at)
    lost = services.end_membership(
        actor=world.actor("CA"), membership=held(world, "AT1", Role.TRAINEE), on=world.today, at=world.at
    )
    assert lost == 0
    assert Allocation.objects.for_centre(world.centres[A].pk).get(assessor=trainee).ends_on is None


def test_ended_access_kills_the_sessions_everywhere_at_once(world):
    browsers = [Client(), Client()]
    for browser in browsers:
        answer = browser.post("/accounts/login/", {"login": world.people["AA1"].email, "password": PASSWORD})
        assert answer.status_code == 302
        assert browser.get(f"/c/{A}/assess/learners/").status_code == 200
    lost = services.end_access(actor=world.actor("CA"), person=world.people["AA1"], at=world.at)
    assert lost == 1
    for browser in browsers:
        answer = browser.get(f"/c/{A}/assess/learners/")
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
        assert browser.get(f"/c/{A}/assess/", headers={"HX-Request": "true"}).status_code == 401


def test_who_belongs_elsewhere_stays_signed_in_but_not_here(world, as_client):
    client = as_client("DUO")
    assert client.get(f"/c/{A}/assess/learners/").status_code == 200
    services.end_access(actor=world.actor("CA"), person=world.people["DUO"], at=world.at)
    assert client.get(f"/c/{A}/assess/learners/").status_code == 404
    assert client.get("/c/10002/my/").status_code == 200
    assert roles_of(world, world.people["DUO"], "10002") == {Role.LEARNER}


def test_access_that_is_gone_cannot_be_ended_again(world):
    person = world.people["QA"]
    services.end_access(actor=world.actor("CA"), person=person, at=world.at)
    for act in (services.end_access, services.send_link_again):
        with pytest.raises(Refused) as caught:
            act(actor=world.actor("CA"), person=person, at=world.at)
        assert codes(caught) == {"no-role"}


def test_people_of_another_centre_have_no_role_here_to_end(world):
    with pytest.raises(Refused) as caught:
        services.end_access(actor=world.actor("CA"), person=world.people["AB1"], at=world.at)
    assert codes(caught) == {"no-role"}
    assert roles_of(world, world.people["AB1"], "10002") == {Role.ASSESSOR}


def test_a_role_begun_today_can_be_over_today(world):
    invited = invite(world)
    services.end_access(actor=world.actor("CA"), person=invited.person, at=world.at)
    assert roles_of(world, invited.person) == frozenset()
    assert clock.london_date(world.at) == world.today
