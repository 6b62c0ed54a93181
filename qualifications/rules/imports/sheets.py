"""Rows of a sheet as centres have them: a line a criterion, or unit, outcome and criterion lines in turn."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from common.text import _
from qualifications.rules.imports import values
from qualifications.rules.imports.building_units import Place, Unit, finish
from qualifications.rules.imports.columns import letter_of
from qualifications.rules.imports.findings import Answers, Brought, key_of
from qualifications.rules.imports.groups import read_groups
from qualifications.rules.references import written_reference

_OUTCOME = re.compile(r"(?:lo|learning outcome|outcome)?\s*([0-9]{1,2})\s*[.):]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_CRITERION = re.compile(r"(?:ac|pc)?\s*(?:([0-9]{1,2})\.)?([0-9]{1,3})\s*[.):]?", re.IGNORECASE)
_IN_TEXT = re.compile(r"(?:ac|pc)?\s*([0-9]{1,2}\.[0-9]{1,3})\s*[.):]?\s+(.+)", re.IGNORECASE | re.DOTALL)
_FACTS = (
    "title",
    "reference",
    "level",
    "credit",
    "glh",
    "kind",
    "sector",
    "generation",
    "sufficiency",
    "equivalents",
    "key",
)
_TICK = 1000
_NAMING = ("unit_key", "unit_reference", "unit_title")

Cells = Mapping[str, tuple[str, str]]  # meaning → text and column


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet: its rows as (number, texts), the row of its headings, and what each column is by its letter."""

    rows: Sequence[tuple[int, Sequence[str]]]
    header: int = 1
    columns: Mapping[str, str] | None = None
    name: str = ""


def read_sheets(
    table: Table,
    answers: Answers,
    *,
    facts: Table | None = None,
    groups: Table | None = None,
    tick: Callable[[int], None] | None = None,
) -> Brought:
    """Return the units of a sheet, and a qualification when its rows or the two other sheets say what is in it.

    `facts` and `groups` are the sheets “Qualification” and “Groups” as our own export writes them. Every problem
    names the row and the column in which it stands. `tick` is told now and then how many rows are done.
    """
    brought = Brought()
    reader = _Reader(brought, {column: what for column, what in (table.columns or {}).items() if what}, table.name)
    for done, (number, cells) in enumerate(table.rows, 1):
        if number > table.header:
            reader.take(number, cells)
        if tick and done % _TICK == 0:
            tick(done)
    finish(brought, reader.units, answers, {what: column for column, what in reader.columns.items()})
    read_groups(brought, reader.units, answers, facts.rows if facts else (), groups.rows if groups else ())
    return brought


class _Reader:
    """Takes one row after the other and lets units, outcomes and criteria grow."""

    def __init__(self, brought: Brought, columns: Mapping[str, str], place: str) -> None:
        self.brought = brought
        self.columns = columns
        self.place = place
        self.units: list[Unit] = []
        self.by_key: dict[str, Unit] = {}
        self.by_title: dict[str, Unit] = {}
        self.unit: Unit | None = None
        self.row = 0

    def take(self, row: int, texts: Sequence[str]) -> None:
        self.row = row
        named = ((letter_of(n), text.strip()) for n, text in enumerate(texts) if text.strip())
        cells: dict[str, tuple[str, str]] = {}
        for letter, text in named:
            if letter in self.columns:
                cells[self.columns[letter]] = (text, letter)
        if not cells:
            return
        self._unit(cells)
        if self.unit is None:
            self.say(
                cells, "unit_title", _("This row comes before any unit. Write the unit's title or reference in it.")
            )
            return
        self._place(self.unit, cells)
        self._outcome(self.unit, cells)
        self._criterion(self.unit, cells)

    def say(self, cells: Cells, what: str, sentence: object, **facts: object) -> None:
        column = cells[what][1] if what in cells else next((c for c, w in self.columns.items() if w == what), "")
        self.brought.say(self.row, column, sentence, self.place, **facts)

    # --- units

    def _unit(self, cells: Cells) -> None:
        given = {what: cells[what][0] for what in _NAMING if what in cells}
        if given:
            self.unit = self._known_by(given) or self._new(given)
        if self.unit is not None:
            for fact in _FACTS:
                if f"unit_{fact}" in cells:
                    self._fact(self.unit, fact, cells)

    def _known_by(self, given: Mapping[str, str]) -> Unit | None:
        """Return the unit that a row means: by key, else by reference, else by title."""
        key = given.get("unit_key") or key_of(written_reference(given.get("unit_reference", "")), "")
        title = given.get("unit_title", "").lower()
        return self.by_key.get(key) if key else self.by_title.get(title) if title else None

    def _new(self, given: Mapping[str, str]) -> Unit:
        reference, title = written_reference(given.get("unit_reference", "")), given.get("unit_title", "")
        unit = Unit(key=given.get("unit_key") or key_of(reference, title), row=self.row, place=self.place)
        self.units.append(unit)
        self.by_key.setdefault(unit.key, unit)
        self.by_title.setdefault(title.lower(), unit)
        return unit

    def _fact(self, unit: Unit, fact: str, cells: Cells) -> None:
        text, column = cells[f"unit_{fact}"]
        value: Any = written_reference(text) if fact == "reference" else values.READERS.get(fact, str)(text)
        if value in {None, ""}:
            words = _("“%(text)s” is not %(wanted)s. %(help)s")
            self.say(cells, f"unit_{fact}", words, text=text[:40], wanted=_WHAT[fact][0], help=_WHAT[fact][1])
        elif unit.facts.setdefault(fact, value) != value:
            words = _("Here “%(here)s”, but “%(there)s” in row %(first)d for the same unit. Make them the same.")
            there, row = unit.facts[fact], unit.spots[fact][0]
            self.say(cells, f"unit_{fact}", words, here=text[:60], there=str(there)[:60], first=row)
        else:
            unit.spots.setdefault(fact, (self.row, column))

    def _place(self, unit: Unit, cells: Cells) -> None:
        place = unit.qualification_place
        for what in ("group", "unit_number", "membership", "numbered"):
            if what in cells:
                before = getattr(place, what)
                if before and before != cells[what][0]:
                    words = _("This unit stands in two places: “%(here)s” here, “%(there)s” before. Keep one.")
                    self.say(cells, what, words, here=cells[what][0], there=before)
                setattr(place, what, cells[what][0])
                place.spots[what] = (self.row, cells[what][1])
        if "mandatory" in cells:
            self._mandatory(place, cells)

    def _mandatory(self, place: Place, cells: Cells) -> None:
        said = values.yes_or_no(cells["mandatory"][0], values.MANDATORY, values.OPTIONAL)
        if said is None:
            words = _("“%(text)s” is neither mandatory nor optional. Write yes or no.")
            self.say(cells, "mandatory", words, text=cells["mandatory"][0][:40])
        place.mandatory = said
        place.spots["mandatory"] = (self.row, cells["mandatory"][1])

    # --- outcomes

    def _outcome(self, unit: Unit, cells: Cells) -> None:
        number, title = self._outcome_words(cells)
        if number is None and title:
            same = unit.outcome and unit.outcome.title == title
            number = unit.outcome.number if same and unit.outcome else len(unit.outcomes) + 1
        if number is None:
            return
        outcome = unit.outcome_numbered(number, self.row)
        if title and outcome.title and outcome.title != title:
            words = _(
                "Outcome %(number)d is called “%(there)s” in row %(first)d. Number the outcomes 1, 2, 3 within a unit."
            )
            facts = {"number": number, "there": outcome.title[:60], "first": outcome.row}
            self.say(cells, "outcome_number" if "outcome_number" in cells else "outcome_title", words, **facts)
        if title and not outcome.title:
            outcome.title = title
            outcome.spot = (self.row, cells["outcome_title"][1] if "outcome_title" in cells else "")
        if "outcome_kind" in cells:
            outcome.kind = self._kind(cells, "outcome_kind")

    def _outcome_words(self, cells: Cells) -> tuple[int | None, str]:
        title = cells.get("outcome_title", ("", ""))[0]
        if "outcome_number" in cells:
            text = cells["outcome_number"][0]
            found = _OUTCOME.fullmatch(text)
            if not found:
                words = _("“%(text)s” is not the number of an outcome. Write 1, 2, 3 and so on.")
                self.say(cells, "outcome_number", words, text=text[:40])
                return None, title
            return int(found.group(1)), title or found.group(2).strip()
        found = _OUTCOME.fullmatch(title)
        return (int(found.group(1)), found.group(2).strip()) if found and found.group(2) else (None, title)

    # --- criteria

    def _criterion(self, unit: Unit, cells: Cells) -> None:
        number, text = cells.get("criterion_number", ("", ""))[0], cells.get("criterion_text", ("", ""))[0]
        if not number and (found := _IN_TEXT.fullmatch(text)):
            number, text = found.group(1), found.group(2)
        if not number and not text:
            return
        found_number = self._criterion_number(unit, number, cells) if number else None
        if not number:
            self.say(
                cells,
                "criterion_number",
                _("This criterion has no number. Write it like 1.2: outcome, then criterion."),
            )
        elif not text:
            self.say(
                cells, "criterion_text", _("Criterion %(number)s has no text. Write what it asks for."), number=number
            )
        elif found_number:
            self._add(unit, found_number, text, cells)

    def _criterion_number(self, unit: Unit, number: str, cells: Cells) -> tuple[int, int] | None:
        found = _CRITERION.fullmatch(number)
        outcome = int(found.group(1)) if found and found.group(1) else unit.outcome.number if unit.outcome else None
        if not found or outcome is None:
            words = _("“%(text)s” is not the number of a criterion. Write it like 1.2, and format the column as text.")
            self.say(cells, "criterion_number", words, text=number[:40])
            return None
        if found.group(1) and "outcome_number" in cells and unit.outcome and outcome != unit.outcome.number:
            words = _("“%(text)s” stands in a row of outcome %(outcome)d. It should begin with %(outcome)d.")
            self.say(cells, "criterion_number", words, text=number, outcome=unit.outcome.number)
            return None
        return outcome, int(found.group(2))

    def _add(self, unit: Unit, number: tuple[int, int], text: str, cells: Cells) -> None:
        outcome = unit.outcome_numbered(number[0], self.row)
        before = outcome.criteria.get(number[1])
        if before is not None:
            words = _("The number %(number)s stands in row %(first)d already. Every criterion of a unit has its own.")
            self.say(cells, "criterion_number", words, number="{}.{}".format(*number), first=before.row)
            return
        criterion = outcome.add(number[1], text, self.row)
        criterion.spots = {
            key: (self.row, cells[f"criterion_{key}"][1]) for key in ("number", "text") if f"criterion_{key}" in cells
        }
        if "criterion_kind" in cells:
            criterion.facts["kind"] = self._kind(cells, "criterion_kind")
        self._extras(criterion.facts, cells)

    def _extras(self, facts: dict[str, Any], cells: Cells) -> None:
        for what, known in (("themes", values.theme), ("methods", values.method)):
            if what in cells:
                facts[what] = [self._known(cells, what, word, known(word)) for word in values.parts(cells[what][0])]
        if "observed" in cells:
            facts["observed"] = bool(
                self._known(cells, "observed", cells["observed"][0], values.yes_or_no(cells["observed"][0]))
            )
        for what in ("pieces", "occasions"):
            if what in cells:
                facts[what] = self._known(cells, what, cells[what][0], values.number(cells[what][0]))
        if "range" in cells:
            facts["range"] = values.lines(cells["range"][0])

    def _known(self, cells: Cells, what: str, word: str, value: Any) -> Any:
        if value in {None, ""}:
            self.say(
                cells,
                what,
                _("“%(text)s” is not a word we know here. The guide for administrators lists them."),
                text=word[:40],
            )
        return value

    def _kind(self, cells: Cells, what: str) -> str:
        kind = values.kind(cells[what][0])
        if not kind:
            words = _("“%(text)s” is not a kind. Write knowledge or competence.")
            self.say(cells, what, words, text=cells[what][0][:40])
        return kind


_WHAT: dict[str, tuple[object, object]] = {
    "level": (_("a level"), _("Write a number from 1 to 8.")),
    "credit": (_("a number of credits"), _("Write a whole number.")),
    "glh": (_("a number of hours"), _("Write a whole number.")),
    "kind": (_("a kind"), _("Write knowledge or competence.")),
    "sector": (_("a sector we know"), _("Write one of the list, or leave it empty.")),
    "generation": (_("a generation"), _("Write 2010 or 2014.")),
    "sufficiency": (_("a rule of evidence"), values.SUFFICIENCY_HELP),
    "equivalents": (_("a list of references"), values.EQUIVALENTS_HELP),
}
