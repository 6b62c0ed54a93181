"""What a centre's accepted pieces say about criteria that go together (R68), and about nobody.

A pair counts only once enough pieces of enough people say so: nobody can be told from it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, permutations
from typing import Final, TypeAlias

from portfolio.rules.linking import MANY_CRITERIA

#: Key of a unit and number of a criterion.
Key: TypeAlias = tuple[str, str]
#: Learner, piece, criterion that it met.
Met: TypeAlias = tuple[int, int, Key]

LEAST_PIECES: Final = 3
LEAST_LEARNERS: Final = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """On how many pieces of how many learners two criteria were met together."""

    pieces: int
    learners: int

    @property
    def counts(self) -> bool:
        """Say whether it is enough to be used."""
        return self.pieces >= LEAST_PIECES and self.learners >= LEAST_LEARNERS

    def without(self, own: int) -> "Seen":
        """Return the same without one learner's own pieces, of which `own` say so."""
        return Seen(self.pieces - own, self.learners - bool(own))


def accepted_together(rows: Iterable[Met]) -> dict[tuple[Key, Key], Seen]:
    """Count the pairs of criteria that were met by the same piece, both directions; those that are enough.

    `rows` come in the order of learners, then of pieces. A piece that met more than forty criteria teaches nothing:
    it goes with everything.
    """
    pieces: Counter[tuple[Key, Key]] = Counter()
    learners: Counter[tuple[Key, Key]] = Counter()
    for _learner, of_learner in groupby(rows, key=lambda row: row[0]):
        own = pairs_of(of_learner)
        pieces.update(own)
        learners.update(own.keys())
    found = {pair: Seen(number, learners[pair]) for pair, number in pieces.items()}
    return {pair: seen for pair, seen in found.items() if seen.counts}


def pairs_of(rows: Iterable[Met]) -> Counter[tuple[Key, Key]]:
    """Count on how many of these pieces two criteria were met together. `rows` come in the order of pieces."""
    counted: Counter[tuple[Key, Key]] = Counter()
    for _piece, of_piece in groupby(rows, key=lambda row: row[1]):
        keys = {key for _learner, _evidence, key in of_piece}
        if len(keys) <= MANY_CRITERIA:
            counted.update(permutations(keys, 2))
    return counted


def learned(
    seen: Mapping[tuple[Key, Key], Seen], own: Mapping[tuple[Key, Key], int], chosen: Collection[Key]
) -> dict[Key, int]:
    """Return for each criterion on how many pieces of others it was met together with one that is chosen.

    What the learner's own pieces add is taken off first; what is then too little is left out.
    """
    found: dict[Key, int] = {}
    for pair, of_all in seen.items():
        of_others = of_all.without(own.get(pair, 0))
        if pair[0] in chosen and of_others.counts:
            found[pair[1]] = max(found.get(pair[1], 0), of_others.pieces)
    return found
