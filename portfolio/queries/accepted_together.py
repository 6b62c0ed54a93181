"""What was accepted together in a centre: counts of the whole centre without a learner's own, nobody's name."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from centres.models import Learner
from portfolio import rules
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import AcceptedTogether, EvidenceMapping
from portfolio.rules import Key, Met, Seen


def met_mappings(centre_id: int) -> QuerySet[EvidenceMapping, tuple[int, int, str, str]]:
    """Return learner, piece, unit and number of everything that is met in a centre, in the order of learners."""
    return (
        EvidenceMapping.objects.for_centre(centre_id)
        .filter(state=MappingState.MET)
        .exclude(evidence__state=EvidenceState.WITHDRAWN)
        .order_by("evidence__learner_id", "evidence_id")
        .values_list("evidence__learner_id", "evidence_id", "learner_unit__unit__key", "criterion__number")
    )


def met_rows(rows: QuerySet[EvidenceMapping, tuple[int, int, str, str]]) -> list[Met]:
    """Return them as the rules count them. One query."""
    return [(learner, piece, (key, number)) for learner, piece, key, number in rows]


def accepted_with(learner: Learner, chosen: Collection[Key], own: Iterable[Met]) -> dict[Key, int]:
    """Return criteria that were met together with the chosen ones on pieces of others, with how many pieces.

    Only what at least three pieces of at least two others say (R68): `own` is what the learner's own pieces met, which
    is taken off, in the order of pieces. One query; none when nothing is chosen.
    """
    if not chosen:
        return {}
    rows = AcceptedTogether.objects.for_centre(learner.centre_id).filter(
        unit_key__in={key for key, _number in chosen}, number__in={number for _key, number in chosen}
    )
    names = ("unit_key", "number", "other_key", "other_number", "pieces", "learners")
    seen = {((a, b), (c, d)): Seen(pieces, people) for a, b, c, d, pieces, people in rows.values_list(*names)}
    return rules.learned(seen, rules.pairs_of(own), chosen)
