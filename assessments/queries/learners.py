"""An assessor's learners: how far each one is, what waits, where the gaps are."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import (
    Count,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce

from assessments.queries.core import WAITING
from assessments.queries.sufficiency import Shortfalls, shortfalls, thin
from assessments.queries.unit_rows import UnitRow, counted, unit_row
from centres.actor import Actor
from centres.enums import LEFT, RegistrationState, UnitState
from centres.models import Learner, LearnerUnit, Registration
from centres.queries import visible_learners
from centres.queries.award import AwardStanding, awards_of, complete_in
from centres.queries.versions import Standing, standing, with_newest
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import EvidenceMapping
from portfolio.queries.core import seen_evidence, seen_registrations
from portfolio.queries.progress import Cell, UnitProgress, unit_progress
from portfolio.rules import UnitPace

ROWS: Final = 30
NEAR: Final = 3
GAPS: Final = ("todo", "notyet", "back")


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner in the list. `active_at` is when they last sent something."""

    public_id: str
    name: str
    workplace: str
    qualifications: tuple[str, ...]
    units: tuple[UnitRow, ...]
    waiting: int
    sent_back: int
    active_at: dt.datetime | None
    complete: tuple[str, ...] = ()  # the entry codes of awards that are complete

    @property
    def met(self) -> int:
        """Criteria met over all chosen units."""
        return sum(unit.met for unit in self.units if not unit.exempt)

    @property
    def total(self) -> int:
        """Criteria of all chosen units but the exempt ones."""
        return sum(unit.total for unit in self.units if not unit.exempt)

    @property
    def cells(self) -> list[tuple[str, int]]:
        """One cell a unit, for the strip."""
        return [(unit.status, 1) for unit in self.units]


@dataclass(frozen=True, slots=True)
class LearnersPage:
    """A page of the list."""

    rows: tuple[LearnerRow, ...]
    page: Page[Learner]


@dataclass(frozen=True, slots=True)
class PieceRow:
    """A piece of a learner that needs somebody."""

    public_id: str
    title: str
    kind: str
    submitted_at: dt.datetime | None
    criteria: int


@dataclass(frozen=True, slots=True)
class UnitStrip:
    """A unit with its strip.

    `gaps` are the numbers of criteria for which nothing is met and nothing waits, `thin` of those met by too little.
    """

    row: UnitRow
    cells: tuple[Cell, ...]
    gaps: tuple[str, ...]
    thin: tuple[str, ...]
    pace: UnitPace


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """A learner's page for staff."""

    learner: Learner
    registrations: tuple[tuple[Registration, Standing, AwardStanding], ...]
    units: tuple[UnitStrip, ...]
    earlier: tuple[UnitStrip, ...]  # of registrations that were left: history
    waiting: tuple[PieceRow, ...]
    sent_back: tuple[PieceRow, ...]
    active_at: dt.datetime | None

    @property
    def running(self) -> int:
        """Return how many registrations are active."""
        return sum(row.state == RegistrationState.ACTIVE for row, _standing, _award in self.registrations)


def my_learners(actor: Actor) -> QuerySet[Learner]:
    """Return whom the list shows: an assessor's caseload and those of their trainees; whom an assurer may see (R13).

    Nobody sees themselves (R8).
    """
    return visible_learners(actor).exclude(person_id=actor.person_id)


def learners_page(actor: Actor, words: str, number: int, *, complete: bool = False) -> LearnersPage:
    """Return a page of the actor's learners by name, narrowed to those whose name or workplace holds every word.

    `complete`: to those with a registration in this actor's world whose award is complete.
    """
    found = my_learners(actor).order_by("family_name", "given_names", "pk")
    for word in words.split()[:6]:
        found = found.filter(
            Q(given_names__icontains=word) | Q(family_name__icontains=word) | Q(workplace__icontains=word)
        )
    if complete:
        mine = complete_in(actor.centre_id, seen_registrations(actor))
        found = found.filter(pk__in=mine.values("learner_id"))
    page = Paginator(_with_activity(actor, found), ROWS).get_page(number)
    learners = list(page.object_list)
    units = _units_of(actor, learners)
    courses = _courses_of(actor, learners)
    return LearnersPage(tuple(_learner_row(one, units[one.pk], courses[one.pk]) for one in learners), page)


def learner_page(actor: Actor, learner: Learner) -> LearnerPage:
    """Return a learner's page: units with strips, what waits, what was sent back. Nine queries.

    Of the registrations that this actor sees, and of nothing else of the learner (decision 11).
    """
    pieces = _pieces(actor, learner)
    mine = seen_registrations(actor).filter(learner=learner)
    found = with_newest(mine, actor.centre_id).select_related("moved_to__qualification").order_by("starts_on", "pk")
    registrations = list(found)
    awards = awards_of(registrations, actor.on)
    moved, units = _strips(actor, learner)
    sent = [piece.submitted_at for piece in pieces if piece.submitted_at]
    return LearnerPage(
        learner=learner,
        registrations=tuple((row, standing(row, actor.on), awards[row.pk]) for row in registrations),
        units=units,
        earlier=moved,
        waiting=tuple(_piece_row(piece) for piece in pieces if piece.state in WAITING),
        sent_back=tuple(_piece_row(piece) for piece in pieces if piece.state == EvidenceState.RETURNED),
        active_at=max(sent, default=None),
    )


def _with_activity(actor: Actor, learners: QuerySet[Learner]) -> QuerySet[Learner]:
    evidence = seen_evidence(actor).filter(learner_id=OuterRef("pk")).order_by()
    counted_pieces = evidence.values("learner_id")
    return learners.annotate(
        waiting=_count(counted_pieces.filter(state__in=WAITING)),
        sent_back=_count(counted_pieces.filter(state=EvidenceState.RETURNED)),
        active_at=Subquery(counted_pieces.annotate(last=Max("submitted_at")).values("last")),
    )


def _count(rows: Any) -> Coalesce:
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


def _strips(actor: Actor, learner: Learner) -> tuple[tuple[UnitStrip, ...], tuple[UnitStrip, ...]]:
    """Return the units of registrations that were left, and those of the others."""
    short = _short(actor, [learner])
    units = list(_chosen(actor, [learner], short))
    progress = unit_progress(units, short)
    found: dict[bool, list[UnitStrip]] = {True: [], False: []}
    for unit in units:
        found[unit.registration.state in LEFT].append(_strip(unit_row(unit), progress[unit.pk]))
    return tuple(found[True]), tuple(found[False])


def _strip(row: UnitRow, progress: UnitProgress) -> UnitStrip:
    """Return a unit's strip; what a learner has not sent yet is nothing to staff."""
    seen = tuple(("todo" if key == "draft" else key, outcome, number) for key, outcome, number in progress.cells)
    gaps = tuple(number for key, _outcome, number in seen if key in GAPS)
    thin = tuple(number for key, _outcome, number in seen if key == "part")
    return UnitStrip(row, seen, gaps, thin, progress.pace)


def _short(actor: Actor, learners: list[Learner]) -> Shortfalls:
    rows = LearnerUnit.objects.for_centre(actor.centre_id).filter(learner__in=[one.pk for one in learners])
    return shortfalls(actor.centre_id, rows.values("pk"), actor.on)


def _chosen(actor: Actor, learners: list[Learner], found: Shortfalls) -> QuerySet[LearnerUnit]:
    return counted(
        actor,
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner__in=[one.pk for one in learners], registration__in=seen_registrations(actor))
        .exclude(state=UnitState.DROPPED)
        .select_related("unit", "place", "learner", "registration")
        .order_by("registration_id", "position", "pk"),
        thin(found),
    )


def _units_of(actor: Actor, learners: list[Learner]) -> dict[int, list[UnitRow]]:
    found: dict[int, list[UnitRow]] = defaultdict(list)
    rows = _chosen(actor, learners, _short(actor, learners))
    for row in rows.exclude(registration__state__in=LEFT):
        found[row.learner_id].append(unit_row(row))
    return found


@dataclass(frozen=True, slots=True)
class _Courses:
    """What a learner does, and the entry codes of those of it whose award is complete."""

    titles: list[str]
    complete: list[str]


def _courses_of(actor: Actor, learners: list[Learner]) -> dict[int, _Courses]:
    rows = list(
        seen_registrations(actor)
        .filter(learner__in=[one.pk for one in learners])
        .exclude(state=RegistrationState.WITHDRAWN)
        .select_related("qualification")
        .order_by("starts_on", "pk")
    )
    awards = awards_of(rows, actor.on)
    found: dict[int, _Courses] = defaultdict(lambda: _Courses([], []))
    for row in rows:
        q = row.qualification
        if row.state not in LEFT:
            found[row.learner_id].titles.append(f"{q.entry_code} {q.title}")
        if awards[row.pk].complete:
            found[row.learner_id].complete.append(q.entry_code)
    return found


def _learner_row(row: Any, units: list[UnitRow], courses: _Courses) -> LearnerRow:
    return LearnerRow(
        public_id=row.public_id,
        name=row.full_name,
        workplace=row.workplace,
        qualifications=tuple(courses.titles),
        units=tuple(units),
        waiting=row.waiting,
        sent_back=row.sent_back,
        active_at=row.active_at,
        complete=tuple(courses.complete),
    )


def _pieces(actor: Actor, learner: Learner) -> list[Any]:
    mappings = EvidenceMapping.objects.for_centre(actor.centre_id).filter(
        evidence_id=OuterRef("pk"),
        learner_unit__registration__in=seen_registrations(actor),
        state__in=(MappingState.OFFERED, MappingState.NOT_YET),
    )
    return list(
        seen_evidence(actor)
        .filter(learner=learner)
        .exclude(submitted_at=None)
        .annotate(criteria=_count(mappings.order_by().values("evidence_id")))
        .order_by(F("submitted_at").asc(), "pk")
    )


def _piece_row(row: Any) -> PieceRow:
    return PieceRow(row.public_id, row.sent_title, row.kind, row.submitted_at, row.criteria)
