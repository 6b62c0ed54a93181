"""Which criteria a text might be about (R68). It says why; a person ticks, an assessor judges."""

import math
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from qualifications.rules.reasons import Ground, for_learner, for_staff
from qualifications.rules.themes import THEME_HINTS
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
ACCEPTED_WEIGHT = 1.0  # being accepted together before counts more than a theme and less than a rare word …
ENOUGH_TOGETHER = 10  # … however often it happened
ELSEWHERE_SHARE = 0.5  # a theme counts half of its weight in a unit that hardly speaks of it
OTHER_THEMES = 0.2
EXTRA_HINT = 0.25  # what the second and the third word for the same theme add
MOST_HINTS = 3
COMMON_SHARE = 4  # a word in more than every fourth criterion tells nothing …
COMMON_FROM = 20  # … once there are this many criteria to choose from


@dataclass(frozen=True, slots=True)
class CriterionText:
    """A criterion to choose from. `heading` holds the titles it stands under: unit, outcome. `unit` names its unit."""

    id: int
    text: str
    themes: tuple[str, ...] = ()
    heading: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A suggestion. `score` only orders those of one call; the reasons are whole sentences for pages."""

    criterion_id: int
    score: float
    ground: Ground
    terms: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """Return why, to the learner."""
        return for_learner(self.ground, self.terms)

    @property
    def reason_for_staff(self) -> str:
        """Return why, to the assessor."""
        return for_staff(self.ground, self.terms)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is known of the evidence: words typed, themes they hint at, themes of what is chosen, what went along."""

    typed: Mapping[str, str]
    hinted: Mapping[str, int]
    chosen: Mapping[str, float]
    accepted: Mapping[int, int]


def rank_criteria(
    words: str,
    criteria: Sequence[CriterionText],
    *,
    theme_hints: Mapping[str, Sequence[str]] = THEME_HINTS,
    chosen_themes: Collection[str] = (),
    accepted: Mapping[int, int] | None = None,
) -> list[Match]:
    """Return the criteria that `words` may be about, best first; equals stay in the order given.

    `theme_hints` are the words that point at each theme; `chosen_themes` those of criteria already chosen for
    the same evidence (with their shares, as a mapping: a theme that runs through all of them counts 1); `accepted`
    says on how many pieces a criterion was accepted together with one of the chosen. Nothing in common means not
    in the list; no words and nothing chosen mean an empty list. Deterministic. It never ticks anything (R68).
    """
    typed = stems_by_word(words)
    shares = chosen_themes if isinstance(chosen_themes, Mapping) else dict.fromkeys(chosen_themes, 1.0)
    asked = _Asked(typed, _hinted(typed, theme_hints), shares, accepted or {})
    weights = _Weights(typed, criteria)
    found = (_match(c, asked, weights) for c in criteria)
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
        self.criteria = criteria

    @cached_property
    def units(self) -> Counter[str]:
        """Return how many criteria each unit has."""
        return Counter(c.unit for c in self.criteria)

    @cached_property
    def in_unit(self) -> Counter[tuple[str, str]]:
        """Return how many criteria of a unit carry a theme."""
        return Counter((c.unit, t) for c in self.criteria for t in c.themes)

    def word(self, stem_: str) -> float:
        seen = self.words[stem_]
        if stem_ in WEAK:
            return 0.0
        if self.total >= COMMON_FROM and seen * COMMON_SHARE > self.total:
            return 0.0
        return math.log(1 + self.total / seen)

    def theme(self, theme: str) -> float:
        return math.log(1 + self.total / self.themes[theme])

    def theme_in(self, theme: str, unit: str) -> float:
        """Return the weight of a theme, more where its whole unit is about it: those units are meant to go together."""
        share = self.in_unit[unit, theme] / self.units[unit]
        return self.theme(theme) * (ELSEWHERE_SHARE + (1 - ELSEWHERE_SHARE) * share)


def subject(text: str) -> frozenset[str]:
    """Return the stems of a criterion without the command it opens with."""
    first, _space, rest = text.partition(" ")
    return stems(rest) if stems(first) <= COMMANDS else stems(text)


def _match(criterion: CriterionText, asked: _Asked, weights: _Weights) -> Match | None:
    in_text = _weighed(asked.typed.keys() & subject(criterion.text), weights)
    in_heading = _weighed((asked.typed.keys() & stems(criterion.heading)) - in_text.keys(), weights)
    by_words = {t: weights.theme(t) * _emphasis(asked.hinted[t]) for t in criterion.themes if t in asked.hinted}
    shared = [t for t in criterion.themes if t in asked.chosen and t not in by_words]
    by_choice = {t: weights.theme_in(t, criterion.unit) * asked.chosen[t] for t in shared}
    together = asked.accepted.get(criterion.id, 0)
    score = (
        sum(in_text.values())
        + HEADING_WEIGHT * sum(in_heading.values())
        + THEME_WEIGHT * _strongest(by_words)
        + CHOICE_WEIGHT * _strongest(by_choice)
        + ACCEPTED_WEIGHT * math.log(1 + min(together, ENOUGH_TOGETHER))
    )
    if score <= 0:
        return None
    if in_text:
        why = Ground.WORDS, tuple(asked.typed[s] for s in _best(in_text)[:2])
    elif together:
        why = Ground.ACCEPTED, ()
    elif by_words:
        why = Ground.THEME_OF_WORDS, (_best(by_words)[0],)
    elif in_heading:
        why = Ground.HEADING, (asked.typed[_best(in_heading)[0]],)
    else:
        why = Ground.THEME_OF_CHOICE, (_best(by_choice)[0],)
    return Match(criterion.id, round(score, 6), *why)


def _weighed(shared: Collection[str], weights: _Weights) -> dict[str, float]:
    weighed = {s: weights.word(s) for s in sorted(shared)}
    return {s: w for s, w in weighed.items() if w > 0}


def _strongest(themes: Mapping[str, float]) -> float:
    """Return the weight of the strongest theme and a little of the others, so that a word still beats themes."""
    first = max(themes.values(), default=0.0)
    return first + OTHER_THEMES * (sum(themes.values()) - first)


def _emphasis(hints: int) -> float:
    return 1 + EXTRA_HINT * (min(hints, MOST_HINTS) - 1)


def _best(weighed: Mapping[str, float]) -> list[str]:
    return sorted(weighed, key=lambda key: (-weighed[key], key))
