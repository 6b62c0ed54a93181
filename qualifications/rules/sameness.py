"""Is a unit of one qualification the same unit as one of another (R18, R19)?

The same key of the catalogue, the same Ofqual reference, or an equivalence that somebody documented with its source. A
likeness of words is none of these: `equivalence` suggests by words, here nothing is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from common.digests import canonical, digest
from common.text import say
from qualifications.rules.references import reference_is_plausible, written_reference

H = TypeVar("H")
W = TypeVar("W")


class Sameness(Enum):
    """How a unit is known to be the same one, the surest first."""

    TEXT = "text"  # the same unit, and its criteria read the same: decisions can be carried over (R34)
    KEY = "key"  # the same unit of the catalogue in another version, with other words
    REFERENCE = "reference"  # another entry with the same Ofqual reference, with other words
    EQUIVALENT = "equivalent"  # another reference that is documented to be as good


@dataclass(frozen=True, slots=True)
class UnitIdentity:
    """What a unit is known by. `wording` is `wording_digest` of its criteria, "" where nobody asked for it."""

    key: str
    reference: str = ""
    equivalents: frozenset[str] = frozenset()  # references documented to be equivalent
    wording: str = ""


@dataclass(frozen=True, slots=True)
class Equivalent:
    """A reference that is as good as a unit's own, and where that is written."""

    reference: str
    source: str


def sameness(one: UnitIdentity, other: UnitIdentity) -> Sameness | None:
    """Return how two units are the same, None where nothing says that they are. The order does not matter (R19)."""
    same_reference = bool(one.reference) and one.reference == other.reference
    if one.key == other.key or same_reference:
        if one.wording and one.wording == other.wording:
            return Sameness.TEXT
        return Sameness.KEY if one.key == other.key else Sameness.REFERENCE
    documented = other.reference in one.equivalents or one.reference in other.equivalents
    return Sameness.EQUIVALENT if documented and one.reference and other.reference else None


def twins(have: Mapping[H, UnitIdentity], wanted: Iterable[tuple[W, UnitIdentity]]) -> dict[W, tuple[H, Sameness]]:
    """Return for each wanted unit the one among those had that is the same, the surest (then the first) of them.

    Each unit that somebody has stands for one wanted unit at most: credit never counts twice.
    """
    found = [
        (list(Sameness).index(how), n, m, mine, theirs, how)
        for n, (theirs, unit) in enumerate(wanted)
        for m, (mine, own) in enumerate(have.items())
        if (how := sameness(own, unit)) is not None
    ]
    paired: dict[W, tuple[H, Sameness]] = {}
    spent: set[H] = set()
    for _rank, _n, _m, mine, theirs, how in sorted(found, key=lambda row: row[:3]):
        if theirs not in paired and mine not in spent:
            paired[theirs] = mine, how
            spent.add(mine)
    return paired


def wording_digest(criteria: Iterable[tuple[str, str, str, Mapping[str, Any], Sequence[str]]]) -> str:
    """Return the SHA-256 of criteria as (number, text, kind, requirements, range), in order; layout does not count.

    Provenance, credit and the like stand outside it: a version that only says where a fact comes from reads the same.
    """
    return digest(
        canonical({"criteria": [[n, " ".join(t.split()), k, dict(r), list(x)] for n, t, k, r, x in criteria]})
    )


def why_not_equivalent(own: str, reference: str, source: str) -> list[str]:
    """Say why a reference cannot be entered as equivalent to a unit's own, a sentence each, to stand behind a place."""
    found = []
    if not reference_is_plausible(reference):
        found.append(say("“reference” must be an Ofqual reference whose letter fits its digits"))
    elif written_reference(reference) == own:
        found.append(say("a unit is not its own equivalent"))
    if not source.strip():
        found.append(say("“source” must say where the equivalence is written"))
    return found
