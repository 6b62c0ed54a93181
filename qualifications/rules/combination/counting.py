"""Which unit counts in which group. A unit counts once, where it helps most; of a barred set one counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from qualifications.rules.combination.facts import Choice, GroupCount, Member, Rule, RuleGroup


@dataclass(slots=True)
class Counting:
    """What counts where, and what does not: left out beside another unit, or because its groups are full."""

    rule: Rule
    inside: list[list[Member]]
    beside: dict[str, str] = field(default_factory=dict)  # the unit left out → the one that counts instead
    crowded: dict[str, int] = field(default_factory=dict)  # the unit left out → the group that is full

    def credit(self, g: int) -> int:
        """Return the credit that counts in a group."""
        return self.rule.groups[g].counted(sum(m.credit for m in self.inside[g]))

    def high(self, g: int) -> int:
        """Return the part of it that is at the level."""
        return self.rule.groups[g].counted(sum(m.credit for m in self.inside[g] if self.rule.is_high(m)))

    def counts(self) -> tuple[GroupCount, ...]:
        """Return what every group counts."""
        return tuple(self._count(g, group) for g, group in enumerate(self.rule.groups))

    def _count(self, g: int, group: RuleGroup) -> GroupCount:
        inside, credit = self.inside[g], self.credit(g)
        over = sum(m.credit for m in inside) - credit
        return GroupCount(group, credit, len(inside), over, frozenset(m.key for m in inside))


def count_units(rule: Rule, choice: Choice, counts_in: Mapping[str, int]) -> Counting:
    """Let every unit of the choice count where it helps most; `counts_in` says so for those that decide the award."""
    counting = Counting(rule, [[] for _ in rule.groups])
    homes: dict[str, list[int]] = {key: [] for key in rule.units}
    for g, group in enumerate(rule.groups):
        for member in group.members:
            homes[member.key].append(g)
    for key in _in_order(rule, choice, counts_in, homes):
        other = _beside(rule, key, counting)
        if other is not None:
            counting.beside[key] = other
            continue
        at = [counts_in[key]] if key in counts_in else homes[key]
        room = [g for g in at if _has_room(rule.groups[g], counting.inside[g])]
        if not room:
            counting.crowded[key] = at[0]
            continue
        best = max(room, key=lambda g: (_helps(counting, g, rule.units[key]), -g))
        counting.inside[best].append(rule.units[key])
    return counting


def _in_order(
    rule: Rule, choice: Choice, counts_in: Mapping[str, int], homes: Mapping[str, list[int]]
) -> Iterable[str]:
    """Put first what decides, then what is achieved, then what has one home only, the largest credit first."""
    taken = [key for key in rule.units if key in choice.taken]
    return sorted(
        taken,
        key=lambda key: (
            key not in counts_in,
            key not in choice.settled,
            len(homes[key]),
            -rule.units[key].credit,
        ),
    )


def _beside(rule: Rule, key: str, counting: Counting) -> str | None:
    """Return the unit that counts already and bars this one."""
    counted = {m.key for inside in counting.inside for m in inside}
    others = (other for bars in rule.barred if key in bars for other in sorted(bars & counted))
    return next(others, None)


def _has_room(group: RuleGroup, inside: list[Member]) -> bool:
    return group.max_units is None or len(inside) < group.max_units


def _helps(counting: Counting, g: int, member: Member) -> tuple[int, int]:
    """Return how much of what the group needs this unit gives, and how much of its credit would count."""
    group, before = counting.rule.groups[g], counting.credit(g)
    after = group.counted(sum(m.credit for m in counting.inside[g]) + member.credit)
    credit = min(after, group.need_credit) - min(before, group.need_credit)
    units = int(len(counting.inside[g]) < group.need_units)
    return credit + units, after - before
