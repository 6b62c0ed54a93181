"""A learner's work by activity: pieces first, each with what it serves (R45)."""

from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby

from centres.actor import Actor
from centres.enums import RegistrationState
from centres.models import Registration
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping
from portfolio.queries.learner.item import code_of
from portfolio.queries.learner.own import learner_of


@dataclass(frozen=True, slots=True)
class Serves:
    """A unit that a piece serves, with the codes of the criteria it is offered for."""

    unit_id: str
    title: str
    codes: tuple[str, ...]


def generations(actor: Actor) -> set[str]:
    """Return the generations of the qualifications the learner works on. One query."""
    rows = Registration.objects.for_centre(actor.centre_id).filter(learner_id=learner_of(actor))
    open_rows = rows.exclude(state__in=(RegistrationState.WITHDRAWN, RegistrationState.COMPLETED))
    return set(open_rows.values_list("qualification__generation", flat=True))


def served_by(actor: Actor, pieces: Collection[str]) -> dict[str, list[Serves]]:
    """Return what each of the learner's pieces (public ids) serves, by unit in order. One query."""
    rows = (
        EvidenceMapping.objects.for_centre(actor.centre_id)
        .filter(evidence__public_id__in=pieces, evidence__learner_id=learner_of(actor))
        .exclude(state=MappingState.CLOSED)
        .select_related("evidence", "criterion", "learner_unit__unit", "learner_unit__place")
        .order_by("evidence_id", "learner_unit__registration_id", "learner_unit__position", "criterion__position")
    )
    found: dict[str, list[Serves]] = {}
    for (piece, unit), mappings in groupby(rows, key=lambda c: (c.evidence.public_id, c.learner_unit)):
        codes = tuple(code_of(unit.place.number or "", mapping.criterion.number) for mapping in mappings)
        found.setdefault(piece, []).append(Serves(unit.public_id, unit.unit.title, codes))
    return found
