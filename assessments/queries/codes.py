"""The code of a criterion as people see it."""

from collections import Counter
from collections.abc import Iterable

from portfolio.models import EvidenceMapping


def code_of(place: str | None, number: str) -> str:
    """Return the code people use: the unit's number in the qualification, where it has one, and the criterion's."""
    return f"{place}.{number}" if place else number


def codes_of(mappings: Iterable[EvidenceMapping]) -> dict[str, str]:
    """Return the code of each of these mappings of one piece, by public id, as the chips and every sentence name it.

    The qualification stands before a code that is there twice: unit 8 of one is not unit 8 of another. A unit without a
    number is named beside its criterion: two may have a 1.1. No query when they came with place and qualification.
    """
    rows = list(mappings)
    plain = {row.public_id: code_of(row.learner_unit.place.number, row.criterion.number) for row in rows}
    times = Counter(plain.values())
    return {row.public_id: _told_apart(row, plain[row.public_id], times[plain[row.public_id]]) for row in rows}


def _told_apart(row: EvidenceMapping, code: str, times: int) -> str:
    numbered = bool(row.learner_unit.place.number)
    return f"{row.learner_unit.registration.qualification.entry_code} {code}" if times > 1 and numbered else code
