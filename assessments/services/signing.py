"""Signing a unit off, in order: assessor, countersigner where a trainee took part, learner (R82–R85)."""

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from assessments import queries
from assessments.enums import Act
from assessments.models import LedgerEntry
from assessments.queries.current import countersigning_of, relied_on
from assessments.queries.seen import decisions_mark
from assessments.queries.unit_acts import absent_facts, reopen_facts, standing_act
from assessments.rules import signing
from assessments.services import ledger
from audit.services import record
from centres.access import may_assess_in
from centres.actor import Actor
from centres.enums import FROZEN_UNITS, RegistrationState, UnitState
from centres.models import LearnerUnit
from centres.queries import is_active_registration
from centres.queries.leading import leads
from centres.queries.seen import unit_mark
from centres.rules import why_not_countersign_assured
from centres.services import advance_unit
from centres.services.apart import assured_in
from centres.services.holding import hold_unit
from common.refusals import Refusal, Stale, refuse_if
from common.seen import refuse_other
from common.text import say

#: What the digest of a countersignature is made of.
AGREED = ("countersignature__countersigner", "countersignature__judgement")


@transaction.atomic
def sign_off(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    declared: bool,
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> LedgerEntry:
    """Sign a unit as its assessor: from here on nothing can be linked, unlinked or judged in it (R83).

    Once it is signed, refuses as stale and names who was faster and when; so it does when the unit or a decision in it
    is another than the page showed (`seen`, of `decisions_mark`). Else refuses with everything that blocks
    (R82), without the declaration or without proving again who it is (R85). The entry of the chain names every
    decision relied on by its digest, and every version of evidence. Emits "unit.signed".
    """
    unit = hold_unit(learner_unit)
    _refuse_if_signed(unit)
    if seen is not None:
        _refuse_other(unit, seen, decisions_mark(unit))
    ready = queries.readiness(unit, actor)
    given = signing.SigningFacts(declared=declared, reauthenticated=reauthenticated)
    refuse_if([*ready.blockers, *signing.why_not_sign(given)])
    step = countersigning_of(unit, actor)
    facts = _relied_on(unit, ready) | {"declaration": signing.DECLARATION}
    advance_unit(
        learner_unit=unit,
        expected=UnitState(unit.state),
        to=UnitState.ASSESSOR_SIGNED,
        at=at,
        countersigning=step,
    )
    entry = _act(actor, unit, Act.ASSESSOR_SIGNED, at, facts=facts)
    record("unit.signed", actor=actor, obj=unit, at=at, facts={"digest": entry.digest})
    return entry


def _refuse_if_signed(unit: LearnerUnit) -> None:
    """Tell whoever was slower who was faster. Nothing of theirs was signed."""
    signed = queries.latest_act(unit, Act.ASSESSOR_SIGNED) if unit.state in FROZEN_UNITS else None
    if signed is not None:
        who = signed.person.full_name
        raise Stale(who=who, at=signed.at, sentence=say("%(name)s has signed this unit already.") % {"name": who})


def _refuse_other(unit: LearnerUnit, seen: str | None, now: str) -> None:
    """Tell a tab that was left open who did what meanwhile. A stale tab never signs a unit that was reopened."""
    if seen is None or seen == now:
        return
    last = queries.latest_act(unit, *Act)
    if last is None:
        refuse_other(seen, now)
    else:
        words = say("This unit changed while you had the page open. The last act in it: %(act)s, by %(name)s.")
        who = last.person.full_name
        refuse_other(seen, now, who=who, at=last.at, sentence=words % {"act": Act(last.act).label, "name": who})


@transaction.atomic
def countersign_unit(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    agrees: bool,
    reason: str = "",
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> LedgerEntry:
    """Countersign a unit that rests on a trainee, or refuse to, with a reason; refusing reopens it (R6, R83).

    Refuses who quality-assures the qualification (R8).
    Stale when the unit is no longer as the page showed it (`seen`, of `unit_mark`).
    """
    unit = hold_unit(learner_unit)
    _refuse_other(unit, seen, unit_mark(unit))
    allowed = queries.units_to_countersign(actor).filter(pk=unit.pk).exists()
    step = signing.StepFacts(unit.state, queries.needs_countersign(unit), allowed, agrees, reason)
    apart = why_not_countersign_assured(assured_in(actor, unit.registration))
    refuse_if([*apart, *signing.why_not_countersign_unit(step), *_signature(reauthenticated)])
    to = UnitState.COUNTERSIGNED if agrees else UnitState.IN_PROGRESS
    advance_unit(learner_unit=unit, expected=UnitState.ASSESSOR_SIGNED, to=to, at=at)
    act = Act.COUNTERSIGNED if agrees else Act.COUNTERSIGN_REFUSED
    entry = _act(actor, unit, act, at, note=reason.strip())
    record("unit.countersigned" if agrees else "unit.countersign_refused", actor=actor, obj=unit, at=at)
    return entry


@transaction.atomic
def confirm_unit(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    agrees: bool,
    reason: str = "",
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> LedgerEntry:
    """The learner confirms a signed unit, or disputes it with a reason; a dispute puts it back in progress (R83).

    It is not signed again before somebody has answered (`answer_dispute`).
    A confirmed unit is achieved at once: sampling before achievement comes with quality assurance (3.3). Stale when the
    unit is no longer as the page showed it (`seen`, of `unit_mark`).
    """
    unit = hold_unit(learner_unit)
    _refuse_other(unit, seen, unit_mark(unit))
    mine = actor.is_learner and unit.learner_id == actor.learner_id and unit.learner.person_id == actor.person_id
    step = signing.StepFacts(unit.state, queries.needs_countersign(unit), mine, agrees, reason)
    refuse_if([*signing.why_not_confirm(step), *_active(unit, actor), *_signature(reauthenticated)])
    to = UnitState.ACHIEVED if agrees else UnitState.IN_PROGRESS
    advance_unit(learner_unit=unit, expected=UnitState(unit.state), to=to, at=at)
    _dispute(unit, open_now=not agrees)
    act = Act.LEARNER_CONFIRMED if agrees else Act.LEARNER_DISPUTED
    entry = _act(actor, unit, act, at, note=reason.strip())
    record("unit.confirmed" if agrees else "unit.disputed", actor=actor, obj=unit, at=at)
    return entry


def _dispute(unit: LearnerUnit, *, open_now: bool) -> None:
    LearnerUnit.objects.for_centre(unit.centre_id).filter(pk=unit.pk).update(disputed=open_now)


@transaction.atomic
def answer_dispute(
    *, actor: Actor, learner_unit: LearnerUnit, answer: str, seen: str | None = None, at: dt.datetime
) -> LedgerEntry:
    """Answer a learner who did not agree, in words that they read; then the unit can be signed again (R83, R117).

    For the learner's assessors and the lead quality assurer of the qualification. Refuses everything of
    `why_not_answer`; of two answers at once the second is told that nothing is open. Stale
    when the unit is no longer as the page showed it (`seen`, of `unit_mark`). Emits "unit.dispute_answered".
    """
    unit = hold_unit(learner_unit)
    _refuse_other(unit, seen, unit_mark(unit))
    own = unit.learner.person_id == actor.person_id
    facts = signing.AnswerFacts(
        disputed=unit.disputed,
        allowed=may_assess_in(actor, unit.registration_id) or leads(actor, unit.registration),
        own_unit=own,
        answer=answer,
    )
    refuse_if([*signing.why_not_answer(facts), *_not_history(unit)])
    disputed = queries.latest_act(unit, Act.LEARNER_DISPUTED)
    _dispute(unit, open_now=False)
    answers = {"answers": disputed.digest if disputed else ""}
    entry = _act(actor, unit, Act.DISPUTE_ANSWERED, at, facts=answers, note=answer.strip())
    record("unit.dispute_answered", actor=actor, obj=unit, at=at, facts={"digest": entry.digest})
    return entry


@transaction.atomic
def confirm_for_absent(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    reason: str,
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> LedgerEntry:
    """Confirm a signed unit whose learner has left and cannot, with the reason, so that the work counts (R83).

    For a lead quality assurer or a centre admin who took no part in the unit. Refuses everything of
    `why_not_confirm_absent`; stale as the others are. Emits "unit.confirmed_absent".
    """
    unit = hold_unit(learner_unit)
    _refuse_other(unit, seen, unit_mark(unit))
    facts = absent_facts(unit, actor, reason=reason, reauthenticated=reauthenticated)
    refuse_if([*signing.why_not_confirm_absent(facts), *_not_history(unit)])
    advance_unit(learner_unit=unit, expected=UnitState(unit.state), to=UnitState.ACHIEVED, at=at)
    entry = _act(actor, unit, Act.CONFIRMED_ABSENT, at, note=reason.strip())
    record("unit.confirmed_absent", actor=actor, obj=unit, at=at, facts={"digest": entry.digest})
    return entry


@transaction.atomic
def reopen_unit(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    reason: str,
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> LedgerEntry:
    """Open a signed unit again, with a reason; later signatures are void (R84).

    For the assessor who signed or carried it over and looks after the learner today; for the lead quality assurer of
    the qualification and for a centre admin who does not assess the learner, so that a wrong signature never outlives
    its signer. Refuses everything of `why_not_reopen`. In a registration that was moved a unit is history and stays
    signed: it is opened where it counts now. Stale when it is no longer as the page showed it (`seen`, of `unit_mark`).
    Emits "unit.reopened".
    """
    unit = hold_unit(learner_unit)
    _refuse_other(unit, seen, unit_mark(unit))
    signed = standing_act(unit)
    facts = reopen_facts(unit, actor, signed, reason=reason, reauthenticated=reauthenticated)
    refuse_if([*signing.why_not_reopen(facts), *_not_history(unit)])
    advance_unit(learner_unit=unit, expected=UnitState(unit.state), to=UnitState.IN_PROGRESS, at=at)
    voids = {"voids": signed.digest if signed else ""}
    entry = _act(actor, unit, Act.REOPENED, at, facts=voids, note=reason.strip())
    record("unit.reopened", actor=actor, obj=unit, at=at, facts={"digest": entry.digest})
    return entry


def _signature(reauthenticated: bool) -> list[Refusal]:  # noqa: FBT001 - one fact, passed on
    return signing.why_not_sign(signing.SigningFacts(declared=True, reauthenticated=reauthenticated))


def _active(unit: LearnerUnit, actor: Actor) -> list[Refusal]:
    if is_active_registration(unit.registration, actor.on):
        return []
    return [Refusal("registration-ended", say("Your registration is not active. Ask your centre; nothing is lost."))]


def _not_history(unit: LearnerUnit) -> list[Refusal]:
    state = RegistrationState(unit.registration.state)
    if state == RegistrationState.ACTIVE:
        return []
    if state == RegistrationState.TRANSFERRED:
        words = say("The learner was moved to another registration. Open the unit there, if it counts there.")
        return [Refusal("registration-moved", words)]
    if state == RegistrationState.COMPLETED:
        words = say(
            "The registration is completed. An admin takes that back first, with the reason, under State on the"
            " learner’s page; then reopen the unit. Nothing was changed."
        )
        return [Refusal("registration-completed", words)]
    words = say("The registration is “%(state)s”. Its units stay as they are; nothing was changed.")
    return [Refusal("registration-ended", words % {"state": state.label})]


def _relied_on(unit: LearnerUnit, ready: queries.Readiness) -> dict[str, Any]:
    """Name what the signature rests on: the decision that counts of each met mapping, and the versions it was made on.

    A decision of a trainee stands with its countersignature. What was asked beyond one piece that day is kept too,
    with the rules it came from (R71).
    """
    rows = relied_on(unit.centre_id, [unit.pk])
    read = rows.select_related("criterion", "judgement__version", *AGREED)
    found = [(row, row.judgement) for row in read if row.judgement is not None]
    decisions = sorted(
        [row.criterion.number, one.public_id, one.digest, row.countersignature.digest if row.countersignature else ""]
        for row, one in found
    )
    evidence = sorted({(one.version.public_id, one.version_digest) for _row, one in found})
    facts = {"decisions": decisions, "evidence": [list(pair) for pair in evidence]}
    return facts | ({"sufficiency": ready.asked} if ready.asked else {})


def _act(
    actor: Actor, unit: LearnerUnit, act: Act, at: dt.datetime, *, facts: dict[str, Any] | None = None, note: str = ""
) -> LedgerEntry:
    person = User.objects.only("public_id").get(pk=actor.person_id)
    return ledger.append(
        actor=actor,
        person_public_id=person.public_id,
        learner_unit=unit,
        act=act,
        facts=facts or {},
        note=note,
        at=at,
    )
