"""Which criteria a text might be about (R68). It says why; a person ticks, an assessor judges."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from common.text import _
from qualifications.rules.themes import LIKE_YOUR_CHOICE, LIKE_YOUR_WORDS, THEME_HINTS
from qualifications.rules.words import WEAK, stem, stems, stems_by_word

#: Verbs that tell a learner how to answer. They say nothing about the subject.
COMMANDS = frozenset(
    map(stem, (
        "analyse", "assess", "compare", "define", "describe", "evaluate", "explain", "give", "identify",
        "list", "outline", "state", "use",
    ))
)  # fmt: skip

HEADING_WEIGHT = 0.5  # a word in the heading counts half of one in the criterion itself
THEME_WEIGHT = 0.5
CHOICE_WEIGHT = 0.35
OTHER_THEMES = 0.2
EXTRA_HINT = 0.25  # what the second and the third word for the same theme add
MOST_HINTS = 3
COMMON_SHARE = 4  # a word in more than every fourth criterion tells nothing …
COMMON_FROM = 20  # … once there are this many criteria to choose from


@dataclass(frozen=True, slots=True)
class CriterionText:
    """A criterion to choose from. `heading` holds the titles it stands under: unit, outcome."""

    id: int
    text: str
    themes: tuple[str, ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A suggestion. `score` only orders those of one call; `reason` is a whole sentence for the page."""

    criterion_id: int
    score: float
    reason: str


def rank_criteria(
    words: str,
    criteria: Sequence[CriterionText],
    *,
    theme_hints: Mapping[str, Sequence[str]] = THEME_HINTS,
    chosen_themes: Collection[str] = (),
) -> list[Match]:
    """Return the criteria that `words` may be about, best first; equals stay in the order given.

    `theme_hints` are the words that point at each theme; `chosen_themes` those of criteria already chosen for
    the same evidence. Nothing in common means not in the list; no words and no chosen themes mean an empty
    list. Deterministic. It never ticks anything (R68).
    """
    typed = stems_by_word(words)
    hinted = _hinted(typed, theme_hints)
    weights = _Weights(typed, criteria)
    found = (_match(c, typed, hinted, chosen_themes, weights) for c in criteria)
    return sorted((m for m in found if m is not None), key=lambda m: -m.score)


def _hinted(typed: Mapping[str, str], theme_hints: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return theme → how many of its words were typed."""
    counts = {t: sum(_typed(hint, typed) for hint in set(hints)) for t, hints in theme_hints.items()}
    return {theme: n for theme, n in counts.items() if n}


def _typed(hint: str, typed: Mapping[str, str]) -> bool:
    """Say whether all words of a hint were typed; a hint of nothing but small words never is."""
    wanted = stems(hint)
    return bool(wanted) and wanted <= typed.keys()


class _Weights:
    """How much a shared word or theme says among these criteria: rare says more."""

    def __init__(self, typed: Mapping[str, str], criteria: Sequence[CriterionText]) -> None:
        self.total = len(criteria)
        self.words = Counter(s for c in criteria for s in typed.keys() & (subject(c.text) | stems(c.heading)))
        self.themes = Counter(t for c in criteria for t in c.themes)

    def word(self, stem_: str) -> float:
        seen = self.words[stem_]
        if stem_ in WEAK:
            return 0.0
        if self.total >= COMMON_FROM and seen * COMMON_SHARE > self.total:
            return 0.0
        return math.log(1 + self.total / seen)

    def theme(self, theme: str) -> float:
        return math.log(1 + self.total / self.themes[theme])


def subject(text: str) -> frozenset[str]:
    """Return the stems of a criterion without the command it opens with."""
    first, _space, rest = text.partition(" ")
    return stems(rest) if stems(first) <= COMMANDS else stems(text)


def _match(
    criterion: CriterionText,
    typed: Mapping[str, str],
    hinted: Mapping[str, int],
    chosen: Collection[str],
    weights: _Weights,
) -> Match | None:
    in_text = _weighed(typed.keys() & subject(criterion.text), weights)
    in_heading = _weighed((typed.keys() & stems(criterion.heading)) - in_text.keys(), weights)
    by_words = {t: weights.theme(t) * _emphasis(hinted[t]) for t in criterion.themes if t in hinted}
    by_choice = {t: weights.theme(t) for t in criterion.themes if t in chosen and t not in by_words}
    score = (
        sum(in_text.values())
        + HEADING_WEIGHT * sum(in_heading.values())
        + THEME_WEIGHT * _strongest(by_words)
        + CHOICE_WEIGHT * _strongest(by_choice)
    )
    if score <= 0:
        return None
    return Match(criterion.id, round(score, 6), _reason(typed, in_text, in_heading, by_words, by_choice))


def _weighed(shared: Collection[str], weights: _Weights) -> dict[str, float]:
    weighed = {s: weights.word(s) for s in sorted(shared)}
    return {s: w for s, w in weighed.items() if w > 0}


def _strongest(themes: Mapping[str, float]) -> float:
    """Return the weight of the strongest theme and a little of the others, so that a word still beats themes."""
    first = max(themes.values(), default=0.0)
    return first + OTHER_THEMES * (sum(themes.values()) - first)


def _emphasis(hints: int) -> float:
    return 1 + EXTRA_HINT * (min(hints, MOST_HINTS) - 1)


def _reason(
    typed: Mapping[str, str],
    in_text: Mapping[str, float],
    in_heading: Mapping[str, float],
    by_words: Mapping[str, float],
    by_choice: Mapping[str, float],
) -> str:
    if in_text:
        return _mention([typed[s] for s in _best(in_text)[:2]])
    if by_words:
        return str(LIKE_YOUR_WORDS.get(_best(by_words)[0], _("It has a theme in common with what you wrote.")))
    if in_heading:
        word = typed[_best(in_heading)[0]]
        return _("Your words mention “%(word)s”, and so does the heading above it.") % {"word": word}
    return str(LIKE_YOUR_CHOICE.get(_best(by_choice)[0], _("It has a theme in common with what you chose.")))


def _best(weighed: Mapping[str, float]) -> list[str]:
    return sorted(weighed, key=lambda key: (-weighed[key], key))


def _mention(words: Sequence[str]) -> str:
    if len(words) == 1:
        return _("Your words mention “%(word)s”.") % {"word": words[0]}
    return _("Your words mention “%(first)s” and “%(second)s”.") % {"first": words[0], "second": words[1]}
