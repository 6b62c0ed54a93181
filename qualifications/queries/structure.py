"""Reads of qualifications and their groups. Each function says how many queries it makes."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from common.refusals import NotFound
from qualifications.models import Group, Place, Qualification
from qualifications.queries.current import current_versions, life_facts, visible
from qualifications.queries.drafts import Passed, passed
from qualifications.queries.settings import allowed_settings_of
from qualifications.queries.units import UnitSummary, summaries
from qualifications.rules import (
    GroupRule,
    LifecycleFacts,
    Provenance,
    group_in_words,
    provenance_in_words,
    total_in_words,
)
from qualifications.rules.combination import Assessed, assessed_in_words
from qualifications.rules.known import PRINTED, READ, doubts_about, how_known
from qualifications.rules.settings import SettingRule, setting_rules, settings_in_words
from qualifications.rules.sufficiency import asked_by_kind

QUALIFICATIONS_A_PAGE = 25
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
    life: LifecycleFacts


@dataclass(frozen=True, slots=True)
class QualificationPage:
    """A page of qualifications found. `page` is what the pager reads."""

    rows: tuple[QualificationRow, ...]
    page: Page[Any]


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A unit with the number it has in this qualification (None: not known), and what nobody has confirmed of it."""

    number: str | None
    unit: UnitSummary
    numbered: str = PRINTED
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A group of a qualification; `sentences` is its rule in words, `rule` the same as numbers."""

    code: str
    title: str
    rule: GroupRule
    sentences: tuple[str, ...]
    places: tuple[PlaceRow, ...]

    @property
    def unprinted(self) -> bool:
        """Say whether a unit has a number here that the awarding body does not print."""
        return any(place.number and place.numbered != PRINTED for place in self.places)


@dataclass(frozen=True, slots=True)
class Structure:
    """A qualification version with its groups. `total` is what the whole award needs, in words."""

    qualification: Qualification
    total: str
    groups: tuple[GroupRow, ...]
    barred: tuple[tuple[str, ...], ...]  # titles of units of which only one counts
    provenance: Provenance
    newest_public_id: str
    life: LifecycleFacts
    passed: Passed | None  # the two people of a centre's own version
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()  # kind → what every criterion of it needs (R71)
    assessed: str = ""  # how much the centre has to assess itself, and whose rule that is (R79)
    settings: str = ""  # where competence may be shown, in a sentence (R61)
    settings_said: tuple[SettingRule, ...] = ()  # what the awarding body says of it, and where

    @property
    def entry_earlier(self) -> bool:
        """Say whether entry may have ended before the day that is known."""
        known = (self.qualification.provenance.get("details") or {}).get("last_registration") or {}
        return bool(known.get("or_earlier"))

    @property
    def superseded(self) -> bool:
        """Say whether a newer version is published."""
        return self.newest_public_id != self.qualification.public_id


def current_qualifications(centre_id: int | None) -> list[QualificationRow]:
    """Return the current version of every qualification: newer generation first, then by level. One query."""
    return [_qualification_row(q, q.units) for q in _listed(centre_id)]


def _listed(centre_id: int | None) -> QuerySet[Any]:
    places = Place.objects.filter(group__qualification=OuterRef("pk")).order_by().values("group__qualification")
    units = Coalesce(Subquery(places.annotate(n=Count("pk")).values("n")), 0)
    counted = current_versions(centre_id).annotate(units=units)
    return counted.order_by("-generation", "level", "entry_code", "pk")


def find_qualifications(text: str, centre_id: int | None, page: int = 1) -> QualificationPage:
    """Return current qualifications with every word of `text` in title, entry code or Ofqual number. Two queries.

    No text finds every one. A page outside the range gives the nearest one.
    """
    found = _listed(centre_id)
    for word in text.split()[:MOST_WORDS]:
        found = found.filter(
            Q(title__icontains=word) | Q(entry_code__istartswith=word) | Q(ofqual_number__istartswith=word)
        )
    shown = Paginator(found, QUALIFICATIONS_A_PAGE).get_page(page)
    return QualificationPage(tuple(_qualification_row(q, q.units) for q in shown.object_list), shown)


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
        life=life_facts(q),
    )


def qualification_structure(public_id: str, centre_id: int | None) -> Structure:
    """Return a qualification version with groups, places and units' counts (R18, R20). Five queries.

    Refuses an unknown id, and one of another centre, with `NotFound`.
    """
    rows = Qualification.objects.filter(public_id=public_id).select_related("draft")
    qualification = visible(rows, centre_id).first()
    if qualification is None:
        raise NotFound("view", public_id)
    same = current_versions(centre_id).filter(
        awarding_body=qualification.awarding_body, entry_code=qualification.entry_code
    )
    groups, titles = _groups(qualification)
    return Structure(
        qualification=qualification,
        total=total_in_words(qualification.credit, qualification.credit_at_level, qualification.credit_at_or_above),
        groups=groups,
        barred=tuple(tuple(titles[key] for key in keys) for keys in qualification.barred),
        provenance=provenance_in_words(qualification.provenance),
        newest_public_id=same.values_list("public_id", flat=True)[0],
        life=life_facts(qualification),
        passed=passed(qualification.draft),
        asked=asked_by_kind(qualification.sufficiency),
        assessed=assessed_in_words(Assessed.of(qualification.assessed)),
        settings=settings_in_words(allowed_settings_of(qualification)),
        settings_said=setting_rules(qualification.settings),
    )


def _groups(qualification: Qualification) -> tuple[tuple[GroupRow, ...], dict[str, str]]:
    """Return the groups, and the titles of all their units by key. Three queries."""
    groups = list(qualification.groups.order_by("position"))
    places = list(Place.objects.filter(group__qualification=qualification).select_related("unit").order_by("position"))
    found = summaries([p.unit for p in places])
    rows = []
    for group in groups:
        inside = tuple(_place(p, found[p.unit_id]) for p in places if p.group_id == group.pk)
        rule = group_rule(group, len(inside), sum(p.unit.credit for p in inside))
        rows.append(GroupRow(group.code, group.title, rule, tuple(group_in_words(rule)), inside))
    return tuple(rows), {p.unit.key: p.unit.title for p in places}


def _place(place: Place, unit: UnitSummary) -> PlaceRow:
    return PlaceRow(place.number, unit, place.numbered, place_doubts(place))


def place_doubts(place: Place) -> tuple[str, ...]:
    """Return what nobody has confirmed of a unit where it stands: codes of `doubts_in_words`. No query.

    What a centre published two people let through, so its references are not doubted (R23).
    """
    unit = place.unit
    known = READ if unit.centre_id else how_known(unit.provenance, "reference")
    return doubts_about(unit.reference, known, place.membership)


def group_rule(group: Group, units: int, credit: int) -> GroupRule:
    """Return a group's limits; `units` and `credit` are those of its places. No query."""
    return GroupRule(
        mandatory=group.mandatory,
        complete=group.complete,
        units=units,
        credit=credit,
        min_credit=group.min_credit,
        max_credit=group.max_credit,
        exact_credit=group.exact_credit,
        min_units=group.min_units,
        max_units=group.max_units,
    )


def mandatory_unit_ids(qualification_id: int) -> list[int]:
    """Return the ids of the unit versions in mandatory groups, in the order of the structure. One query."""
    places = Place.objects.filter(group__qualification_id=qualification_id, group__mandatory=True)
    return list(places.order_by("group__position", "position").values_list("unit_id", flat=True))
