"""The mappings of a piece that is judged, as the page of whoever judges it shows them."""

from typing import Any, Final

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from assessments.queries.codes import code_of, codes_of
from centres.actor import Actor
from portfolio.enums import MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.queries.core import seen_registrations

#: Mappings in these states stand on no page of an assessor.
UNOFFERED: Final = (MappingState.CLOSED, MappingState.PROPOSED)


def mappings_on(actor: Actor, evidence: Evidence) -> dict[str, Any]:
    """Return the mappings of a piece by public id; `shown` says whether this actor's page shows one. One query."""
    seen = seen_registrations(actor).filter(pk=OuterRef("learner_unit__registration_id"))
    rows = (
        EvidenceMapping.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence)
        .annotate(shown=ExpressionWrapper(Exists(seen) & ~Q(state__in=UNOFFERED), BooleanField()))
        .select_related("criterion", "learner_unit__registration__qualification", "learner_unit__unit")
        .select_related("learner_unit__place")
    )
    return {row.public_id: row for row in rows}


def code_on_page(actor: Actor, mapping: EvidenceMapping) -> str:
    """Return the code on the criterion's chip, as this actor's page shows it: 8.2.2, or 10379 8.2.2. One query."""
    shown = [one for one in mappings_on(actor, mapping.evidence).values() if one.shown]
    return codes_of(shown).get(mapping.public_id) or plain_code(mapping)


def plain_code(mapping: EvidenceMapping) -> str:
    """Return the code of what is no longer on the page."""
    return code_of(mapping.learner_unit.place.number, mapping.criterion.number)
