"""Is there enough evidence for a criterion? What is asked, by which level, and what is still missing (R71, R76).

A rule asks for up to four things: so many accepted pieces, from so many different days, each of these ways of showing
it among them, and that the assessor saw it at work. Four levels may ask: qualification, unit, centre, one learner. They
are laid over each other so that the strictest counts; only a rule for one learner, with its reason, may ask for less.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from common.refusals import Refusal
from common.text import _, say
from qualifications.enums import Kind, Level

#: What stands in a sentence for the ways of showing something (R49), each with its article.
METHOD_WORDS: Final[Mapping[str, Any]] = {
    "work_product": _("something made at work"),
    "media": _("a photo, sound or film"),
    "statement": _("an account of the learner’s own"),
    "assignment": _("an answer to a question or assignment"),
    "in_situ": _("something kept at work"),
    "writing": _("a piece of writing"),
}
#: What a learner says about themselves, without anything else to show for it (R76).
OWN_WORDS: Final = frozenset({"statement", "writing"})
PARTS: Final = ("pieces", "occasions", "methods", "observed")
_NUMBERS: Final = (_("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"))
_ASKED_BY: Final[Mapping[Level, Any]] = {
    Level.QUALIFICATION: _("The qualification asks this."),
    Level.UNIT: _("The unit asks this."),
    Level.CENTRE: _("The centre asks this."),
    Level.LEARNER: _("This is asked of this learner alone."),
}


@dataclass(frozen=True, slots=True)
class Need:
    """What evidence must be like. The usual: one accepted piece of any kind."""

    pieces: int = 1
    occasions: int = 1
    methods: frozenset[str] = frozenset()
    observed: bool = False

    @property
    def usual(self) -> bool:
        """Say whether nothing is asked beyond one accepted piece."""
        return self == USUAL

    def stored(self) -> dict[str, Any]:
        """Return what is asked beyond the usual, as catalogue files and tables hold it."""
        everything = {**{part: getattr(self, part) for part in PARTS}, "methods": sorted(self.methods)}
        usual = {"pieces": 1, "occasions": 1, "methods": [], "observed": False}
        return {part: value for part, value in everything.items() if value != usual[part]}


USUAL: Final = Need()


@dataclass(frozen=True, slots=True)
class Layer:
    """What one level asks. `eases`: for one learner it takes the place of what is asked above, where that is more."""

    level: Level
    need: Need
    eases: bool = False
    rule: str = ""  # public id of the row it comes from, where it has one


@dataclass(frozen=True, slots=True)
class Standard:
    """What is asked for a criterion after all levels, which level asks each part, and the rules it comes from."""

    need: Need = USUAL
    levels: Mapping[str, Level] = field(default_factory=dict)
    rules: tuple[str, ...] = ()
    eased: bool = False


@dataclass(frozen=True, slots=True)
class Accepted:
    """A piece accepted for a criterion, as it was when it was judged. `seen_on`: the assessor saw it at work."""

    piece: str
    method: str
    day: dt.date | None
    setting: str = ""
    seen_on: dt.date | None = None


def need_of(asked: Mapping[str, Any]) -> Need:
    """Return what stored words ask for; what they leave out is not asked."""
    return Need(
        pieces=int(asked.get("pieces", 1)),
        occasions=int(asked.get("occasions", 1)),
        methods=frozenset(asked.get("methods", ())),
        observed=bool(asked.get("observed", False)),
    )


def asked_of(sufficiency: Mapping[str, Any], kind: str) -> Need:
    """Return what a qualification's or unit's rule asks of criteria of this kind."""
    return need_of(sufficiency.get(kind, {}))


def standard_of(layers: Iterable[Layer]) -> Standard:
    """Lay the levels over each other: the strictest counts, then a learner's exception may ease it (R71).

    No order of the layers changes the answer. The outermost level that asks a part so strictly is named with it.
    """
    ordered = sorted(layers, key=lambda layer: (layer.eases, list(Level).index(layer.level), layer.rule))
    standard = Standard()
    for layer in ordered:
        standard = _eased(standard, layer) if layer.eases else _tightened(standard, layer)
    return standard


def _tightened(before: Standard, layer: Layer) -> Standard:
    old, new = before.need, layer.need
    need = Need(
        pieces=max(old.pieces, new.pieces),
        occasions=max(old.occasions, new.occasions),
        methods=old.methods | new.methods,
        observed=old.observed or new.observed,
    )
    return _after(before, layer, need)


def _eased(before: Standard, layer: Layer) -> Standard:
    old, new = before.need, layer.need
    need = Need(
        pieces=min(old.pieces, new.pieces),
        occasions=min(old.occasions, new.occasions),
        methods=old.methods & new.methods,
        observed=old.observed and new.observed,
    )
    return replace(_after(before, layer, need), eased=before.eased or need != old)


def _after(before: Standard, layer: Layer, need: Need) -> Standard:
    changed = {part: layer.level for part in PARTS if getattr(need, part) != getattr(before.need, part)}
    rules = (*before.rules, layer.rule) if changed and layer.rule else before.rules
    return Standard(need, {**before.levels, **changed}, rules, before.eased)


def why_not_enough(code: str, standard: Standard, accepted: Collection[Accepted]) -> list[Refusal]:
    """Return every reason why these accepted pieces are not enough, each with the level that asks (R71).

    More evidence never adds a reason. Nothing accepted at all is another rule's business, yet answered here too.
    """
    need, found = standard.need, []
    for part, missing in (
        ("occasions", _days_missing(code, need, accepted)),
        ("pieces", _pieces_missing(code, need, accepted)),
        ("methods", _methods_missing(code, need, accepted)),
        ("observed", _sight_missing(code, need, accepted)),
    ):
        if missing:
            asks = str(_ASKED_BY.get(standard.levels.get(part, Level.UNIT), ""))
            which = f"few-{part}" if part in PARTS[:2] else f"no-{part}"
            found.append(Refusal(which, f"{missing} {asks}".strip(), params={"code": code}))
    return found


def _days_missing(code: str, need: Need, accepted: Collection[Accepted]) -> str:
    days = len({one.day for one in accepted if one.day})
    pieces = len({one.piece for one in accepted})
    if need.occasions <= max(days, 1):  # one day is every piece's: where none is known, one piece is still one occasion
        return ""
    words = {"code": code, "n": in_words(need.occasions), "there": in_words(pieces), "days": in_words(max(days, 1))}
    if pieces < need.occasions:
        text = say("%(code)s needs %(n)s pieces from different days; there is one.")
        more = say("%(code)s needs %(n)s pieces from different days; there are %(there)s.")
        return (text if pieces == 1 else more) % words
    return say("%(code)s needs pieces from %(n)s different days; those accepted are from %(days)s.") % words


def _pieces_missing(code: str, need: Need, accepted: Collection[Accepted]) -> str:
    pieces = len({one.piece for one in accepted})
    if pieces >= need.pieces or (need.pieces <= need.occasions and need.occasions > 1):  # said with the days
        return ""
    words = {"code": code, "n": in_words(need.pieces), "there": in_words(pieces)}
    if need.pieces == 1:
        return say("%(code)s has no accepted piece yet.") % words
    one = say("%(code)s needs %(n)s accepted pieces; there is one.")
    more = say("%(code)s needs %(n)s accepted pieces; there are %(there)s.")
    return (one if pieces == 1 else more) % words


def _methods_missing(code: str, need: Need, accepted: Collection[Accepted]) -> str:
    missing = sorted(need.methods - {one.method for one in accepted})
    words = {"code": code, "ways": _either(missing)}
    if set(missing) - set(METHOD_WORDS):
        text = say(
            "%(code)s asks for %(ways)s, which cannot be recorded here yet. An exception for this learner, with its"
            " reason, is the way out."
        )
        return text % words
    return say("%(code)s needs %(ways)s among what is accepted; there is none.") % words if missing else ""


def _sight_missing(code: str, need: Need, accepted: Collection[Accepted]) -> str:
    if not need.observed or any(one.seen_on for one in accepted):
        return ""
    text = say("%(code)s must be seen at work by the assessor; no decision says on which day it was seen.")
    return text % {"code": code}


def why_to_look(code: str, kind: str, accepted: Collection[Accepted]) -> str:
    """Return a warning where a competence is accepted on the learner's own words alone, or "" (R76). Blocks nothing."""
    alone = kind == Kind.COMPETENCE and accepted and {one.method for one in accepted} <= OWN_WORDS
    if not alone or any(one.seen_on for one in accepted):
        return ""
    return say("%(code)s rests on the learner’s own words alone. They support, but seldom suffice.") % {"code": code}


def need_in_words(need: Need) -> tuple[str, ...]:
    """Return what is asked beyond one accepted piece, a short sentence each; nothing asked gives none."""
    words = {"n": in_words(need.pieces), "days": in_words(need.occasions), "ways": _either(sorted(need.methods))}
    found = []
    if need.occasions > 1 and need.pieces <= need.occasions:
        found.append(say("Needs %(days)s pieces from different days.") % words)
    elif need.occasions > 1:
        found.append(say("Needs %(n)s pieces, from %(days)s different days at least.") % words)
    elif need.pieces > 1:
        found.append(say("Needs %(n)s pieces.") % words)
    if need.methods:
        found.append(say("Needs %(ways)s.") % words)
    if need.observed:
        found.append(say("The assessor has to see it at work."))
    return tuple(found)


def asked_by_kind(sufficiency: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what a qualification's or unit's rule asks of every criterion, kind by kind, where it asks for more."""
    words = ((kind.value, need_in_words(asked_of(sufficiency, kind))) for kind in Kind)
    return tuple((kind, said) for kind, said in words if said)


def so_far_in_words(need: Need, accepted: Collection[Accepted]) -> str:
    """Return how much of what is needed is there: "One of two pieces accepted", or what is missing first."""
    pieces = len({one.piece for one in accepted})
    wanted = max(need.pieces, need.occasions)
    if pieces < wanted:
        text = say("%(there)s of %(n)s pieces accepted") % {"there": in_words(pieces), "n": in_words(wanted)}
        return text[:1].upper() + text[1:]
    if need.occasions > max(len({one.day for one in accepted if one.day}), 1):
        return say("Accepted, but another day is needed")
    missing = sorted(need.methods - {one.method for one in accepted})
    if missing:
        return say("Accepted, but %(ways)s is needed too") % {"ways": _either(missing)}
    return say("Accepted, but not yet seen at work")


def in_words(number: int) -> str:
    """Return a small number in words: two. From nine on in digits."""
    return str(_NUMBERS[number]) if number < len(_NUMBERS) else str(number)


def _either(methods: Iterable[str]) -> str:
    known = [str(METHOD_WORDS.get(method, f"“{method}”")) for method in methods]
    return say(" and ").join(known)
