"""What is missing and what does not count, in plain sentences."""

from collections.abc import Iterator, Sequence

from common.refusals import Refusal
from common.text import count, say
from qualifications.rules.combination.counting import Counting
from qualifications.rules.combination.facts import Choice, GroupCount, Rule, Surplus


def unmet_in_words(
    rule: Rule, counts: Sequence[GroupCount], credit: int, high: int, *, completable: bool
) -> Iterator[Refusal]:
    """Return each part of the rule that is not met, in the order of the structure; the whole award last."""
    for one in counts:
        yield from _group_in_words(one)
    yield from _award_in_words(rule, credit, high)
    if completable:
        return
    if rule.lists_are_whole:
        yield Refusal("cannot-complete", say("This cannot be completed: its units do not add up to the award."))
    else:
        sentence = say("This cannot be completed from the units listed here. Ask the awarding body for its whole list.")
        yield Refusal("cannot-complete-here", sentence)


def _group_in_words(one: GroupCount) -> Iterator[Refusal]:
    group = one.group
    few_credits, few_units = one.credit < group.need_credit, one.units < group.need_units
    missing = [m.name for m in group.members if m.key not in one.keys]
    if group.leaves_no_choice and missing and (few_credits or few_units):
        yield _mandatory(one, missing)
        return
    if few_credits:
        more = group.need_credit - one.credit
        words = count(
            "Group %(group)s: %(need)d credits are needed, %(have)d count. 1 more is missing.",
            "Group %(group)s: %(need)d credits are needed, %(have)d count. %(more)d more are missing.",
            more,
        )
        facts = {"group": group.code, "need": group.need_credit, "have": one.credit, "more": more}
        yield _refusal("group-credit", words % facts, one)
    if few_units:
        words = count(
            "Group %(group)s: at least %(need)d unit is needed, %(have)d counts.",
            "Group %(group)s: at least %(need)d units are needed, %(have)d count.",
            group.need_units,
        )
        facts = {"group": group.code, "need": group.need_units, "have": one.units}
        yield _refusal("group-units", words % facts, one)


def _mandatory(one: GroupCount, missing: list[str]) -> Refusal:
    words = count(
        "Group %(group)s: 1 unit is missing: %(names)s.",
        "Group %(group)s: %(n)d units are missing: %(names)s.",
        len(missing),
    )
    facts = {"group": one.group.code, "n": len(missing), "names": "; ".join(missing)}
    return _refusal("mandatory-missing", words % facts, one)


def _refusal(code: str, sentence: str, one: GroupCount) -> Refusal:
    return Refusal(code, sentence, "units", ("group", one.group.code))


def _award_in_words(rule: Rule, credit: int, high: int) -> Iterator[Refusal]:
    if credit < rule.credit:
        words = count(
            "The award needs %(need)d credits, %(have)d count. 1 more is missing.",
            "The award needs %(need)d credits, %(have)d count. %(more)d more are missing.",
            rule.credit - credit,
        )
        facts = {"need": rule.credit, "have": credit, "more": rule.credit - credit}
        yield Refusal("total-credit", words % facts, "units")
    if rule.at_level is not None and high < rule.at_level.credit:
        more = rule.at_level.credit - high
        words = count(
            "%(need)d credits at level %(level)d or above are needed, %(have)d count. 1 more is missing.",
            "%(need)d credits at level %(level)d or above are needed, %(have)d count. %(more)d more are missing.",
            more,
        )
        facts = {"need": rule.at_level.credit, "level": rule.at_level.level, "have": high, "more": more}
        yield Refusal("level-credit", words % facts, "units")


def surplus_in_words(rule: Rule, choice: Choice, counting: Counting) -> Iterator[Surplus]:
    """Return what is taken and does not count: above a cap, beside a barred unit, or of another qualification."""
    for one in counting.counts():
        if one.over:
            words = count(
                "Group %(group)s: at most %(cap)d credits count. 1 credit of what is taken does not count.",
                "Group %(group)s: at most %(cap)d credits count. %(over)d credits of what is taken do not count.",
                one.over,
            )
            facts = {"group": one.group.code, "cap": one.credit, "over": one.over}
            yield Surplus("over-credit", words % facts, one.over, group=one.group.code)
    yield from _left_out(rule, counting)
    for key in sorted(choice.taken - rule.units.keys()):
        words = say("“%(unit)s” is not a unit of this qualification. It does not count.")
        yield Surplus("not-listed", words % {"unit": key}, 0, (key,))


def _left_out(rule: Rule, counting: Counting) -> Iterator[Surplus]:
    for key, other in counting.beside.items():
        unit, beside = rule.units[key], rule.units[other]
        words = say("“%(unit)s” does not count beside “%(other)s”: only one of them counts.")
        yield Surplus("barred", words % {"unit": unit.name, "other": beside.name}, unit.credit, (key,))
    for key, g in counting.crowded.items():
        unit, group = rule.units[key], rule.groups[g]
        words = count(
            "Group %(group)s: only %(n)d unit counts. “%(unit)s” does not count.",
            "Group %(group)s: only %(n)d units count. “%(unit)s” does not count.",
            group.max_units or 0,
        )
        facts = {"group": group.code, "n": group.max_units, "unit": unit.name}
        yield Surplus("over-units", words % facts, unit.credit, (key,), group.code)
