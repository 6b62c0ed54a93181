"""Reads of the catalogue. Each function says how many queries it makes, whatever the number of rows."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Value, When

from common.refusals import NotFound
from qualifications.enums import Kind, Theme
from qualifications.models import Criterion, Group, Place, Qualification, Unit
from qualifications.rules import GroupRule, Provenance, group_in_words, provenance_in_words, total_in_words

UNITS_A_PAGE = 25
LONGEST_SEARCH = 200
MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class QualificationRow:
    """A version of a qualification in a list. `id` is for foreign keys, never for an address."""

    id: int
    public_id: str
    awarding_body: str
    entry_code: str
    version: int
    title: str
    level: int
    generation: str
    total: str
    units: int
    last_registration_on: dt.date | None
    last_certification_on: dt.date | None


@dataclass(frozen=True, slots=True)
class UnitSummary:
    """A unit version with the number of its outcomes and criteria."""

    id: int
    public_id: str
    key: str
    version: int
    reference: str | None
    title: str
    level: int
    credit: int
    kind: str
    sector: str
    generation: str
    outcomes: int
    criteria: int
    knowledge: int
    competence: int


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A unit with the number it has in this qualification (None: not known)."""

    number: str | None
    unit: UnitSummary


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of a qualification; `sentences` is its rule in words, `rule` the same as numbers."""

    code: str
    title: str
    rule: GroupRule
    sentences: tuple[str, ...]
    places: tuple[PlaceRow, ...]


@dataclass(frozen=True, slots=True)
class Structure:
    """A qualification version with its groups. `total` is what the whole award needs, in words."""

    qualification: Qualification
    total: str
    groups: tuple[GroupRow, ...]
    barred: tuple[tuple[str, ...], ...]  # titles of units of which only one counts
    provenance: Provenance
    newest_public_id: str

    @property
    def superseded(self) -> bool:
        """Say whether a newer version is published."""
        return self.newest_public_id != self.qualification.public_id


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion; `themes` are the words of its themes for the page."""

    id: int
    public_id: str
    position: int
    number: str
    text: str
    verb: str
    kind: str
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRow:
    """An outcome with its criteria in order."""

    number: int
    title: str
    kind: str
    criteria: tuple[CriterionRow, ...]


@dataclass(frozen=True, slots=True)
class UsedIn:
    """Where a unit stands in a current qualification."""

    public_id: str
    entry_code: str
    title: str
    group: str
    number: str | None
    mandatory: bool


@dataclass(frozen=True, slots=True)
class UnitDetail:
    """Everything a unit's page shows."""

    unit: Unit
    outcomes: tuple[OutcomeRow, ...]
    provenance: Provenance
    used_in: tuple[UsedIn, ...]
    newest_public_id: str

    @property
    def criteria(self) -> int:
        """Return the number of criteria."""
        return sum(len(o.criteria) for o in self.outcomes)

    @property
    def superseded(self) -> bool:
        """Say whether a newer version is published."""
        return self.newest_public_id != self.unit.public_id


@dataclass(frozen=True, slots=True)
class UnitPage:
    """A page of units found. `page` is what the pager reads; its paginator counts all pages together."""

    units: tuple[UnitSummary, ...]
    page: Page[Unit]

    @property
    def total(self) -> int:
        """Return how many units were found in all."""
        return self.page.paginator.count


def current_versions() -> QuerySet[Qualification]:
    """Return the newest version of every qualification, by entry code."""
    newer = Qualification.objects.filter(
        awarding_body=OuterRef("awarding_body"),
        entry_code=OuterRef("entry_code"),
        version__gt=OuterRef("version"),
    )
    found: QuerySet[Qualification] = Qualification.objects.filter(~Exists(newer)).order_by("entry_code")
    return found


def current_units() -> QuerySet[Unit]:
    """Return the newest version of every unit, by key."""
    newer = Unit.objects.filter(key=OuterRef("key"), version__gt=OuterRef("version"))
    found: QuerySet[Unit] = Unit.objects.filter(~Exists(newer)).order_by("key")
    return found


def current_qualifications() -> list[QualificationRow]:
    """Return the newest version of every qualification: newer generation first, then by level. One query."""
    counted = current_versions().annotate(units=Count("groups__places"))
    return [_qualification_row(q, q.units) for q in counted.order_by("-generation", "level", "entry_code")]


def _qualification_row(q: Qualification, units: int) -> QualificationRow:
    return QualificationRow(
        id=q.pk,
        public_id=q.public_id,
        awarding_body=q.awarding_body,
        entry_code=q.entry_code,
        version=q.version,
        title=q.title,
        level=q.level,
        generation=q.generation,
        total=total_in_words(q.credit, q.credit_at_level, q.credit_at_or_above),
        units=units,
        last_registration_on=q.last_registration_on,
        last_certification_on=q.last_certification_on,
    )


def qualification_structure(public_id: str) -> Structure:
    """Return a qualification version with groups, places and units' counts (R18, R20). Five queries.

    Refuses an unknown id with `NotFound`.
    """
    qualification = Qualification.objects.filter(public_id=public_id).first()
    if qualification is None:
        raise NotFound("view", public_id)
    newest = Qualification.objects.filter(
        awarding_body=qualification.awarding_body, entry_code=qualification.entry_code
    )
    groups, titles = _groups(qualification)
    return Structure(
        qualification=qualification,
        total=total_in_words(qualification.credit, qualification.credit_at_level, qualification.credit_at_or_above),
        groups=groups,
        barred=tuple(tuple(titles[key] for key in keys) for keys in qualification.barred),
        provenance=provenance_in_words(qualification.provenance),
        newest_public_id=newest.order_by("-version").values_list("public_id", flat=True)[0],
    )


def _groups(qualification: Qualification) -> tuple[tuple[GroupRow, ...], dict[str, str]]:
    """Return the groups, and the titles of all their units by key. Three queries."""
    groups = list(qualification.groups.order_by("position"))
    places = list(Place.objects.filter(group__qualification=qualification).select_related("unit").order_by("position"))
    summaries = _summaries([p.unit for p in places])
    rows = []
    for group in groups:
        inside = tuple(PlaceRow(p.number, summaries[p.unit_id]) for p in places if p.group_id == group.pk)
        rule = _rule(group, inside)
        rows.append(GroupRow(group.code, group.title, rule, tuple(group_in_words(rule)), inside))
    return tuple(rows), {p.unit.key: p.unit.title for p in places}


def _rule(group: Group, places: Sequence[PlaceRow]) -> GroupRule:
    return GroupRule(
        mandatory=group.mandatory,
        complete=group.complete,
        units=len(places),
        credit=sum(p.unit.credit for p in places),
        min_credit=group.min_credit,
        max_credit=group.max_credit,
        exact_credit=group.exact_credit,
        min_units=group.min_units,
        max_units=group.max_units,
    )


def _summaries(units: Sequence[Unit]) -> dict[int, UnitSummary]:
    """Return summaries by unit id. One query."""
    counts: dict[int, Mapping[str, Any]] = {
        row["unit_id"]: row
        for row in Criterion.objects.filter(unit__in=units)
        .values("unit_id")
        .annotate(
            outcomes=Count("outcome_id", distinct=True),
            criteria=Count("id"),
            knowledge=Count("id", filter=Q(kind=Kind.KNOWLEDGE)),
        )
    }
    return {u.pk: _summary(u, counts[u.pk]) for u in units}


def _summary(u: Unit, counts: Mapping[str, Any]) -> UnitSummary:
    return UnitSummary(
        id=u.pk,
        public_id=u.public_id,
        key=u.key,
        version=u.version,
        reference=u.reference,
        title=u.title,
        level=u.level,
        credit=u.credit,
        kind=u.kind,
        sector=u.sector,
        generation=u.generation,
        outcomes=counts["outcomes"],
        criteria=counts["criteria"],
        knowledge=counts["knowledge"],
        competence=counts["criteria"] - counts["knowledge"],
    )


def unit_detail(public_id: str) -> UnitDetail:
    """Return a unit version with outcomes, criteria and the current qualifications that use it (R18, R22).

    Four queries. Refuses an unknown id with `NotFound`.
    """
    unit = Unit.objects.filter(public_id=public_id).first()
    if unit is None:
        raise NotFound("view", public_id)
    newest = Unit.objects.filter(key=unit.key).order_by("-version").values_list("public_id", flat=True)
    return UnitDetail(
        unit=unit,
        outcomes=_outcomes(unit),
        provenance=provenance_in_words(unit.provenance),
        used_in=_used_in(unit),
        newest_public_id=newest[0],
    )


def _outcomes(unit: Unit) -> tuple[OutcomeRow, ...]:
    criteria = list(unit.criteria.select_related("outcome").order_by("position"))
    outcomes = {c.outcome_id: c.outcome for c in criteria}
    return tuple(
        OutcomeRow(o.number, o.title, o.kind, tuple(_criterion(c) for c in criteria if c.outcome_id == o.pk))
        for o in outcomes.values()
    )


def _criterion(c: Criterion) -> CriterionRow:
    themes = tuple(str(Theme(theme).label) for theme in c.themes)
    return CriterionRow(c.pk, c.public_id, c.position, c.number, c.text, c.verb, c.kind, themes)


def _used_in(unit: Unit) -> tuple[UsedIn, ...]:
    places = (
        Place.objects.filter(unit=unit, group__qualification__in=current_versions())
        .select_related("group__qualification")
        .order_by("group__qualification__entry_code")
    )
    return tuple(
        UsedIn(
            public_id=p.group.qualification.public_id,
            entry_code=p.group.qualification.entry_code,
            title=p.group.qualification.title,
            group=p.group.code,
            number=p.number,
            mandatory=p.group.mandatory,
        )
        for p in places
    )


def mandatory_unit_ids(qualification_id: int) -> list[int]:
    """Return the ids of the unit versions in mandatory groups, in the order of the structure. One query."""
    places = Place.objects.filter(group__qualification_id=qualification_id, group__mandatory=True)
    return list(places.order_by("group__position", "position").values_list("unit_id", flat=True))


def search_units(text: str, page: int = 1) -> UnitPage:
    """Return current units with every word in title, reference, key or a criterion. Three queries.

    Units with all words in their title come first. No text finds every unit. A page outside the range gives
    the nearest one. At most eight words of 200 letters in all are looked for.
    """
    words = text[:LONGEST_SEARCH].split()[:MOST_WORDS]
    in_title = Q()
    found = current_units()
    for word in words:
        in_title &= Q(title__icontains=word)
        in_text = Exists(Criterion.objects.filter(unit=OuterRef("pk"), text__icontains=word))
        found = found.filter(
            Q(title__icontains=word) | Q(reference__icontains=word) | Q(key__icontains=word) | Q(in_text)
        )
    if words:
        found = found.annotate(rank=Case(When(in_title, then=Value(0)), default=Value(1)))
        found = found.order_by("rank", "level", "title", "key")
    else:
        found = found.order_by("level", "title", "key")
    shown = Paginator(found, UNITS_A_PAGE).get_page(page)
    units = list(shown.object_list)
    summaries = _summaries(units)
    return UnitPage(units=tuple(summaries[u.pk] for u in units), page=shown)
