"""What pages about a piece showed, as marks (see `common.seen`): made alike for the page and after the lock."""

from collections.abc import Iterable

from centres.enums import OVER
from common.seen import mark
from portfolio.enums import MappingState
from portfolio.models import Evidence, EvidenceMapping


def piece_mark(evidence: Evidence) -> str:
    """Mark a piece: its state and the version it is at. Typing on a draft does not change it: that is its revision's.

    No query.
    """
    return mark("piece", evidence.public_id, evidence.state, evidence.version_number)


def ticks_mark(evidence: Evidence) -> str:
    """Mark what a piece is linked to, with the places to look. One query."""
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence)
    standing = rows.exclude(state=MappingState.CLOSED).exclude(learner_unit__registration__state__in=OVER)
    said = standing.order_by("pk").values_list("pk", "state", "round", "page", "seconds", "note")
    return mark("ticks", evidence.public_id, evidence.state, list(said))


def rounds_mark(evidence: Evidence, mappings: Iterable[tuple[str, int]]) -> str:
    """Mark what was decided about a sent piece: its version, and the round of each criterion (public id). No query."""
    return mark("rounds", evidence.public_id, evidence.version_number, sorted(mappings))
