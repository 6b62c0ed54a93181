"""The steps of the state machines: each is one compare-and-swap (architecture, idea 4)."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from centres.enums import OVER
from centres.models import LearnerUnit
from common.refusals import Stale
from portfolio.enums import EVIDENCE_TRANSITIONS, MAPPING_TRANSITIONS, UNDECIDED, EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping

#: A mapping in a registration that is over: moved, withdrawn or completed.
HISTORY = {"learner_unit__registration__state__in": sorted(OVER)}


@transaction.atomic
def advance_evidence(*, evidence: Evidence, to: str, at: dt.datetime) -> Evidence:
    """Move a piece from the state it was read in to `to`, and return it as it is now.

    For services that have already asked their rules and record their own event. Refuses a step that 3.1 does not know
    (`ValueError`: a fault of the caller); raises `Stale` when the piece is no longer in that state.
    """
    expected, wanted = EvidenceState(evidence.state), EvidenceState(to)
    if wanted not in EVIDENCE_TRANSITIONS[expected]:
        raise ValueError(f"evidence: {expected} is not followed by {wanted}")
    rows = Evidence.objects.for_centre(evidence.centre_id).filter(pk=evidence.pk, state=expected)
    if not rows.update(state=wanted, saved_at=at):
        raise Stale
    evidence.state, evidence.saved_at = wanted, at
    return evidence


@transaction.atomic
def advance_mapping(*, mapping: EvidenceMapping, to: str, expected_round: int, at: dt.datetime) -> EvidenceMapping:
    """Judge a mapping: move it from the state it was read in to `to`, and count the round (R2 of the promises).

    Refuses a step that 3.2 does not know (`ValueError`); raises `Stale` when state or round are no longer those.
    """
    expected, wanted = MappingState(mapping.state), MappingState(to)
    if wanted not in MAPPING_TRANSITIONS[expected]:
        raise ValueError(f"mapping: {expected} is not followed by {wanted}")
    rows = EvidenceMapping.objects.for_centre(mapping.centre_id).filter(
        pk=mapping.pk, state=expected, round=expected_round
    )
    if not rows.update(state=wanted, round=F("round") + 1, changed_at=at):
        raise Stale
    mapping.state, mapping.round, mapping.changed_at = wanted, expected_round + 1, at
    return mapping


def close_mappings_of(*, evidence: Evidence, at: dt.datetime) -> int:
    """Close every mapping of a withdrawn piece (3.2) and return how many. Call inside the act's transaction.

    In a registration that is over they are history and stay as they are (R34).
    """
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence).exclude(**HISTORY)
    return rows.exclude(state=MappingState.CLOSED).update(state=MappingState.CLOSED, changed_at=at)


def close_undecided(*, units: Iterable[LearnerUnit], centre_id: int, at: dt.datetime) -> int:
    """Close what nobody has decided yet in these units, because no decision about them will come; return how many.

    For units whose registration is over (R34, 3.5), which were carried over or are exempt (R79). The pieces stay as
    they are, and so does every decision. Call inside the act's transaction.
    """
    rows = EvidenceMapping.objects.for_centre(centre_id).filter(learner_unit__in=[unit.pk for unit in units])
    return rows.filter(state__in=UNDECIDED).update(state=MappingState.CLOSED, changed_at=at)


def move_mappings(*, evidence: Evidence, expected: Collection[MappingState], to: MappingState, at: dt.datetime) -> int:
    """Move all mappings of a piece that are in one of these states, without a new round of judgement.

    What is offered for the first time is noted with the version it is sent with.

    In a registration that is over they are history and stay as they are (R34).
    """
    for state in expected:
        if to not in MAPPING_TRANSITIONS[state]:
            raise ValueError(f"mapping: {state} is not followed by {to}")
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence, state__in=expected)
    moved: dict[str, Any] = {"state": to, "changed_at": at}
    if to == MappingState.OFFERED:
        moved["sent_in"] = Coalesce(F("sent_in"), Value(evidence.version_number))
    return rows.exclude(**HISTORY).update(**moved)


def hand_in(*, evidence: Evidence, at: dt.datetime) -> None:
    """Put an assessed piece that is offered for more back where its assessor finds it. The caller holds the piece.

    Any other is there already, or with its learner.
    """
    if evidence.state == EvidenceState.ACCEPTED:
        advance_evidence(evidence=evidence, to=EvidenceState.IN_REVIEW, at=at)
