"""“Does it add up?”: a choice of units against the rule of combination, as bars and words (R20)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qualifications.rules import Evaluation, Rule
from qualifications.rules.combination import GroupCount, RuleGroup
from qualifications.rules.known import doubts_in_words

TONES = ("brand", "mid", "slate", "pale")
FULL = 100.0
#: What is needed stands at four fifths of a bar, so that more than that can be seen.
ROOM = 1.25
GAP = 0.5


@dataclass(frozen=True, slots=True)
class Segment:
    """A group's part of the bar of the whole award, in hundredths of it."""

    code: str
    credit: int
    x: str
    width: str
    tone: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of the rule: what counts, of what is needed or allowed. `line` is where that is, empty for none."""

    index: int
    group: str  # its code, empty for the credit at a level
    title: str
    need: str
    have: int
    target: int | None
    status: str  # key of web.shared.statuses
    word: str
    label: str
    width: str
    line: str
    over: str = ""


@dataclass(frozen=True, slots=True)
class Meter:
    """Everything the component shows. `state` is met, unsure (met, by what nobody has confirmed), open or stuck.

    `cautions` are units taken that nobody has confirmed, each with why; `rule_caution` says it of the rule itself.
    `suggestion_doubts` stand beside the units of `suggestion`, "" for a confirmed one; `ahead` says why one is there.
    """

    whose: str
    state: str
    credit: int
    needed: int
    label: str
    segments: tuple[Segment, ...]
    line: str
    bars: tuple[Bar, ...]
    head: str
    reasons: tuple[str, ...]
    surplus: tuple[str, ...]
    suggestion: tuple[str, ...]
    cautions: tuple[tuple[str, str], ...] = ()
    rule_caution: str = ""
    suggestion_doubts: tuple[str, ...] = ()
    ahead: str = ""

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Return the units of the suggestion, each with what nobody has confirmed of it."""
        return tuple(zip(self.suggestion, self.suggestion_doubts, strict=True))

    def of_group(self, code: str) -> Bar | None:
        """Return the bar of a group."""
        return next((bar for bar in self.bars if bar.group == code), None)

    @property
    def said(self) -> str:
        """Return the answer in a breath, for the ear and for the bar below."""
        words = _("%(have)d of %(need)d credits.") % {"have": self.credit, "need": self.needed}
        return f"{words} {self.head}."


def meter(found: Evaluation, whose: str = "") -> Meter:
    """Return how an evaluation is drawn; `whose` says in words whose choice it is."""
    segments = _segments(found)
    scale = max(found.rule.credit, found.credit, 1)
    bars = [_group_bar(n, one) for n, one in enumerate(found.groups, start=1)]
    return Meter(
        whose=whose,
        state=_state(found),
        credit=found.credit,
        needed=found.rule.credit,
        label=_label(found),
        segments=segments,
        line=_hundredths(found.rule.credit / scale) if found.credit > found.rule.credit else "",
        bars=(*bars, *_level_bars(found, len(bars) + 1)),
        head=_head(found),
        reasons=tuple(part.sentence for part in found.unmet if part.code not in _said_elsewhere(found)),
        surplus=tuple(one.sentence for one in found.surplus),
        suggestion=tuple(_unit(m.name, m.credit) for m in found.suggestion),
        cautions=tuple((m.name, doubts_in_words(m.doubts)) for m in found.doubtful),
        rule_caution=_rule_caution(found),
        suggestion_doubts=tuple(doubts_in_words(m.doubts) for m in found.suggestion),
        ahead=_ahead(found),
    )


def _state(found: Evaluation) -> str:
    if found.satisfied:
        return "met" if found.sure else "unsure"
    return "open" if found.completable else "stuck"


def _rule_caution(found: Evaluation) -> str:
    if not found.rule_doubtful:
        return ""
    if found.rule.known == "mixed":
        return _("Part of this rule is recalled, not read in a source. Ask the awarding body.")
    return _("This rule is recalled, not read in a source. Ask the awarding body.")


def _ahead(found: Evaluation) -> str:
    """Say why a suggestion has units that nobody has confirmed: there is no way without them."""
    n = len(found.unconfirmed_ahead)
    if not n:
        return ""
    words = ngettext(
        "The award cannot be completed here without %(n)d unit that is not confirmed. Ask the awarding body first.",
        "The award cannot be completed here without %(n)d units that are not confirmed. Ask the awarding body first.",
        n,
    )
    return words % {"n": n}


def _segments(found: Evaluation) -> tuple[Segment, ...]:
    scale, x, made = FULL / max(found.rule.credit, found.credit, 1), 0.0, []
    for n, one in enumerate(found.groups):
        if one.credit:
            width = one.credit * scale
            made.append(
                Segment(one.group.code, one.credit, f"{x:.1f}", f"{max(width - GAP, GAP):.1f}", TONES[n % len(TONES)])
            )
            x += width
    return tuple(made)


def _label(found: Evaluation) -> str:
    parts = ", ".join(
        _("%(n)d in %(group)s") % {"n": one.credit, "group": one.group.code} for one in found.groups if one.credit
    )
    words = _("%(have)d of %(need)d credits") % {"have": found.credit, "need": found.rule.credit}
    return f"{words}: {parts}" if parts else words


def _head(found: Evaluation) -> str:
    if found.satisfied:
        return _("It adds up") if found.sure else _("It adds up, but not everything is confirmed")
    if not found.completable:
        stuck = found.unmet[-1].code in {"cannot-complete", "cannot-assess"}
        return _("These units cannot make the award") if stuck else _("Not possible from the units listed here")
    missing = found.rule.credit - found.credit
    if missing > 0:
        return ngettext("%(n)d credit to go", "%(n)d credits to go", missing) % {"n": missing}
    return _("Not there yet")


def _said_elsewhere(found: Evaluation) -> frozenset[str]:
    """Return the unmet parts that the head of the advice says already."""
    heads = {"cannot-complete", "cannot-complete-here"}
    if found.completable and found.credit < found.rule.credit:
        heads.add("total-credit")
        if not _has_level_bar(found.rule):
            heads.add("level-credit")
    return frozenset(heads)


def _has_level_bar(rule: Rule) -> bool:
    return rule.at_level is not None and not all(rule.is_high(m) for m in rule.units.values())


def _unit(name: str, credit: int) -> str:
    return ngettext("%(unit)s, %(n)d credit", "%(unit)s, %(n)d credits", credit) % {"unit": name, "n": credit}


def _group_bar(index: int, one: GroupCount) -> Bar:
    group = one.group
    by_units = not group.need_credit and group.cap is None and bool(group.need_units or group.max_units)
    have = one.units if by_units else one.credit
    need = group.need_units if by_units else group.need_credit
    most = need if group.leaves_no_choice else group.max_units if by_units else group.cap
    title = short_title(group.code, group.title)
    key, word = _standing(one)
    words = _need_in_words(group)
    return Bar(
        index=index,
        group=group.code,
        title=title,
        need=words,
        have=have,
        target=need or most,
        status=key,
        word=word,
        label=_("%(title)s: %(have)d chosen, %(need)s") % {"title": title, "have": have, "need": words},
        over=_over(one),
        **_drawn(have, need, most, rest=group.listed_credit),
    )


def short_title(code: str, title: str) -> str:
    """Return code and title in few words: “Optional group B” is B · Optional, “Optional: delivery” is B · Delivery."""
    short = title.removesuffix(code).rstrip().removesuffix("group").rstrip()
    _kind, colon, theme = short.partition(": ")
    words = theme[:1].upper() + theme[1:] if colon else short
    return f"{code} · {words}" if words else code


def _drawn(have: int, need: int, most: int | None, *, rest: int) -> dict[str, str]:
    """Return width and line. A bar ends at the most that counts, else beyond what is needed, else at what there is."""
    scale = float(most) if most else max(need * ROOM, have, 1.0) if need else max(rest, have, 1.0)
    mark = need if need and need < scale else 0
    line = _hundredths(mark / scale) if mark else "99.6" if most and most != need else ""
    return {"width": _hundredths(min(1.0, have / scale)), "line": line}


def _hundredths(part: float) -> str:
    return f"{part * FULL:.1f}"


def _need_in_words(group: RuleGroup) -> str:
    need, most = group.need_credit, group.cap
    if need and most is not None and most > need:
        return _("%(low)d to %(high)d") % {"low": need, "high": most}
    if need and (group.leaves_no_choice or most == need):
        return _("%(n)d needed") % {"n": need}
    if need:
        return _("%(n)d or more") % {"n": need}
    if most is not None:
        return _("%(n)d at most") % {"n": most}
    return _units_in_words(group)


def _units_in_words(group: RuleGroup) -> str:
    if group.takes_all:
        return _("all %(n)d units") % {"n": group.need_units}
    if group.need_units and group.need_units == group.max_units:
        return ngettext("%(n)d unit", "%(n)d units", group.need_units) % {"n": group.need_units}
    if group.need_units:
        return ngettext("%(n)d unit or more", "%(n)d units or more", group.need_units) % {"n": group.need_units}
    if group.max_units:
        return ngettext("%(n)d unit at most", "%(n)d units at most", group.max_units) % {"n": group.max_units}
    return _("no limit")


def _standing(one: GroupCount) -> tuple[str, str]:
    """Return the status and its words: what is missing first, then how far from the limit."""
    group, few = one.group, one.group.need_credit - one.credit
    if few > 0:
        return "notyet", ngettext("%(n)d more to choose", "%(n)d more to choose", few) % {"n": few}
    few = group.need_units - one.units
    if few > 0:
        return "notyet", ngettext("%(n)d more unit to choose", "%(n)d more units to choose", few) % {"n": few}
    if group.leaves_no_choice or (group.cap is not None and group.cap == group.need_credit):
        return "met", _("Complete")
    if group.need_credit or group.need_units:
        return "met", _("Enough")
    if group.cap is not None:
        left = group.cap - one.credit
        return "met", _("Within the limit, %(n)d left") % {"n": left} if left else _("At the limit")
    return ("met", _("Counts")) if one.units else ("todo", _("Nothing needed here"))


def _over(one: GroupCount) -> str:
    if not one.over:
        return ""
    words = ngettext("%(n)d above the limit does not count", "%(n)d above the limit do not count", one.over)
    return words % {"n": one.over}


def _level_bars(found: Evaluation, index: int) -> Sequence[Bar]:
    rule = found.rule
    if rule.at_level is None or not _has_level_bar(rule):
        return ()
    title = _("Level %(n)d or above") % {"n": rule.at_level.level}
    need = _("%(n)d or more") % {"n": rule.at_level.credit}
    few = rule.at_level.credit - found.at_level
    words = ngettext("%(n)d more to choose", "%(n)d more to choose", max(few, 0)) % {"n": few}
    return [
        Bar(
            index=index,
            group="",
            title=title,
            need=need,
            have=found.at_level,
            target=rule.at_level.credit,
            status="notyet" if few > 0 else "met",
            word=words if few > 0 else _("Enough"),
            label=_("%(title)s: %(have)d chosen, %(need)s") % {"title": title, "have": found.at_level, "need": need},
            **_drawn(found.at_level, rule.at_level.credit, None, rest=rule.credit),
        )
    ]
