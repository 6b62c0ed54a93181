"""How far units and criteria are, derived from claims alone: two queries for any number of units (axiom 1)."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from centres.enums import FROZEN_UNITS, UnitState
from centres.models import Learner, LearnerUnit
from portfolio import rules
from portfolio.enums import ClaimState
from portfolio.models import Claim
from qualifications.models import Criterion

#: A cell of the strip: status key, number of the outcome, number of the criterion ("4.1").
Cell = tuple[str, int, str]
#: Which criteria are met by too little evidence: pairs of ids, of the learner's unit and the criterion. The judgements
#: know, which stand above this app: so they are handed in.
Short: TypeAlias = Callable[[Sequence[LearnerUnit]], Collection[tuple[int, int]]]


def enough(_units: Sequence[LearnerUnit]) -> Collection[tuple[int, int]]:
    """Return no shortfall: for callers that ask about claims alone."""
    return ()


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """A unit's strip and its counts. `met` holds the signed-off ones; `provisional` waits for a countersignature."""

    cells: tuple[Cell, ...]
    total: int
    met: int
    provisional: int
    part: int
    sent: int
    back: int
    not_yet: int
    draft: int
    todo: int


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion in a chosen unit of a learner. The two ids that pages use are public."""

    learner_unit_id: str
    unit_title: str
    unit_number: str  # its number in the qualification, empty where it has none
    unit_frozen: bool
    criterion_id: str
    number: str
    outcome_number: int
    outcome_title: str
    text: str
    verb: str
    kind: str
    themes: tuple[str, ...]
    status: str


def unit_progress(
    learner_units: Iterable[LearnerUnit], short: Collection[tuple[int, int]] = ()
) -> dict[int, UnitProgress]:
    """Return the progress of each unit by the id of its row. Two queries, however many units.

    A criterion in `short` is met in part only, however many decisions say "met" (R71).
    """
    units = list(learner_units)
    criteria = _criteria(units)
    statuses = _statuses(units, short)
    return {u.pk: _progress(u, criteria[u.unit_id], statuses) for u in units}


def _criteria(units: Sequence[LearnerUnit]) -> dict[int, list[Criterion]]:
    """Return the criteria by unit of the catalogue, in their order. One query."""
    rows = Criterion.objects.filter(unit_id__in={u.unit_id for u in units}).select_related("outcome")
    found: dict[int, list[Criterion]] = defaultdict(list)
    for row in rows.order_by("unit_id", "position"):
        found[row.unit_id].append(row)
    return found


def _statuses(units: Sequence[LearnerUnit], short: Collection[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return (learner's unit, criterion) → key, for criteria that anything is offered for. One query."""
    if not units:
        return {}
    states = {u.pk: u.state for u in units}
    rows = (
        Claim.objects.for_centre(units[0].centre_id)
        .filter(learner_unit_id__in=states)
        .exclude(state=ClaimState.CLOSED)
        .values_list("learner_unit_id", "criterion_id", "state", "evidence__state")
    )
    claims: dict[tuple[int, int], list[tuple[str, str]]] = defaultdict(list)
    for unit_id, criterion_id, state, evidence_state in rows:
        claims[unit_id, criterion_id].append((state, evidence_state))
    return {key: rules.criterion_status(found, states[key[0]], short=key in short) for key, found in claims.items()}


def _progress(unit: LearnerUnit, criteria: Sequence[Criterion], statuses: dict[tuple[int, int], str]) -> UnitProgress:
    cells = tuple((statuses.get((unit.pk, c.pk), "todo"), c.outcome.number, c.number) for c in criteria)
    counts = Counter(key for key, _outcome, _number in cells)
    return UnitProgress(
        cells=cells,
        total=len(cells),
        met=counts["met"] + counts["seal"],
        provisional=counts["provisional"],
        part=counts["part"],
        sent=counts["sent"],
        back=counts["back"],
        not_yet=counts["notyet"],
        draft=counts["draft"],
        todo=counts["todo"],
    )


def criteria_of_learner(learner: Learner, short: Short = enough) -> list[CriterionRow]:
    """Return every criterion of every chosen unit of a learner with its status, in order. Three queries and `short`."""
    units = list(
        LearnerUnit.objects.for_centre(learner.centre_id)
        .filter(learner=learner)
        .exclude(state=UnitState.DROPPED)
        .select_related("unit", "place")
    )
    criteria, statuses = _criteria(units), _statuses(units, short(units))
    return [_row(u, c, statuses.get((u.pk, c.pk), "todo")) for u in units for c in criteria[u.unit_id]]


def _row(unit: LearnerUnit, criterion: Criterion, status: str) -> CriterionRow:
    return CriterionRow(
        learner_unit_id=unit.public_id,
        unit_title=unit.unit.title,
        unit_number=unit.place.number or "",
        unit_frozen=unit.state in FROZEN_UNITS,
        criterion_id=criterion.public_id,
        number=criterion.number,
        outcome_number=criterion.outcome.number,
        outcome_title=criterion.outcome.title,
        text=criterion.text,
        verb=criterion.verb,
        kind=criterion.kind,
        themes=tuple(criterion.themes),
        status=status,
    )
