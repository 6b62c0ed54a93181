"""Is this unit ready to be signed? Gathers the facts; the rule gives the reasons (R82)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from assessments.enums import Act
from assessments.queries.core import WAITING, latest_act
from assessments.queries.current import relied_on, waiting_in
from assessments.queries.sufficiency import Measure, measures
from assessments.rules import signing
from centres.access import may_assess_in
from centres.actor import Actor
from centres.models import LearnerUnit
from centres.queries import is_active_registration
from centres.queries.gates import identity_missing
from common.refusals import Refusal
from portfolio.enums import EvidenceState, FileState, MappingState
from portfolio.models import EvidenceFile, EvidenceMapping
from portfolio.queries.purges import removed_versions
from qualifications.queries import life_facts
from qualifications.rules import Warned, warnings_for

UNSAFE = {FileState.RECEIVING, FileState.RECEIVED, FileState.CHECKING, FileState.REFUSED, FileState.INFECTED}


@dataclass(frozen=True, slots=True)
class Readiness:
    """What blocks a signature on a unit, and how far it is."""

    blockers: tuple[Refusal, ...]
    criteria: tuple[signing.CriterionFacts, ...]
    met: int
    total: int
    measured: tuple[Measure, ...] = ()

    @property
    def asked(self) -> list[list[Any]]:
        """What is asked beyond one piece: number of the criterion, what, and by which rules (R71)."""
        return [
            [one.number, one.standard.need.stored(), sorted(one.standard.rules)]
            for one in self.measured
            if not one.standard.need.usual or one.standard.rules
        ]

    @property
    def can_sign(self) -> bool:
        """Nothing blocks."""
        return not self.blockers


def readiness(learner_unit: LearnerUnit, actor: Actor) -> Readiness:
    """Return whether `actor` may sign this unit today, with every reason against it. At most ten queries."""
    measured = measures(learner_unit, actor.on)
    facts = facts_of(learner_unit, actor, measured)
    return Readiness(
        blockers=tuple(signing.why_not_sign_off(facts)),
        criteria=facts.criteria,
        met=sum(c.enough for c in facts.criteria),
        total=len(facts.criteria),
        measured=measured,
    )


def version_warnings(learner_unit: LearnerUnit, day: dt.date) -> list[Warned]:
    """Return what to know about the end of the version before signing; it never blocks: a unit is recorded (R16).

    No query when the unit came with its registration's qualification.
    """
    return warnings_for(life_facts(learner_unit.registration.qualification), day)


def facts_of(learner_unit: LearnerUnit, actor: Actor, measured: Sequence[Measure]) -> signing.Facts:
    """Gather what the rule needs; `measured` are the unit's criteria."""
    mappings = list(
        EvidenceMapping.objects.for_centre(learner_unit.centre_id)
        .filter(learner_unit=learner_unit)
        .exclude(state=MappingState.CLOSED)
        .select_related("evidence")
        .order_by("evidence__submitted_at", "pk")
    )
    learner = learner_unit.learner
    return signing.Facts(
        unit_id=learner_unit.public_id,
        learner_id=learner.public_id,
        state=learner_unit.state,
        own_unit=learner.person_id == actor.person_id,
        allocated=may_assess_in(actor, learner_unit.registration_id) or learner.person_id == actor.person_id,
        registration_active=is_active_registration(learner_unit.registration, actor.on),
        criteria=_criteria(learner_unit, measured, mappings),
        pieces=_pieces(learner_unit, mappings),
        disputed=dispute_of(learner_unit),
        learner_name=learner.given_names,
        identity_missing=identity_missing(learner_unit.centre_id, learner.pk),
    )


def dispute_of(learner_unit: LearnerUnit) -> str:
    """Return what the learner wrote against the signature while nobody has answered, else "". At most two queries."""
    if not learner_unit.disputed:
        return ""
    entry = latest_act(learner_unit, Act.LEARNER_DISPUTED)
    return entry.note.text if entry is not None and hasattr(entry, "note") else "–"


def _criteria(
    learner_unit: LearnerUnit, measured: Sequence[Measure], mappings: Sequence[EvidenceMapping]
) -> tuple[signing.CriterionFacts, ...]:
    waiting = _provisional(learner_unit)
    unjudged = {one.criterion_id: one.evidence.public_id for one in reversed(mappings) if _waits(one)}
    return tuple(
        signing.CriterionFacts(
            code=row.code,
            met=bool(row.accepted),
            provisional=tuple(waiting[row.criterion_id]),
            public_id=row.public_id,
            short=tuple(row.reasons),
            waits=unjudged.get(row.criterion_id, ""),
        )
        for row in measured
    )


def _provisional(learner_unit: LearnerUnit) -> dict[int, list[str]]:
    """Return the decisions that wait for a countersignature, by criterion."""
    found: dict[int, list[str]] = defaultdict(list)
    for criterion_id, public_id in waiting_in(learner_unit).values_list("criterion_id", "proposed__public_id"):
        found[criterion_id].append(public_id)
    return found


def _pieces(learner_unit: LearnerUnit, mappings: list[EvidenceMapping]) -> tuple[signing.PieceFacts, ...]:
    met = {c.evidence_id for c in mappings if c.state == MappingState.MET}
    unsafe = set(
        EvidenceFile.objects.for_centre(learner_unit.centre_id)
        .filter(evidence_id__in=met, removed_at=None, in_versions__isnull=False, state__in=unsafe_states())
        .values_list("evidence_id", flat=True)
    )
    removed = set(
        relied_on(learner_unit.centre_id, [learner_unit.pk])
        .filter(judgement__version__in=removed_versions(learner_unit.centre_id))
        .values_list("mapping__evidence_id", flat=True)
    )
    found: dict[int, signing.PieceFacts] = {}
    for mapping in mappings:
        evidence = mapping.evidence
        waits = _waits(mapping)
        returned = evidence.state == EvidenceState.RETURNED  # also where it was met: it waits for its learner now
        earlier = found.get(evidence.pk)
        found[evidence.pk] = signing.PieceFacts(
            public_id=evidence.public_id,
            title=evidence.sent_title,
            waiting=waits or (earlier is not None and earlier.waiting),
            returned=returned or (earlier is not None and earlier.returned),
            unsafe=evidence.pk in unsafe,
            removed=evidence.pk in removed,
        )
    return tuple(found.values())


def _waits(mapping: EvidenceMapping) -> bool:
    """Say whether a mapping waits for its assessor."""
    return mapping.state == MappingState.OFFERED and mapping.evidence.state in WAITING


def unsafe_states() -> set[FileState]:
    """Where a scanner is configured, "not scanned" is a gap; where none is, it is the honest rest state."""
    return UNSAFE | ({FileState.NOT_SCANNED} if settings.CLAMD_ADDRESS else set())
