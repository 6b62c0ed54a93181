"""What registering, moving and changing units writes, to the last field, and what is told of it."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection

from audit.models import Event
from centres import services as cs
from centres.enums import Role, UlnStatus, UnitState
from centres.models import InitialAssessment, LearnerUnit, Membership
from centres.queries.learners import places_of_qualification
from centres.rules.countersigning import Countersigning
from centres.services.holding import hold_unit, hold_units_of
from centres.services.registering import Entry, _admit, entry_for, is_registered
from common import clock
from common.append_only import suspended
from common.refusals import NotFound, Refused
from qualifications.models import Qualification
from qualifications.queries.combination import StoredRule
from tests.centres.acts import DAY, roles_of
from tests.centres.test_apart import add
from tests.centres.test_choosing import change, optional, places
from tests.centres.test_registering import register
from tests.factories import moving as made
from tests.factories.world import A, B, found
from tests.unguarded import unguarded

SAID = "Rang the awarding body on Monday."


def told(action):
    return Event.objects.filter(action=action).latest("pk").facts


def version(world, **changed):
    """Another version of the diploma, with the same units to choose from."""
    facts = {f.name: getattr(world.diploma, f.name) for f in Qualification._meta.concrete_fields if f.name != "id"}
    row = Qualification(**facts | {"public_id": "0" * 26, "version": 2} | changed)
    row.save()
    return row


# --- registering ------------------------------------------------------------------------------------------------------


def test_a_registration_is_told_with_what_was_asked_for(world):
    ticked = places(world, mandatory=False)[:1]
    row = register(world, place_ids=[ticked[0].pk], starts_on=world.today + DAY)
    mandatory = len(places(world, mandatory=True))
    assert told("learner.registered") == {
        "learner": row.learner.public_id,
        "units": mandatory + 1,
        "starts_on": (world.today + DAY).isoformat(),
    }
    assert (row.registered_by_id, row.created_at, row.moved_from, row.moved_reason) == (
        *(world.people["CA"].pk, world.at, None, ""),
    )
    units = LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row)
    assert {(one.learner_id, one.changed_at) for one in units} == {(row.learner_id, world.at)}


@pytest.mark.parametrize(("last", "kept"), [(None, SAID), (dt.date(2999, 1, 1), "")])
def test_how_somebody_knows_that_entry_is_open_is_kept_where_it_was_asked(world, last, kept):
    with suspended(connection), unguarded(Qualification), connection.cursor() as cursor:
        sql = "UPDATE qualifications_qualification SET last_registration_on = %s, last_certification_on = NULL"
        cursor.execute(sql, [last])
    new = register(world, entry_confirmed=f" {SAID} ")
    assert new.entry_confirmed == kept
    assert told("learner.registered").get("entry_confirmed", "") == kept


def test_an_entry_is_what_this_centre_sees_of_the_catalogue(world):
    old, own = world.diploma, version(world, centre=world.centres[B])
    for who, ids in (
        ("CA", [(old, True, False), (own, False, False)]),
        ("CB", [(old, True, True), (own, True, False)]),
    ):
        for row, there, superseded in ids:
            entry = entry_for(world.actor(who), row.pk, [1, 1, 2], world.today, at=world.at, confirmed=" x ")
            assert (entry.qualification is not None, entry.superseded) == (there, superseded)
            assert (entry.chosen, entry.confirmed, entry.starts_on) == ({1, 2}, "x", world.today)
            assert len(entry.places) == (len(places_of_qualification(old.pk)) if row == old else 0)


def test_of_the_places_the_mandatory_and_the_ticked_ones_are_learned_in_order(world):
    rows = tuple(places_of_qualification(world.diploma.pk))
    ticked = next(p for p in reversed(rows) if not p.mandatory)
    entry = Entry(world.diploma, rows, frozenset({ticked.place_id, 0}), world.today, world.at)
    assert entry.wanted == [p for p in rows if p.mandatory or p == ticked]
    assert entry.mandatory == {p.place_id for p in rows if p.mandatory}


def test_what_was_found_out_before_is_kept_without_blanks_around_it(world):
    initial = found(
        world, 1, prior_learning=" A year in a shop ", role_fit=" Fits ", reason=" As agreed ", purpose="develop"
    )
    row = InitialAssessment.objects.for_centre(world.centres[A].pk).get(registration=register(world, initial=initial))
    assert (row.prior_learning, row.role_fit, row.reason) == ("A year in a shop", "Fits", "As agreed")
    assert (row.made_on, row.outcome_level, row.chosen_level, row.purpose) == (world.today, 1, 2, "develop")
    assert (row.made_by_id, row.manages_people, row.learner_id) == (
        *(world.people["CA"].pk, True, row.registration.learner_id),
    )


@pytest.mark.parametrize(
    ("number", "reason", "kept"), [("9276308686", "", UlnStatus.FORMAT_OK), ("", "asked for", UlnStatus.NONE)]
)
def test_a_learner_has_a_number_or_the_reason_for_none(world, number, reason, kept):
    learner = register(world, uln=number, uln_missing_reason=reason).learner
    assert (learner.uln, learner.uln_status, learner.uln_missing_reason) == (number or None, kept, reason)
    assert learner.created_at == world.at


def test_two_learners_without_a_number_are_two(world):
    register(world, uln="", uln_missing_reason="asked for")
    assert register(world, uln="", uln_missing_reason="asked for", email="b@people.example", given_names="Other")


def test_any_version_of_a_qualification_holds_a_learner(world):
    learner, mine = world.learners["LA1"], world.registrations["LA1"]
    newer = version(world)
    other_body = version(world, public_id="1" * 26, awarding_body="Another")
    assert [is_registered(learner, one) for one in (world.diploma, newer, other_body, world.certificate, None)] == [
        *(True, True, False, False, False),
    ]
    assert not is_registered(learner, world.diploma, besides=mine.pk)
    assert is_registered(learner, world.diploma, besides=0)


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [(-9, None, None), (0, 0, None), (-9, -1, (0, None)), (1, None, (0, 0)), (9, 12, (0, 8))],
    ids=str,
)
def test_whoever_is_registered_is_a_learner_from_today_on(world, first, last, written):
    """Somebody who left comes back; somebody who is to begin later is one until then, and goes on as it was planned."""
    learner = world.learners["LA1"]
    rows = Membership.objects.for_centre(learner.centre_id).filter(person=learner.person)
    rows.update(starts_on=world.today + first * DAY, ends_on=None if last is None else world.today + last * DAY)
    was = rows.values_list("pk", "starts_on", "ends_on").get()
    for _twice in range(2):
        _admit(world.actor("CA"), learner, world.at)
    assert rows.filter(pk=was[0]).values_list("pk", "starts_on", "ends_on").get() == was
    new = rows.exclude(pk=was[0])
    days = [None if n is None else world.today + n * DAY for n in written or ()]
    assert list(new.values_list("role", "starts_on", "ends_on")) == ([(Role.LEARNER, *days)] if written else [])
    assert {(row.known_as, row.granted_by_id) for row in new} <= {(learner.full_name, world.people["CA"].pk)}


def test_a_learner_who_is_to_come_back_later_may_be_registered_today(world):
    """They left, and the office gave them the role again from a later day on."""
    person = world.people["LA1"]
    cs.end_access(actor=world.actor("CA"), person=person, at=clock.now())
    later = world.today + 5 * DAY
    cs.grant_role(actor=world.actor("CA"), person=person, role=Role.LEARNER, starts_on=later, at=clock.now())
    assert add(world)
    assert [roles_of(world, person, day=day) for day in (world.today, later - DAY, later, later + 99 * DAY)] == [
        {Role.LEARNER}
    ] * 4


# --- units ------------------------------------------------------------------------------------------------------------


def test_a_unit_that_was_never_chosen_can_be_chosen_later(world):
    row = register(world)
    ticked = optional(world)[0]
    done = cs.change_units(
        actor=world.actor("CA"), registration=row, place_ids=[ticked], reason="It fits.", at=world.at
    )
    new = LearnerUnit.objects.for_centre(row.centre_id).get(registration=row, place_id=ticked)
    assert (done, new.state, new.changed_at) == (1, UnitState.SELECTED, world.at)
    facts = told("registration.units_changed")
    assert (facts["added"], facts["dropped"], facts["accepted"]) == ([new.unit.public_id], [], [])


def test_a_change_of_units_is_told_with_what_it_came_to(world):
    *keep, last = optional(world)
    change(world, keep, accepted=[last], confirmed=True)
    facts = told("registration.units_changed")
    rows = LearnerUnit.objects.for_centre(world.centres[A].pk).filter(registration=world.registrations["LA1"])
    gone = rows.get(place_id=last)
    chosen = sum(row.unit.credit for row in rows.exclude(pk=gone.pk).select_related("unit"))
    assert (facts["added"], facts["dropped"], facts["accepted"]) == ([], *[[gone.unit.public_id]] * 2)
    assert (facts["satisfied"], facts["credit"]) == (False, chosen)
    change(world, [*keep, last])
    assert told("registration.units_changed")["added"] == [gone.unit.public_id]


def test_an_exempt_unit_counts_and_a_dropped_one_does_not(world):
    *keep, last = optional(world)
    rows = LearnerUnit.objects.for_centre(world.centres[A].pk).filter(registration=world.registrations["LA1"])
    rows.filter(place__group__mandatory=True).update(state=UnitState.EXEMPT)
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        weigh = StoredRule.weigh
        patch.setattr(StoredRule, "weigh", lambda *said: asked.append(said[1:]) or weigh(*said))
        change(world, keep)
    ((chosen, _achieved, exempt),) = asked
    assert set(exempt) == set(rows.filter(state=UnitState.EXEMPT).values_list("unit_id", flat=True)) != set()
    assert set(chosen) == set(rows.exclude(place_id=last).values_list("unit_id", flat=True))


@pytest.mark.parametrize(
    ("state", "disputed", "codes"),
    [
        (UnitState.IN_PROGRESS, False, []),
        (UnitState.ASSESSOR_SIGNED, False, ["waits-confirmation"]),
        (UnitState.COUNTERSIGNED, False, ["waits-confirmation"]),
        (UnitState.ACHIEVED, False, []),
        (UnitState.IN_PROGRESS, True, ["open-dispute"]),
        (UnitState.DROPPED, True, []),
    ],
)
def test_what_waits_for_somebody_is_not_left_behind(world, state, disputed, codes):
    made.publish_more(world.at)
    unit = world.unit("LA1", "A-506-2130")
    LearnerUnit.objects.for_centre(unit.centre_id).filter(pk=unit.pk).update(state=state, disputed=disputed)
    asked = {"qualification_id": made.qualification(made.HIGHER).pk, "reason": made.WHY, "at": clock.now()}
    asked |= {"place_ids": [p.pk for p in made.places(made.HIGHER)], "registration": world.registrations["LA1"]}
    if not codes:
        assert cs.move_registration(actor=world.actor("CA"), **asked).moved_from_id == world.registrations["LA1"].pk
        return
    with pytest.raises(Refused) as caught:
        cs.move_registration(actor=world.actor("CA"), **asked)
    assert [one.code for one in caught.value.refusals] == codes
    assert unit.unit.title in caught.value.refusals[0].sentence


@pytest.mark.parametrize(
    ("to", "said", "kept"),
    [
        (UnitState.ASSESSOR_SIGNED, Countersigning(7, by_any=True), (7, True)),
        (UnitState.ASSESSOR_SIGNED, Countersigning(), (None, False)),
        (UnitState.ASSESSOR_SIGNED, None, (5, True)),
        (UnitState.IN_PROGRESS, None, (None, False)),
        (UnitState.DROPPED, Countersigning(7), (7, False)),
    ],
)
def test_a_step_keeps_who_countersigns_and_an_open_unit_forgets_it(world, to, said, kept):
    unit = world.unit("LA1", "A-506-2130")
    people = {5: world.people["AA1"].pk, 7: world.people["AA2"].pk, None: None}
    rows = LearnerUnit.objects.for_centre(unit.centre_id).filter(pk=unit.pk)
    rows.update(rests_on_trainee=people[5], countersign_by_any=True)
    given = said and replace(said, trainee_id=people[said.trainee_id])
    row = cs.advance_unit(learner_unit=unit, expected=UnitState.SELECTED, to=to, at=world.at, countersigning=given)
    assert (row.rests_on_trainee_id, row.countersign_by_any) == (people[kept[0]], kept[1])


def test_what_is_gone_is_not_found_when_it_is_to_be_held(world):
    unit, row = world.unit("LA1", "A-506-2130"), world.registrations["LA2"]
    unit.pk = row.pk = 0
    for hold, one, action in ((hold_unit, unit, "unit.view"), (hold_units_of, row, "registration.view")):
        with pytest.raises(NotFound) as caught:
            hold(one)
        assert (caught.value.action, caught.value.object_id) == (action, one.public_id)


def test_a_move_is_told_and_keeps_why_and_from_where(world):
    made.publish_more(world.at)
    old = world.registrations["LA1"]
    new = made.move(world, old, made.HIGHER, reason=f" {made.WHY} ")
    assert (new.moved_from, new.moved_reason, new.starts_on) == (old, made.WHY, world.today)
    units = LearnerUnit.objects.for_centre(new.centre_id).filter(registration=new).count()
    assert told("registration.moved") == {
        "from": old.public_id,
        "qualification": new.qualification.public_id,
        "units": units,
    }
    assert roles_of(world, world.people["LA1"]) == {Role.LEARNER}
    assert made.move(world, old, made.HIGHER, reason="another") == new, "asked again it is the same"
