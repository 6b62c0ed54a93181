"""The rule of combination by trying everything: every way of counting, every set of further units. Slow and plain."""

import os
from itertools import combinations, product

from hypothesis import settings
from hypothesis import strategies as st

from qualifications.rules.combination import Assessed, AtLevel, Choice, Member, Rule, RuleGroup

#: COMBINATION_CASES=20000 looks longer; the suite takes sixty a property.
CASES = settings(max_examples=int(os.environ.get("COMBINATION_CASES", "60")), deadline=None)


def satisfied(rule, taken, exempt=frozenset()):
    """Is there a way of counting these units that fulfils every part of the rule, and is enough of them assessed?"""
    own = [rule.units[key] for key in taken - exempt if key in rule.units]
    few = len(own) < rule.assessed.units or sum(m.credit for m in own) < rule.assessed.credit
    if exempt & rule.units.keys() and few:
        return False
    taken = sorted(taken & rule.units.keys())
    homes = [[g for g, group in enumerate(rule.groups) if any(m.key == key for m in group.members)] for key in taken]
    return any(_fulfils(rule, taken, places) for places in product(*[[None, *h] for h in homes]))


def _fulfils(rule, taken, places):
    counted = {key: g for key, g in zip(taken, places, strict=True) if g is not None}
    if any(sum(key in counted for key in bars) > 1 for bars in rule.barred):
        return False
    total = high = 0
    for g, group in enumerate(rule.groups):
        inside = [rule.units[key] for key, at in counted.items() if at == g]
        if not _group(group, inside):
            return False
        total += _capped(group, sum(m.credit for m in inside))
        if rule.at_level:
            high += _capped(group, sum(m.credit for m in inside if m.level >= rule.at_level.level))
    return total >= rule.credit and (rule.at_level is None or high >= rule.at_level.credit)


def _group(group, inside):
    if group.max_units is not None and len(inside) > group.max_units:
        return False
    limits = [group.min_credit, group.max_credit, group.exact_credit, group.min_units, group.max_units]
    if group.mandatory and limits == [None] * 5:
        return len(inside) == len(group.members)
    credit = _capped(group, sum(m.credit for m in inside))
    return (
        credit >= (group.min_credit or 0)
        and credit >= (group.exact_credit or 0)
        and len(inside) >= (group.min_units or 0)
    )


def _capped(group, credit):
    return min([credit, *(c for c in (group.max_credit, group.exact_credit) if c is not None)])


def completion(rule, taken, exempt=frozenset()):
    """The best set of further units, by doubts, size, credit, places in the structure; None when there is none."""
    order = list(rule.units)
    rest = [key for key in order if key not in taken]
    every = (s for size in range(len(rest) + 1) for s in combinations(rest, size))
    sets = [s for s in every if satisfied(rule, taken | set(s), exempt)]
    return min(sets, key=lambda s: cost(rule, s), default=None)


def cost(rule, keys):
    """How dear a set of further units is: fewest unconfirmed ones, then fewest, least credit, earliest."""
    order = list(rule.units)
    members = [rule.units[key] for key in keys]
    return (
        sum(bool(m.doubts) for m in members), len(keys), sum(m.credit for m in members), [order.index(k) for k in keys]
    )  # fmt: skip


# --- small catalogues -------------------------------------------------------------------------------------------------


DOUBTS = st.sampled_from([(), (), ("no-reference",)])
ASSESSED = st.sampled_from(
    [Assessed(), Assessed(), Assessed(0, 0, "They say so"), Assessed(2, 0, "P"), Assessed(1, 9, "P")]
)


def _maybe(strategy):
    return st.none() | strategy


@st.composite
def rules(draw, units=7):
    """A rule with up to three groups of up to seven units, some of them shared or barred."""
    members = [
        Member(f"u{n}", draw(st.integers(1, 3)), draw(st.integers(0, 6)), doubts=draw(DOUBTS))
        for n in range(draw(st.integers(1, units)))
    ]
    groups = [draw(_groups(code, members)) for code in "ABC"[: draw(st.integers(1, 3))]]
    listed = sorted({m.key for g in groups for m in g.members})
    barred = (
        draw(st.lists(st.sets(st.sampled_from(listed), min_size=2, max_size=3), max_size=2)) if len(listed) > 2 else []
    )
    level = draw(_maybe(st.builds(AtLevel, st.integers(2, 3), st.integers(1, 12))))
    bars = tuple(frozenset(b) for b in barred)
    return Rule(draw(st.integers(0, 20)), tuple(groups), level, bars, assessed=draw(ASSESSED))


@st.composite
def _groups(draw, code, members):
    inside = draw(st.lists(st.sampled_from(members), min_size=1, unique=True))
    inside.sort(key=lambda m: m.key)
    return RuleGroup(
        code,
        draw(st.booleans()),
        tuple(inside),
        draw(st.booleans()),
        min_credit=draw(_maybe(st.integers(1, 9))),
        max_credit=draw(_maybe(st.integers(1, 9))),
        exact_credit=draw(st.none() | st.none() | st.integers(1, 9)),
        min_units=draw(_maybe(st.integers(1, 3))),
        max_units=draw(_maybe(st.integers(1, 3))),
    )


@st.composite
def cases(draw):
    """A rule, and units taken of it: some chosen, some achieved, some exempt."""
    rule = draw(rules())
    keys = st.frozensets(st.sampled_from(list(rule.units)))
    return rule, Choice(draw(keys), draw(keys), draw(st.frozensets(st.sampled_from(list(rule.units)), max_size=1)))
