"""Evidence × criteria of one unit: what is met, what waits, what is missing (S10)."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Exists, F, OuterRef, Subquery

from assessments.queries.codes import code_of
from assessments.queries.sufficiency import Shortfalls, shortfalls
from assessments.queries.workbench import status_of
from centres.actor import Actor
from centres.models import LearnerUnit
from portfolio.enums import EvidenceState, MappingState, PreviewKind
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, Preview
from portfolio.queries.core import named_in_version
from qualifications.models import Criterion

MOST_CELLS: Final = 2500
MOST_ROWS: Final = 60
#: In the matrix these say nothing about progress: the cell stays a dot.
SILENT: Final = (MappingState.CLOSED, MappingState.PROPOSED)
_SHOWN: Final = (
    "page",
    "seconds",
    "note",
    "state",
    "evidence__public_id",
    "evidence__sent_title",
    "evidence__state",
    "criterion__public_id",
)


@dataclass(frozen=True, slots=True)
class CellView:
    """A mapping seen from the matrix. `key` is what ?cell= carries."""

    key: str
    evidence_id: str
    evidence_title: str
    criterion_id: str
    status: str
    not_relevant: bool
    page: int | None
    seconds: int | None
    note: str


@dataclass(frozen=True, slots=True)
class Column:
    """A criterion of the unit: how many pieces met it, and whether nothing was met or sent."""

    public_id: str
    code: str
    number: str
    text: str
    outcome: int
    first_of_outcome: bool
    met: int
    gap: bool
    status: str
    cells: tuple[CellView, ...]
    so_far: str = ""  # where what is met is not enough evidence yet (R71)


@dataclass(frozen=True, slots=True)
class OutcomeHead:
    """An outcome above its columns."""

    number: int
    title: str
    columns: int


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A piece of evidence with one cell (or None) a column."""

    public_id: str
    title: str
    kind: str
    families: tuple[str, ...]
    submitted_at: dt.datetime | None
    thumb: str
    cells: tuple[CellView | None, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """One page of the matrix of a unit; `columns` count over all pages."""

    unit: LearnerUnit
    outcomes: tuple[OutcomeHead, ...]
    columns: tuple[Column, ...]
    rows: tuple[EvidenceRow, ...]
    page: Page[int]

    @property
    def gaps(self) -> tuple[Column, ...]:
        """The criteria for which nothing is met and nothing waits."""
        return tuple(c for c in self.columns if c.gap)

    @property
    def met(self) -> int:
        """How many criteria are met or provisionally met, by enough evidence."""
        return sum(c.met > 0 and not c.so_far for c in self.columns)

    def cell(self, key: str) -> CellView | None:
        """Return the cell with this key, on whatever page it stands."""
        return next((cell for c in self.columns for cell in c.cells if cell.key == key), None)

    def column(self, public_id: str) -> Column | None:
        """Return the column of a criterion."""
        return next((c for c in self.columns if c.public_id == public_id), None)

    def next_gap(self, public_id: str) -> Column | None:
        """Return the next criterion with a gap after this one, or the first one."""
        ids = [c.public_id for c in self.columns]
        here = ids.index(public_id) if public_id in ids else -1
        return next((c for c in self.columns[here + 1 :] if c.gap), self.gaps[0] if self.gaps else None)


def matrix(actor: Actor, unit: LearnerUnit, number: int) -> Matrix:
    """Return a page of the matrix, newest evidence first, at most 2,500 cells. Six queries, whatever its size."""
    criteria = list(Criterion.objects.filter(unit_id=unit.unit_id).select_related("outcome").order_by("position"))
    cells = _cells(actor, unit)
    newest = list(dict.fromkeys(evidence_id for evidence_id, _criterion in cells))
    page = Paginator(range(len(newest)), rows_a_page(len(criteria))).get_page(number)
    shown = newest[page.start_index() - 1 : page.end_index()] if newest else []
    return Matrix(
        unit=unit,
        outcomes=_outcomes(criteria),
        columns=_columns(criteria, cells, unit, shortfalls(actor.centre_id, [unit.pk], actor.on)),
        rows=_rows(actor, shown, criteria, cells),
        page=page,
    )


def rows_a_page(columns: int) -> int:
    """Return how many pieces fit on a page of at most 2,500 cells."""
    return max(1, min(MOST_ROWS, MOST_CELLS // max(1, columns)))


def _cells(actor: Actor, unit: LearnerUnit) -> dict[tuple[int, int], CellView]:
    """Return every mapping of the unit that was sent, by (evidence, criterion), newest evidence first."""
    rows = (
        EvidenceMapping.objects.for_centre(actor.centre_id)
        .filter(learner_unit=unit)
        .exclude(state__in=SILENT)
        .exclude(evidence__state=EvidenceState.WITHDRAWN)
        .order_by(F("evidence__submitted_at").desc(nulls_last=True), "-evidence_id")
        .select_related("evidence", "criterion")
        .only(*_SHOWN)
    )
    return {(row.evidence_id, row.criterion_id): _cell(row) for row in rows}


def _cell(row: EvidenceMapping) -> CellView:
    return CellView(
        key=f"{row.evidence.public_id}.{row.criterion.public_id}",
        evidence_id=row.evidence.public_id,
        evidence_title=row.evidence.sent_title,
        criterion_id=row.criterion.public_id,
        status=status_of(row.state, row.evidence.state),
        not_relevant=row.state == MappingState.NOT_RELEVANT,
        page=row.page,
        seconds=row.seconds,
        note=row.note,
    )


def _outcomes(criteria: list[Criterion]) -> tuple[OutcomeHead, ...]:
    heads = dict.fromkeys((c.outcome.number, c.outcome.title) for c in criteria)
    count = [c.outcome.number for c in criteria].count
    return tuple(OutcomeHead(number, title, count(number)) for number, title in heads)


def _columns(
    criteria: list[Criterion], cells: dict[tuple[int, int], CellView], unit: LearnerUnit, few: Shortfalls
) -> tuple[Column, ...]:
    by_criterion: dict[int, list[CellView]] = defaultdict(list)
    for (_evidence, criterion_pk), cell in cells.items():
        by_criterion[criterion_pk].append(cell)
    columns, previous = [], None
    for criterion in criteria:
        outcome = criterion.outcome.number
        column = _column(criterion, tuple(by_criterion[criterion.pk]), unit, first=outcome != previous)
        columns.append(_held_against(column, few.get((unit.pk, criterion.pk), "")))
        previous = outcome
    return tuple(columns)


def _column(criterion: Criterion, cells: tuple[CellView, ...], unit: LearnerUnit, *, first: bool) -> Column:
    statuses = [cell.status for cell in cells if not cell.not_relevant]
    status = next((s for s in ("met", "provisional", "sent", "back", "notyet") if s in statuses), "todo")
    return Column(
        public_id=criterion.public_id,
        code=code_of(unit.place.number, criterion.number),
        number=criterion.number,
        text=criterion.text,
        outcome=criterion.outcome.number,
        first_of_outcome=first,
        met=sum(s in {"met", "provisional"} for s in statuses),
        gap=status not in {"met", "provisional", "sent"},
        status=status,
        cells=cells,
    )


def _held_against(column: Column, so_far: str) -> Column:
    """Return a column whose criterion is met by too little evidence as met in part."""
    return replace(column, status="part", so_far=so_far) if so_far and column.status == "met" else column


def _rows(
    actor: Actor, shown: list[int], criteria: list[Criterion], cells: dict[tuple[int, int], CellView]
) -> tuple[EvidenceRow, ...]:
    pieces = Evidence.objects.for_centre(actor.centre_id).in_bulk(shown)
    files = _files(actor, shown)
    return tuple(
        EvidenceRow(
            public_id=pieces[pk].public_id,
            title=pieces[pk].sent_title,
            kind=pieces[pk].kind,
            families=tuple(family for family, _thumb in files[pk]),
            submitted_at=pieces[pk].submitted_at,
            thumb=next((thumb for _family, thumb in files[pk] if thumb), ""),
            cells=tuple(cells.get((pk, c.pk)) for c in criteria),
        )
        for pk in shown
    )


def _files(actor: Actor, shown: list[int]) -> dict[int, list[tuple[str, str | None]]]:
    thumbs = Preview.objects.for_centre(actor.centre_id).filter(file_id=OuterRef("pk"), kind=PreviewKind.THUMB)
    sent = named_in_version(actor.centre_id).filter(file_id=OuterRef("pk"))
    rows = (
        EvidenceFile.objects.for_centre(actor.centre_id)
        .filter(Exists(sent), evidence_id__in=shown, removed_at=None)
        .annotate(thumb=Subquery(thumbs.values("public_id")[:1]))
        .values_list("evidence_id", "family", "thumb")
    )
    found: dict[int, list[tuple[str, str | None]]] = defaultdict(list)
    for evidence_id, family, thumb in rows:
        found[evidence_id].append((family, thumb))
    return found
