"""Who looks after whom: allocation, re-allocation, countersigners."""

import datetime as dt

import pytest

from audit.models import Event
from centres import queries, services
from centres.enums import Role
from centres.models import Allocation, Countersigner, Membership
from centres.queries.seen import days_mark
from common.refusals import NotFound, Refused, Stale
from tests.factories.world import A, B, found

DAY = dt.timedelta(days=1)


def codes(caught):
    return [r.code for r in caught.value.refusals]


def allocate(world, learner="LA1", to="AA2", **changed):
    facts = {"starts_on": world.today, "reason": "longer leave", "at": world.at}
    return services.allocate(
        actor=world.actor("CA"),
        learner=world.learners[learner],
        assessor_id=world.people[to].pk if to else None,
        **(facts | changed),
    )


def who(world, code="LA1", day=None):
    """Return who judges a learner on a day, by asking everybody."""
    day = day or world.today
    found = set()
    for name in ("AA1", "AA2", "AT1", "DUO"):
        actor = world.actor(name, centre=A, on=day)
        if queries.assessed_learners(actor).filter(pk=world.learners[code].pk).exists():
            found.add(name)
    return found


def spans(world, code="LA1"):
    rows = Allocation.objects.for_centre(world.centres[A].pk).filter(learner=world.learners[code]).order_by("id")
    return [(row.assessor.family_name.rsplit("-", 1)[1], row.starts_on, row.ends_on) for row in rows]


def test_a_learner_changes_assessor_today(world):
    assert who(world) == {"AA1"}
    allocate(world)
    assert who(world) == {"AA2"}
    (_, first), second = spans(world)[0][:2], spans(world)[1]
    assert spans(world)[0][2] == world.today - DAY
    assert second == ("AA2", world.today, None)
    assert first < world.today
    facts = Event.objects.get(action="learner.allocated").facts
    assert facts["learner"] == world.learners["LA1"].public_id
    assert "longer leave" not in str(facts)


def test_a_change_in_a_week_leaves_the_week_as_it_is(world):
    allocate(world, starts_on=world.today + 7 * DAY)
    assert who(world) == {"AA1"}
    assert who(world, day=world.today + 6 * DAY) == {"AA1"}
    assert who(world, day=world.today + 7 * DAY) == {"AA2"}


def test_a_planned_change_can_be_replaced_before_it_begins(world):
    allocate(world, starts_on=world.today + 7 * DAY)
    allocate(world, to="DUO")
    assert who(world) == {"DUO"}
    assert who(world, day=world.today + 8 * DAY) == {"DUO"}


def test_two_assessors_can_share_a_learner(world):
    allocate(world, alongside=True)
    assert who(world) == {"AA1", "AA2"}
    allocate(world, to="DUO")
    assert who(world) == {"DUO"}


def test_an_agreed_end_ends(world):
    allocate(world, ends_on=world.today + DAY)
    assert who(world, day=world.today + DAY) == {"AA2"}
    assert who(world, day=world.today + 2 * DAY) == {"AA1"}


@pytest.mark.parametrize(
    ("to", "changed", "code"),
    [
        (None, {}, "assessor-missing"),
        ("AB1", {}, "assessor-missing"),
        ("QA", {}, "not-an-assessor"),
        ("LA2", {}, "not-an-assessor"),
        ("AA1", {}, "same-assessor"),
        ("AA2", {"reason": "  "}, "reason-missing"),
        ("AA2", {"reason": "x" * 301}, "too-long"),
    ],
)
def test_what_an_allocation_refuses(world, to, changed, code):
    before = spans(world)
    with pytest.raises(Refused) as caught:
        allocate(world, to=to, **changed)
    assert codes(caught) == [code]
    assert spans(world) == before
    assert who(world) == {"AA1"}


@pytest.mark.parametrize(("days", "last", "code"), [(-1, None, "starts-in-past"), (3, 2, "ends-before-start")])
def test_days_stand_in_order(world, days, last, code):
    ends_on = None if last is None else world.today + last * DAY
    with pytest.raises(Refused) as caught:
        allocate(world, starts_on=world.today + days * DAY, ends_on=ends_on)
    assert codes(caught) == [code]


def test_nobody_looks_after_themselves(world):
    row = services.register_learner(
        actor=world.actor("CA"),
        identity=services.Identity(
            given_names="Both",
            family_name="Person",
            date_of_birth=dt.date(1990, 1, 1),
            gender="X",
            email=world.people["AA2"].email,
            uln_missing_reason="asked for",
        ),
        qualification_id=world.diploma.pk,
        place_ids=(),
        assessor_id=world.people["AA1"].pk,
        starts_on=world.today,
        initial=found(world),
        at=world.at,
    )
    with pytest.raises(Refused) as caught:
        services.allocate(
            actor=world.actor("CA"),
            learner=row.learner,
            assessor_id=world.people["AA2"].pk,
            starts_on=world.today,
            reason="leave",
            at=world.at,
        )
    assert codes(caught) == ["own-assessor"]


def test_an_assessor_who_begins_later_cannot_begin_now(world):
    invited = services.invite_person(
        actor=world.actor("CA"),
        email="later@people.example",
        given_name="Later",
        family_name="Person",
        roles=[Role.ASSESSOR],
        starts_on=world.today + 5 * DAY,
        ends_on=None,
        at=world.at,
    )
    world.people["LATER"] = invited.person
    with pytest.raises(Refused) as caught:
        allocate(world, to="LATER")
    assert codes(caught) == ["not-an-assessor"]
    allocate(world, to="LATER", starts_on=world.today + 5 * DAY)


def test_who_saw_another_assessor_is_told(world):
    seen = list(
        Allocation.objects.for_centre(world.centres[A].pk)
        .filter(learner=world.learners["LA1"])
        .values_list("public_id", flat=True)
    )
    allocate(world, seen=seen)
    with pytest.raises(Stale):
        allocate(world, to="DUO", seen=seen)
    assert who(world) == {"AA2"}


def test_several_learners_move_together(world):
    learners = [world.learners[code] for code in ("LA1", "LA2", "LA3")]
    moved = services.move_learners(
        actor=world.actor("CA"),
        learners=learners,
        assessor_id=world.people["AA2"].pk,
        starts_on=world.today,
        reason="caseloads evened out",
        at=world.at,
    )
    assert moved == 2
    assert [who(world, code) for code in ("LA1", "LA2", "LA3")] == [{"AA2"}] * 3


def test_all_move_or_none(world):
    learners = [world.learners[code] for code in ("LA1", "LA2", "LA3")]
    move = {"learners": learners, "starts_on": world.today, "at": world.at}
    with pytest.raises(Refused):
        services.move_learners(actor=world.actor("CA"), assessor_id=world.people["QA"].pk, reason="leave", **move)
    with pytest.raises(Refused) as caught:
        services.move_learners(actor=world.actor("CA"), assessor_id=world.people["AA2"].pk, reason="", **move)
    assert codes(caught) == ["reason-missing"]
    assert [who(world, code) for code in ("LA1", "LA2", "LA3")] == [{"AA1"}, {"AA2"}, {"AT1"}]
    with pytest.raises(Refused) as caught:
        services.move_learners(
            actor=world.actor("CA"), assessor_id=world.people["AA2"].pk, reason="leave", **(move | {"learners": []})
        )
    assert codes(caught) == ["no-learner"]


def test_an_allocation_ends_at_once_and_once(world):
    row = Allocation.objects.for_centre(world.centres[A].pk).get(learner=world.learners["LA1"])
    same = Allocation.objects.for_centre(world.centres[A].pk).get(pk=row.pk)
    end = {"actor": world.actor("CA"), "on": world.today - DAY, "at": world.at}
    services.end_allocation(allocation=row, **end)
    assert who(world) == set()
    with pytest.raises(Stale):
        services.end_allocation(allocation=same, **end)
    row.refresh_from_db()
    with pytest.raises(Refused) as caught:
        services.end_allocation(allocation=row, **end)
    assert codes(caught) == ["already-over"]


@pytest.mark.parametrize(("on", "code"), [(-2, "ends-in-past"), (60, "ends-later")])
def test_an_allocation_is_not_ended_in_the_past_nor_pushed_out(world, on, code):
    row = allocate(world, ends_on=world.today + 30 * DAY)
    with pytest.raises(Refused) as caught:
        services.end_allocation(actor=world.actor("CA"), allocation=row, on=world.today + on * DAY, at=world.at)
    assert codes(caught) == [code]


# --- countersigners -------------------------------------------------------------------------------------------


def set_for(world, trainee="AT1", other="AA1", **changed):
    facts = {"starts_on": world.today, "at": world.at}
    return services.set_countersigner(
        actor=world.actor("CA"),
        trainee_id=world.people[trainee].pk,
        countersigner_id=world.people[other].pk,
        **(facts | changed),
    )


def test_a_qualified_assessor_countersigns_from_a_day_on(world):
    row = set_for(world, starts_on=world.today + DAY)
    assert row.starts_on == world.today + DAY
    seen = queries.visible_learners(world.actor("AA1", on=world.today + DAY))
    assert world.learners["LA3"] in seen
    assert world.learners["LA3"] not in queries.visible_learners(world.actor("AA1"))


@pytest.mark.parametrize(
    ("trainee", "other", "code"),
    [
        ("AT1", "AT1", "own-countersigner"),
        ("AA1", "AA2", "not-a-trainee"),
        ("AT1", "QA", "not-qualified"),
        ("AT1", "AA2", "already-countersigns"),
    ],
)
def test_what_a_countersigner_refuses(world, trainee, other, code):
    with pytest.raises(Refused) as caught:
        set_for(world, trainee, other)
    assert codes(caught) == [code]


def test_a_trainee_countersigns_for_nobody(world):
    services.grant_role(
        actor=world.actor("CA"), person=world.people["QA"], role=Role.TRAINEE, starts_on=world.today, at=world.at
    )
    with pytest.raises(Refused) as caught:
        set_for(world, other="QA")
    assert codes(caught) == ["not-qualified"]
    services.grant_role(
        actor=world.actor("CA"), person=world.people["AA1"], role=Role.TRAINEE, starts_on=world.today, at=world.at
    )
    with pytest.raises(Refused) as caught:
        set_for(world, other="AA1")
    assert codes(caught) == ["not-qualified"]


def test_two_people_never_countersign_for_each_other(world):
    Membership.objects.for_centre(world.centres[A].pk).filter(person=world.people["AA2"]).update(role=Role.TRAINEE)
    with pytest.raises(Refused) as caught:
        set_for(world, trainee="AA2", other="AT1")
    assert codes(caught) == ["each-other"]


def test_nobody_of_another_centre_countersigns(world):
    with pytest.raises(NotFound):
        set_for(world, other="AB1")


def test_a_countersigner_in_the_past_is_refused(world):
    with pytest.raises(Refused) as caught:
        set_for(world, starts_on=world.today - DAY)
    assert codes(caught) == ["starts-in-past"]


def test_a_trainee_whose_countersigner_left_gets_no_new_learners(world):
    services.end_access(actor=world.actor("CA"), person=world.people["AA2"], at=world.at)
    with pytest.raises(Refused) as caught:
        allocate(world, to="AT1")
    assert codes(caught) == ["trainee-alone"]


def test_countersigning_ends(world):
    link = Countersigner.objects.for_centre(world.centres[A].pk).get()
    same = Countersigner.objects.for_centre(world.centres[A].pk).get()
    end = {"actor": world.actor("CA"), "on": world.today - DAY, "at": world.at}
    services.end_countersigner(link=link, **end)
    assert world.learners["LA3"] not in queries.visible_learners(world.actor("AA2"))
    with pytest.raises(Stale):
        services.end_countersigner(link=same, **end)


def test_the_other_centre_is_untouched(world):
    before = list(Allocation.objects.for_centre(world.centres[B].pk).values())
    allocate(world)
    assert list(Allocation.objects.for_centre(world.centres[B].pk).values()) == before


def test_countersigning_is_not_ended_from_a_page_with_other_days(world):
    rows = Countersigner.objects.for_centre(world.centres[A].pk)
    shown = days_mark(rows.get())
    rows.update(ends_on=world.today + DAY)
    end = {"actor": world.actor("CA"), "link": rows.get(), "on": world.today, "at": world.at}
    with pytest.raises(Stale):
        services.end_countersigner(**end, seen=shown)
    assert rows.get().ends_on == world.today + DAY
    services.end_countersigner(**end, seen=days_mark(rows.get()))
    assert rows.get().ends_on == world.today
