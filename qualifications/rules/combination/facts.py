"""What the engine is told and what it answers (R20): frozen, without Django."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from common.refusals import Refusal
from qualifications.rules.combination.words import GroupRule, takes_everything
from qualifications.rules.known import unconfirmed


@dataclass(frozen=True, slots=True)
class Member:
    """A unit as it stands in a group."""

    key: str
    level: int
    credit: int
    title: str = ""
    doubts: tuple[str, ...] = ()  # what nobody has confirmed of it (`known.doubts_about`); none: confirmed

    @property
    def unconfirmed(self) -> bool:
        """Say whether a suggestion leaves it out while it can."""
        return unconfirmed(self.doubts)

    @property
    def name(self) -> str:
        """Return what a sentence calls it."""
        return self.title or self.key


@dataclass(frozen=True)
class RuleGroup:
    """A group with its limits (None: no such limit). `max_units=1`: one of these units only.

    `complete`: its list of units is known to be whole. A mandatory group that sets no limit asks for every unit of it;
    an exact credit is how much must be reached, and how much counts.
    """

    code: str
    mandatory: bool
    members: tuple[Member, ...]
    complete: bool = True
    title: str = ""
    min_credit: int | None = None
    max_credit: int | None = None
    exact_credit: int | None = None
    min_units: int | None = None
    max_units: int | None = None

    @cached_property
    def listed_credit(self) -> int:
        """Return the credit of all its units."""
        return sum(m.credit for m in self.members)

    @cached_property
    def takes_all(self) -> bool:
        """Say whether every unit of it must be taken."""
        limits = (self.min_credit, self.max_credit, self.exact_credit, self.min_units, self.max_units)
        return self.mandatory and all(limit is None for limit in limits)

    @cached_property
    def leaves_no_choice(self) -> bool:
        """Say whether it is mandatory and needs everything it lists."""
        return takes_everything(
            GroupRule(
                mandatory=self.mandatory,
                complete=self.complete,
                units=len(self.members),
                credit=self.listed_credit,
                min_credit=self.min_credit,
                max_credit=self.max_credit,
                exact_credit=self.exact_credit,
                min_units=self.min_units,
                max_units=self.max_units,
            )
        )

    @cached_property
    def need_credit(self) -> int:
        """Return the credit that must be reached."""
        return max(self.min_credit or 0, self.exact_credit or 0)

    @cached_property
    def cap(self) -> int | None:
        """Return the credit above which nothing counts."""
        caps = [c for c in (self.max_credit, self.exact_credit) if c is not None]
        return min(caps) if caps else None

    @cached_property
    def need_units(self) -> int:
        """Return the number of units that must be reached."""
        return len(self.members) if self.takes_all else self.min_units or 0

    def counted(self, credit: int) -> int:
        """Return how much of this credit counts."""
        return credit if self.cap is None else min(credit, self.cap)


@dataclass(frozen=True, slots=True)
class AtLevel:
    """So much credit is needed in units at this level or above."""

    level: int
    credit: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """So much of the award has to be assessed by the centre, not exempt. No `source`: it is our own rule (R79)."""

    units: int = 1
    credit: int = 0
    source: str = ""

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Assessed":
        """Return what a version stores; nothing stored is our own rule, one unit."""
        return cls(int(stored["units"]), int(stored["credit"]), str(stored["source"])) if stored else cls()


@dataclass(frozen=True)
class Rule:
    """The rule of combination of one version of a qualification. Of the units of a barred set only one counts.

    `known` says how the rule itself is known: read, second_body, mixed, recalled.
    """

    credit: int
    groups: tuple[RuleGroup, ...]
    at_level: AtLevel | None = None
    barred: tuple[frozenset[str], ...] = ()
    assessed: Assessed = Assessed()
    known: str = "read"

    @cached_property
    def units(self) -> dict[str, Member]:
        """Return the units by key in the order of the structure."""
        found: dict[str, Member] = {}
        for group in self.groups:
            for member in group.members:
                found.setdefault(member.key, member)
        return found

    @property
    def lists_are_whole(self) -> bool:
        """Say whether no group may have more units than are listed."""
        return all(group.complete for group in self.groups)

    def is_high(self, member: Member) -> bool:
        """Say whether a unit's credit counts towards the credit at the level."""
        return self.at_level is not None and member.level >= self.at_level.level


@dataclass(frozen=True)
class Choice:
    """The keys of the units a learner has: chosen, achieved (signed off) or exempt. All of them count as taken."""

    chosen: frozenset[str] = frozenset()
    achieved: frozenset[str] = frozenset()
    exempt: frozenset[str] = frozenset()

    @classmethod
    def of(cls, keys: Iterable[str]) -> "Choice":
        """Return a choice of units of which none is achieved."""
        return cls(frozenset(keys))

    @cached_property
    def settled(self) -> frozenset[str]:
        """Return what needs no more work."""
        return self.achieved | self.exempt

    @cached_property
    def taken(self) -> frozenset[str]:
        """Return everything the learner has."""
        return self.chosen | self.settled


@dataclass(frozen=True, slots=True)
class GroupCount:
    """What a group counts: credit up to its cap, of units taken; `over` is the credit above the cap."""

    group: RuleGroup
    credit: int
    units: int
    over: int
    keys: frozenset[str]

    @property
    def enough(self) -> bool:
        """Say whether it asked for something and asks for nothing more; a group without a minimum never says so."""
        group = self.group
        asks = group.need_credit > 0 or group.need_units > 0
        return asks and self.credit >= group.need_credit and self.units >= group.need_units


@dataclass(frozen=True, slots=True)
class Surplus:
    """Something taken that does not count. It may stay: nothing is held against the learner."""

    code: str
    sentence: str
    credit: int
    keys: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Evaluation:
    """The answer. `suggestion`: further units that satisfy the rule, as few unconfirmed ones as can be, then as few as
    can be; empty when it is satisfied or cannot be completed. `credit` is what counts in all groups together,
    `at_level` the part of it at the level, `doubtful` what is taken and nobody has confirmed.
    """  # noqa: D205 - one sentence needs two lines

    rule: Rule
    groups: tuple[GroupCount, ...]
    credit: int
    at_level: int
    unmet: tuple[Refusal, ...]
    surplus: tuple[Surplus, ...]
    completable: bool
    suggestion: tuple[Member, ...] = ()
    doubtful: tuple[Member, ...] = ()

    @property
    def unconfirmed_ahead(self) -> tuple[Member, ...]:
        """Return the units of the suggestion that nobody has confirmed: the award cannot be had without them."""
        return tuple(member for member in self.suggestion if member.unconfirmed)

    @property
    def rule_doubtful(self) -> bool:
        """Say whether the rule itself, or a part of it, is only recalled."""
        return self.rule.known in {"recalled", "mixed"}

    @property
    def sure(self) -> bool:
        """Say whether everything that this rests on is confirmed: the units taken and the rule."""
        return not self.doubtful and not self.rule_doubtful

    @property
    def satisfied(self) -> bool:
        """Say whether the award's rule is met."""
        return not self.unmet
