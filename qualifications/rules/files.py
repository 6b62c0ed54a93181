"""What a catalogue file may say, and what it says (the keys are described in docs/catalogue.md)."""

import dataclasses
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from common.digests import canonical, digest
from common.text import _
from qualifications.enums import Generation, Kind, Sector, Theme, UnitKind
from qualifications.rules.file_parts import (
    read_assessed,
    read_award,
    read_equivalent,
    read_number,
    read_provenance,
    read_reference,
    read_requirements,
    read_setting,
    read_sufficiency,
)
from qualifications.rules.known import MEMBERSHIPS, NUMBERED, PRINTED, READ
from qualifications.rules.record import Record
from qualifications.rules.sameness import wording_digest

LEVELS = {"low": 1, "high": 8}
CREDITS = {"low": 1, "high": 500}


@dataclass(frozen=True, slots=True)
class CriterionFile:
    number: str
    text: str
    kind: str
    themes: tuple[str, ...]
    requirements: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    range: tuple[str, ...] = ()

    @property
    def verb(self) -> str:
        """Return the command verb: the first word (R22)."""
        return self.text.split(maxsplit=1)[0].rstrip(",;:") if self.text else ""


@dataclass(frozen=True, slots=True)
class OutcomeFile:
    number: int
    title: str
    kind: str
    criteria: tuple[CriterionFile, ...]


@dataclass(frozen=True, slots=True)
class UnitFile:
    key: str
    reference: str | None
    title: str
    level: int
    credit: int
    glh: int | None
    generation: str
    sector: str
    kind: str
    outcomes: tuple[OutcomeFile, ...]
    provenance: Mapping[str, Any]
    sufficiency: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    equivalents: tuple[Mapping[str, str], ...] = ()  # references documented to be as good as its own (R19)

    def digest(self) -> str:
        """Return the SHA-256 of everything the file says; layout, comments and keys left out do not count."""
        facts = _without_empty(dataclasses.asdict(self), "sufficiency", "equivalents")
        for criterion in (c for o in facts["outcomes"] for c in o["criteria"]):
            _without_empty(criterion, "requirements", "range")
        return digest(canonical(facts))

    def wording(self) -> str:
        """Return the SHA-256 of its criteria alone: whose credit, hours or sources are put right, it stays the same."""
        return wording_digest(
            (c.number, c.text, c.kind, c.requirements, c.range) for o in self.outcomes for c in o.criteria
        )


@dataclass(frozen=True, slots=True)
class PlaceFile:
    number: str | None
    unit: str
    membership: str = READ  # how it is known that the unit belongs here
    numbered: str = PRINTED  # what the number is: printed, only a place in a list, recalled


@dataclass(frozen=True, slots=True)
class GroupFile:
    code: str
    title: str
    mandatory: bool
    min_credit: int | None
    max_credit: int | None
    exact_credit: int | None
    min_units: int | None
    max_units: int | None
    complete: bool
    places: tuple[PlaceFile, ...]


@dataclass(frozen=True, slots=True)
class QualificationFile:
    entry_code: str
    title: str
    awarding_body: str
    level: int
    generation: str
    ofqual_number: str | None
    credit: int
    credit_at_level: int | None
    credit_at_or_above: int | None
    glh_min: int | None
    glh_max: int | None
    tqt: int | None
    listed_on: dt.date | None
    last_registration_on: dt.date | None
    last_certification_on: dt.date | None
    replaces_code: str | None
    groups: tuple[GroupFile, ...]
    barred: tuple[tuple[str, ...], ...]
    provenance: Mapping[str, Any]
    sufficiency: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    settings: tuple[Mapping[str, str], ...] = ()  # where competence may be shown (R61)
    structure_reference: str | None = None  # of the sector's structure that all awarding bodies follow
    glh_stated: int | None = None  # the one figure that bodies print since 2017
    equivalents: tuple[Mapping[str, str], ...] = ()  # awards of other bodies with the same structure
    assessed: Mapping[str, Any] = dataclasses.field(default_factory=dict)  # how much the centre has to assess (R79)

    def digest(self, unit_digests: Mapping[str, str]) -> str:
        """Return the SHA-256 of the file and the units it names: a changed unit changes the qualification."""
        facts = _without_empty(dataclasses.asdict(self), *_ADDED_LATER)
        for place in (p for g in facts["groups"] for p in g["places"]):
            for key, usual in (("membership", READ), ("numbered", PRINTED)):
                if place[key] == usual:
                    del place[key]
        for key in ("listed_on", "last_registration_on", "last_certification_on"):
            facts[key] = facts[key] and facts[key].isoformat()
        facts["units"] = {p.unit: unit_digests[p.unit] for g in self.groups for p in g.places}
        return digest(canonical(facts))


#: Keys that files written before them do not have.
_ADDED_LATER = ("sufficiency", "settings", "structure_reference", "glh_stated", "equivalents", "assessed")


def _without_empty(facts: dict[str, Any], *keys: str) -> dict[str, Any]:
    """Take keys away that say nothing, so that a file written before they existed keeps its digest."""
    for key in keys:
        if not facts[key]:
            del facts[key]
    return facts


def read_unit(name: str, data: object, problems: list[str]) -> UnitFile:
    """Return what a unit file says. What is wrong with it is added to `problems`, one sentence each (R19, R21, R22)."""
    row = Record(name, data, problems)
    kind, reference = row.choice("kind", UnitKind.values), read_reference(row)
    unit = UnitFile(
        key=row.text("key", longest=120),
        reference=reference,
        title=row.text("title"),
        level=row.number("level", **LEVELS),
        credit=row.number("credit", **CREDITS),
        glh=row.number_or_none("guided_learning_hours"),
        generation=row.choice("generation", Generation.values),
        sector=row.choice("sector", Sector.values),
        kind=kind,
        outcomes=tuple(_outcome(r, kind) for r in row.records("outcomes")),
        provenance=read_provenance(row.record("provenance"), ("facts", "criteria")),
        sufficiency=read_sufficiency(row.record_if_any("sufficiency")),
        equivalents=tuple(read_equivalent(r, reference) for r in row.records_if_any("equivalents")),
    )
    row.done()
    _begins(row, unit)
    _called(row, name, unit.key)
    _once(row, "outcomes", [str(o.number) for o in unit.outcomes])
    _once(row, "criteria", [c.number for o in unit.outcomes for c in o.criteria])
    return unit


def _begins(row: Record, unit: UnitFile) -> None:
    """Complain about a reference that does not begin as somebody has read it (T18)."""
    said = unit.provenance.get("details", {}).get("reference_prefix", {}).get("value", "")
    if unit.reference and not unit.reference.startswith(said):
        words = _("%(place)s: “%(key)s” must begin with %(begin)s, as another awarding body prints it.")
        row.complain(words, key="reference", begin=said)


def _outcome(row: Record, unit_kind: str) -> OutcomeFile:
    number = row.number("number", low=1, high=99)
    mixed = unit_kind == UnitKind.MIXED  # then nothing stands for an outcome that does not say it (R21)
    kind = row.choice("kind", Kind.values) if mixed else row.choice_or("kind", Kind.values, unit_kind)
    title = row.text("title")
    criteria = tuple(_criterion(r, number, kind) for r in row.records("criteria"))
    row.done()
    return OutcomeFile(number, title, kind, criteria)


def _criterion(row: Record, outcome: int, kind: str) -> CriterionFile:
    """Read a criterion; its kind is its outcome's unless it says its own (R21)."""
    criterion = CriterionFile(
        number=row.text("number", longest=12),
        text=row.text("text", longest=1000),
        kind=row.choice_or("kind", Kind.values, kind),
        themes=row.texts("themes", choices=Theme.values),
        requirements=read_requirements(row.record_if_any("requirements")),
        range=row.texts("range"),
    )
    row.done()
    before, _dot, after = criterion.number.partition(".")
    if before != str(outcome) or not (after.isascii() and after.isdecimal()):
        words = _("%(place)s: under outcome %(outcome)d, “%(number)s” must be a number like %(outcome)d.1.")
        row.complain(words, number=criterion.number, outcome=outcome)
    return criterion


def read_qualification(
    name: str, data: object, problems: list[str], units: Mapping[str, UnitFile]
) -> QualificationFile:
    """Return what a qualification file says; what is wrong with it is added to `problems` (R15, R18, R20).

    `units` are the units it may name, by key.
    """
    row = Record(name, data, problems)
    at_level, at_or_above = _credit_at_or_above(row)
    glh = row.record_or_none("guided_learning_hours")
    dates = row.record("dates")
    body = row.text("awarding_body", longest=60)
    qualification = QualificationFile(
        entry_code=row.text("entry_code", longest=10),
        title=row.text("title"),
        awarding_body=body,
        level=row.number("level", **LEVELS),
        generation=row.choice("generation", Generation.values),
        ofqual_number=read_number(row),
        credit=row.number("credit", **CREDITS),
        credit_at_level=at_level,
        credit_at_or_above=at_or_above,
        glh_min=glh.number("min", low=0, high=10_000) if glh else None,
        glh_max=glh.number("max", low=0, high=10_000) if glh else None,
        glh_stated=glh.number_or_none("stated") if glh else None,
        tqt=row.number_or_none("total_qualification_time"),
        listed_on=dates.date_or_none("listed"),
        last_registration_on=dates.date_or_none("last_registration"),
        last_certification_on=dates.date_or_none("last_certification"),
        replaces_code=row.text_or_none("replaces", longest=10),
        groups=tuple(_group(r, units) for r in row.records("groups")),
        barred=tuple(row.lists("barred")),
        provenance=read_provenance(row.record("provenance"), ("facts",)),
        sufficiency=read_sufficiency(row.record_if_any("sufficiency")),
        settings=tuple(read_setting(r, body) for r in row.records_if_any("settings")),
        structure_reference=row.text_if_any("structure_reference", longest=20),
        equivalents=tuple(read_award(r) for r in row.records_if_any("equivalents")),
        assessed=read_assessed(row.record_if_any("assessed")),
    )
    _finish(row, [r for r in (glh, dates) if r], name, qualification)
    return qualification


def _credit_at_or_above(row: Record) -> tuple[int | None, int | None]:
    part = row.record_or_none("credit_at_or_above")
    if part is None:
        return None, None
    pair = part.number("level", **LEVELS), part.number("credit", **CREDITS)
    part.done()
    return pair


def _group(row: Record, units: Mapping[str, UnitFile]) -> GroupFile:
    group = GroupFile(
        code=row.text("id", longest=8),
        title=row.text("title", longest=200),
        mandatory=row.yes("mandatory"),
        min_credit=row.number_or_none("min_credit"),
        max_credit=row.number_or_none("max_credit"),
        exact_credit=row.number_or_none("exact_credit"),
        min_units=row.number_or_none("min_units"),
        max_units=row.number_or_none("max_units"),
        complete=row.yes("complete"),
        places=tuple(_place(r, units) for r in row.records("units")),
    )
    row.done()
    _ordered(row, "credit", group.min_credit, group.max_credit)
    _ordered(row, "units", group.min_units, group.max_units)
    total = sum(units[p.unit].credit for p in group.places if p.unit in units)
    if group.mandatory and group.complete and group.exact_credit not in {None, total}:
        words = _("%(place)s: its units add up to %(total)d credits, not %(exact)d.")
        row.complain(words, total=total, exact=group.exact_credit)
    return group


def _place(row: Record, units: Mapping[str, UnitFile]) -> PlaceFile:
    place = PlaceFile(
        number=row.label_or_none("number"),
        unit=row.text("unit", longest=120),
        membership=row.choice_or("membership", MEMBERSHIPS, READ),
        numbered=row.choice_or("numbered", NUMBERED, PRINTED),
    )
    row.done()
    if place.unit and place.unit not in units:
        row.complain(_("%(place)s: there is no unit file for “%(unit)s”."), unit=place.unit)
    return place


def _ordered(row: Record, what: str, low: int | None, high: int | None) -> None:
    if low is not None and high is not None and low > high:
        words = _("%(place)s: “min_%(what)s” is %(low)d, more than “max_%(what)s”, %(high)d.")
        row.complain(words, what=what, low=low, high=high)


def _finish(row: Record, parts: Iterable[Record], name: str, qualification: QualificationFile) -> None:
    for record in (*parts, row):
        record.done()
    _called(row, name, qualification.entry_code)
    places = [p for g in qualification.groups for p in g.places]
    _once(row, "settings", [said["setting"] for said in qualification.settings])
    _once(row, "groups", [g.code for g in qualification.groups])
    _once(row, "units", [p.unit for p in places])
    _once(row, "unit numbers", [p.number for p in places if p.number is not None])
    for key in sorted({k for pair in qualification.barred for k in pair} - {p.unit for p in places}):
        row.complain(_("%(place)s: “barred” names “%(key)s”, which is in no group."), key=key)
    _ordered(row, "guided_learning_hours", qualification.glh_min, qualification.glh_max)


def _called(row: Record, name: str, key: str) -> None:
    if key and name.rsplit("/", 1)[-1] != f"{key}.yaml":
        row.complain(_("%(place)s: the file must be called “%(key)s.yaml”, like the key inside."), key=key)


def _once(row: Record, what: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            words = _("%(place)s: “%(name)s” stands %(times)d times under %(what)s.")
            row.complain(words, name=name, times=times, what=what)
