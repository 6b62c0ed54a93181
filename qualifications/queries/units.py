"""Reads of units, their outcomes and criteria. Each function says how many queries it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from common.refusals import NotFound
from qualifications.enums import Kind
from qualifications.models import Criterion, Place, Unit
from qualifications.queries.current import current_units, current_versions, visible
from qualifications.queries.drafts import Passed, passed
from qualifications.queries.guidance import Note, notes_on, own_themes
from qualifications.rules import Provenance, WordedBy, provenance_in_words, themes_in_words, wording_of
from qualifications.rules.known import PRINTED, READ, doubts_about, how_known
from qualifications.rules.sufficiency import asked_by_kind, need_in_words, need_of


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
    official: bool = False  # the awarding body's own wording


@dataclass(frozen=True, slots=True)
class CriterionRow:
    """A criterion; `themes` are the words of its themes for the page. `own_themes`: the centre changed them."""

    id: int
    public_id: str
    position: int
    number: str
    text: str
    verb: str
    kind: str
    themes: tuple[str, ...]
    own_themes: bool
    note: Note | None
    asked: tuple[str, ...] = ()  # what evidence must be like, a sentence each (R22, R71)
    range: tuple[str, ...] = ()  # the cases it has to be shown for
    own_kind: bool = False  # another kind than its outcome's (R21)


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
    awarding_body: str = ""
    numbered: str = PRINTED  # what the number is


@dataclass(frozen=True, slots=True)
class UnitDetail:
    """Everything a unit's page shows."""

    unit: Unit
    outcomes: tuple[OutcomeRow, ...]
    provenance: Provenance
    used_in: tuple[UsedIn, ...]
    newest_public_id: str
    passed: Passed | None  # the two people of a centre's own version
    asked: tuple[tuple[str, tuple[str, ...]], ...] = ()  # kind → what every criterion of it needs in this unit (R71)

    @property
    def doubts(self) -> tuple[str, ...]:
        """Return what nobody has confirmed of its reference; a centre's own version two people let through."""
        known = READ if self.unit.centre_id else how_known(self.unit.provenance, "reference")
        return doubts_about(self.unit.reference, known, READ)

    @property
    def bodies(self) -> str:
        """Return the awarding body, where one alone uses this unit."""
        found = {use.awarding_body for use in self.used_in}
        return found.pop() if len(found) == 1 else ""

    @property
    def criteria(self) -> int:
        """Return the number of criteria."""
        return sum(len(o.criteria) for o in self.outcomes)

    @property
    def superseded(self) -> bool:
        """Say whether a newer version is published."""
        return self.newest_public_id != self.unit.public_id


def summaries(units: Sequence[Unit]) -> dict[int, UnitSummary]:
    """Return the unit versions with their numbers of outcomes and criteria, by unit id. One query."""
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
        official=wording_of(u.provenance).official,
    )


def unit_detail(public_id: str, centre_id: int | None) -> UnitDetail:
    """Return a unit version with outcomes, criteria and the current qualifications that use it (R18, R22).

    Themes and notes are those of the centre, where it has its own (R68). Four queries, six with a
    centre. Refuses an unknown id, and one of another centre, with `NotFound`.
    """
    unit = visible(Unit.objects.filter(public_id=public_id).select_related("draft"), centre_id).first()
    if unit is None:
        raise NotFound("view", public_id)
    newest = current_units(centre_id).filter(key=unit.key).values_list("public_id", flat=True)
    return UnitDetail(
        unit=unit,
        outcomes=_outcomes(unit, centre_id),
        provenance=provenance_in_words(unit.provenance),
        used_in=_used_in(unit, centre_id),
        newest_public_id=newest[0],
        asked=asked_by_kind(unit.sufficiency),
        passed=passed(unit.draft),
    )


def _outcomes(unit: Unit, centre_id: int | None) -> tuple[OutcomeRow, ...]:
    themes = own_themes(centre_id, [unit.key]) if centre_id else {}
    notes = notes_on(centre_id, [unit.key]) if centre_id else {}
    criteria = list(unit.criteria.select_related("outcome").order_by("position"))
    rows = {c.pk: _criterion(c, themes.get((unit.key, c.number)), notes.get((unit.key, c.number))) for c in criteria}
    outcomes = {c.outcome_id: c.outcome for c in criteria}
    return tuple(
        OutcomeRow(o.number, o.title, o.kind, tuple(rows[c.pk] for c in criteria if c.outcome_id == o.pk))
        for o in outcomes.values()
    )


def _criterion(c: Criterion, own: Sequence[str] | None, note: Note | None) -> CriterionRow:
    return CriterionRow(
        id=c.pk,
        public_id=c.public_id,
        position=c.position,
        number=c.number,
        text=c.text,
        verb=c.verb,
        kind=c.kind,
        themes=themes_in_words(c.themes if own is None else own),
        own_themes=own is not None,
        note=note,
        asked=need_in_words(need_of(c.requirements)),
        range=tuple(c.range),
        own_kind=c.kind != c.outcome.kind,
    )


def _used_in(unit: Unit, centre_id: int | None) -> tuple[UsedIn, ...]:
    places = (
        Place.objects.filter(unit=unit, group__qualification__in=current_versions(centre_id))
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
            awarding_body=p.group.qualification.awarding_body,
            numbered=p.numbered,
        )
        for p in places
    )


def unit_wording(unit: Unit, *, centre: str, body: str = "") -> WordedBy:
    """Return whose sentences a version's criteria are. No query.

    A version of a centre is only ever shown in that centre, so `centre` names who brought it in.
    """
    return wording_of(unit.provenance, body=body, by=centre if unit.centre_id else "", on=unit.published_at)
