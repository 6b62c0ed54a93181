"""Units near or ready to be signed, the decisions a signature rests on, and what was signed (R82–R84)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from assessments.enums import Act
from assessments.models import Judgement, LedgerEntry
from assessments.queries.codes import code_of
from assessments.queries.learners import NEAR, ROWS
from assessments.queries.sufficiency import Measure, shortfalls, thin
from assessments.queries.unit_rows import OPEN_UNITS, UnitRow, counted, unit_row
from assessments.queries.workbench import status_of
from centres.actor import Actor
from centres.enums import DONE_UNITS, RegistrationState, Standing, UnitState
from centres.models import LearnerUnit
from centres.queries import assessed_registrations
from centres.queries.records import names_of_days
from portfolio.enums import DECIDED_MET, MappingState
from portfolio.models import EvidenceMapping

#: Acts that make the signatures before them void.
UNDOING: Final = frozenset({Act.REOPENED, Act.COUNTERSIGN_REFUSED, Act.LEARNER_DISPUTED})
ORDER: Final = ("met", "provisional", "sent", "back", "notyet")


@dataclass(frozen=True, slots=True)
class UnitsPage:
    """A page of units with the number in each group."""

    rows: tuple[UnitRow, ...]
    page: Page[LearnerUnit]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion of the unit: where it stands, who decided last, on which pieces (public id and title)."""

    public_id: str
    code: str
    outcome: int
    text: str
    status: str
    decided_by: str
    decided_at: dt.datetime | None
    by_trainee: bool
    pieces: tuple[tuple[str, str], ...]
    so_far: str = ""  # where it is met and not enough yet (R71)
    seen_on: dt.date | None = None  # the day on which an assessor says they saw it at work


@dataclass(frozen=True, slots=True)
class Signature:
    """An act of the sign-off chain as people read it."""

    act: str
    who: str
    mine: bool
    by_trainee: bool
    at: dt.datetime
    digest: str
    note: str

    @property
    def word(self) -> str:
        """The act in words."""
        return str(Act(self.act).label)


def _mine(actor: Actor) -> QuerySet[LearnerUnit]:
    """Return the units of the caseload with their numbers: of registrations that run, and those done in completed ones.

    Two queries, before the one that reads them.
    """
    units = LearnerUnit.objects.for_centre(actor.centre_id).filter(registration__in=assessed_registrations(actor))
    runs = Q(registration__state=RegistrationState.ACTIVE)
    units = units.filter(runs | Q(registration__state=RegistrationState.COMPLETED, state__in=DONE_UNITS))
    few = thin(shortfalls(actor.centre_id, units.filter(state__in=OPEN_UNITS).values("pk"), actor.on))
    return counted(actor, units, few).select_related("unit", "place", "learner")


def _groups() -> dict[str, Q]:
    """The chips: not agreed, ready, nearly, signed and waiting for others, done.

    Nearly: up to three criteria are missing, or none is and something else blocks.
    """
    all_met = Q(met__gte=F("total"), total__gt=0)
    ready = Q(state__in=OPEN_UNITS, blocked=False) & all_met
    begun = Q(state__in=OPEN_UNITS, met__gte=F("total") - NEAR) & (Q(met__gt=0) | Q(thin__gt=0))
    return {
        "not_agreed": Q(disputed=True),
        "ready": ready,
        "near": begun & ~ready & ~(all_met & Q(disputed=True)),
        "signed": Q(state__in=(UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED)),
        "done": Q(state__in=DONE_UNITS),
    }


def units_page(actor: Actor, group: str, number: int) -> UnitsPage:
    """Return the caseload's units of one group (a key of `_groups`), the longest untouched first.

    An unknown group is "ready". Four queries and one a page.
    """
    groups, units = _groups(), _mine(actor)
    counts = units.aggregate(**{name: Count("pk", filter=wanted) for name, wanted in groups.items()})
    wanted = groups.get(group, groups["ready"])
    page = Paginator(units.filter(wanted).order_by("changed_at", "pk"), ROWS).get_page(number)
    return UnitsPage(tuple(unit_row(u) for u in page.object_list), page, counts)


def ready_units(actor: Actor, most: int) -> list[UnitRow]:
    """Return up to `most` units to sign: those whose learner did not agree first, then those ready. Three queries."""
    groups = _groups()
    found = _mine(actor).filter(groups["not_agreed"] | groups["ready"]).order_by("-disputed", "changed_at", "pk")[:most]
    return [unit_row(unit) for unit in found]


def criterion_lines(actor: Actor, unit: LearnerUnit, measured: Sequence[Measure]) -> tuple[CriterionLine, ...]:
    """Return the measured criteria of a learner's unit, each with its standing and its latest decision. One query."""
    mappings: dict[int, list[Any]] = defaultdict(list)
    for mapping in _judged_mappings(actor, unit):
        mappings[mapping.criterion_id].append(mapping)
    return tuple(_line(one, mappings[one.criterion_id], unit) for one in measured)


def _judged_mappings(actor: Actor, unit: LearnerUnit) -> QuerySet[EvidenceMapping]:
    """Return the mappings that were sent, latest change first, each with who decided it last, when, and as what."""
    last = Judgement.objects.for_centre(actor.centre_id).filter(mapping_id=OuterRef("pk")).order_by("-round")
    return (
        EvidenceMapping.objects.for_centre(actor.centre_id)
        .filter(learner_unit=unit)
        .exclude(state__in=(MappingState.CLOSED, MappingState.PROPOSED))
        .select_related("evidence")
        .annotate(
            given=Subquery(last.values("assessor__given_name")[:1]),
            family=Subquery(last.values("assessor__family_name")[:1]),
            decided_at=Subquery(last.values("at")[:1]),
            standing=Subquery(last.values("standing")[:1]),
        )
        .order_by("-changed_at", "-pk")
    )


def _line(one: Measure, mappings: list[Any], unit: LearnerUnit) -> CriterionLine:
    if unit.state == UnitState.EXEMPT:
        whole = "exempt"
    else:
        whole = "seal" if unit.state == UnitState.ACHIEVED and not mappings else "todo"
    statuses = {status_of(c.state, c.evidence.state) for c in mappings if c.state != MappingState.NOT_RELEVANT}
    status = next((status for status in ORDER if status in statuses), whole)
    last = max((c for c in mappings if c.decided_at), key=lambda c: c.decided_at, default=None)
    return CriterionLine(
        public_id=one.public_id,
        code=code_of(unit.place.number, one.number),
        outcome=one.outcome,
        text=one.text,
        status="part" if status == "met" and one.so_far else status,
        decided_by=f"{last.given} {last.family}".strip() if last else "",
        decided_at=last.decided_at if last else None,
        by_trainee=any(c.standing == Standing.TRAINEE and c.state in DECIDED_MET for c in mappings),
        pieces=tuple((c.evidence.public_id, c.evidence.sent_title) for c in mappings),
        so_far=one.so_far if status == "met" else "",
        seen_on=max((piece.seen_on for piece in one.accepted if piece.seen_on), default=None),
    )


def signatures(actor: Actor, unit: LearnerUnit) -> tuple[Signature, ...]:
    """Return the acts of the chain on a unit, oldest first, with the words that go with them. One query.

    A learner who signed has the name of that day, whatever it became (R27): one query more.
    """
    rows = list(
        LedgerEntry.objects.for_centre(actor.centre_id)
        .filter(learner_unit=unit)
        .select_related("person", "note")
        .order_by("sequence")
    )
    learner = unit.learner
    named = names_of_days(learner) if any(row.person_id == learner.person_id for row in rows) else None
    return tuple(
        Signature(
            act=row.act,
            who=named(row.at) if named and row.person_id == learner.person_id else row.person.full_name,
            mine=row.person_id == actor.person_id,
            by_trainee=row.standing == Standing.TRAINEE,
            at=row.at,
            digest=row.digest,
            note=row.note.text if hasattr(row, "note") else "",
        )
        for row in rows
    )


def in_force(acts: tuple[Signature, ...]) -> tuple[Signature, ...]:
    """Return the signatures that count now: those since the last reopening, refusal or dispute (R84)."""
    last = max((n for n, act in enumerate(acts) if act.act in UNDOING), default=-1)
    return acts[last + 1 :]


def undone(acts: tuple[Signature, ...]) -> Signature | None:
    """Return why a unit that was signed before is open now, while nobody has signed again; with its words (R84)."""
    latest = next((act for act in reversed(acts) if act.act != Act.DISPUTE_ANSWERED), None)
    return latest if latest is not None and latest.act in UNDOING else None
