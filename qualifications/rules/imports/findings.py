"""What a reader found: content in the words of the catalogue files, problems with their place, and where what stood."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from common.text import _
from qualifications.enums import Kind, UnitKind
from qualifications.rules.files import UnitFile, read_qualification, read_unit

MOST = 1_000  # problems kept of one import: nobody mends more in one go
_NO_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `row` counts from 1 (0: the whole file); `place` names a sheet or a file in a folder."""

    row: int
    column: str
    sentence: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a part of the content stood: row, and the row and column of its keys."""

    row: int
    keys: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What the person said once for the whole file; "" and None: not said."""

    level: int | None = None
    credit: int | None = None
    kind: str = ""
    generation: str = "2014"
    sector: str = "generic"
    wording: str = "recalled"  # whose words: "official" or our own
    source: str = ""  # the name of the file, for the provenance
    qualification: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # name → {"rule": "least", "credit": 6}


@dataclass(slots=True)
class Brought:
    """The outcome of reading. `asks` names what the person can still answer for the whole file at once."""

    units: list[dict[str, Any]] = field(default_factory=list)
    qualifications: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    spots: dict[str, Spot] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)  # id of a content → the name it goes under in `spots`
    asks: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)  # groups of which nobody said what they ask for

    def say(self, row: int, column: str, sentence: object, place: str = "", **facts: object) -> None:
        """Add a problem."""
        self.problems.append(Problem(row, column, str(sentence) % facts if facts else str(sentence), place))

    def name_of(self, content: Mapping[str, Any]) -> str:
        """Return the name under which `problems_of` reads a content: that of its file, or its key as one."""
        key = content.get("entry_code") or content.get("key") or ""
        return self.names.get(id(content), f"{key}.yaml")


def problems_of(brought: Brought, known: Mapping[str, UnitFile]) -> list[Problem]:
    """Read everything once more as strictly as catalogue files are read, and say what is wrong at its row.

    `known` are the units already published that a qualification may name. What the reader itself found comes first,
    and alone: a file with a missing level would otherwise be complained about twice.
    """
    if brought.problems:
        return brought.problems[:MOST]
    sentences: list[str] = []
    units = dict(known)
    names = [brought.name_of(u) for u in brought.units]
    for name, data in zip(names, brought.units, strict=True):
        unit = read_unit(name, data, sentences)
        units[unit.key] = unit
    for data in brought.qualifications:
        read_qualification(brought.name_of(data), data, sentences, units)
    found = [_placed(sentence, brought.spots) for sentence in sentences]
    found += list(_twice(brought))
    if not brought.units and not brought.qualifications:
        found.append(
            Problem(0, "", str(_("There is no unit and no qualification in this. Check that it is the right file.")))
        )
    return found[:MOST]


def _twice(brought: Brought) -> Iterable[Problem]:
    for contents, key in ((brought.units, "key"), (brought.qualifications, "entry_code")):
        names = [c.get(key) for c in contents]
        for n, content in enumerate(contents):
            if content.get(key) in names[:n]:
                spot = brought.spots.get(brought.name_of(content), Spot(0))
                words = _("“%(name)s” stands in this file twice. Keep one.")
                yield Problem(spot.row, key, str(words) % {"name": content.get(key)}, spot.place)


def _placed(sentence: str, spots: Mapping[str, Spot]) -> Problem:
    """Return a complaint as a problem of a row: the nearest part around it whose row is known."""
    place, key = getattr(sentence, "place", ""), getattr(sentence, "key", "")
    words = sentence.removeprefix(f"{place}: ")
    words = words[:1].upper() + words[1:]
    while place not in spots and ", " in place:
        place = place.rpartition(", ")[0]
    spot = spots.get(place, Spot(0))
    row, column = spot.keys.get(key, (spot.row, key))
    return Problem(row, column, words, spot.place)


def slug(text: str) -> str:
    """Return a text as a part of a key: small letters, digits and hyphens."""
    return _NO_SLUG.sub("-", text.lower().replace("’", "").replace("'", "")).strip("-")[:80].strip("-")


def key_of(reference: str, title: str) -> str:
    """Return the key of a unit: its reference with hyphens, or one made of its title."""
    if reference:
        return slug(reference).upper()
    return f"own-{slug(title)}" if slug(title) else ""


def provenance(answers: Answers, *, unit: bool) -> dict[str, Any]:
    """Return where a unit or qualification that was brought in comes from."""
    facts: dict[str, Any] = {"facts": "read" if answers.wording == "official" else "recalled"}
    if unit:
        facts["criteria"] = answers.wording
    facts["sources"] = [answers.source] if answers.source else []
    facts["notes"] = None
    return facts


def kind_by_title(title: str) -> str:
    """Return what an outcome asks for when its words say so (R21), or ""."""
    first = title.lower().lstrip()
    if first.startswith(("understand", "know", "be aware")):
        return "knowledge"
    return "competence" if first.startswith(("be able", "demonstrate", "use ", "apply")) else ""


def kind_of(kinds: Collection[str]) -> str:
    """Return the kind of a unit whose criteria are of these kinds (R21). Nothing said means competence."""
    if len(set(kinds) & set(Kind.values)) == len(Kind):
        return UnitKind.MIXED.value
    return Kind.KNOWLEDGE.value if set(kinds) == {Kind.KNOWLEDGE.value} else Kind.COMPETENCE.value


def gaps(numbers: Sequence[int]) -> list[int]:
    """Return the numbers that are missing below the highest one."""
    return sorted(set(range(1, max(numbers, default=0) + 1)) - set(numbers))
