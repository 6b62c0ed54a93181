"""Holding a piece of evidence: after the registrations and units of its learner, before its mappings (decision 9)."""

from dataclasses import dataclass

from centres.models import LearnerUnit
from centres.services.holding import hold_work
from portfolio.models import Evidence


@dataclass(frozen=True, slots=True)
class Held:
    """A piece and its learner's units, held until the end of the transaction and read under the lock."""

    evidence: Evidence
    units: dict[int, LearnerUnit]


def hold_piece(evidence: Evidence) -> Held:
    """Hold the work of a learner and one piece of it, and return both as they are now. Three queries.

    Whoever judges, signs, sends or takes back in the meantime waits; what is read next cannot change any more. Its
    mappings are changed under this lock only.
    """
    units = hold_work(evidence.centre_id, [evidence.learner_id])
    rows = Evidence.objects.for_centre(evidence.centre_id).select_for_update(of=("self",), no_key=True)
    return Held(rows.select_related("learner__person").get(pk=evidence.pk), units)
