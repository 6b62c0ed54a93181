"""Which certificate makes which unit exempt, and by whose hand: the cases of T2."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from assessments.enums import Act, StandsBy
from assessments.models import Exemption, LedgerEntry
from assessments.queries.certificates import exemption_item, uses_of
from assessments.services import carry_over, record_exemption, sign_off
from centres.enums import Role, UnitState
from centres.models import Allocation, Assurance, LearnerUnit, Membership
from common import clock
from common.refusals import Refused
from qualifications.rules.sameness import Equivalent
from tests.assessments.test_exempting import KEY, WHY_NOT, also, certificate, codes, put, settle
from tests.assessments.test_sign_off import complete
from tests.factories import moving
from tests.factories import portfolio as made
from tests.factories import rules as also_made

SAID = "One certificate lists both units; I compared each."
ODD = {"awarding_body": "Some Body", "unit_reference": "Z/999/9999 Basket weaving", "checked_at": "I was told"}


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return codes(caught)


@pytest.fixture
def equivalent(monkeypatch):
    """Let the catalogue document D/506/2119 as good as the unit's own reference."""
    found = (Equivalent("L/506/2133", ""), Equivalent("D/506/2119", "the body’s list of 2019"))
    monkeypatch.setattr("assessments.queries.certificates.acceptable_references", lambda _unit, _centre: found)


def test_basket_weaving_of_1950_is_no_customer_service(world):
    assert refused(put, world, **ODD, awarded_on=dt.date(1950, 1, 1)) == {"reference-form", "awarded-before-birth"}
    assert not Exemption.objects.for_centre(world.learners["LA1"].centre_id).exists()


def test_the_reference_is_kept_as_it_is_printed_and_how_it_was_compared(world):
    row = put(world, unit_reference=" l5062133")
    assert (row.unit_reference, row.stands_by, row.number_key) == ("L/506/2133", StandsBy.OWN, "C100")
    assert '"stands_by":"own"' in _entry(settle(world, row)).payload


def test_a_documented_equivalent_stands_with_its_source(world, equivalent):
    row = settle(world, put(world, unit_reference="D/506/2119"))
    assert (row.stands_by, row.equivalence) == (StandsBy.EQUIVALENT, "the body’s list of 2019")
    assert '"stands_by":"equivalent"' in _entry(row).payload


def _entry(row):
    return LedgerEntry.objects.for_centre(row.centre_id).get(learner_unit=row.learner_unit, act=Act.EXEMPTED)


def test_what_is_no_longer_documented_is_not_approved_but_may_be_turned_down(world, equivalent, monkeypatch):
    row = put(world, unit_reference="D/506/2119")
    monkeypatch.setattr("assessments.queries.certificates.acceptable_references", lambda _unit, _centre: ())
    assert refused(settle, world, row) == {"reference-unknown"}
    assert exemption_item(world.actor("QA"), row).standing.by == StandsBy.NOT_COMPARED
    assert settle(world, row, approves=False, reason=WHY_NOT).state == "refused"


def test_a_row_of_before_is_compared_when_it_is_approved(world):
    row = put(world)
    old = {"unit_reference": "l-506-2133", "stands_by": StandsBy.NOT_COMPARED}
    Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**old)
    settled = settle(world, row)
    assert (settled.unit_reference, settled.stands_by) == ("L/506/2133", StandsBy.OWN)


@pytest.mark.parametrize(
    "changed",
    [
        {"stands_by": StandsBy.NOT_COMPARED},
        {"unit_reference": "J/506/2132"},
        {"stands_by": StandsBy.EQUIVALENT},
        {"stands_by": "likeness"},
    ],
    ids=["not compared", "another unit", "no source", "another word"],
)
def test_the_database_holds_that_it_was_compared(world, changed):
    row = settle(world, put(world))
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        Exemption.objects.for_centre(row.centre_id).filter(pk=row.pk).update(**changed)


def test_an_approval_is_a_signature(world):
    row = put(world)
    assert refused(settle, world, row, proved=False) == {"prove-again"}
    assert settle(world, row, approves=False, reason=WHY_NOT, proved=False).state == "refused"


# --- who the second person is


def allocate(world, code, **changed):
    row = {"learner": world.learners["LA1"], "assessor": world.people[code], "starts_on": world.today, **changed}
    return Allocation.objects.create(centre=world.centres["10001"], created_at=world.at, **row)


def test_who_assesses_the_learner_is_not_the_second_person(world):
    row = put(world)
    allocate(world, "QA")
    for answer in ({"approves": True}, {"approves": False, "reason": WHY_NOT}):
        assert refused(settle, world, row, **answer) == {"assesses-them"}
    assert world.unit("LA1", KEY).state == UnitState.SELECTED


def test_who_assessed_them_until_yesterday_is_not_either(world):
    row, yesterday = put(world), world.today - dt.timedelta(days=1)
    allocate(world, "QA", starts_on=yesterday, ends_on=yesterday)
    assert refused(settle, world, row) == {"assesses-them"}


def test_an_allocation_that_never_began_or_is_for_other_work_does_not_count(world):
    row, yesterday = put(world), world.today - dt.timedelta(days=1)
    allocate(world, "QA", ends_on=yesterday)  # taken back before its first day
    allocate(world, "QA", learner=world.learners["LA2"])
    allocate(world, "QA", learner=world.learners["LA2"], registration=world.registrations["LA2"])
    assert settle(world, row).state == "approved"


def test_an_allocation_to_this_registration_alone_counts(world):
    row = put(world)
    allocate(world, "QA", registration=world.registrations["LA1"])
    assert refused(settle, world, row) == {"assesses-them"}


def test_who_judged_or_signed_work_of_theirs_is_not_even_when_the_learner_is_somebody_elses_now(world):
    complete(world)
    sign_off(
        actor=world.actor("AA1"),
        learner_unit=world.unit("LA1", made.UNIT),
        declared=True,
        reauthenticated=True,
        at=clock.now(),
    )
    Allocation.objects.for_centre(world.learners["LA1"].centre_id).filter(assessor=world.people["AA1"]).update(
        starts_on=world.today, ends_on=world.today - dt.timedelta(days=1)
    )
    also(world, "AA1", Role.IQA)
    Assurance.objects.create(
        centre=world.centres["10001"],
        membership=Membership.objects.for_centre(world.centres["10001"].pk).get(
            person=world.people["AA1"], role=Role.IQA
        ),
        entry_code=world.diploma.entry_code,
    )
    assert refused(settle, world, put(world), by="AA1") == {"assesses-them"}


def test_the_page_offers_nothing_to_who_assesses_and_says_so(world):
    row = put(world)
    assert exemption_item(world.actor("QA"), row).decides
    allocate(world, "QA")
    item = exemption_item(world.actor("QA"), row)
    assert (item.decides, item.assesses) == (False, True)


# --- a number that was used before


def test_a_number_that_another_learner_has_is_confirmed_by_both_people(world):
    settle(world, put(world))
    again = {"certificate_number": "c 100", "who": "LA2"}
    assert refused(put, world, **again) == {"number-used"}
    row = put(world, **again, reused=f" {SAID} ")
    assert row.reuse_recorded == SAID
    assert refused(settle, world, row) == {"number-used"}
    assert settle(world, row, reused="I rang the awarding body.").reuse_approved == "I rang the awarding body."


def test_so_it_is_for_another_unit_of_the_same_learner_and_for_what_was_turned_down(world):
    other = {"key": "J-506-2132", "unit_reference": "J/506/2132"}
    row = put(world)
    assert refused(put, world, **other) == {"number-used"}
    settle(world, row, approves=False, reason=WHY_NOT)
    assert refused(put, world, **other) == {"number-used"}


def test_a_number_of_its_own_keeps_no_reason_that_was_typed_for_nothing(world):
    row = settle(world, put(world, reused=SAID), reused=SAID)
    assert (row.reuse_recorded, row.reuse_approved) == ("", "")


def test_what_one_may_not_see_is_counted_and_not_shown(world):
    also_made.lead(world, "QA")
    put(world)
    narrow = Assurance.objects.for_centre(world.centres["10001"].pk).filter(membership__person=world.people["QA"])
    narrow.update(entry_code="99999")
    assert (uses_of(world.actor("QA"), "C-100").hidden, uses_of(world.actor("QA"), "C-100").seen) == (1, ())
    [use] = uses_of(world.actor("CA"), "C-100").seen
    assert (use.learner, use.state) == (world.learners["LA1"].full_name, "waiting")
    assert uses_of(world.actor("CB"), "C-100").number == 0, "another centre is never told"
    assert uses_of(world.actor("CA"), " - ").number == 0


# --- an award of exempt units alone


def test_the_last_assessed_unit_is_not_made_exempt(world):
    others = LearnerUnit.objects.for_centre(world.learners["LA1"].centre_id).filter(
        registration=world.registrations["LA1"]
    )
    others = others.exclude(unit__key=KEY)
    row = put(world)
    others.update(state=UnitState.EXEMPT)
    assert refused(settle, world, row) == {"few-assessed"}
    assert [one.code for one in exemption_item(world.actor("QA"), row).few] == ["few-assessed"]
    with pytest.raises(Refused) as caught:
        record_exemption(
            actor=world.actor("CA"),
            learner_unit=world.unit("LA1", KEY),
            certificate=certificate(world, certificate_number="C-7"),
            at=clock.now(),
        )
    assert codes(caught) == {"few-assessed", "recorded"}
    others.filter(unit__key="J-506-2132").update(state=UnitState.SELECTED)
    assert settle(world, row).state == "approved"


def test_a_unit_that_was_dropped_is_none_that_is_assessed(world):
    others = LearnerUnit.objects.for_centre(world.learners["LA1"].centre_id).filter(
        registration=world.registrations["LA1"]
    )
    others.exclude(unit__key=KEY).update(state=UnitState.DROPPED)
    assert refused(put, world) == {"few-assessed"}


def test_an_exempt_unit_is_not_carried_over_into_an_award_of_exempt_units_alone(world):
    moving.publish_more(world.at)
    settle(world, put(world))
    new = moving.move(world, world.registrations["LA1"], moving.HIGHER)
    unit = moving.unit_of(new, KEY)
    rest = LearnerUnit.objects.for_centre(new.centre_id).filter(registration=new).exclude(pk=unit.pk)
    rest.update(state=UnitState.EXEMPT)
    carry = {"actor": world.actor("AA1"), "learner_unit": unit, "reauthenticated": True, "at": clock.now()}
    assert refused(carry_over, **carry) == {"few-assessed"}
    rest.filter(pk=rest[0].pk).update(state=UnitState.SELECTED)
    carry_over(**carry)
    assert moving.unit_of(new, KEY).state == UnitState.EXEMPT
