"""Which rules about evidence count on a day, for whom, and what came before them (R71)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from centres.actor import Actor
from centres.enums import Role
from centres.models import Learner, LearnerUnit, Membership, SufficiencyRule
from centres.queries.core import on_day
from centres.queries.world import visible_registrations
from common.refusals import NotFound
from qualifications.enums import Level
from qualifications.models import Criterion, Unit
from qualifications.queries import current_units
from qualifications.rules.sufficiency import Layer, Standard, asked_of, need_in_words, need_of, standard_of

A_PAGE: Final = 25
SHOWS: Final = ("counting", "waiting", "all")
_NOTHING: Final = Standard()


@dataclass(frozen=True, slots=True)
class About:
    """A criterion in a learner's unit, with what the catalogue asks of it. `asked`: qualification, unit, criterion."""

    learner_unit_id: int
    criterion_id: int
    unit_key: str
    kind: str
    of_qualification: Mapping[str, Any] = field(default_factory=dict)
    of_unit: Mapping[str, Any] = field(default_factory=dict)
    of_criterion: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The centre's rules and the learners' exceptions that count on a day, read once for a whole page."""

    for_units: Mapping[str, tuple[SufficiencyRule, ...]]  # unit key, "" for every unit
    for_learners: Mapping[int, tuple[SufficiencyRule, ...]]  # id of the learner's unit

    def standard(self, about: About) -> Standard:
        """Return what is asked for a criterion after all four levels."""
        layers = [
            Layer(Level.QUALIFICATION, asked_of(about.of_qualification, about.kind)),
            Layer(Level.UNIT, asked_of(about.of_unit, about.kind)),
            Layer(Level.UNIT, need_of(about.of_criterion)),
        ]
        layers += [
            Layer(Level.CENTRE, need_of(row.asked), rule=row.public_id)
            for row in (*self.for_units.get("", ()), *self.for_units.get(about.unit_key, ()))
            if row.kind in {"", about.kind}
        ]
        layers += [
            Layer(Level.LEARNER, need_of(row.asked), row.eases, row.public_id)
            for row in self.for_learners.get(about.learner_unit_id, ())
            if row.criterion_id in {None, about.criterion_id}
        ]
        said = [layer for layer in layers if layer.eases or not layer.need.usual]
        return standard_of(said) if said else _NOTHING


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule as people read it. `state`: waiting, refused, counting, later, or over."""

    public_id: str
    unit_title: str
    kind: str
    learner: str
    learner_id: str
    code: str
    asked: tuple[str, ...]
    eases: bool
    reason: str
    author: str
    created_at: dt.datetime
    starts_on: dt.date
    decided_by: str
    decided_at: dt.datetime | None
    note: str
    state: str
    mine: bool


@dataclass(frozen=True, slots=True)
class RulesPage:
    """A page of rules, the newest first, with how many there are of each sort."""

    rows: tuple[RuleRow, ...]
    page: Page[Any]
    counts: Mapping[str, int]


def scope_of(row: SufficiencyRule) -> str:
    """Return what a rule is about, as one text: a later rule of the same text takes its place."""
    if row.learner_unit is not None:
        return f"learner:{row.learner_unit.public_id}:{row.criterion.public_id if row.criterion else '*'}"
    return f"centre:{row.unit_key or '*'}:{row.kind or '*'}"


def waiting(centre_id: int) -> QuerySet[SufficiencyRule]:
    """Return the rules nobody has decided about."""
    return SufficiencyRule.objects.for_centre(centre_id).filter(decision=None)


def counting(centre_id: int, on: dt.date) -> QuerySet[SufficiencyRule]:
    """Return the agreed rules that count on a day: of each scope the latest that has begun."""
    begun = SufficiencyRule.objects.for_centre(centre_id).filter(decision__agrees=True, starts_on__lte=on)
    later = Q(starts_on__gt=OuterRef("starts_on")) | Q(starts_on=OuterRef("starts_on"), pk__gt=OuterRef("pk"))
    return begun.filter(~Exists(begun.filter(later, scope=OuterRef("scope"))))


def rule_book(centre_id: int, on: dt.date, learner_units: "Collection[int] | QuerySet[Any]") -> RuleBook:
    """Return the rules that count for these learners' units on a day. One query."""
    rows = counting(centre_id, on).filter(Q(learner_unit=None) | Q(learner_unit_id__in=learner_units))
    units: dict[str, list[SufficiencyRule]] = defaultdict(list)
    learners: dict[int, list[SufficiencyRule]] = defaultdict(list)
    for row in rows.order_by("pk"):
        if row.learner_unit_id is None:
            units[row.unit_key].append(row)
        else:
            learners[row.learner_unit_id].append(row)
    return RuleBook(
        {key: tuple(found) for key, found in units.items()}, {key: tuple(found) for key, found in learners.items()}
    )


def _seen_by(actor: Actor) -> QuerySet[SufficiencyRule]:
    """Return the rules this actor may read: the centre's own, and exceptions in registrations they see (R71, R126)."""
    rows = SufficiencyRule.objects.for_centre(actor.centre_id)
    seen = rows.filter(Q(learner_unit=None) | Q(learner_unit__registration__in=visible_registrations(actor)))
    return seen.select_related(
        "author",
        "decision__decided_by",
        "learner_unit__learner",
        "learner_unit__unit",
        "learner_unit__place",
        "criterion",
    )


def rule_of(actor: Actor, public_id: str) -> SufficiencyRule:
    """Return a rule this actor may read; anything else is not found. One query."""
    row = _seen_by(actor).filter(public_id=public_id).first()
    if row is None:
        raise NotFound("sufficiency.view", public_id)
    return row


def rules_page(actor: Actor, show: str, number: int) -> RulesPage:
    """Return a page of rules: those that count today, those that wait, or all; an unknown `show` is the first.

    At most four queries, however many rules.
    """
    today = Exists(counting(actor.centre_id, actor.on).filter(pk=OuterRef("pk")))
    rows = _seen_by(actor).annotate(counts_today=today)
    groups = {"counting": Q(counts_today=True), "waiting": Q(decision=None), "all": Q()}
    counts = rows.aggregate(**{name: Count("pk", filter=wanted) for name, wanted in groups.items()})
    chosen = rows.filter(groups.get(show, groups["counting"])).order_by("-created_at", "-pk")
    page = Paginator(chosen, A_PAGE).get_page(number)
    found = list(page.object_list)
    titles = _titles(actor.centre_id, found)
    return RulesPage(tuple(_row(actor, row, titles) for row in found), page, counts)


def exceptions_of(actor: Actor, learner: Learner, most: int = A_PAGE) -> tuple[RuleRow, ...]:
    """Return a learner's exceptions, the newest first: whether they count, wait or are over. One query."""
    today = Exists(counting(actor.centre_id, actor.on).filter(pk=OuterRef("pk")))
    rows = _seen_by(actor).filter(learner_unit__learner=learner).annotate(counts_today=today)
    return tuple(_row(actor, row, {}) for row in rows.order_by("-created_at", "-pk")[:most])


def rule_row(actor: Actor, row: SufficiencyRule) -> RuleRow:
    """Return one rule as people read it. Two queries."""
    row.__dict__["counts_today"] = counting(actor.centre_id, actor.on).filter(pk=row.pk).exists()
    return _row(actor, row, _titles(actor.centre_id, [row]))


def _titles(centre_id: int, rows: Collection[SufficiencyRule]) -> dict[str, str]:
    keys = {row.unit_key for row in rows if row.unit_key}
    return dict(current_units(centre_id).filter(key__in=keys).values_list("key", "title"))


def _row(actor: Actor, row: SufficiencyRule, titles: Mapping[str, str]) -> RuleRow:
    unit, decision = row.learner_unit, getattr(row, "decision", None)
    number = f"{unit.place.number}." if unit and unit.place.number else ""
    return RuleRow(
        public_id=row.public_id,
        unit_title=unit.unit.title if unit else titles.get(row.unit_key, row.unit_key),
        kind=row.kind,
        learner=unit.learner.full_name if unit else "",
        learner_id=unit.learner.public_id if unit else "",
        code=f"{number}{row.criterion.number}" if row.criterion else "",
        asked=need_in_words(need_of(row.asked)),
        eases=row.eases,
        reason=row.reason,
        author=row.author.full_name,
        created_at=row.created_at,
        starts_on=row.starts_on,
        decided_by=decision.decided_by.full_name if decision else "",
        decided_at=decision.at if decision else None,
        note=decision.note if decision else "",
        state=_state(actor, row),
        mine=row.author_id == actor.person_id,
    )


def _state(actor: Actor, row: SufficiencyRule) -> str:
    decision = getattr(row, "decision", None)
    if decision is None:
        return "waiting"
    if not decision.agrees:
        return "refused"
    if row.__dict__["counts_today"]:
        return "counting"
    return "later" if row.starts_on > actor.on else "over"


def others_who_decide(actor: Actor) -> int:
    """Return how many other people of the centre may decide about a rule today. One query."""
    rows = Membership.objects.for_centre(actor.centre_id).filter(on_day(actor.on), role__in=(Role.ADMIN, Role.LEAD_IQA))
    return rows.exclude(person_id=actor.person_id).values("person_id").distinct().count()


def units_to_rule(actor: Actor) -> list[tuple[str, str]]:
    """Return key and title of every unit the centre can make a rule for: those its learners take. One query."""
    taken = LearnerUnit.objects.for_centre(actor.centre_id).values("unit__key")
    rows = Unit.objects.filter(key__in=taken).filter(pk__in=current_units(actor.centre_id))
    return list(rows.order_by("title", "key").values_list("key", "title"))


def criteria_to_rule(unit: LearnerUnit) -> list[tuple[str, str]]:
    """Return public id and words of the criteria of a learner's unit, in order. One query."""
    rows = Criterion.objects.filter(unit_id=unit.unit_id).order_by("position")
    return [(row.public_id, f"{row.number} {row.text}") for row in rows]
