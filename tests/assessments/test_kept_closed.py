"""What is not signed, answered, opened again or countersigned any more, and by which reason (R6, R83, R84)."""

import datetime as dt

import pytest

from assessments import services
from assessments.models import CurrentDecision, Judgement
from centres.enums import FROZEN_UNITS, OVER, RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from common import clock
from common.refusals import Refused
from jobs.models import Job
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.services import revise_evidence
from tests.assessments.conftest import GOOD, KEY, judge, mappings_of, verdicts
from tests.assessments.test_sign_off import WHY, complete, confirm, sign
from tests.assessments.test_trainees_steps import piece, take
from tests.assessments.test_undoing import ANSWER, gone
from tests.factories import portfolio as made

__all__ = ["piece"]


def codes(world, by, act, **given):
    with pytest.raises(Refused) as caught:
        act(actor=world.actor(by), at=clock.now(), **given)
    return [one.code for one in caught.value.refusals]


def put(world, state, who="LA1"):
    rows = Registration.objects.for_centre(world.registrations[who].centre_id)
    rows.filter(pk=world.registrations[who].pk).update(state=state)


HISTORY = {"transferred": "registration-moved", "completed": "registration-completed"}


@pytest.mark.parametrize("state", [one for one in RegistrationState if one != "active"])
def test_a_unit_of_a_registration_that_does_not_run_stays_as_it_is(world, state):
    complete(world)
    sign(world)
    unit, proved = {"learner_unit": world.unit("LA1", KEY)}, {"reauthenticated": True}
    why = HISTORY.get(state, "registration-ended")
    put(world, state)
    assert codes(world, "LA1", services.confirm_unit, agrees=True, **unit, **proved) == ["registration-ended"]
    assert why in codes(world, "AA1", services.reopen_unit, reason=WHY, **unit, **proved)
    put(world, "active")
    confirm(world, agrees=False, reason=WHY)
    put(world, state)
    assert why in codes(world, "AA1", services.answer_dispute, answer=ANSWER, **unit)
    LearnerUnit.objects.for_centre(world.centres["10001"].pk).filter(pk=unit["learner_unit"].pk).update(
        state="assessor_signed", disputed=False
    )
    gone(world)
    assert why in codes(world, "CA", services.confirm_for_absent, reason=WHY, **unit, **proved)


@pytest.fixture
def waiting(world, opened):
    """A trainee's "met" that waits for AA2, who has opened the piece."""
    piece = opened("LA3", by="AT1", numbers=["4.1", "4.2"])
    given = {"evidence": piece, "version_number": 1, "verdicts": verdicts(piece)[:1], "answers": GOOD}
    services.decide(actor=world.actor("AT1"), at=clock.now(), **given)
    made.open_it(world, piece.versions.get(), "AA2")
    return Judgement.objects.for_centre(piece.centre_id).get()


def sign_it(world, row, *, agrees=True, by="AA2"):
    said = {"judgement": row, "agrees": agrees, "reason": " The end is missing. "}
    return services.countersign(actor=world.actor(by), at=clock.now(), **said)


@pytest.mark.parametrize("state", UnitState)
def test_a_decision_in_a_signed_unit_is_not_countersigned(world, waiting, state):
    rows = LearnerUnit.objects.for_centre(waiting.centre_id).filter(pk=waiting.learner_unit_id)
    rows.update(state=state)
    if state in FROZEN_UNITS:
        assert "unit-signed" in codes(world, "AA2", services.countersign, judgement=waiting, agrees=True)
    else:
        assert sign_it(world, waiting).agrees


def test_nor_is_one_on_a_criterion_that_its_learner_took_off(world, piece):
    """A qualified "not yet" stands, a trainee's other word waits, and the learner no longer offers it for that."""
    take(world, piece, "AA2", "not_yet")
    take(world, piece, "AT1", "not_relevant")
    row = CurrentDecision.objects.for_centre(piece.centre_id).get().proposed
    rows = EvidenceMapping.objects.for_centre(piece.centre_id).filter(pk=row.mapping_id)
    for state, told in (("closed", ["not-open"]), ("not_yet", [])):
        rows.update(state=state)
        if told:
            assert codes(world, "AA2", services.countersign, judgement=row, agrees=True) == told
        else:
            assert sign_it(world, row).agrees


@pytest.mark.parametrize("agrees", [True, False])
def test_once_countersigned_it_is_not_again_and_the_reason_is_kept(world, waiting, agrees):
    Job.objects.all().delete()
    row = sign_it(world, waiting, agrees=agrees)
    assert (row.agrees, row.reason, row.countersigner_id) == (agrees, "The end is missing.", world.people["AA2"].pk)
    assert Job.objects.filter(name="portfolio.learn").count() == 1
    assert codes(world, "AA2", services.countersign, judgement=waiting, agrees=True) == ["not-open"]
    left = CurrentDecision.objects.for_centre(waiting.centre_id).filter(mapping_id=waiting.mapping_id)
    assert [(one.judgement_id, one.countersignature_id, one.proposed_id) for one in left] == (
        [(waiting.pk, row.pk, None)] if agrees else []
    )


@pytest.mark.parametrize("state", EvidenceState)
def test_the_piece_moves_with_it_only_while_somebody_judges_it(world, waiting, state):
    """A learner at work on the next version is not disturbed, and what is withdrawn stays so."""
    piece = waiting.mapping.evidence
    EvidenceMapping.objects.for_centre(piece.centre_id).exclude(pk=waiting.mapping_id).update(state="not_yet")
    Evidence.objects.for_centre(piece.centre_id).filter(pk=piece.pk).update(state=state)
    sign_it(world, waiting)
    judged = state in {EvidenceState.IN_REVIEW, EvidenceState.ACCEPTED}
    assert made.again(piece).state == (EvidenceState.ACCEPTED if judged else state)
    assert mappings_of(piece)[0].state == MappingState.MET


def test_an_older_version_is_not_decided_about_any_more(world, opened):
    piece = opened()
    judge(world, piece, verdict="not_yet")
    draft = revise_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())
    made.open_it(world, made.send(world, draft), "AA1")
    said = {"evidence": made.again(piece), "verdicts": verdicts(piece), "answers": GOOD}
    assert "old-version" in codes(world, "AA1", services.decide, version_number=1, **said)
    assert services.decide(actor=world.actor("AA1"), version_number=2, at=clock.now(), **said).version.number == 2


@pytest.mark.parametrize("days", [0, 3])
def test_a_registration_ends_on_the_day_that_was_said(world, days):
    waits = made.sent(world).evidence
    last = world.today - dt.timedelta(days=days)
    said = {"registration": world.registrations["LA1"], "last_day": last, "reason": f" {WHY} "}
    row = services.withdraw_registration(actor=world.actor("CA"), at=clock.now(), **said)
    assert (row.ends_on, row.state in OVER) == (last, True)
    assert set(waits.mappings.values_list("state", flat=True)) == {"closed"}


@pytest.mark.parametrize("act", [services.put_on_break, services.suspend_registration])
def test_a_pause_closes_nothing(world, act):
    waits = made.sent(world).evidence
    row = act(actor=world.actor("CA"), registration=world.registrations["LA1"], reason=WHY, at=clock.now())
    assert row.state not in OVER
    assert set(waits.mappings.values_list("state", flat=True)) == {"offered"}
