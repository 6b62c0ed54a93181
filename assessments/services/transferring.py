"""Moving a learner to another registration without losing or inventing a decision (R19, R34)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.models import User
from assessments import queries
from assessments.enums import Act
from assessments.models import LedgerEntry
from assessments.queries.certificates import few_assessed
from assessments.queries.chain_faults import SETTLING
from assessments.queries.seen import carry_mark
from assessments.queries.transferring import offers_of, source_of, text_of
from assessments.rules import carrying
from assessments.services import ledger
from assessments.services.settling import close_and_settle
from audit.services import record
from centres.access import may_assess_in
from centres.actor import Actor
from centres.enums import Standing, UnitState
from centres.models import LearnerUnit, Registration
from centres.queries import is_active_registration
from centres.queries.seen import registration_mark
from centres.services import advance_unit, move_registration
from centres.services.holding import hold_work
from common.refusals import Forbidden, Refusal, Refused, refuse_if
from common.seen import refuse_other
from common.text import say
from portfolio.enums import MappingOrigin
from portfolio.models import Evidence
from portfolio.services import Chosen, close_undecided, offer_again


@transaction.atomic
def transfer_registration(
    *,
    actor: Actor,
    registration: Registration,
    qualification_id: int,
    place_ids: Collection[int],
    reason: str,
    entry_confirmed: str = "",
    confirmed: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> Registration:
    """Move a registration to another version, qualification or level, and return the one it leads to (R34).

    Every unit of the new one starts as chosen: nothing is decided by moving. What nobody had decided in the old one is
    closed there and offered again in the new one; evidence, versions and decisions stay as they are. Refuses what
    `move_registration` refuses, and returns what it made before when asked twice. Emits what that emits.
    """
    new = move_registration(
        actor=actor,
        registration=registration,
        qualification_id=qualification_id,
        place_ids=place_ids,
        reason=reason,
        entry_confirmed=entry_confirmed,
        confirmed=confirmed,
        seen=seen,
        at=at,
    )
    if new.created_at == at:
        units = LearnerUnit.objects.for_centre(actor.centre_id).filter(registration_id=registration.pk)
        close_undecided(units=units, centre_id=actor.centre_id, at=at)
    return new


@transaction.atomic
def carry_over(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> LedgerEntry:
    """Let one unit count that stands signed off, word for word the same, in another registration (R19, R34).

    In the one that this follows, one that the learner left, or one beside it, as far as the actor sees it.

    It becomes what it is there: signed off, or exempt. The new chain gets an entry of its own, which names the old
    entry by its digest, the old unit and its text. Refuses everything of `why_not_carry`: another wording is never
    carried. What waits undecided in the unit is closed. Stale when it is no longer as the page showed it (`seen`, of
    `carry_mark`). Emits "unit.carried_over".
    """
    unit = _held(actor, learner_unit)
    source = source_of(actor, unit)
    _refuse_other(unit, source, seen)
    refuse_if(carrying.why_not_carry(_carry_facts(actor, unit, source, reauthenticated=reauthenticated)))
    origin = _signed_origin(source)
    close_and_settle(units=[unit], centre_id=actor.centre_id, at=at)
    moved = advance_unit(learner_unit=unit, expected=unit.state, to=UnitState(origin.source.state), at=at)
    return _append(actor, moved, Act.CARRIED_OVER, origin, at=at)


@transaction.atomic
def decline_carry(
    *, actor: Actor, learner_unit: LearnerUnit, reason: str, seen: str | None = None, at: dt.datetime
) -> LedgerEntry:
    """Say that a unit which reads the same is not carried over, with a reason that its learner reads (R34).

    The unit stays open, its pieces are suggested again and judged again; it cannot be carried over any more. Refuses
    everything of `why_not_decline`, once it was decided either way. Stale as `carry_over` is. Emits
    "unit.carry_declined".
    """
    unit = _held(actor, learner_unit)
    source = source_of(actor, unit)
    _refuse_other(unit, source, seen)
    refuse_if(carrying.why_not_decline(_carry_facts(actor, unit, source), reason))
    return _append(actor, unit, Act.CARRY_DECLINED, _signed_origin(source), note=reason.strip(), at=at)


def _held(actor: Actor, learner_unit: LearnerUnit) -> LearnerUnit:
    """Hold the learner's work in all registrations: the unit here, and the one of before that it may rest on."""
    units = hold_work(actor.centre_id, [learner_unit.learner_id])
    return units[learner_unit.pk]


def _refuse_other(unit: LearnerUnit, source: LearnerUnit | None, seen: str | None) -> None:
    if seen is not None:
        declined = queries.latest_act(unit, Act.CARRY_DECLINED) is not None
        refuse_other(seen, carry_mark(unit, source, declined=declined), at=unit.changed_at)


@dataclass(frozen=True, slots=True)
class _Origin:
    """An earlier unit, and the act that it rests on there."""

    source: LearnerUnit
    rests_on: LedgerEntry


def _signed_origin(source: LearnerUnit | None) -> _Origin:
    rests_on = queries.latest_act(source, *SETTLING) if source else None
    if source is None or rests_on is None:
        raise Refused(Refusal("no-source", say("The earlier unit has no signature to rest on. It is judged again.")))
    return _Origin(source, rests_on)


def _append(
    actor: Actor, unit: LearnerUnit, act: Act, origin: _Origin, *, note: str = "", at: dt.datetime
) -> LedgerEntry:
    person = User.objects.only("public_id").get(pk=actor.person_id)
    entry = ledger.append(
        actor=actor,
        person_public_id=person.public_id,
        learner_unit=unit,
        act=act,
        facts={"from": _named(origin.source, origin.rests_on)},
        note=note,
        at=at,
    )
    facts = {"from": origin.source.public_id, "rests_on": origin.rests_on.digest, "digest": entry.digest}
    record(f"unit.{act}", actor=actor, obj=unit, at=at, facts=facts)
    return entry


def _carry_facts(
    actor: Actor, unit: LearnerUnit, source: LearnerUnit | None, *, reauthenticated: bool = False
) -> carrying.CarryFacts:
    own = unit.learner.person_id == actor.person_id
    return carrying.CarryFacts(
        state=unit.state,
        source_state=source.state if source else "",
        same_text=source is not None and carrying.same_text(text_of(source.unit), text_of(unit.unit)),
        qualified=actor.standing == Standing.QUALIFIED,
        own_unit=own,
        allocated=own or may_assess_in(actor, unit.registration_id),
        registration_active=is_active_registration(unit.registration, actor.on),
        reauthenticated=reauthenticated,
        declined=queries.latest_act(unit, Act.CARRY_DECLINED) is not None,
        disputed=unit.disputed,
        few=few_assessed(unit) if source and source.state == UnitState.EXEMPT else (),
    )


def _named(source: LearnerUnit, rests_on: LedgerEntry) -> dict[str, Any]:
    """Name what the new entry rests on: ids and digests only."""
    return {
        "registration": source.registration.public_id,
        "unit": source.public_id,
        "unit_key": f"{source.unit.key}/{source.unit.version}",
        "content": source.unit.content_digest,
        "sequence": rests_on.sequence,
        "digest": rests_on.digest,
    }


@transaction.atomic
def accept_offers(
    *, actor: Actor, registration: Registration, values: Sequence[str], seen: str | None = None, at: dt.datetime
) -> int:
    """Offer pieces of the earlier registration for these criteria of the new one; return how many mappings are new.

    `values` are those of `Offer.value`. Each mapping is as if ticked now: an assessor judges it again, whatever was
    decided before (R34). For the learner themselves and the assessor who judges them. Refuses nothing ticked, and
    what is not among the offers any more; stale when the registration is no longer as the page showed it (`seen`, of
    `registration_mark`). Emits "mappings.offered_again" a piece.
    """
    own = actor.is_learner and registration.learner_id == actor.learner_id
    if not own and not may_assess_in(actor, registration.pk):
        raise Forbidden("registration.offer", registration.public_id)
    row = Registration.objects.for_centre(actor.centre_id).get(pk=registration.pk)
    refuse_other(seen, registration_mark(row))
    wanted = set(values)
    if not wanted:
        raise Refused(Refusal("nothing-ticked", say("Tick at least one suggestion, then offer it."), "offers"))
    found = offers_of(actor, registration)
    known = {offer.value for piece in found for offer in piece.offers}
    if wanted - known - _offered_before(actor, registration, wanted - known):
        raise Refused(Refusal("offer-gone", say("One of these is no longer suggested. Look again; nothing is saved.")))
    total = 0
    for piece in found:
        ticked = [offer for offer in piece.offers if offer.value in wanted]
        if ticked:
            evidence = Evidence.objects.for_centre(actor.centre_id).select_related("learner").get(public_id=piece.id)
            chosen = [Chosen(o.learner_unit_id, o.criterion_id, MappingOrigin.MOVED, o.page, o.seconds) for o in ticked]
            total += offer_again(actor=actor, evidence=evidence, chosen=chosen, at=at)
    return total


def _offered_before(actor: Actor, registration: Registration, values: set[str]) -> set[str]:
    """Return those that are mappings already: a retry finds its own work done."""
    rows = Evidence.objects.for_centre(actor.centre_id).filter(mappings__learner_unit__registration=registration)
    keys = rows.values_list("public_id", "mappings__learner_unit__public_id", "mappings__criterion__public_id")
    return values & {":".join(key) for key in keys} if values else set()
