"""How far units that a learner has go towards a qualification they do not do (R38). Simple sums: no choice is made."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnitPlace:
    """A unit where it stands in a qualification. `has`: the learner has achieved it, or is exempt."""

    group: str
    credit: int
    has: bool


@dataclass(frozen=True, slots=True)
class GroupNeed:
    """A group with what it asks for. `need` is in credits (None: it sets no number), `cap` what it counts at most."""

    code: str
    title: str
    need: int | None
    cap: int | None


@dataclass(frozen=True, slots=True)
class GroupReach:
    """How far one group is: credits that the learner's units bring, what counts of them, what is needed."""

    code: str
    title: str
    units: int
    credit: int
    need: int | None

    @property
    def enough(self) -> bool:
        """Say whether the group asks for nothing more."""
        return self.need is not None and self.credit >= self.need


def reach(groups: Iterable[GroupNeed], places: Iterable[UnitPlace]) -> tuple[GroupReach, ...]:
    """Return how far each group is, in the order given. Credit above a group's cap does not count."""
    have = [place for place in places if place.has]
    return tuple(_reach(group, [place for place in have if place.group == group.code]) for group in groups)


def _reach(group: GroupNeed, have: list[UnitPlace]) -> GroupReach:
    credit = sum(place.credit for place in have)
    counted = credit if group.cap is None else min(credit, group.cap)
    return GroupReach(group.code, group.title, len(have), counted, group.need)
