"""Choosing what a piece shows (R67, R68): links to criteria, with the place in the piece."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction

from audit.services import record
from centres.access import may_assess, may_assess_in
from centres.actor import Actor
from centres.enums import FROZEN_UNITS, OVER, UnitState
from centres.models import LearnerUnit
from common.refusals import Forbidden, NotFound, Refusal, Refused, refuse_if
from common.seen import refuse_other
from common.text import say
from portfolio import rules
from portfolio.access import may_assess_piece
from portfolio.enums import UNSETTLED, EvidenceState, MappingOrigin, MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.queries.seen import ticks_mark
from portfolio.queries.state_facts import is_active_unit
from portfolio.services.holding import hold_piece
from portfolio.services.preconditions import require_writing, touch_draft
from portfolio.services.state_steps import hand_in
from qualifications.models import Criterion

#: Evidence on which an assessor may offer one more criterion.
OPEN_TO_ASSESSOR = frozenset({EvidenceState.SUBMITTED, EvidenceState.IN_REVIEW, EvidenceState.ACCEPTED})
Key = tuple[int, int]  # learner unit, criterion


@dataclass(frozen=True, slots=True)
class Chosen:
    """One tick: public ids of the learner's unit and of the criterion, how they came to it, and where to look."""

    learner_unit_id: str
    criterion_id: str
    origin: str = MappingOrigin.UNIT
    page: int | None = None
    seconds: int | None = None
    note: str = ""


Target = tuple[Chosen, LearnerUnit]


@transaction.atomic
def set_mappings(
    *,
    actor: Actor,
    evidence: Evidence,
    chosen: Sequence[Chosen],
    unsure: bool,
    seen: str | None = None,
    at: dt.datetime,
) -> list[Refusal]:
    """Make the ticks of a draft exactly `chosen`, and return warnings (R67), which do not stop anything.

    Mappings already met stay whatever is ticked: the decision belongs to the version it was made on. Refuses criteria
    outside the learner's units (A13), signed-off units (R83) and impossible places; raises `Stale` once the piece is
    sent, and when other ticks stand than the page showed (`seen`, of `ticks_mark`). Emits "mappings.set" with their
    number.
    """
    require_writing(actor, evidence, "evidence.edit")
    hold_piece(evidence)
    touch_draft(evidence, at, unsure=unsure)
    if seen is not None:
        words = say("What it shows was changed in another tab or on another device. Your ticks are kept on this page.")
        refuse_other(seen, ticks_mark(evidence), sentence=words)
    total = write_mappings(actor=actor, evidence=evidence, chosen=chosen, at=at)
    record("mappings.set", actor=actor, obj=evidence, at=at, facts={"criteria": total, "unsure": unsure})
    return rules.link_warnings(total)


def write_mappings(*, actor: Actor, evidence: Evidence, chosen: Sequence[Chosen], at: dt.datetime) -> int:
    """Write what `set_mappings` decides, in four statements whatever their number; return how many mappings stand."""
    targets = targets_of(actor, evidence, chosen)
    existing = {(c.learner_unit_id, c.criterion_id): c for c in standing_of(evidence)}
    refuse_if(list(reasons_against(actor, targets, existing)))
    _drop(evidence, [c for key, c in existing.items() if key not in targets and c.state in UNSETTLED], at)
    _update(evidence, existing, targets, at)
    fresh = [
        new_mapping(actor, evidence, key, tick, at) for key, (tick, _unit) in targets.items() if key not in existing
    ]
    EvidenceMapping.objects.bulk_create(fresh)
    kept = [c for key, c in existing.items() if key in targets or c.state not in UNSETTLED]
    return len(kept) + len(fresh)


def targets_of(actor: Actor, evidence: Evidence, chosen: Sequence[Chosen]) -> dict[Key, Target]:
    """Return (unit, criterion) → tick. Refuses a criterion that is not in that unit of this learner."""
    units = {
        u.public_id: u
        for u in LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner_id=evidence.learner_id, public_id__in={c.learner_unit_id for c in chosen})
        .exclude(state=UnitState.DROPPED)
        .select_related("registration__qualification", "unit")
    }
    criteria = {c.public_id: c for c in Criterion.objects.filter(public_id__in={c.criterion_id for c in chosen})}
    found: dict[Key, Target] = {}
    for tick in chosen:
        unit, criterion = units.get(tick.learner_unit_id), criteria.get(tick.criterion_id)
        if unit is None or criterion is None or criterion.unit_id != unit.unit_id:
            raise Refused(*rules.why_not_link(rules.LinkFacts(known=False)))
        found[unit.pk, criterion.pk] = (tick, unit)
    return found


def standing_of(evidence: Evidence) -> Iterable[EvidenceMapping]:
    """Return the mappings of a piece that are not closed; those in a registration that is over are history (R34)."""
    rows = (
        EvidenceMapping.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence)
        .exclude(state=MappingState.CLOSED)
    )
    return rows.exclude(learner_unit__registration__state__in=OVER)


def reasons_against(
    actor: Actor, targets: dict[Key, Target], existing: dict[Key, EvidenceMapping]
) -> Iterable[Refusal]:
    """Yield why links that are new, or may be changed, cannot be made."""
    for key, (tick, unit) in targets.items():
        settled = key in existing and existing[key].state not in UNSETTLED
        if not settled:
            facts = rules.LinkFacts(
                known=is_active_unit(actor, unit),
                frozen=unit.state in FROZEN_UNITS,
                unit=unit.unit.title,
                page=tick.page,
                seconds=tick.seconds,
                note=tick.note,
            )
            yield from rules.why_not_link(facts)


def _drop(evidence: Evidence, gone: Sequence[EvidenceMapping], at: dt.datetime) -> None:
    """Take ticks away. One that was ever judged is closed, because its decisions stay; the others leave no trace."""
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(state__in=UNSETTLED)
    judged = [c.pk for c in gone if c.round]
    if judged:
        rows.filter(pk__in=judged).update(state=MappingState.CLOSED, changed_at=at)
    if len(judged) < len(gone):
        rows.filter(pk__in=[c.pk for c in gone if not c.round]).delete()


def _update(
    evidence: Evidence, existing: dict[Key, EvidenceMapping], targets: dict[Key, Target], at: dt.datetime
) -> None:
    changed = []
    for key, (tick, _unit) in targets.items():
        mapping = existing.get(key)
        place = (tick.page, tick.seconds, tick.note.strip())
        if mapping and mapping.state in UNSETTLED and (mapping.page, mapping.seconds, mapping.note) != place:
            mapping.page, mapping.seconds, mapping.note = place
            mapping.changed_at = at
            changed.append(mapping)
    if changed:
        rows = EvidenceMapping.objects.for_centre(evidence.centre_id)
        rows.bulk_update(changed, ["page", "seconds", "note", "changed_at"])


def new_mapping(actor: Actor, evidence: Evidence, key: Key, tick: Chosen, at: dt.datetime) -> EvidenceMapping:
    """Return a mapping that nobody has judged: proposed, in round nought."""
    return EvidenceMapping(
        centre_id=evidence.centre_id,
        evidence=evidence,
        learner_unit_id=key[0],
        criterion_id=key[1],
        origin=tick.origin if tick.origin in MappingOrigin.values else MappingOrigin.UNIT,
        page=tick.page,
        seconds=tick.seconds,
        note=tick.note.strip(),
        proposed_by_id=actor.person_id,
        created_at=at,
        changed_at=at,
    )


@transaction.atomic
def add_mapping(
    *, actor: Actor, evidence: Evidence, learner_unit: LearnerUnit, criterion_id: str, at: dt.datetime
) -> EvidenceMapping:
    """Offer a sent piece for one more criterion (a public id), as the assessor who judges both it and there (R67).

    Refuses others (403), pieces that are not with an assessor, units that are not this learner's or are signed off,
    and a criterion already on the piece. Emits "mapping.added".
    """
    if evidence.centre_id != actor.centre_id:
        raise NotFound("mapping.add", evidence.public_id)
    if not may_assess(actor, evidence.learner):
        raise Forbidden("mapping.add", evidence.public_id)
    evidence = hold_piece(evidence).evidence
    if evidence.state not in OPEN_TO_ASSESSOR:
        raise Refused(Refusal("not-open", say("This is not with you now, so nothing can be added to it.")))
    tick = Chosen(learner_unit.public_id, criterion_id, MappingOrigin.ASSESSOR)
    targets = targets_of(actor, evidence, [tick])
    if not (may_assess_piece(actor, evidence) and may_assess_in(actor, learner_unit.registration_id)):
        raise Forbidden("mapping.add", evidence.public_id)
    existing = {(c.learner_unit_id, c.criterion_id): c for c in standing_of(evidence)}
    if targets.keys() & existing.keys():
        raise Refused(Refusal("already-offered", say("This criterion is already on this piece."), "criteria"))
    refuse_if(list(reasons_against(actor, targets, existing)))
    mapping = new_mapping(actor, evidence, next(iter(targets)), tick, at)
    mapping.state, mapping.sent_in = MappingState.OFFERED, evidence.version_number
    hand_in(evidence=evidence, at=at)
    mapping.save(force_insert=True)
    record("mapping.added", actor=actor, obj=evidence, at=at, facts={"criterion": criterion_id})
    return mapping
