"""Every group as a small knapsack: how to reach a rule with the fewest further units when groups share nothing.

A cost is one whole number, so that comparing and adding are one step each: count of further units, then how many of
them nobody has confirmed, then their credit, then (less is earlier) their places in the structure, then which copies of
units were used at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import NamedTuple, TypeVar

from qualifications.rules.combination.facts import Choice, Member, Rule, RuleGroup

#: More than the credit of any catalogue's units together, as a power of two.
CREDIT_BITS = 24
#: More than the units of any catalogue, as a power of two.
DOUBT_BITS = 12
State = tuple[int, int, int, int]  # further units, credit, credit at the level, units
Total = tuple[int, int, int]  # further units, credit, credit at the level
S = TypeVar("S", State, Total)


class Pick(NamedTuple):
    """A unit that the answer counts in a group."""

    unit: int
    group: int
    new: bool


class Item(NamedTuple):
    """A unit that may count in a group."""

    credit: int
    high: int  # its credit at the level
    cost: int
    unit: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """The cheapest answer: its cost and how many further units it has."""

    cost: int
    further: int


@dataclass(slots=True)
class _Pan:
    """A group with what may still count there."""

    group: RuleGroup
    most_credit: int  # more than this makes no difference
    most_high: int
    credit: int = 0  # of units that count in any case
    high: int = 0
    units: int = 0
    free: list[Item] = field(default_factory=list)
    new: list[Item] = field(default_factory=list)
    fewest: int = 0  # further units without which the group's own rule cannot be met
    reach: "_Reach" = field(default_factory=lambda: _Reach(0, [], 0, []))

    @property
    def most_new(self) -> int:
        """Return how many further units can count."""
        return len(self.new) if self.group.max_units is None else min(len(self.new), self.group.max_units)

    @property
    def counts_units(self) -> bool:
        """Say whether the number of units matters."""
        return self.group.max_units is not None or self.group.need_units > 0


class _Reach(NamedTuple):
    """The most credit that groups reach: with their fewest units, and what each one more adds at most."""

    credit: int
    more: list[int]
    high: int
    more_high: list[int]


class Scales:
    """Weighs bans on units. `tied` are the keys of units that must be able to count nowhere.

    `most_doubtful` is how many further units that nobody has confirmed an answer may have; None: any number.
    """

    def __init__(
        self,
        rule: Rule,
        choice: Choice,
        number: dict[str, int],
        tied: frozenset[str],
        most_doubtful: int | None = None,
    ) -> None:
        self.rule = rule
        self._most_doubtful = most_doubtful
        self.goal = rule.credit
        self.goal_high = rule.at_level.credit if rule.at_level else 0
        self._choice = choice
        self._number = number
        self._tied = tied
        everywhere = [(g, m) for g, group in enumerate(rule.groups) for m in group.members]
        everywhere.sort(key=lambda place: place[1].key not in choice.settled)
        self._copies = [(g, m.key) for g, m in everywhere]
        self._pans: dict[tuple[int, int], _Pan | None] = {}

    def picks(self, weighed: Weighed) -> list[Pick]:
        """Return what an answer counts, but for taken units that count in any case."""
        used = [copy for bit, copy in enumerate(self._copies) if weighed.cost >> bit & 1]
        return [Pick(self._number[key], g, key not in self._choice.taken) for g, key in used]

    def weigh(self, bans: Sequence[int], at_least: int) -> Weighed | None:
        """Return the cheapest answer under these bans, which needs `at_least` further units; None if there is none."""
        pans = [self._pan(g, mask) for g, mask in enumerate(bans)]
        whole = [pan for pan in pans if pan is not None]
        if len(whole) < len(pans):
            return None
        for further in range(max(at_least, self._lower_bound(whole)), sum(p.most_new for p in whole) + 1):
            cost = _Filling(self.goal, self.goal_high, whole, further).cheapest()
            if cost is not None and self._sure_enough(Weighed(cost, further)):
                return Weighed(cost, further)
        return None

    def _sure_enough(self, weighed: Weighed) -> bool:
        """Of all answers with so many further units this has the fewest unconfirmed ones: are they few enough?"""
        if self._most_doubtful is None:
            return True
        keys = list(self._number)
        new = {keys[pick.unit] for pick in self.picks(weighed) if pick.new}
        return sum(bool(self.rule.units[key].unconfirmed) for key in new) <= self._most_doubtful

    def _lower_bound(self, pans: list[_Pan]) -> int:
        """Return a number of further units below which no answer is; beyond all units when there is none at all."""
        reach, fewest = _together(pans), sum(p.fewest for p in pans)
        steps = max(_steps(self.goal - reach.credit, reach.more), _steps(self.goal_high - reach.high, reach.more_high))
        return fewest + steps

    def _pan(self, g: int, banned: int) -> _Pan | None:
        if (g, banned) not in self._pans:
            self._pans[g, banned] = self._filled(g, banned)
        return self._pans[g, banned]

    def _filled(self, g: int, banned: int) -> _Pan | None:
        group = self.rule.groups[g]
        most = max(self.goal, self.goal_high, group.need_credit)
        cap = most if group.cap is None else min(most, group.cap)
        pan = _Pan(group, cap, min(cap, self.goal_high))
        bits = {key: bit for bit, (home, key) in enumerate(self._copies) if home == g}
        for member in group.members:
            if not banned >> self._number[member.key] & 1:
                self._lay(pan, member, bits[member.key])
        pan.new.sort(key=lambda item: (-item.credit, item.unit))
        return _with_reach(pan)

    def _lay(self, pan: _Pan, member: Member, bit: int) -> None:
        high = member.credit if self.rule.is_high(member) else 0
        unit, new = self._number[member.key], member.key not in self._choice.taken
        if not new and member.key not in self._tied and pan.group.max_units is None:
            pan.credit += member.credit
            pan.high += high
            pan.units += 1
            return
        cost = (self._price(member) << len(self._copies) if new else 0) + (1 << bit)
        (pan.new if new else pan.free).append(Item(member.credit, high, cost, unit))

    def _price(self, member: Member) -> int:
        size = len(self._number)
        earlier = 1 << (size - 1 - self._number[member.key])
        doubt = int(bool(self.rule.units[member.key].unconfirmed))
        counted = (1 << DOUBT_BITS) + doubt
        return (counted << (size + CREDIT_BITS)) + (member.credit << size) - earlier


def _with_reach(pan: _Pan) -> _Pan | None:
    """Add what the group reaches with 0, 1, 2 … further units; None when its own rule is out of reach."""
    free, free_high = sum(i.credit for i in pan.free), sum(i.high for i in pan.free)
    raw = list(accumulate((i.credit for i in pan.new), initial=pan.credit + free))
    highs = list(accumulate(sorted((i.high for i in pan.new), reverse=True), initial=pan.high + free_high))
    units = pan.units + len(pan.free)
    enough = (
        j for j in range(pan.most_new + 1) if raw[j] >= pan.group.need_credit and units + j >= pan.group.need_units
    )
    fewest = next(enough, None)
    if fewest is None:
        return None
    pan.fewest = fewest
    credit = [min(pan.most_credit, x) for x in raw[fewest : pan.most_new + 1]]
    high = [min(pan.most_high, x) for x in highs[fewest : pan.most_new + 1]]
    pan.reach = _Reach(credit[0], _differences(credit), high[0], _differences(high))
    return pan


def _differences(values: list[int]) -> list[int]:
    return [b - a for a, b in pairwise(values)]


def _together(pans: Sequence[_Pan]) -> _Reach:
    return _Reach(
        sum(p.reach.credit for p in pans),
        sorted((x for p in pans for x in p.reach.more), reverse=True),
        sum(p.reach.high for p in pans),
        sorted((x for p in pans for x in p.reach.more_high), reverse=True),
    )


def _steps(missing: int, more: list[int]) -> int:
    """Return how many of these, the largest first, make up what is missing; one more than there are if all do not."""
    for steps, reached in enumerate(accumulate(more, initial=0)):
        if reached >= missing:
            return steps
    return len(more) + 1


def _best(values: list[int], most: int) -> list[int]:
    """Return the most that 0, 1, … `most` of these values add up to."""
    top = sorted(values, reverse=True)[:most]
    sums = list(accumulate(top, initial=0))
    return sums + sums[-1:] * (most + 1 - len(sums))


class _Filling:
    """All answers with exactly so many further units, without those that cannot reach the goal any more."""

    def __init__(self, goal: int, goal_high: int, pans: list[_Pan], further: int) -> None:
        self.goal = goal
        self.goal_high = goal_high
        self.pans = pans
        self.further = further

    def cheapest(self) -> int | None:
        """Return the cost of the best answer."""
        reached: dict[Total, int] = {(0, 0, 0): 0}
        for at in range(len(self.pans)):
            if not reached:
                return None
            reached = self._joined(reached, self._table(at), at)
        return min((cost for (j, _c, _h), cost in reached.items() if j == self.further), default=None)

    def _joined(self, reached: dict[Total, int], table: dict[Total, int], at: int) -> dict[Total, int]:
        later = self.pans[at + 1 :]
        rest, spare = _together(later), self.further - sum(p.fewest for p in later)
        more, more_high = _best(rest.more, max(0, spare)), _best(rest.more_high, max(0, spare))
        found: dict[Total, int] = {}
        for (j0, c0, h0), cost0 in reached.items():
            for (j1, c1, h1), cost1 in table.items():
                left = spare - j0 - j1
                if left < 0 or c0 + c1 + rest.credit + more[left] < self.goal:
                    continue
                if h0 + h1 + rest.high + more_high[left] < self.goal_high:
                    continue
                key = (j0 + j1, min(self.goal, c0 + c1), min(self.goal_high, h0 + h1))
                _enter(found, key, cost0 + cost1)
        return found

    def _table(self, at: int) -> dict[Total, int]:
        """Return what a group can contribute, with the cheapest way to it."""
        pan = self.pans[at]
        others = [p for n, p in enumerate(self.pans) if n != at]
        spare, rest = self.further - sum(p.fewest for p in others), _together(others)
        states = self._with_free(pan)
        for n, item in enumerate(pan.new):
            later = pan.new[n + 1 :]
            bounds = _Bounds(
                pan.group,
                spare,
                self.goal - rest.credit,
                self.goal_high - rest.high,
                _best(rest.more + [i.credit for i in later], spare),
                _best(rest.more_high + [i.high for i in later], spare),
                _best([i.credit for i in later], spare),
                len(later),
            )
            states = bounds.step(pan, states, item)
        found: dict[Total, int] = {}
        for (j, credit, high, units), cost in states.items():
            if credit >= pan.group.need_credit and units >= pan.group.need_units:
                _enter(found, (j, credit, high), cost)
        return found

    @staticmethod
    def _with_free(pan: _Pan) -> dict[State, int]:
        units = pan.units if pan.group.max_units is not None else min(pan.units, pan.group.need_units)
        start = (0, min(pan.credit, pan.most_credit), min(pan.high, pan.most_high), units)
        states: dict[State, int] = {start: 0}
        for item in pan.free:
            for state, cost in list(states.items()):
                after = _after(pan, state, item, 0)
                if after is not None:
                    _enter(states, after, cost + item.cost)
        return states


class _Bounds(NamedTuple):
    """What the rest can add at most: the later units of the group (`own`) and those of all others."""

    group: RuleGroup
    spare: int
    goal: int
    goal_high: int
    more: list[int]
    more_high: list[int]
    own: list[int]
    own_units: int

    def step(self, pan: _Pan, states: dict[State, int], item: Item) -> dict[State, int]:
        """Return the states without and with this further unit that can still reach the goal."""
        found: dict[State, int] = {}
        for state, cost in states.items():
            if self.hopeful(state):
                _enter(found, state, cost)
            after = _after(pan, state, item, 1)
            if after is not None and self.hopeful(after):
                _enter(found, after, cost + item.cost)
        return found

    def hopeful(self, state: State) -> bool:
        """Say whether the goal can be reached from here."""
        j, credit, high, units = state
        left = self.spare - j
        return (
            left >= 0
            and credit + self.more[left] >= self.goal
            and high + self.more_high[left] >= self.goal_high
            and credit + self.own[left] >= self.group.need_credit
            and units + min(left, self.own_units) >= self.group.need_units
        )


def _after(pan: _Pan, state: State, item: Item, new: int) -> State | None:
    """Return the state after one more unit; None when the group has no room for it."""
    j, credit, high, units = state
    if pan.counts_units:
        units += 1
        if pan.group.max_units is None:
            units = min(units, pan.group.need_units)
        elif units > pan.group.max_units:
            return None
    return j + new, min(credit + item.credit, pan.most_credit), min(high + item.high, pan.most_high), units


def _enter(states: dict[S, int], state: S, cost: int) -> None:
    """Keep the cheapest way to a state."""
    if cost < states.get(state, cost + 1):
        states[state] = cost
