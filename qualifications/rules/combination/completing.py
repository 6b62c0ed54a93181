"""The best set of further units that satisfies a rule (R20, T18).

Best: fewest that nobody has confirmed, then fewest of all, then least credit, then structure order.

What ties groups together is little: a unit listed in two groups counts in one, of a barred set one unit counts. So the
search drops these ties, solves every group as a small knapsack (`weighing`), and looks at what the answer broke. If
nothing: it is the best there is. Else it branches on one broken tie, forbidding the unit here or there, and takes the
cheapest branch next. Dropping ties only ever makes an answer cheaper, so the first whole one is optimal.

How many unconfirmed units cannot be done without is asked first: with every confirmed unit taken, what is still missing
is just that. None: they are all left out. Some: an answer may have so many of them and no more.
"""

import heapq
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from qualifications.rules.combination.facts import Choice, Member, Rule
from qualifications.rules.combination.weighing import Pick, Scales, Weighed

#: For each group, in order: which units (bits, by their place in the structure) must not count there.
Bans = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Completion:
    """Further units in the order of the structure, and in which group the answer counts the units with a choice."""

    further: tuple[Member, ...]
    counts_in: dict[str, int]


class _Problem:
    """A rule and a choice, numbered: units by their place in the structure."""

    def __init__(self, rule: Rule, choice: Choice, most_doubtful: int | None = None) -> None:
        self.rule = rule
        self.choice = choice
        self.keys = list(rule.units)
        self.number = {key: n for n, key in enumerate(self.keys)}
        self.barred = [bars for bars in ([self.number[k] for k in s if k in self.number] for s in rule.barred) if bars]
        self.scales = Scales(rule, choice, self.number, self.tied, most_doubtful)

    @cached_property
    def homes(self) -> dict[int, list[int]]:
        """Return the groups of every unit."""
        found: dict[int, list[int]] = defaultdict(list)
        for g, group in enumerate(self.rule.groups):
            for member in group.members:
                found[self.number[member.key]].append(g)
        return found

    @cached_property
    def tied(self) -> frozenset[str]:
        """Return the units that may count in one place only if something else does not."""
        shared = {n for n, groups in self.homes.items() if len(groups) > 1}
        return frozenset(self.keys[n] for n in shared.union(*self.barred))

    def branches(self, picks: list[Pick], bans: Bans) -> list[Bans]:
        """Return how to mend the first broken tie; nothing when no tie is broken. Every answer is in some branch."""
        where: dict[int, list[int]] = defaultdict(list)
        for pick in picks:
            where[pick.unit].append(pick.group)
        for unit in sorted(where):
            if len(where[unit]) > 1:
                return self._apart(unit, sorted(where[unit])[:2], bans)
        for bars in self.barred:
            both = [n for n in sorted(bars) if n in where][:2]
            if len(both) > 1:
                return [self._ban(bans, [n], self.homes[n]) for n in reversed(both)]
        return []

    def _apart(self, unit: int, groups: list[int], bans: Bans) -> list[Bans]:
        """Split on where the units that are just like this one stop counting in the first group and begin in the next.

        Units alike can trade places, so it is enough to look at answers in which those before count in earlier groups.
        """
        alike = self._alike(unit)
        at = alike.index(unit)
        homes = self.homes[unit]
        edge = homes.index(groups[0]) + 1
        return [self._ban(bans, alike[: at + 1], homes[edge:]), self._ban(bans, alike[at:], homes[:edge])]

    def _alike(self, unit: int) -> list[int]:
        return self._classes[self._class_of(unit)]

    @cached_property
    def _classes(self) -> dict[tuple[object, ...], list[int]]:
        found: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for n in range(len(self.keys)):
            found[self._class_of(n)].append(n)
        return found

    def _class_of(self, unit: int) -> tuple[object, ...]:
        key = self.keys[unit]
        member = self.rule.units[key]
        own = unit if any(unit in bars for bars in self.barred) else -1
        facts = (
            member.credit,
            self.rule.is_high(member),
            bool(member.unconfirmed),
            key in self.choice.taken,
            key in self.choice.settled,
        )
        return (own, tuple(self.homes[unit]), *facts)

    @staticmethod
    def _ban(bans: Bans, units: list[int], groups: list[int]) -> Bans:
        mask = sum(1 << n for n in units)
        return tuple(b | mask if g in groups else b for g, b in enumerate(bans))


def complete(rule: Rule, choice: Choice) -> Completion | None:
    """Return the best completion of a choice; None when the listed units do not reach the rule."""
    further = [key for key in rule.units if key not in choice.taken]
    doubtful = frozenset(key for key in further if rule.units[key].unconfirmed)
    if not doubtful:
        return _completed(_Problem(rule, choice))
    everything_sure = Choice(choice.chosen | (frozenset(further) - doubtful), choice.achieved, choice.exempt)
    missing = _completed(_Problem(rule, everything_sure))
    if missing is None:
        return None
    if missing.further:
        return _completed(_Problem(rule, choice, len(missing.further)))
    return _completed(_Problem(rule, choice), without=doubtful)


def _completed(problem: _Problem, *, without: frozenset[str] = frozenset()) -> Completion | None:
    rule = problem.rule
    mask = sum(1 << problem.number[key] for key in without)
    for picks in _cheapest_first(problem, (mask,) * len(rule.groups)):
        further = {pick.unit for pick in picks if pick.new}
        return Completion(
            further=tuple(rule.units[problem.keys[n]] for n in sorted(further)),
            counts_in={problem.keys[pick.unit]: pick.group for pick in picks},
        )
    return None


def _cheapest_first(problem: _Problem, start: Bans) -> Iterator[list[Pick]]:
    queue: list[tuple[int, int, Bans, Weighed]] = []
    seen = {start}
    first = problem.scales.weigh(start, 0)
    if first is not None:
        queue.append((first.cost, 0, start, first))
    while queue:
        _cost, _tie, bans, weighed = heapq.heappop(queue)
        picks = problem.scales.picks(weighed)
        branches = problem.branches(picks, bans)
        if not branches:
            yield picks
        for branch in branches:
            if branch not in seen:
                seen.add(branch)
                found = problem.scales.weigh(branch, weighed.further)
                if found is not None:
                    heapq.heappush(queue, (found.cost, len(seen), branch, found))
