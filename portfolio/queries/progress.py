"""How far units and criteria are, derived from mappings alone: two queries for any number of units (axiom 1)."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from django.db.models import QuerySet

from centres.enums import FROZEN_UNITS, OVER, UnitState
from centres.models import Learner, LearnerUnit, Registration
from common import clock
from portfolio import rules
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from qualifications.models import Criterion
from qualifications.queries.guidance import with_own_themes

#: A cell of the strip: status key, number of the outcome, number of the criterion ("4.1").
Cell = tuple[str, int, str]
#: Which criteria are met by too little evidence: pairs of ids, of the learner's unit and the criterion. The judgements
#: know, which stand above this app: so they are handed in.
Short: TypeAlias = Callable[[Sequence[LearnerUnit]], Collection[tuple[int, int]]]


def enough(_units: Sequence[LearnerUnit]) -> Collection[tuple[int, int]]:
    """Return no shortfall: for callers that ask about mappings alone."""
    return ()


class _Mappinged(NamedTuple):
    """A mapping, as far as progress needs it."""

    state: str
    evidence_state: str
    evidence_id: int
    changed_at: dt.datetime


#: (learner's unit, criterion) → what is offered for it.
Mappings: TypeAlias = dict[tuple[int, int], list[_Mappinged]]


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """A unit's strip and its counts. `met` holds the signed-off ones; `provisional` waits for a countersignature.

    Criteria of an exempt unit are in none of the counts but `total`: nobody judged them.
    """

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
    moved_at: dt.datetime | None  # when anything was last sent or decided for it

    @property
    def pace(self) -> rules.UnitPace:
        """Return how it moves: begun by something that was sent, and not done."""
        begun = self.met + self.provisional + self.part + self.sent + self.back + self.not_yet > 0
        signed = any(key == "seal" for key, _outcome, _number in self.cells)
        moved_on = clock.london_date(self.moved_at) if self.moved_at else None
        return rules.UnitPace(begun and self.met < self.total and not signed, moved_on)


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion in a chosen unit of a learner. The two ids that pages use are public."""

    learner_unit_id: str
    unit_title: str
    unit_number: str  # its number in the qualification, empty where it has none
    unit_frozen: bool
    unit_key: str
    criterion_id: str
    number: str
    outcome_number: int
    outcome_title: str
    text: str
    verb: str
    kind: str
    themes: tuple[str, ...]
    status: str
    met_on: tuple[int, ...]  # pieces that met it: ids of rows, never for a page
    offered_on: tuple[int, ...] = ()  # pieces that are offered for it, whatever was decided: the same


def unit_progress(
    learner_units: Iterable[LearnerUnit],
    short: Collection[tuple[int, int]] = (),
    criteria: Mapping[int, Sequence[Criterion]] | None = None,
) -> dict[int, UnitProgress]:
    """Return the progress of each unit by the id of its row. Two queries, however many units.

    A criterion in `short` is met in part only, however many decisions say "met" (R71). Pass the `criteria` of the
    units of the catalogue, with their outcomes and in their order, when the page has them: then it is one query.
    """
    units = list(learner_units)
    criteria = _criteria(units) if criteria is None else criteria
    mappings = _mappings(units)
    statuses, moved = _statuses(units, mappings, short), _moved(mappings)
    return {u.pk: _progress(u, criteria[u.unit_id], statuses, moved.get(u.pk)) for u in units}


def _criteria(units: Sequence[LearnerUnit], published: QuerySet[Criterion] | None = None) -> dict[int, list[Criterion]]:
    """Return the criteria by unit of the catalogue, in their order. One query."""
    everything = Criterion.objects.all() if published is None else published
    rows = everything.filter(unit_id__in={u.unit_id for u in units}).select_related("outcome")
    found: dict[int, list[Criterion]] = defaultdict(list)
    for row in rows.order_by("unit_id", "position"):
        found[row.unit_id].append(row)
    return found


def _mappings(units: Sequence[LearnerUnit]) -> Mappings:
    """Return the mappings on criteria of these units, by learner's unit and criterion. One query."""
    if not units:
        return {}
    rows = (
        EvidenceMapping.objects.for_centre(units[0].centre_id)
        .filter(learner_unit_id__in={u.pk for u in units})
        .exclude(state=MappingState.CLOSED)
        .values_list("learner_unit_id", "criterion_id", "state", "evidence__state", "evidence_id", "changed_at")
    )
    found: Mappings = defaultdict(list)
    for unit_id, criterion_id, state, evidence_state, evidence_id, at in rows:
        found[unit_id, criterion_id].append(_Mappinged(state, evidence_state, evidence_id, at))
    return found


def _statuses(
    units: Sequence[LearnerUnit], mappings: Mappings, short: Collection[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """Return (learner's unit, criterion) → key, for criteria that anything is offered for."""
    states = {u.pk: u.state for u in units}
    return {
        key: rules.criterion_status(
            [(one.state, one.evidence_state) for one in found], states[key[0]], short=key in short
        )
        for key, found in mappings.items()
    }


def _moved(mappings: Mappings) -> dict[int, dt.datetime]:
    """Return when each learner's unit last moved; what is not sent yet moves nothing."""
    found: dict[int, dt.datetime] = {}
    for (unit_id, _criterion), of_criterion in mappings.items():
        for one in of_criterion:
            if one.state != MappingState.PROPOSED:
                found[unit_id] = max(one.changed_at, found.get(unit_id, one.changed_at))
    return found


def _progress(
    unit: LearnerUnit,
    criteria: Sequence[Criterion],
    statuses: dict[tuple[int, int], str],
    moved_at: dt.datetime | None,
) -> UnitProgress:
    empty = rules.criterion_status((), unit.state)
    cells = tuple((statuses.get((unit.pk, c.pk), empty), c.outcome.number, c.number) for c in criteria)
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
        moved_at=moved_at,
    )


def criteria_of_learner(
    learner: Learner, short: Short = enough, within: QuerySet[Registration] | None = None
) -> list[CriterionRow]:
    """Return every criterion of every chosen unit of a learner with its status, in order; `within` narrows them.

    Units of a registration that is over are left out: nothing more is offered for them (R34, 3.5). Themes are
    the centre's own, where it changed them (R68). Three queries and those of `short`.
    """
    chosen = LearnerUnit.objects.for_centre(learner.centre_id).filter(learner=learner)
    units = list(
        (chosen if within is None else chosen.filter(registration__in=within))
        .exclude(state=UnitState.DROPPED)
        .exclude(registration__state__in=OVER)
        .select_related("unit", "place")
    )
    published = with_own_themes(Criterion.objects.all(), learner.centre_id)
    criteria, mappings = _criteria(units, published), _mappings(units)
    statuses = _statuses(units, mappings, short(units))
    return [
        _row(u, c, statuses.get((u.pk, c.pk)) or rules.criterion_status((), u.state), mappings.get((u.pk, c.pk), ()))
        for u in units
        for c in criteria[u.unit_id]
    ]


def _row(unit: LearnerUnit, criterion: Any, status: str, mappings: Sequence[_Mappinged]) -> CriterionRow:
    own = criterion.own_themes
    return CriterionRow(
        learner_unit_id=unit.public_id,
        unit_title=unit.unit.title,
        unit_number=unit.place.number or "",
        unit_frozen=unit.state in FROZEN_UNITS,
        unit_key=unit.unit.key,
        criterion_id=criterion.public_id,
        number=criterion.number,
        outcome_number=criterion.outcome.number,
        outcome_title=criterion.outcome.title,
        text=criterion.text,
        verb=criterion.verb,
        kind=criterion.kind,
        themes=tuple(criterion.themes if own is None else own),
        status=status,
        met_on=tuple(
            one.evidence_id
            for one in mappings
            if one.state == MappingState.MET and one.evidence_state != EvidenceState.WITHDRAWN
        ),
        offered_on=tuple(one.evidence_id for one in mappings),
    )
