"""Units that grow while rows are read, and what they come to in the words of the catalogue files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from common.text import _
from qualifications.enums import Kind, UnitKind
from qualifications.rules.imports import values
from qualifications.rules.imports.findings import (
    Answers,
    Brought,
    Spot,
    gaps,
    kind_by_title,
    kind_of,
    provenance,
)


@dataclass(slots=True)
class Criterion:
    number: int
    text: str
    row: int
    facts: dict[str, Any] = field(default_factory=dict)
    spots: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    number: int
    row: int
    title: str = ""
    kind: str = ""
    spot: tuple[int, str] = (0, "")
    criteria: dict[int, Criterion] = field(default_factory=dict)

    def add(self, number: int, text: str, row: int) -> Criterion:
        """Add a criterion."""
        made = self.criteria[number] = Criterion(number, text, row)
        return made


@dataclass(slots=True)
class Place:
    """Where a unit stands in the qualification."""

    group: str = ""
    unit_number: str = ""
    membership: str = ""
    numbered: str = ""
    mandatory: bool | None = None
    spots: dict[str, tuple[int, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Unit:
    key: str
    row: int
    place: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    spots: dict[str, tuple[int, str]] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    outcome: Outcome | None = None
    qualification_place: Place = field(default_factory=Place)

    def outcome_numbered(self, number: int, row: int) -> Outcome:
        """Return an outcome, a new one where there is none yet, and go on under it."""
        self.outcome = self.outcomes.setdefault(number, Outcome(number, row))
        return self.outcome


def finish(brought: Brought, units: Iterable[Unit], answers: Answers, columns: Mapping[str, str]) -> None:
    """Add the units to what was brought, after saying what they lack. `columns` name the column of each meaning."""
    for unit in units:
        _complete(brought, unit, answers, columns)
        for outcome in unit.outcomes.values():
            _look(brought, unit, outcome, columns)
        if not unit.outcomes:
            brought.say(unit.row, columns.get("criterion_text", ""), _NO_CRITERIA, unit.place, unit=_title(unit))
        for number in gaps(list(unit.outcomes)):
            words = _("Outcome %(number)d is missing in “%(unit)s”. Outcomes are numbered 1, 2, 3 without a gap.")
            column = columns.get("outcome_number", "")
            brought.say(unit.row, column, words, unit.place, number=number, unit=_title(unit))
        brought.units.append(_words(unit, answers))
        _remember(brought, unit)


_NO_CRITERIA = _("“%(unit)s” has no criteria. Add their rows, or take the unit out.")


def _title(unit: Unit) -> str:
    return str(unit.facts.get("title") or unit.facts.get("reference") or unit.key)


def _complete(brought: Brought, unit: Unit, answers: Answers, columns: Mapping[str, str]) -> None:
    """Fill in what the person said once for all; ask for what is nowhere."""
    unit.facts.setdefault("generation", answers.generation)
    unit.facts.setdefault("sector", answers.sector)
    if not unit.facts.get("title"):
        words = _("The unit “%(unit)s” has no title. Write it in its first row.")
        brought.say(unit.row, columns.get("unit_title", ""), words, unit.place, unit=_title(unit))
    for fact in ("level", "credit"):
        said = getattr(answers, fact)
        if fact not in unit.facts and said is not None and f"unit_{fact}" not in columns:
            unit.facts[fact] = said
        if fact not in unit.facts:
            brought.asks.add(fact)
            brought.say(unit.row, columns.get(f"unit_{fact}", ""), _MISSING[fact], unit.place, unit=_title(unit))
    unit.facts.setdefault("kind", answers.kind or _kind_of(unit))


def _kind_of(unit: Unit) -> str:
    """Return the kind of a unit by its criteria; what nothing says is competence, which asks for more (R21)."""
    outcomes = [_outcome_words(outcome, Kind.COMPETENCE.value) for outcome in unit.outcomes.values()]
    return kind_of({criterion.get("kind", o["kind"]) for o in outcomes for criterion in o["criteria"]})


_MISSING = {
    "level": _("The unit “%(unit)s” has no level. Write a number from 1 to 8 in its first row."),
    "credit": _("The unit “%(unit)s” has no credits. Write a number in its first row."),
}


def _look(brought: Brought, unit: Unit, outcome: Outcome, columns: Mapping[str, str]) -> None:
    facts = {"number": outcome.number, "unit": _title(unit)}
    if not outcome.title:
        words = _("Outcome %(number)d of “%(unit)s” has no title. Write it in its first row.")
        brought.say(outcome.row, columns.get("outcome_title", ""), words, unit.place, **facts)
    if not outcome.criteria:
        words = _("Outcome %(number)d of “%(unit)s” has no criteria. Add their rows, or take it out.")
        brought.say(outcome.row, columns.get("criterion_number", ""), words, unit.place, **facts)
    for gap in gaps(list(outcome.criteria)):
        words = _("Criterion %(number)d.%(gap)d is missing in “%(unit)s”. Criteria are numbered without a gap.")
        row = next(c.row for n, c in sorted(outcome.criteria.items()) if n > gap)
        brought.say(row, columns.get("criterion_number", ""), words, unit.place, **facts, gap=gap)


def _words(unit: Unit, answers: Answers) -> dict[str, Any]:
    facts = unit.facts
    asked = values.sufficiency(facts.get("sufficiency", ""))
    equivalents = values.equivalents(facts.get("equivalents", ""))
    return {
        "key": unit.key,
        "reference": facts.get("reference"),
        "title": facts.get("title", ""),
        "level": facts.get("level"),
        "credit": facts.get("credit"),
        "guided_learning_hours": facts.get("glh"),
        "generation": facts["generation"],
        "sector": facts["sector"],
        "kind": facts["kind"],
        "outcomes": [_outcome_words(o, facts["kind"]) for _n, o in sorted(unit.outcomes.items())],
        **({"sufficiency": asked} if asked else {}),
        **({"equivalents": equivalents} if equivalents else {}),
        "provenance": provenance(answers, unit=True),
    }


def _outcome_words(outcome: Outcome, unit_kind: str) -> dict[str, Any]:
    said = {c.facts.get("kind") for c in outcome.criteria.values()}
    same = str(next(iter(said)) or "") if len(said) == 1 else ""
    usual = Kind.COMPETENCE.value if unit_kind == UnitKind.MIXED else unit_kind
    kind = outcome.kind or same or kind_by_title(outcome.title) or usual
    criteria = [_criterion_words(outcome.number, c, kind) for _n, c in sorted(outcome.criteria.items())]
    return {"number": outcome.number, "title": outcome.title, "kind": kind, "criteria": criteria}


def _criterion_words(outcome: int, criterion: Criterion, kind: str) -> dict[str, Any]:
    facts = criterion.facts
    words: dict[str, Any] = {"number": f"{outcome}.{criterion.number}", "text": criterion.text}
    if facts.get("kind", kind) != kind:
        words["kind"] = facts["kind"]
    words |= {key: facts[key] for key in ("themes", "range") if facts.get(key)}
    asked = {key: facts[key] for key in ("observed", "pieces", "occasions", "methods") if facts.get(key)}
    return words | ({"requirements": asked} if asked else {})


def _remember(brought: Brought, unit: Unit) -> None:
    """Note where the parts stood, under the names that the strict reading uses."""
    name = f"{unit.key}.yaml"
    renamed = {"guided_learning_hours": unit.spots.get("glh", (unit.row, ""))}
    brought.spots[name] = Spot(unit.row, {**unit.spots, **renamed}, unit.place)
    for n, (_number, outcome) in enumerate(sorted(unit.outcomes.items()), 1):
        inside = f"{name}, outcomes {n}"
        brought.spots[inside] = Spot(outcome.row, {"title": outcome.spot}, unit.place)
        for m, (_c, criterion) in enumerate(sorted(outcome.criteria.items()), 1):
            brought.spots[f"{inside}, criteria {m}"] = Spot(criterion.row, criterion.spots, unit.place)
