"""How much of an award the centre assesses itself: exempt units alone are no award of its own (R79)."""

from collections.abc import Iterable, Iterator, Sequence

from common.refusals import Refusal
from common.text import count, say
from qualifications.rules.combination.facts import Assessed, Choice, Member, Rule


def assessed_in_words(assessed: Assessed) -> str:
    """Return what has to be assessed by the centre, in whole sentences that say whose rule it is."""
    if not assessed.units and not assessed.credit:
        return say("Every unit may be exempt. %(whose)s") % {"whose": _whose(assessed)}
    return f"{_asked(assessed)} {_whose(assessed)}"


def assessed_missing(rule: Rule, choice: Choice, *, possible: bool) -> Iterator[Refusal]:
    """Return what is missing of it, with whose rule it is; nothing where no unit is exempt (R79)."""
    if not _missing(rule, choice, ()):
        return
    words = f"{_asked(rule.assessed)} {_whose(rule.assessed)}"
    yield Refusal("few-assessed", words, "units")
    if not possible:
        yield Refusal("cannot-assess", say("No further unit is listed that could be assessed."), "units")


def to_assess(rule: Rule, choice: Choice, further: Sequence[Member]) -> tuple[Member, ...] | None:
    """Return what has to be added to further units so that enough is assessed; None when there is not enough.

    Exact where one unit is missing: it is the confirmed one with the least credit, the earliest. More is gathered from
    the largest down.
    """
    added: list[Member] = []
    left = [m for key, m in rule.units.items() if key not in choice.taken and m not in further]
    while (lack := _missing(rule, choice, (*further, *added))) and left:
        units, credit = lack
        enough = [m for m in left if m.credit >= credit] if units <= 1 else []
        if enough:
            best = min(enough, key=lambda m: (bool(m.unconfirmed), m.credit))
        else:
            best = max(left, key=lambda m: (not m.unconfirmed, m.credit))
        added.append(best)
        left.remove(best)
    return None if lack else tuple(added)


def _missing(rule: Rule, choice: Choice, further: Iterable[Member]) -> tuple[int, int] | None:
    """Return the units and the credit that are missing; None when enough is assessed or nothing is exempt."""
    if not choice.exempt & rule.units.keys():
        return None
    own = [rule.units[key] for key in choice.taken - choice.exempt if key in rule.units]
    own += list(further)
    units, credit = rule.assessed.units - len(own), rule.assessed.credit - sum(m.credit for m in own)
    return (max(units, 0), max(credit, 0)) if units > 0 or credit > 0 else None


def _asked(assessed: Assessed) -> str:
    words = []
    if assessed.units:
        text = count(
            "At least %(n)d unit has to be assessed by your centre, not exempt.",
            "At least %(n)d units have to be assessed by your centre, not exempt.",
            assessed.units,
        )
        words.append(text % {"n": assessed.units})
    if assessed.credit:
        text = count(
            "At least %(n)d credit has to be assessed by your centre, not exempt.",
            "At least %(n)d credits have to be assessed by your centre, not exempt.",
            assessed.credit,
        )
        words.append(text % {"n": assessed.credit})
    return " ".join(words)


def _whose(assessed: Assessed) -> str:
    if assessed.source:
        return say("So says: %(source)s.") % {"source": assessed.source.rstrip(".")}
    return say("This is our own rule: what the awarding body says of it is not entered.")
