"""Is what was accepted enough? Mappings and decisions held against the rules that count today (R71, R76, R82)."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform

from assessments.models import CurrentDecision
from assessments.queries.codes import code_of
from assessments.queries.current import relied_on
from centres.actor import Actor
from centres.enums import FROZEN_UNITS
from centres.models import LearnerUnit
from centres.queries.sufficiency import About, RuleBook, rule_book
from common.plain import iso_day
from common.refusals import Refusal
from qualifications.models import Criterion
from qualifications.rules.sufficiency import (
    Accepted,
    Standard,
    need_in_words,
    so_far_in_words,
    why_not_enough,
    why_to_look,
)

#: (learner's unit, criterion), ids that never leave the server.
Key: TypeAlias = tuple[int, int]
#: What is met and not enough yet, each with how far it is in words.
Shortfalls: TypeAlias = Mapping[Key, str]
_READ: Final = (
    "learner_unit_id",
    "criterion_id",
    "mapping__evidence__public_id",
    "judgement__setting",
    "judgement__observed_on",
    "day",
    "method",
)
_ASKED: Final = (
    "criterion__kind",
    "criterion__requirements",
    "learner_unit__unit__key",
    "learner_unit__unit__sufficiency",
    "learner_unit__registration__qualification__sufficiency",
)
_NOTHING_ASKED: Final = Q(
    criterion__requirements={},
    learner_unit__unit__sufficiency={},
    learner_unit__registration__qualification__sufficiency={},
)


@dataclass(frozen=True, slots=True)
class Measure:
    """A criterion of a learner's unit: what is asked for it and what is accepted. A signed unit is never short."""

    criterion_id: int
    public_id: str
    number: str
    code: str  # as people see it: the unit's number and this one's
    outcome: int
    text: str
    kind: str
    range: tuple[str, ...]
    standard: Standard
    accepted: tuple[Accepted, ...]
    signed: bool

    @property
    def reasons(self) -> list[Refusal]:
        """Return why what is accepted is not enough; nothing accepted is "not met", and said elsewhere."""
        judged = self.accepted and not self.signed
        return why_not_enough(self.code, self.standard, self.accepted) if judged else []

    @property
    def so_far(self) -> str:
        """Return how far it is where it is short: "One of two pieces accepted"."""
        return so_far_in_words(self.standard.need, self.accepted) if self.reasons else ""

    @property
    def asked(self) -> tuple[str, ...]:
        """Return what is asked beyond one accepted piece, in sentences."""
        return need_in_words(self.standard.need)

    @property
    def look(self) -> str:
        """Return the warning about own words alone, or "" (R76)."""
        return "" if self.signed else why_to_look(self.code, self.kind, self.accepted)


def measures(unit: LearnerUnit, on: dt.date) -> tuple[Measure, ...]:
    """Return every criterion of a learner's unit, in order, held against what is asked on a day. Three queries.

    `unit` comes with its unit, its place and its registration's qualification.
    """
    book = rule_book(unit.centre_id, on, [unit.pk])
    accepted = _grouped(_decisions(unit.centre_id, [unit.pk]).values(*_READ))
    criteria = Criterion.objects.filter(unit_id=unit.unit_id).select_related("outcome").order_by("position")
    return tuple(_measure(book, unit, row, accepted.get((unit.pk, row.pk), ())) for row in criteria)


def _measure(book: RuleBook, unit: LearnerUnit, row: Criterion, accepted: Collection[Accepted]) -> Measure:
    return Measure(
        criterion_id=row.pk,
        public_id=row.public_id,
        number=row.number,
        code=code_of(unit.place.number, row.number),
        outcome=row.outcome.number,
        text=row.text,
        kind=row.kind,
        range=tuple(row.range),
        standard=book.standard(about(unit, row)),
        accepted=tuple(accepted),
        signed=unit.state in FROZEN_UNITS,
    )


def about(unit: LearnerUnit, criterion: Criterion) -> About:
    """Return what the rule book is asked with. `unit` comes with its unit and its registration's qualification."""
    return About(
        learner_unit_id=unit.pk,
        criterion_id=criterion.pk,
        unit_key=unit.unit.key,
        kind=criterion.kind,
        of_qualification=unit.registration.qualification.sufficiency,
        of_unit=unit.unit.sufficiency,
        of_criterion=criterion.requirements,
    )


def shortfalls(
    centre_id: int, units: "Collection[int] | QuerySet[Any]", on: dt.date, book: RuleBook | None = None
) -> Shortfalls:
    """Return the met criteria of these learners' units (ids) for which what is accepted is not enough on a day.

    Two queries, however many units; one where the page has read the rules of these units already. Signed units have
    none: a later rule never takes a signature back (R71).
    """
    book = rule_book(centre_id, on, units) if book is None else book
    rows = _decisions(centre_id, units).exclude(learner_unit__state__in=FROZEN_UNITS)
    if not book.for_units:  # then most criteria ask for nothing, and need not be read
        rows = rows.filter(~_NOTHING_ASKED | Q(learner_unit_id__in=list(book.for_learners)))
    read = list(rows.values(*_READ, *_ASKED))
    facts = {_key(row): row for row in read}
    found = {}
    for key, accepted in _grouped(read).items():
        standard = book.standard(_about(facts[key]))
        if why_not_enough("", standard, accepted):
            found[key] = so_far_in_words(standard.need, accepted)
    return found


def _about(row: Mapping[str, Any]) -> About:
    kind, asked, unit_key, of_unit, of_qualification = (row[name] for name in _ASKED)
    return About(row["learner_unit_id"], row["criterion_id"], unit_key, kind, of_qualification, of_unit, asked)


def short_for(actor: Actor, book: RuleBook | None = None) -> Callable[[Sequence[LearnerUnit]], Shortfalls]:
    """Return what the pages of progress ask for their units: which met criteria are short today. Two queries.

    One query with the `book` of all these units.
    """
    return lambda units: shortfalls(actor.centre_id, [unit.pk for unit in units], actor.on, book)


def thin(found: Shortfalls) -> Counter[int]:
    """Return how many criteria of each learner's unit are met and not enough yet."""
    return Counter(unit_id for unit_id, _criterion in found)


def _decisions(centre_id: int, units: "Collection[int] | QuerySet[Any]") -> QuerySet[CurrentDecision]:
    """Return the decisions "met" that count, oldest first, with day and kind of the version they were made on."""
    return (
        relied_on(centre_id, units)
        .annotate(
            day=KeyTextTransform("activity_date", "judgement__version__fields"),
            method=KeyTextTransform("kind", "judgement__version__fields"),
        )
        .order_by("judgement__at", "pk")
    )


def _key(row: Mapping[str, Any]) -> Key:
    return row["learner_unit_id"], row["criterion_id"]


def _grouped(rows: Collection[Mapping[str, Any]]) -> dict[Key, list[Accepted]]:
    """Return what is accepted for each criterion."""
    found: dict[Key, list[Accepted]] = defaultdict(list)
    for row in rows:
        found[_key(row)].append(_accepted(row))
    return found


def _accepted(row: Mapping[str, Any]) -> Accepted:
    return Accepted(
        piece=row["mapping__evidence__public_id"],
        method=row["method"] or "",
        day=iso_day(row["day"]),
        setting=row["judgement__setting"],
        seen_on=row["judgement__observed_on"],
    )
