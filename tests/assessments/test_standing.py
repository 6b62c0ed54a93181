"""A registration on a break, suspended, left, completed, lapsed: what happens, and what each means for the work (3.5)."""

import datetime as dt

import pytest

from assessments import services
from assessments.enums import Act
from assessments.queries.core import latest_act, to_countersign, waiting
from assessments.queries.learner import to_confirm
from assessments.queries.registration_states import pending_in
from audit.models import Event
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Membership, Registration, StateChange
from centres.queries import has_lapsed, takes_work
from centres.services import add_registration
from common import clock
from common.refusals import Forbidden, Refused, Stale
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping
from qualifications.models import Qualification
from tests.assessments.conftest import judge, open_it
from tests.assessments.test_exempting import put
from tests.factories import moving as made
from tests.factories import portfolio
from tests.factories.world import found

S = RegistrationState
WHY = "They asked for it by e-mail."
DAY = dt.timedelta(days=1)


def act(name, world, row, by="CA", **said):
    """One of the five acts, with what it needs."""
    days = {"withdraw_registration": {"last_day": world.today}, "complete_registration": {"on": world.today}}
    asked = {"reason": WHY, "at": clock.now(), **days.get(name, {}), **said}
    return getattr(services, name)(actor=world.actor(by), registration=row, **asked)


def fresh(row):
    rows = Registration.objects.for_centre(row.centre_id).select_related("qualification", "learner")
    return rows.get(pk=row.pk)


def refused(call, *codes):
    with pytest.raises(Refused) as caught:
        call()
    assert {refusal.code for refusal in caught.value.refusals} == set(codes)


@pytest.fixture
def row(world):
    return world.registrations["LA1"]


@pytest.mark.parametrize(
    ("name", "state"),
    [("put_on_break", S.ON_BREAK), ("suspend_registration", S.SUSPENDED), ("withdraw_registration", S.WITHDRAWN)],
)
def test_the_state_is_written_with_who_when_and_why(world, row, name, state):
    act(name, world, row)
    now = fresh(row)
    assert (now.state, now.ends_on) == (state, world.today if state == S.WITHDRAWN else None)
    change = StateChange.objects.for_centre(row.centre_id).get(registration=row)
    assert (change.was, change.to, change.on, change.reason) == (S.ACTIVE, state, world.today, WHY)
    assert change.by_name == world.people["CA"].full_name
    event = Event.objects.get(action="registration.state_changed")
    assert event.facts == {"change": change.public_id, "was": "active", "to": state, "on": world.today.isoformat()}


@pytest.mark.parametrize("name", ["put_on_break", "suspend_registration"])
def test_there_is_a_way_back(world, row, name):
    act(name, world, row)
    act("resume_registration", world, row, reason="")
    assert fresh(row).state == S.ACTIVE
    changes = list(StateChange.objects.for_centre(row.centre_id).filter(registration=row))
    assert [(change.was, change.to) for change in changes] == [(changes[1].to, S.ACTIVE), (S.ACTIVE, changes[0].was)]
    portfolio.sent(world)  # work goes on


@pytest.mark.parametrize(
    "name", ["put_on_break", "suspend_registration", "resume_registration", "complete_registration"]
)
@pytest.mark.parametrize("by", ["AA1", "QA", "LA1"])
def test_only_the_office_may(world, row, name, by):
    with pytest.raises(Forbidden):
        act(name, world, row, by)
    assert fresh(row).state == S.ACTIVE


def test_nobody_changes_their_own_registration(world, row):
    Membership.objects.create(
        centre_id=row.centre_id, person=world.people["LA1"], role="admin", starts_on=world.today, created_at=world.at
    )
    refused(lambda: act("put_on_break", world, row, "LA1"), "own-registration")


@pytest.mark.parametrize("name", ["put_on_break", "suspend_registration", "withdraw_registration"])
def test_not_by_an_admin_who_assesses_the_learner(world, row, name):
    also = {"centre": row.centre, "starts_on": world.today, "created_at": world.at}
    Membership.objects.create(person=world.people["AA1"], role="admin", **also)
    refused(lambda: act(name, world, row, "AA1"), "changes-apart")
    assert fresh(row).state == S.ACTIVE


def test_a_stale_page_changes_nothing(world, row):
    with pytest.raises(Stale):
        act("put_on_break", world, row, seen="another state")
    assert fresh(row).state == S.ACTIVE


def test_rules_are_asked_under_the_lock(world, row):
    act("put_on_break", world, row)
    refused(lambda: act("complete_registration", world, row), "not-from-here")
    refused(lambda: act("put_on_break", world, row), "not-from-here")
    refused(lambda: act("resume_registration", world, world.registrations["LA2"]), "not-from-here")
    refused(lambda: act("withdraw_registration", world, row, reason=""), "no-reason")


@pytest.mark.parametrize("name", ["put_on_break", "suspend_registration", "withdraw_registration"])
def test_nothing_is_sent_judged_or_signed_meanwhile(world, row, name):
    sent = portfolio.sent(world)
    open_it(world, sent.evidence, "AA1")
    assert waiting(world.actor("AA1")).count() == 1
    act(name, world, row)
    assert waiting(world.actor("AA1")).count() == 0, "it waits for nobody"
    with pytest.raises(Refused) as caught:
        judge(world, portfolio.again(sent.evidence), by="AA1")
    assert "registration-ended" in {refusal.code for refusal in caught.value.refusals}
    refused(lambda: portfolio.draft(world), "registration-ended")


def test_what_was_ticked_before_a_break_is_not_sent_by_way_of_another_registration(world, row):
    made.publish_more(world.at)
    made.register(world, made.HIGHER, "LA1")
    unit = made.unit_of(row, made.SHARED[0])
    draft = made.piece(world, unit, ["1.1"], "LA1", send=False)
    act("put_on_break", world, row)
    refused(lambda: portfolio.send(world, draft), "unit-stopped")
    mapping = EvidenceMapping.objects.for_centre(row.centre_id).filter(evidence=draft)
    assert set(mapping.values_list("state", flat=True)) == {MappingState.PROPOSED}
    act("resume_registration", world, row)
    portfolio.send(world, draft)
    assert set(mapping.values_list("state", flat=True)) == {MappingState.OFFERED}


def test_what_waited_for_a_decision_is_closed_with_a_withdrawal_and_kept_on_a_break(world, row):
    sent = portfolio.sent(world)
    mapping = EvidenceMapping.objects.for_centre(row.centre_id).filter(evidence=sent.evidence)
    act("put_on_break", world, row)
    assert set(mapping.values_list("state", flat=True)) == {MappingState.OFFERED}
    act("withdraw_registration", world, row)
    assert set(mapping.values_list("state", flat=True)) == {MappingState.CLOSED}


def test_a_signed_unit_waits_through_a_break_and_keeps_nobody_from_leaving_for_ever(world, row):
    unit = made.unit_of(row, made.SHARED[0])
    numbers = list(unit.unit.criteria.values_list("number", flat=True))
    made.judged(world, unit, numbers, "LA1", "AA1")
    services.sign_off(actor=world.actor("AA1"), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    assert pending_in(row).signed == 1
    refused(lambda: act("withdraw_registration", world, row), "waits-confirmation")
    act("put_on_break", world, row)
    assert to_confirm(world.actor("LA1")) == []
    confirm = {"actor": world.actor("LA1"), "learner_unit": unit, "agrees": True, "reauthenticated": True}
    refused(lambda: services.confirm_unit(**confirm, at=clock.now()), "registration-ended")
    reopen = {"actor": world.actor("AA1"), "learner_unit": unit, "reason": "It was too early.", "reauthenticated": True}
    refused(lambda: services.reopen_unit(**reopen, at=clock.now()), "registration-ended")
    act("resume_registration", world, row)
    services.confirm_unit(**confirm, at=clock.now())
    act("withdraw_registration", world, row)
    assert made.unit_of(row, made.SHARED[0]).state == UnitState.ACHIEVED, "what was signed off stays"


def test_a_trainees_decision_waits_through_a_stop(world):
    row = world.registrations["LA3"]
    sent = portfolio.sent(world, who="LA3")
    open_it(world, sent.evidence, "AT1")
    judge(world, portfolio.again(sent.evidence), by="AT1")
    [decision, *_] = to_countersign(world.actor("AA2"))
    assert pending_in(row).decisions > 0
    refused(lambda: act("withdraw_registration", world, row), "waits-countersign")
    act("suspend_registration", world, row)
    assert not to_countersign(world.actor("AA2")).exists()
    open_it(world, portfolio.again(sent.evidence), "AA2")
    said = {"actor": world.actor("AA2"), "judgement": decision, "agrees": True}
    refused(lambda: services.countersign(**said, at=clock.now()), "registration-ended")
    act("resume_registration", world, row)
    services.countersign(**said, at=clock.now())


def test_a_certificate_that_waits_keeps_a_registration_open(world, row):
    put(world)
    refused(lambda: act("withdraw_registration", world, row), "waits-certificate")


def test_a_complete_award_is_completed_and_stays(world):
    row = made.whole_award(world, but=1)
    refused(lambda: act("complete_registration", world, row), "award-not-complete")
    last = made.unit_of(row, made.HIGHER_UNITS[3])
    made.achieved(world, last, "LA1", "AA1")
    refused(lambda: act("withdraw_registration", world, row), "award-complete")
    refused(lambda: act("complete_registration", world, row, on=world.today - DAY), "day-before-start")
    act("complete_registration", world, row, reason="Certificate 4711")
    now = fresh(row)
    assert (now.state, now.ends_on) == (S.COMPLETED, world.today)
    signed = latest_act(last, Act.ASSESSOR_SIGNED)
    assert signed is not None
    reopen = {"actor": world.actor("AA1"), "learner_unit": last, "reason": "It was too early.", "reauthenticated": True}
    refused(lambda: services.reopen_unit(**reopen, at=clock.now()), "registration-completed")
    for name in ("put_on_break", "suspend_registration", "withdraw_registration"):
        refused(lambda name=name: act(name, world, row), "not-from-here")
    refused(lambda: act("resume_registration", world, row), "prove-again")


def test_a_piece_that_waits_keeps_a_complete_award_open(world):
    row = made.whole_award(world, but=1)
    last = made.unit_of(row, made.HIGHER_UNITS[3])
    made.piece(world, last, ["1.1"], "LA1")
    LearnerUnit.objects.for_centre(row.centre_id).filter(pk=last.pk).update(state=UnitState.EXEMPT)
    refused(lambda: act("complete_registration", world, row), "waits-decision")


def test_a_leaver_comes_back(world, row):
    act("withdraw_registration", world, row)
    new = add_registration(
        actor=world.actor("CA"),
        learner=world.learners["LA1"],
        qualification_id=row.qualification_id,
        place_ids=[],
        starts_on=world.today,
        initial=found(world),
        at=clock.now(),
    )
    assert (new.state, new.pk != row.pk, fresh(row).state) == (S.ACTIVE, True, S.WITHDRAWN)


def test_a_registration_that_has_not_begun_is_left_and_made_again(world):
    made.publish_more(world.at)
    said = {
        "actor": world.actor("CA"),
        "learner": world.learners["LA1"],
        "qualification_id": made.qualification(made.HIGHER).pk,
        "place_ids": [place.pk for place in made.places(made.HIGHER)],
        "initial": found(world, 3),
        "at": clock.now(),
    }
    later = add_registration(**said, starts_on=world.today + 30 * DAY)
    act("withdraw_registration", world, later)
    assert (fresh(later).state, fresh(later).ends_on) == (S.WITHDRAWN, later.starts_on)
    assert add_registration(**said, starts_on=world.today).state == S.ACTIVE


def end_on(row, day):
    """The last day for certificates of a version, which nobody may change once it is published: for a test only."""
    row.qualification.last_certification_on = day
    return row


def test_a_registration_lapses_the_day_after_the_last_for_certificates(world, row):
    qualification = Qualification.objects.get(pk=row.qualification_id)
    row.qualification = qualification
    assert not has_lapsed(row, world.today)
    end_on(row, world.today)
    assert (has_lapsed(row, world.today), takes_work(row, world.today)) == (False, True)
    end_on(row, world.today - DAY)
    assert (has_lapsed(row, world.today), takes_work(row, world.today)) == (True, False)
    for state in S:
        row.state = state
        assert has_lapsed(row, world.today) is (state in {S.ACTIVE, S.ON_BREAK, S.SUSPENDED})
