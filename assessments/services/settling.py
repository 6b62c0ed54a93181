"""Where a piece of evidence goes once something about its mappings was decided (3.1)."""

import datetime as dt
from collections.abc import Iterable

from assessments.rules import judging
from centres.enums import OVER
from centres.models import LearnerUnit
from portfolio.enums import UNDECIDED, EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.services import advance_evidence, close_undecided


def settle_evidence(evidence: Evidence, at: dt.datetime, *, sending_back: bool = False) -> None:
    """Move a piece to where the states of its mappings put it. The caller holds it and has asked the rules."""
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence)
    to = judging.state_after(rows.values_list("state", flat=True), sending_back=sending_back)
    if to != evidence.state:
        advance_evidence(evidence=evidence, to=to, at=at)


def close_and_settle(*, units: Iterable[LearnerUnit], centre_id: int, at: dt.datetime) -> None:
    """Close what nobody will decide in these units, and settle pieces of which all else was answered already.

    Such a piece would wait for ever: nothing on it is left to decide. The caller holds the units' registrations, which
    whoever judges a piece of this learner holds first, so the pieces are held here without asking anything before.
    """
    chosen = list(units)
    rows = EvidenceMapping.objects.for_centre(centre_id)
    open_rows = rows.filter(learner_unit__in=[unit.pk for unit in chosen], state__in=UNDECIDED)
    touched = list(open_rows.values_list("evidence_id", flat=True))
    close_undecided(units=chosen, centre_id=centre_id, at=at)
    waits = (EvidenceState.SUBMITTED, EvidenceState.IN_REVIEW)
    pieces = Evidence.objects.for_centre(centre_id).select_for_update(of=("self",), no_key=True)
    for piece in pieces.filter(pk__in=touched, state__in=waits).order_by("pk"):
        live = rows.filter(evidence=piece).exclude(learner_unit__registration__state__in=OVER)
        states = set(live.values_list("state", flat=True)) - {MappingState.CLOSED, MappingState.PROPOSED}
        if states and MappingState.OFFERED not in states:
            if piece.state == EvidenceState.SUBMITTED:  # the way to an answer leads by way of its assessor (3.1)
                advance_evidence(evidence=piece, to=EvidenceState.IN_REVIEW, at=at)
            settle_evidence(piece, at)
