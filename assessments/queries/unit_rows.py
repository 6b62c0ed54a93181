"""A learner's unit in whole numbers, as lists of staff show it (R145)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    BooleanField,
    Case,
    Count,
    ExpressionWrapper,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from assessments.queries.blocked import blocked
from centres.actor import Actor
from centres.enums import FROZEN_UNITS, UnitState
from centres.models import LearnerUnit
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping
from qualifications.models import Criterion

OPEN_UNITS: Final = (UnitState.SELECTED, UnitState.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A learner's unit in whole numbers of criteria (R145)."""

    public_id: str
    number: str
    title: str
    learner_id: str
    learner_name: str
    state: str
    total: int
    met: int
    provisional: int
    sent: int
    changed_at: dt.datetime
    thin: int = 0  # met, and not by enough evidence yet: not counted in `met` (R71)
    target_on: dt.date | None = None
    disputed: bool = False  # the learner did not agree, and nobody has answered
    blocked: bool = False  # something beyond criteria that are not met keeps it from being signed

    @property
    def missing(self) -> int:
        """Criteria that nobody has called met yet."""
        return self.total - self.met - self.provisional

    @property
    def ready(self) -> bool:
        """Every criterion is met, nobody has signed, and nothing blocks a signature: as the rule says (R82)."""
        return self.state in OPEN_UNITS and self.met == self.total > 0 and not self.blocked

    @property
    def signed(self) -> bool:
        """Signed by the assessor, by others too or not."""
        return self.state in FROZEN_UNITS

    @property
    def exempt(self) -> bool:
        """Counts through a certificate: nobody judged its criteria (R79)."""
        return self.state == UnitState.EXEMPT

    @property
    def status(self) -> str:
        """The cell of the unit."""
        if self.exempt:
            return "exempt"
        if self.state == UnitState.ACHIEVED:
            return "seal"
        if self.disputed:
            return "back"
        if self.signed or self.met == self.total > 0:
            return "met"
        if self.met or self.provisional or self.thin:
            return "part"
        return "sent" if self.sent else "todo"


def counted(actor: Actor, units: QuerySet[LearnerUnit], thin: Mapping[int, int]) -> QuerySet[LearnerUnit]:
    """Annotate units with `total`, `met`, `provisional`, `sent` and `thin`: numbers of criteria, each counted once.

    And with `blocked`: something beyond criteria that are not met keeps the unit from being signed today (R82).

    `thin` says of how many criteria of a unit (by id) the evidence is not enough: they are not met (R71).
    """
    same: dict[int, list[int]] = defaultdict(list)
    for unit_id, number in thin.items():
        same[number].append(unit_id)
    few = Case(*(When(pk__in=ids, then=Value(n)) for n, ids in same.items()), default=Value(0))
    return units.annotate(
        blocked=ExpressionWrapper(blocked(actor.centre_id, actor.on), BooleanField()),
        thin=few,
        total=Coalesce(
            Subquery(
                Criterion.objects.filter(unit_id=OuterRef("unit_id"))
                .order_by()
                .values("unit_id")
                .annotate(n=Count("pk"))
                .values("n"),
                output_field=IntegerField(),
            ),
            Value(0),
        ),
        met=_criteria_with(actor, MappingState.MET) - few,
        provisional=_criteria_with(actor, MappingState.MET_PROVISIONAL),
        sent=_criteria_with(actor, MappingState.OFFERED),
    )


def _criteria_with(actor: Actor, state: MappingState) -> Coalesce:
    mappings = (
        EvidenceMapping.objects.for_centre(actor.centre_id)
        .filter(learner_unit_id=OuterRef("pk"), state=state)
        .order_by()
        .values("learner_unit_id")
        .annotate(n=Count("criterion_id", distinct=True))
        .values("n")
    )
    return Coalesce(Subquery(mappings, output_field=IntegerField()), Value(0))


def unit_row(unit: Any) -> UnitRow:
    """Return a unit annotated by `counted` as its row. One carried over counts whole, without mappings of its own."""
    met = unit.total if unit.state == UnitState.ACHIEVED else unit.met
    return UnitRow(
        public_id=unit.public_id,
        number=unit.place.number or "",
        title=unit.unit.title,
        learner_id=unit.learner.public_id,
        learner_name=unit.learner.full_name,
        state=unit.state,
        total=unit.total,
        met=met,
        provisional=min(unit.provisional, unit.total - met - unit.thin),
        sent=unit.sent,
        changed_at=unit.changed_at,
        thin=unit.thin,
        target_on=unit.target_on,
        disputed=unit.disputed,
        blocked=unit.blocked,
    )
