"""Which column of a sheet is what: our words for it, and how centres head it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.text import _

#: What a column can be → its name on screen and the headings that mean it, most telling first.
COLUMNS: dict[str, tuple[object, tuple[str, ...]]] = {
    "unit_reference": (
        _("Unit reference"),
        ("unit reference", "unit reference number", "reference", "ofqual reference", "urn", "unit ref", "ref"),
    ),
    "unit_title": (_("Unit title"), ("unit title", "unit name", "unit", "title")),
    "unit_level": (_("Level"), ("unit level", "level")),
    "unit_credit": (_("Credits"), ("unit credit", "credit value", "credits", "credit")),
    "unit_glh": (_("Guided learning hours"), ("guided learning hours", "glh", "unit glh")),
    "unit_kind": (_("Kind of unit"), ("unit kind", "kind of unit", "unit type")),
    "unit_sector": (_("Sector"), ("sector", "unit sector")),
    "unit_generation": (_("Generation"), ("generation", "unit generation")),
    "unit_sufficiency": (_("Evidence asked in the whole unit"), ("unit evidence rule", "evidence rule", "sufficiency")),
    "unit_equivalents": (_("Equivalent references"), ("equivalent references",)),
    "unit_key": (_("Unit key"), ("unit key", "key")),
    "outcome_number": (
        _("Outcome number"),
        ("outcome number", "lo number", "learning outcome number", "lo no", "outcome no", "lo"),
    ),
    "outcome_title": (
        _("Outcome"),
        ("outcome title", "learning outcome", "learning outcomes", "outcome", "the learner will"),
    ),
    "outcome_kind": (_("Kind of outcome"), ("outcome kind", "kind of outcome")),
    "criterion_number": (
        _("Criterion number"),
        ("criterion number", "ac number", "assessment criterion number", "criteria number", "ac no", "ac", "pc no"),
    ),
    "criterion_text": (
        _("Criterion"),
        ("criterion text", "assessment criterion", "assessment criteria", "criterion", "criteria", "the learner can",
         "statement"),
    ),
    "criterion_kind": (_("Kind of criterion"), ("criterion kind", "kind of criterion", "kind", "type")),
    "themes": (_("Themes"), ("themes", "theme")),
    "observed": (_("Must be observed"), ("must be observed", "observed", "observation required")),
    "pieces": (_("Pieces of evidence"), ("pieces of evidence", "pieces")),
    "occasions": (_("Occasions"), ("occasions", "number of occasions")),
    "methods": (_("Kinds of evidence"), ("kinds of evidence", "methods", "evidence methods")),
    "range": (_("Range"), ("range", "range statement", "scope")),
    "group": (_("Group"), ("group", "unit group", "group code")),
    "unit_number": (_("Unit number"), ("unit number", "unit no", "number in qualification")),
    "membership": (_("How the place is known"), ("place is known",)),
    "numbered": (_("What the number is"), ("number is",)),
    "mandatory": (_("Mandatory"), ("mandatory", "mandatory optional", "m o")),
}  # fmt: skip
_LOOKED_AT = 15
_ENOUGH = 2
_PLAIN = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Guess:
    """Which row holds the headings, and what each column (by its letter) seems to be."""

    header: int
    columns: Mapping[str, str]


def letter_of(index: int) -> str:
    """Return the letters of a column counted from 0: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def guess_columns(rows: Iterable[tuple[int, Sequence[str]]]) -> Guess:
    """Return the row that looks most like headings among the first fifteen, and what its columns seem to be."""
    best = Guess(1, {})
    for number, cells in list(rows)[:_LOOKED_AT]:
        columns = _matched(cells)
        if len(columns) >= _ENOUGH and len(columns) > len(best.columns):
            best = Guess(number, columns)
    return best


def _matched(cells: Sequence[str]) -> dict[str, str]:
    """Match every heading to at most one meaning; two columns never mean the same."""
    plain = {letter_of(n): _PLAIN.sub(" ", cell.lower()).strip() for n, cell in enumerate(cells) if len(cell) <= 60}  # noqa: PLR2004 - a heading is short
    found: dict[str, str] = {}
    for meaning, (_label, headings) in COLUMNS.items():
        for heading in headings:
            letter = next((at for at, text in plain.items() if text == heading and at not in found), None)
            if letter:
                found[letter] = meaning
                break
    return found
