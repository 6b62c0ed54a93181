"""An award is complete when achieved and exempt units satisfy the rule: one query says it, for one and for many (T4)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.queries.award import award_complete, awards_of, complete_in
from centres.rules import AwardFacts, next_for_learner, next_for_office, next_for_staff
from tests.factories import moving as made

DAY = dt.date(2018, 8, 31)


def narrowed(centre_id, registrations):
    return set(complete_in(centre_id, registrations).values_list("pk", flat=True))


def rows(world):
    found = Registration.objects.for_centre(world.centres["10001"].pk)
    return found.select_related("qualification").order_by("pk")


def put(row, key, state):
    LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row, unit__key=key).update(state=state)


def test_all_units_signed_off_make_it_complete_and_one_less_does_not(world):
    row = made.whole_award(world, but=1)
    last = made.HIGHER_UNITS[3]
    found = awards_of([row], world.today)[row.pk]
    title = made.unit_of(row, last).unit.title
    assert (found.complete, found.credit, found.needed, found.to_do) == (False, 5, 10, (title,))
    assert found.missing[0] == f"Group A: 1 unit is missing: {title}."
    assert (found.learner, found.staff, found.office) == ("", "", "")
    assert found.plan.satisfied, "the choice adds up: that is another question"
    assert not award_complete(row)
    made.achieved(world, made.unit_of(row, last), "LA1", "AA1")
    found = awards_of([row], world.today)[row.pk]
    assert (found.complete, found.credit, found.missing, found.to_do) == (True, 10, (), ())
    assert award_complete(row)


@pytest.mark.parametrize(
    ("state", "complete"),
    [
        (UnitState.ACHIEVED, True),
        (UnitState.EXEMPT, True),
        (UnitState.ASSESSOR_SIGNED, False),
        (UnitState.COUNTERSIGNED, False),
        (UnitState.IN_PROGRESS, False),
        (UnitState.DROPPED, False),
    ],
)
def test_only_achieved_and_exempt_units_count(world, state, complete):
    row = made.whole_award(world, but=1)
    put(row, made.HIGHER_UNITS[3], state)
    assert award_complete(row) is complete
    assert (row.pk in narrowed(row.centre_id, rows(world))) is complete


def test_exempt_units_alone_are_no_award(world):
    row = made.whole_award(world, but=3)
    LearnerUnit.objects.for_centre(row.centre_id).filter(registration=row).update(state=UnitState.EXEMPT)
    assert not award_complete(row)
    assert narrowed(row.centre_id, rows(world)) == set()


def test_what_was_closed_as_completed_is_not_weighed_again(world):
    row = made.whole_award(world, but=3)
    Registration.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state=RegistrationState.COMPLETED)
    assert narrowed(row.centre_id, rows(world)) == {row.pk}
    assert f"IN ({row.pk}" not in str(complete_in(row.centre_id, rows(world)).query), "nor read: they only grow"


def test_one_and_many_take_the_same_number_of_queries(world):
    row = made.whole_award(world)

    def queries(ask, registrations):
        with CaptureQueriesContext(connection) as caught:
            ask(registrations)
        return len(caught)

    everybody = list(rows(world))
    assert len(everybody) > 3
    for registrations in ([row], everybody):
        assert queries(lambda some: awards_of(some, world.today), registrations) == 2
    for registrations in (rows(world).filter(pk=row.pk), rows(world)):
        assert queries(lambda some: complete_in(row.centre_id, some), registrations) == 3
    assert queries(lambda some: awards_of(some, world.today), []) == 0


STATES = (RegistrationState.ACTIVE, RegistrationState.TRANSFERRED, RegistrationState.COMPLETED)


@pytest.mark.parametrize("sure", [True, False])
@pytest.mark.parametrize("ended", [None, DAY])
@pytest.mark.parametrize("state", STATES)
def test_everybody_reads_what_comes_next(state, ended, sure):
    facts = AwardFacts(state, sure, ended)
    learner, staff, office = next_for_learner(facts), next_for_staff(facts), next_for_office(facts)
    closed = state == RegistrationState.COMPLETED
    for words in (learner, staff, office):
        assert ("31 August 2018" in words) is (ended is not None and not closed)
        assert ("closed" in words) is closed
    if ended is None and state == RegistrationState.ACTIVE:
        assert ("confirmed" in learner) is (not sure)
        assert ("confirmed" in office) is (not sure)
        assert "claims" in learner
        assert "The office claims the certificate." in staff
        assert "record the registration as completed" in office
    if ended is None and state == RegistrationState.TRANSFERRED:
        assert "after your move" in learner
        assert "moved on" in office


@pytest.mark.parametrize("state", [RegistrationState.ON_BREAK, RegistrationState.SUSPENDED])
def test_a_complete_award_in_a_registration_that_is_stopped_goes_on_first(state):
    facts = AwardFacts(state, sure=True)
    assert "once your registration goes on" in next_for_learner(facts)
    assert next_for_office(facts).startswith("Next: let the registration go on.")


def test_an_award_that_ended_says_so(world):
    row = made.whole_award(world)
    row.qualification.last_certification_on = world.today
    assert "claims the certificate" in awards_of([row], world.today)[row.pk].learner
    after = awards_of([row], world.today + dt.timedelta(days=1))[row.pk]
    assert after.complete
    assert after.learner.startswith("Certificates could be claimed until")
