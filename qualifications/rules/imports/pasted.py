"""Text pasted from a unit specification: outcomes and criteria numbered 1, 1.1 and so on, as they come out of a PDF."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from common.text import _
from qualifications.rules.imports.building_units import Criterion, Outcome, Unit, finish
from qualifications.rules.imports.findings import Answers, Brought, key_of
from qualifications.rules.references import written_reference

_CRITERION = re.compile(r"(?:AC|PC)?\s*([0-9]{1,2})\.([0-9]{1,3})[.):]?(?:\s+(.*))?", re.IGNORECASE)
_OUTCOME = re.compile(r"(?:LO|Learning outcome|Outcome)?\s*([0-9]{1,2})\s*[.):]?(?:\s+(.*))?", re.IGNORECASE)
_MARKED = re.compile(r"(?:LO|Learning outcome|Outcome)\s*[0-9]", re.IGNORECASE)
_BULLET = re.compile(r"(?:[•·▪◦‣●○■□*]|[-–—](?=\s)|o(?=\s))\s*(.*)")
_INLINE = re.compile(r"(?<=\S)\s+(?=[0-9]{1,2}\.[0-9]{1,2}\s+[A-Z])")
_HEADER = re.compile(
    r"(?:the learner (?:will|can|should|must)(?: be able to)?|learning outcomes?|assessment criteri(?:a|on)|"
    r"performance criteria|learning outcomes? assessment criteri(?:a|on)|the learner will:? the learner can|"
    r"range|evidence requirements?)\s*[:.…]*",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"(?:page\s*)?[0-9]{1,3}(?:\s*(?:of|/)\s*[0-9]{1,3})|page\s*[0-9]{1,3}|©.*|version [0-9].*|www\.\S+", re.IGNORECASE
)
_LONGEST_HEADER = 90
_OFTEN = 3


def read_pasted(text: str, facts: dict[str, Any], answers: Answers) -> Brought:
    """Return a unit for review from pasted text. `facts` are what the person said of it: title, reference, level …

    Lines that go on are joined, bullets become the range of the criterion above them, headings and what stands on
    every page are left out. Each problem names the line.
    """
    brought = Brought()
    reference, title = written_reference(str(facts.get("reference") or "")), str(facts.get("title") or "")
    unit = Unit(key=key_of(reference, title), row=1)
    unit.facts = {key: value for key, value in facts.items() if value not in {None, ""}}
    if reference:
        unit.facts["reference"] = reference
    reader = _Reader(brought, unit)
    for number, line in _lines(text):
        reader.take(number, line)
    if not unit.outcomes:
        brought.say(
            0,
            "",
            _("No numbered outcome or criterion was found. They are to begin with 1 and 1.1, each on its own line."),
        )
        return brought
    finish(brought, [unit], answers, {})
    return brought


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the lines that say something, with their numbers; two columns on one line are taken apart."""
    rows = [" ".join(line.replace("\u00ad", "").split()) for line in text.splitlines()]
    everywhere = _on_every_page(rows)
    for number, row in enumerate(rows, 1):
        if row and row not in everywhere and not _HEADER.fullmatch(row) and not _PAGE.fullmatch(row):
            yield from ((number, part) for part in _INLINE.split(row))


def _on_every_page(rows: list[str]) -> set[str]:
    """Return short lines that come again and again and number nothing: the heads and feet of pages."""
    counted = Counter(rows)
    numbered = (_CRITERION, _BULLET)
    return {
        row
        for row, times in counted.items()
        if times >= _OFTEN and len(row) <= _LONGEST_HEADER and not any(p.fullmatch(row) for p in numbered)
    }


class _Reader:
    """Takes one line after the other; remembers what the next one may go on with."""

    def __init__(self, brought: Brought, unit: Unit) -> None:
        self.brought = brought
        self.unit = unit
        self.criterion: Criterion | None = None
        self.in_range = False

    def take(self, row: int, line: str) -> None:
        if found := _CRITERION.fullmatch(line):
            self._criterion(row, int(found.group(1)), int(found.group(2)), found.group(3) or "")
        elif (found := _OUTCOME.fullmatch(line)) and self._begins_outcome(
            int(found.group(1)), line, found.group(2) or ""
        ):
            self._outcome(row, int(found.group(1)), found.group(2) or "")
        elif found := _BULLET.fullmatch(line):
            self._bullet(found.group(1))
        else:
            self._goes_on(line)

    def _begins_outcome(self, number: int, line: str, title: str) -> bool:
        """Say whether a line with a number is the next outcome: "2 years of experience" inside a sentence is not."""
        after = self.unit.outcome.number + 1 if self.unit.outcome else 1
        return bool(_MARKED.match(line)) or (number == after and (not title or title[:1].isupper()))

    def _outcome(self, row: int, number: int, title: str) -> None:
        if number in self.unit.outcomes and self.unit.outcomes[number].title:
            if self.unit.outcomes[number].title.startswith(title[:40]):
                return  # the heading comes again at the top of the next page
            words = _("Outcome %(number)d comes a second time; it began in line %(first)d.")
            self.brought.say(row, "", words, number=number, first=self.unit.outcomes[number].row)
        outcome: Outcome = self.unit.outcome_numbered(number, row)
        outcome.title = outcome.title or title
        self.criterion, self.in_range = None, False

    def _criterion(self, row: int, outcome: int, number: int, text: str) -> None:
        under = self.unit.outcome_numbered(outcome, row)
        before = under.criteria.get(number)
        if before is not None:
            words = _("The number %(outcome)d.%(number)d stands in line %(first)d already.")
            self.brought.say(row, "", words, outcome=outcome, number=number, first=before.row)
        self.criterion, self.in_range = under.add(number, text, row), False

    def _bullet(self, text: str) -> None:
        if self.criterion is not None:
            self.criterion.facts.setdefault("range", []).append(text)
            self.in_range = True

    def _goes_on(self, line: str) -> None:
        """Join a line to what it goes on with; what comes before the first outcome is about the unit and left out."""
        if self.in_range and self.criterion is not None:
            self.criterion.facts["range"][-1] = f"{self.criterion.facts['range'][-1]} {line}".strip()
        elif self.criterion is not None:
            self.criterion.text = f"{self.criterion.text} {line}".strip()
        elif self.unit.outcome is not None:
            self.unit.outcome.title = f"{self.unit.outcome.title} {line}".strip()
