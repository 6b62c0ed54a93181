"""Which criteria of one unit say something like a criterion of another, and why (R34, R68).

It suggests: whoever moves evidence reads both texts, and an assessor judges it again. Nothing here knows decisions.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from common.text import _
from qualifications.enums import Theme
from qualifications.rules.matching import subject
from qualifications.rules.words import WEAK, stems_by_word

MOST = 2  # suggestions for one criterion
ALIKE = 0.34  # likeness from which words alone are a reason
WORDS = 2  # … as long as so many are shared
ALIKE_WITH_THEME = 0.2  # … and with a theme in common
ANOTHER_KIND = 0.5  # knowing and doing are told apart: across the two only near wording counts
THEME_BONUS = 0.1


@dataclass(frozen=True, slots=True)
class Wording:
    """A criterion as it reads. `reference` is its unit's Ofqual reference, "" where none is known."""

    id: int
    text: str
    number: str
    kind: str
    reference: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """One suggestion: `how` is same, reference, words or theme; `reason` is a whole sentence for the page."""

    id: int
    how: str
    score: float
    reason: str


def likenesses(old: Iterable[Wording], new: Sequence[Wording], *, most: int = MOST) -> dict[int, tuple[Likeness, ...]]:
    """Return for each old criterion (by id) the new ones that say something like it, best first, at most `most`.

    The same words come first, then the same number in a unit of the same reference, then words and themes in common.
    Deterministic; nothing in common means nothing suggested.
    """
    index = _Index(new)
    return {one.id: tuple(sorted(index.like(one), key=lambda x: -x.score)[:most]) for one in old}


class _Index:
    """The new criteria by their words, so that hundreds of old ones are compared in no time."""

    def __init__(self, new: Sequence[Wording]) -> None:
        self.new = new
        self.words = [_words(one.text) for one in new]
        self.seen = Counter(stem for words in self.words for stem in words)
        self.at: dict[str, list[int]] = defaultdict(list)
        for n, words in enumerate(self.words):
            for stem in words:
                self.at[stem].append(n)
        self.sizes = [self._size(words) for words in self.words]
        self.by_place = {(one.reference, one.number): n for n, one in enumerate(new) if one.reference}

    def weight(self, stem: str) -> float:
        """A rare word says more than a common one."""
        return 0.0 if stem in WEAK else math.log(1 + (1 + len(self.new)) / (1 + self.seen[stem]))

    def _size(self, words: Iterable[str]) -> float:
        return math.sqrt(sum(self.weight(stem) ** 2 for stem in words))

    def like(self, old: Wording) -> Iterable[Likeness]:
        """Yield what is like one old criterion, each new one once."""
        words = _words(old.text)
        size = self._size(words)
        shared: dict[int, list[str]] = defaultdict(list)
        for stem in sorted(words):
            for n in self.at.get(stem, ()):
                shared[n].append(stem)
        twin = self.by_place.get((old.reference, old.number)) if old.reference else None
        if twin is not None:
            shared.setdefault(twin, [])
        for n, stems in sorted(shared.items()):
            found = self._compare(old, n, words, stems, size, twin=n == twin)
            if found is not None:
                yield found

    def _compare(
        self, old: Wording, n: int, words: Mapping[str, str], shared: Sequence[str], size: float, *, twin: bool
    ) -> Likeness | None:
        new = self.new[n]
        if _plain(old.text) == _plain(new.text):
            return Likeness(new.id, "same", 3.0, str(_("The wording is the same.")))
        if twin:
            twins = _("The unit has the same reference and the number is the same, but the wording is another.")
            return Likeness(new.id, "reference", 2.0, str(twins))
        common = sum(self.weight(stem) ** 2 for stem in shared)
        alike = common / (size * self.sizes[n]) if size and self.sizes[n] else 0.0
        themes = [theme for theme in old.themes if theme in new.themes]
        if old.kind != new.kind and alike < ANOTHER_KIND:
            return None
        if alike >= ALIKE and len(shared) >= WORDS:
            best = sorted(shared, key=lambda stem: (-self.weight(stem), stem))[:2]
            return Likeness(new.id, "words", alike + THEME_BONUS * bool(themes), _mention([words[s] for s in best]))
        if themes and alike >= ALIKE_WITH_THEME:
            theme = Theme(themes[0]).label
            reason = _("Both belong to the theme “%(theme)s”.") % {"theme": theme}
            return Likeness(new.id, "theme", alike + THEME_BONUS, reason)
        return None


def _words(text: str) -> dict[str, str]:
    """Return stem → word of what a criterion is about."""
    about = subject(text)
    return {stem: word for stem, word in stems_by_word(text).items() if stem in about}


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _mention(words: Sequence[str]) -> str:
    return _("Both speak of “%(first)s” and “%(second)s”.") % {"first": words[0], "second": words[1]}
