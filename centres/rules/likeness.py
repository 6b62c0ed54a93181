"""Is this the same name spelled otherwise, or another name (R27)?"""

import unicodedata

#: So many letters may be wrong in a name of so many letters and more; in a shorter one none is only a slip.
SLIPS = ((9, 3), (5, 2), (3, 1))
#: So many in both parts of a name together, where both are spelled otherwise.
SLIPS_IN_BOTH = 2


def is_same_name(before: tuple[str, str], after: tuple[str, str]) -> bool:
    """Say whether two whole names differ by their spelling alone: each part does, and both together by little."""
    if not all(map(is_spelling, before, after)):
        return False
    slips = [distance(letters(was), letters(now)) for was, now in zip(before, after, strict=True)]
    return not all(slips) or sum(slips) <= SLIPS_IN_BOTH


def is_spelling(before: str, after: str) -> bool:
    """Say whether two names differ by their spelling alone: case, accents, hyphens and blanks, and a few slips."""
    one, other = letters(before), letters(after)
    if one == other:
        return True
    most = next((slips for length, slips in SLIPS if min(len(one), len(other)) >= length), 0)
    return distance(one, other) <= most


def letters(name: str) -> str:
    """Return what a name is compared by: its letters, small and without accents."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(sign for sign in folded if sign.isalpha())


def distance(one: str, other: str) -> int:
    """Return how many letters are added, left out, replaced or swapped with a neighbour to make one the other."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, mine in enumerate(one, start=1):
        further = [i]
        for j, theirs in enumerate(other, start=1):
            least = min(row[j] + 1, further[j - 1] + 1, row[j - 1] + (mine != theirs))
            if i > 1 and j > 1 and mine == other[j - 2] and one[i - 2] == theirs:
                least = min(least, before[j - 2] + 1)
            further.append(least)
        before, row = row, further
    return row[-1]
