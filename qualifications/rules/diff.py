"""What one version of a unit says differently from another: criterion by criterion, word by word (R23).

Losing something is never quiet: what is taken out or asked less of stands in `losses`, a sentence each.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from common.text import count, say
from qualifications.enums import Kind, Theme, UnitKind
from qualifications.rules.files import CriterionFile, OutcomeFile, UnitFile

#: Two texts with less in common than this are two criteria: one went, another came.
SAME_CRITERION = 0.4
#: Pairs compared by their words in one unit; beyond that only numbers and equal texts find each other.
MOST_PAIRS = 2500


class Change(StrEnum):
    """What happened to something between two versions."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Marked:
    """A run of words: the same in both, added, or removed. Between two runs stands a space."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class CriterionDiff:
    """A criterion of either version, with both texts; `notes` is what else is different."""

    change: Change
    before: str  # its number; empty where it was added
    after: str  # its number; empty where it was removed
    old: str
    new: str
    notes: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[Marked, ...]:
        """Return its text with marks. Worked out when it is shown: a draft may hold thousands."""
        return marked(self.old, self.new)

    @property
    def number(self) -> str:
        """Return the number to call it by."""
        return self.after or self.before


@dataclass(frozen=True, slots=True)
class OutcomeDiff:
    """An outcome with those of its criteria that are different; criteria that went stand under their old outcome."""

    change: Change
    number: int
    old: str
    new: str
    notes: tuple[str, ...]
    criteria: tuple[CriterionDiff, ...]
    same: int  # criteria that did not change

    @property
    def title(self) -> tuple[Marked, ...]:
        """Return its title with marks."""
        return marked(self.old, self.new)


@dataclass(frozen=True, slots=True)
class UnitDiff:
    """A unit in two versions. `losses` is what a learner would have to show no more."""

    change: Change
    key: str
    title: str
    notes: tuple[str, ...] = ()
    losses: tuple[str, ...] = ()
    outcomes: tuple[OutcomeDiff, ...] = ()

    def counted(self, change: Change) -> int:
        """Return how many criteria changed in this way."""
        return sum(c.change == change for o in self.outcomes for c in o.criteria)


def marked(before: str, after: str) -> tuple[Marked, ...]:
    """Return both texts as one, word by word, with what was taken out and put in. White space does not count."""
    old, new = before.split(), after.split()
    runs: list[Marked] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            runs.append(Marked(Change.SAME, " ".join(old[a:b])))
            continue
        runs += [Marked(Change.REMOVED, " ".join(old[a:b]))] if a < b else []
        runs += [Marked(Change.ADDED, " ".join(new[c:d]))] if c < d else []
    return tuple(runs)


def diff_unit(before: UnitFile | None, after: UnitFile) -> UnitDiff:
    """Return what is different in a unit; None before means that all of it is new."""
    if before is None:
        outcomes = tuple(_new_outcome(o) for o in after.outcomes)
        return UnitDiff(Change.ADDED, after.key, after.title, tuple(asked_of_all(after.sufficiency)), outcomes=outcomes)
    pairs = _paired(before, after)
    gone = [c for c in _criteria(before) if c.number not in {p.before.number for p in pairs.values()}]
    outcomes = tuple(o for o in _outcomes(before, after, pairs, gone) if o.change != Change.SAME)
    notes = tuple(_facts(before, after))
    losses = (*_losses(pairs, gone), *less_of_all(before.sufficiency, after.sufficiency))
    if before != after and not (outcomes or notes):
        notes = (say("Only the order is different."),)
    changed = Change.CHANGED if outcomes or notes else Change.SAME
    return UnitDiff(changed, after.key, after.title, notes, losses, outcomes)


@dataclass(frozen=True, slots=True)
class _Pair:
    before: CriterionFile
    after: CriterionFile


def _criteria(unit: UnitFile) -> list[CriterionFile]:
    return [c for o in unit.outcomes for c in o.criteria]


def _paired(before: UnitFile, after: UnitFile) -> dict[str, _Pair]:
    """Return which criterion became which, by the new number: equal texts first, then numbers, then likeness."""
    old, new = _criteria(before), _criteria(after)
    found: dict[str, _Pair] = {}
    _take(found, old, new, lambda a, b: a.number == b.number and a.text == b.text)
    _take(found, old, new, lambda a, b: a.text == b.text)
    _take(found, old, new, lambda a, b: a.number == b.number and _alike(a, b) >= SAME_CRITERION)
    if len(old) * len(new) <= MOST_PAIRS:
        likely = sorted(((_alike(a, b), a.number, b.number) for a in old for b in new), reverse=True)
        by_old, by_new = {c.number: c for c in old}, {c.number: c for c in new}
        for share, a_number, b_number in likely:
            if share >= SAME_CRITERION and a_number in by_old and b_number in by_new:
                found[b_number] = _Pair(by_old.pop(a_number), by_new.pop(b_number))
    return found


def _take(
    found: dict[str, _Pair],
    old: list[CriterionFile],
    new: list[CriterionFile],
    same: Callable[[CriterionFile, CriterionFile], bool],
) -> None:
    """Move the pairs for which `same` holds out of both lists, each criterion once."""
    for after in list(new):
        before = next((c for c in old if same(c, after)), None)
        if before is not None:
            found[after.number] = _Pair(before, after)
            old.remove(before)
            new.remove(after)


def _alike(a: CriterionFile, b: CriterionFile) -> float:
    """Return the share of words that two texts have in common, from 0 to 1; their order does not count."""
    one, other = _words(a.text), _words(b.text)
    return 2 * len(one & other) / max(1, len(one) + len(other))


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    return frozenset(text.casefold().split())


def _outcomes(
    before: UnitFile, after: UnitFile, pairs: Mapping[str, _Pair], gone: Sequence[CriterionFile]
) -> Iterator[OutcomeDiff]:
    earlier = {o.number: o for o in before.outcomes}
    for outcome in after.outcomes:
        lost = [c for c in gone if _outcome_of(c) == outcome.number]
        yield _outcome(earlier.pop(outcome.number, None), outcome, pairs, lost)
    for outcome in earlier.values():
        lost = [c for c in gone if _outcome_of(c) == outcome.number]
        yield OutcomeDiff(Change.REMOVED, outcome.number, outcome.title, "", (), tuple(_removed(c) for c in lost), 0)


def _outcome_of(criterion: CriterionFile) -> int:
    return int(criterion.number.partition(".")[0])


def _new_outcome(outcome: OutcomeFile) -> OutcomeDiff:
    criteria = tuple(_added(c) for c in outcome.criteria)
    return OutcomeDiff(Change.ADDED, outcome.number, "", outcome.title, (), criteria, 0)


def _outcome(
    before: OutcomeFile | None, after: OutcomeFile, pairs: Mapping[str, _Pair], lost: Sequence[CriterionFile]
) -> OutcomeDiff:
    all_of_it = [_pair_diff(pairs[c.number]) if c.number in pairs else _added(c) for c in after.criteria]
    different = [c for c in all_of_it if c.change != Change.SAME] + [_removed(c) for c in lost]
    same = sum(c.change == Change.SAME for c in all_of_it)
    notes: tuple[str, ...] = ()
    change, old = Change.ADDED, before.title if before else ""
    if before is not None:
        notes = tuple(_kind(before.kind, after.kind))
        change = Change.CHANGED if different or notes or before.title != after.title else Change.SAME
    return OutcomeDiff(change, after.number, old, after.title, notes, tuple(different), same)


def _added(criterion: CriterionFile) -> CriterionDiff:
    notes = (*_kind("", criterion.kind), *asked(criterion))
    return CriterionDiff(Change.ADDED, "", criterion.number, "", criterion.text, notes)


def _removed(criterion: CriterionFile) -> CriterionDiff:
    return CriterionDiff(Change.REMOVED, criterion.number, "", criterion.text, "")


def _pair_diff(pair: _Pair) -> CriterionDiff:
    before, after = pair.before, pair.after
    notes = [*_kind(before.kind, after.kind), *new_and_gone(asked(before), asked(after)), *_themes(before, after)]
    if before.number != after.number:
        notes.insert(0, say("It was %(number)s before.") % {"number": before.number})
    change = Change.CHANGED if notes or before.text != after.text else Change.SAME
    return CriterionDiff(change, before.number, after.number, before.text, after.text, tuple(notes))


def _kind(before: str, after: str) -> Iterator[str]:
    if before == after:
        return
    if before:
        names = {"before": UnitKind(before).label, "after": UnitKind(after).label}
        yield say("Kind: %(after)s, before %(before)s.") % names
    else:
        yield say("Kind: %(after)s.") % {"after": UnitKind(after).label}


def asked(criterion: CriterionFile) -> Iterator[str]:
    """Yield what evidence for a criterion has to be like, a sentence each (R22, R71)."""
    yield from _wanted(criterion.requirements)
    if criterion.range:
        yield say("To be shown for: %(cases)s.") % {"cases": "; ".join(criterion.range)}


def asked_of_all(sufficiency: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield what evidence for every criterion of a kind has to be like, a sentence each (R71)."""
    for kind, wanted in sufficiency.items():
        for sentence in _wanted(wanted):
            yield say("Every criterion, %(kind)s: %(sentence)s") % {"kind": Kind(kind).label, "sentence": sentence}


def less_of_all(before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield a sentence for each kind of which less is asked in all its criteria than before."""
    for kind in Kind:
        if _wants_less(before.get(kind, {}), after.get(kind, {})):
            words = say("Less evidence is asked of every criterion than before: %(kind)s.")
            yield words % {"kind": kind.label}


def _wanted(wanted: Mapping[str, Any]) -> Iterator[str]:
    if wanted.get("observed"):
        yield say("It must be observed.")
    for key, words in (("pieces", _pieces), ("occasions", _occasions)):
        if wanted.get(key, 1) > 1:
            yield words(wanted[key])
    if wanted.get("methods"):
        yield say("Each of these must be there: %(methods)s.") % {"methods": ", ".join(wanted["methods"])}


def _pieces(number: int) -> str:
    return count("At least %(n)d piece.", "At least %(n)d pieces.", number) % {"n": number}


def _occasions(number: int) -> str:
    return count("On at least %(n)d occasion.", "On at least %(n)d occasions.", number) % {"n": number}


def new_and_gone(before: Iterable[str], after: Iterable[str]) -> Iterator[str]:
    """Yield the sentences that are new and those that hold no longer."""
    old, new = list(before), list(after)
    for sentence in new:
        if sentence not in old:
            yield say("New: %(sentence)s") % {"sentence": sentence}
    for sentence in old:
        if sentence not in new:
            yield say("No longer: %(sentence)s") % {"sentence": sentence}


def _themes(before: CriterionFile, after: CriterionFile) -> Iterator[str]:
    if set(before.themes) != set(after.themes):
        names = ", ".join(str(Theme(theme).label) for theme in after.themes) or say("none")
        yield say("Themes: %(themes)s.") % {"themes": names}


def _facts(before: UnitFile, after: UnitFile) -> Iterator[str]:
    """Yield what is different about the unit itself, a sentence each."""
    for name, words in (
        ("title", say("Title: “%(after)s”, before “%(before)s”.")),
        ("reference", say("Reference: %(after)s, before %(before)s.")),
        ("level", say("Level: %(after)s, before %(before)s.")),
        ("credit", say("Credits: %(after)s, before %(before)s.")),
        ("glh", say("Guided hours: %(after)s, before %(before)s.")),
        ("generation", say("Generation: %(after)s, before %(before)s.")),
        ("sector", say("Sector: %(after)s, before %(before)s.")),
    ):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield words % {"before": _known(old), "after": _known(new)}
    yield from _kind(before.kind, after.kind)
    if before.equivalents != after.equivalents:
        yield say("Which other references are as good as its own is different.")
    yield from new_and_gone(asked_of_all(before.sufficiency), asked_of_all(after.sufficiency))
    if before.provenance != after.provenance:
        yield say("Where it comes from is described again.")


def _known(value: object) -> object:
    return say("not known") if value is None else value


def _losses(pairs: Mapping[str, _Pair], gone: Sequence[CriterionFile]) -> Iterator[str]:
    """Yield what is asked no longer: criteria taken out, and criteria that became easier."""
    for criterion in gone:
        facts = {"number": criterion.number, "text": criterion.text}
        yield say("%(number)s is taken out: “%(text)s”") % facts
    for pair in pairs.values():
        number = {"number": pair.after.number}
        if (pair.before.kind, pair.after.kind) == (Kind.COMPETENCE, Kind.KNOWLEDGE):
            yield say("%(number)s has to be known, no longer shown at real work.") % number
        if _asks_less(pair.before, pair.after):
            yield say("%(number)s asks less of the evidence than before.") % number


def _asks_less(before: CriterionFile, after: CriterionFile) -> bool:
    return _wants_less(before.requirements, after.requirements) or not set(before.range) <= set(after.range)


def _wants_less(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    least = {"observed": False, "pieces": 1, "occasions": 1}
    fewer = any(new.get(key, low) < old.get(key, low) for key, low in least.items())
    return fewer or not set(old.get("methods", ())) <= set(new.get("methods", ()))
