"""What waits for a countersigner: trainees' decisions, and units that rest on them (R6, R7, R83)."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.core.paginator import Page, Paginator

from assessments.models import Judgement
from assessments.queries.codes import code_of
from assessments.queries.core import to_countersign, units_to_countersign
from centres.actor import Actor
from centres.queries.seen import unit_mark

ROWS: Final = 30
UNITS: Final = 10  # a form each


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A trainee's "met" that waits."""

    public_id: str
    code: str
    text: str
    title: str
    learner: str
    trainee: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SignedUnit:
    """A unit signed on a trainee's decisions that waits for its countersignature."""

    public_id: str
    number: str
    title: str
    learner: str
    signed_at: dt.datetime
    seen: str  # the mark of the unit as this row shows it


@dataclass(frozen=True, slots=True)
class CountersignPage:
    """A page of decisions, and a page of units."""

    rows: tuple[DecisionRow, ...]
    units: tuple[SignedUnit, ...]
    page: Page[Judgement]
    units_page: Page[str]


def countersign_page(actor: Actor, number: int, units: int, *, asked: str = "") -> CountersignPage:
    """Return what waits for this countersigner, the oldest first. Four queries.

    `number` and `units` are the pages of the two lists; `asked` is a unit whose own page is wanted instead.
    """
    found = to_countersign(actor).select_related(
        "criterion", "learner_unit__place", "learner_unit__learner", "mapping__evidence", "assessor"
    )
    page = Paginator(found, ROWS).get_page(number)
    signed = units_to_countersign(actor)
    names = list(signed.values_list("public_id", flat=True))
    units_page = Paginator(names, UNITS).get_page(names.index(asked) // UNITS + 1 if asked in names else units)
    shown = signed.filter(public_id__in=units_page.object_list).select_related("unit", "place", "learner")
    return CountersignPage(
        rows=tuple(_row(one) for one in page.object_list),
        units=tuple(
            SignedUnit(u.public_id, u.place.number or "", u.unit.title, u.learner.full_name, u.changed_at, unit_mark(u))
            for u in shown
        ),
        page=page,
        units_page=units_page,
    )


def _row(one: Judgement) -> DecisionRow:
    return DecisionRow(
        public_id=one.public_id,
        code=code_of(one.learner_unit.place.number, one.criterion.number),
        text=one.criterion.text,
        title=one.mapping.evidence.sent_title,
        learner=one.learner_unit.learner.full_name,
        trainee=one.assessor.full_name,
        at=one.at,
    )


def others_wait(actor: Actor, this: Judgement) -> bool:
    """Say whether another decision waits for this countersigner. One query."""
    return to_countersign(actor).exclude(pk=this.pk).exists()


def next_to_countersign(actor: Actor, done: Judgement) -> str:
    """Return the next decision for this countersigner, of the same piece first; empty when none waits. Two queries."""
    waiting = to_countersign(actor).exclude(pk=done.pk).values_list("public_id", flat=True)
    same = waiting.filter(mapping__evidence_id=done.mapping.evidence_id).first()
    return same or waiting.first() or ""
