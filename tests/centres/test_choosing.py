"""Another choice of units: with a reason, a trail, and a question before accepted work goes out of sight (R43)."""

import pytest
from django.db import DatabaseError, transaction

from audit.models import Event
from centres import services
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, UnitChange
from centres.queries.changes import changes_of
from centres.queries.learners import places_of_qualification
from common.refusals import Forbidden, Refused, Stale
from qualifications.models import Group, Place

WHY = "The shop has no telephone any more"


def places(world, *, mandatory):
    rows = Place.objects.filter(group__qualification=world.diploma, group__mandatory=mandatory)
    return list(rows.order_by("group__position", "position"))


def states(world):
    row = world.registrations["LA1"]
    return {u.place_id: u.state for u in LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row)}


def change(world, place_ids, by="CA", **changed):
    facts = {"reason": WHY, "at": world.at} | changed
    return services.change_units(
        actor=world.actor(by), registration=world.registrations["LA1"], place_ids=place_ids, **facts
    )


def refused(world, place_ids, **changed):
    before = states(world)
    with pytest.raises(Refused) as caught:
        change(world, place_ids, **changed)
    assert states(world) == before
    assert not UnitChange.objects.across_centres(reason="a test counts").exists()
    return [(r.code, r.field) for r in caught.value.refusals]


def optional(world):
    return [p.pk for p in places(world, mandatory=False)]


def test_another_choice_drops_and_adds_and_takes_up_again(world):
    mandatory = {p.pk for p in places(world, mandatory=True)}
    *keep, last = optional(world)
    assert change(world, keep) == 1
    found = states(world)
    assert found.pop(last) == UnitState.DROPPED
    assert set(found) == mandatory | set(keep)
    assert change(world, keep) == 0
    assert change(world, [*keep, last]) == 1
    assert set(states(world).values()) == {UnitState.SELECTED}
    assert Event.objects.filter(action="registration.units_changed").count() == 2


def test_a_change_keeps_who_when_why_what_and_what_it_came_to(world, django_assert_max_num_queries):
    *keep, last = optional(world)
    change(world, keep, accepted=[last], confirmed=True, reason=f"  {WHY}\n ")
    row, actor = world.registrations["LA1"], world.actor("CA")
    with django_assert_max_num_queries(3):
        found = changes_of(actor, row)
    (one,) = found.rows
    title = Place.objects.get(pk=last).unit.title
    assert (one.at, one.by, one.reason) == (world.at, world.people["CA"].full_name, WHY)
    assert (one.added, one.dropped, one.accepted) == ((), (title,), (title,))
    assert one.satisfied is False
    event = Event.objects.get(action="registration.units_changed")
    assert event.facts["change"] == found.newest
    assert event.facts["dropped"] == [Place.objects.get(pk=last).unit.public_id]
    assert WHY not in str(event.facts)


def test_the_trail_is_paged_and_as_quick_when_it_is_long(world, django_assert_max_num_queries):
    *keep, last = optional(world)
    for _ in range(6):
        change(world, keep)
        change(world, [*keep, last])
    actor = world.actor("CA")
    with django_assert_max_num_queries(3):
        found = changes_of(actor, world.registrations["LA1"])
    assert (len(found.rows), found.page.paginator.count) == (10, 12)
    assert len(changes_of(world.actor("CA"), world.registrations["LA1"], 2).rows) == 2


def test_a_change_is_never_rewritten(world):
    change(world, optional(world)[:-1])
    rows = UnitChange.objects.across_centres(reason="a test tries")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(reason="because")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.delete()


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"reason": " \n"}, ("reason-missing", "reason")), ({"reason": "x" * 301}, ("too-long", "reason"))],
)
def test_a_change_has_a_reason(world, changed, code):
    assert refused(world, optional(world)[:-1], **changed) == [code]


def test_nothing_changed_needs_no_reason(world):
    assert change(world, optional(world), reason="") == 0


def test_a_unit_with_accepted_work_goes_only_when_somebody_says_so(world):
    *keep, last = optional(world)
    assert refused(world, keep, accepted=[last]) == [("accepted-work", "confirmed")]
    assert refused(world, keep, accepted=[last], reason="") == [
        ("reason-missing", "reason"),
        ("accepted-work", "confirmed"),
    ]
    assert change(world, keep, accepted=keep) == 1
    assert change(world, keep[:-1], accepted=keep, confirmed=True) == 1


def test_a_signed_unit_stays_chosen(world):
    row = world.registrations["LA1"]
    unit = LearnerUnit.objects.for_centre(row.centre_id).get(registration=row, place_id=optional(world)[-1])
    services.advance_unit(learner_unit=unit, expected=UnitState.SELECTED, to=UnitState.ASSESSOR_SIGNED, at=world.at)
    assert refused(world, ()) == [("unit-signed", "units")]


def test_a_registration_that_is_over_keeps_its_units(world):
    row = world.registrations["LA1"]
    row.state = RegistrationState.WITHDRAWN
    row.save()
    assert refused(world, ()) == [("registration-over", "")]


def test_other_units_come_from_this_qualification(world):
    assert refused(world, [0]) == [("unit-elsewhere", "units")]


def test_the_slower_of_two_tabs_is_told_who_was_faster(world):
    *keep, last = optional(world)
    change(world, keep, seen="")
    with pytest.raises(Stale) as caught:
        change(world, [*keep, last], seen="")
    assert (caught.value.who, caught.value.at) == (world.people["CA"].full_name, world.at)
    newest = changes_of(world.actor("CA"), world.registrations["LA1"]).newest
    assert change(world, [*keep, last], seen=newest) == 1


@pytest.mark.parametrize("code", ["AA1", "LA1", "QA"])
def test_only_admins_change_units(world, code):
    with pytest.raises(Forbidden):
        change(world, optional(world)[:-1], by=code)


def test_of_a_mandatory_group_with_a_choice_nothing_is_taken_anyway(world):
    first, second = places(world, mandatory=True)[:2]
    group = Group.objects.create(
        qualification=world.certificate,
        code="N",
        title="One of",
        position=9,
        mandatory=True,
        min_units=1,
        complete=True,
    )
    for position, place in enumerate((first, second)):
        Place.objects.create(group=group, unit=place.unit, position=position)
    found = {p.group_code: p.mandatory for p in places_of_qualification(world.certificate.pk)}
    assert found == {"A": True, "N": False}


def test_a_disputed_unit_is_not_taken_out_before_somebody_answers(world):
    """What the learner wrote would go out of everybody's sight."""
    *keep, last = optional(world)
    rows = LearnerUnit.objects.for_centre(world.registrations["LA1"].centre_id).filter(
        registration=world.registrations["LA1"], place_id=last
    )
    rows.update(disputed=True)
    assert refused(world, keep, confirmed=True) == [("open-dispute", "units")]
    rows.update(disputed=False)
    assert change(world, keep) == 1
