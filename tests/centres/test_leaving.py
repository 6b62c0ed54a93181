"""Ending roles: on a day, or all of them at once."""

import re

import pytest
from django.test import Client

from accounts.queries import open_invitation
from centres import services
from centres.enums import Role
from centres.models import Allocation, Centre, Countersigner
from common import clock
from common.refusals import Refused, Stale
from tests.centres.acts import DAY, codes, held, invite, roles_of
from tests.factories.world import PASSWORD, A


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


def link_of(letter):
    return re.search(r"/account/invitation/([^/]+)/", letter.body)[1]


def test_ended_access_ends_the_link_of_this_centre_whatever_it_is_called_now(world, run_jobs, mailoutbox):
    invited = invite(world)
    run_jobs()
    Centre.objects.filter(number=A).update(name="Another name")
    services.end_access(actor=world.actor("CA"), person=invited.person, at=world.at)
    assert open_invitation(link_of(mailoutbox[-1]), world.at) is None


def test_a_centre_of_the_same_name_ends_no_link_of_another(world, run_jobs, mailoutbox):
    Centre.objects.update(name="Northgate Training")
    first = invite(world)
    run_jobs()
    second = invite(world, by="CB")
    run_jobs()
    assert first.person == second.person
    ours, theirs = (link_of(letter) for letter in mailoutbox)
    assert open_invitation(ours, clock.now())
    services.end_access(actor=world.actor("CB"), person=second.person, at=world.at)
    assert open_invitation(ours, clock.now())
    assert open_invitation(theirs, clock.now()) is None
