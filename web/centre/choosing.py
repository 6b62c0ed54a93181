"""Units to tick, by the groups of a qualification."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import groupby

from centres.queries.learners import ChoicePlace


@dataclass(frozen=True, slots=True)
class Tick:
    """One unit with its box: mandatory ones are always on."""

    place: ChoicePlace
    ticked: bool
    index: int


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its units."""

    code: str
    title: str
    mandatory: bool
    ticks: tuple[Tick, ...]

    @property
    def credit(self) -> int:
        """Return the credits of all its units."""
        return sum(tick.place.credit for tick in self.ticks)


def groups_of(places: Iterable[ChoicePlace], picked: Collection[str]) -> list[Group]:
    """Return the places in their groups, ticked where they are mandatory or picked (public ids of units)."""
    ticks = [Tick(p, p.mandatory or p.unit_public_id in picked, n) for n, p in enumerate(places)]
    found = groupby(ticks, key=lambda t: (t.place.group_code, t.place.group_title, t.place.mandatory))
    return [Group(*key, tuple(inside)) for key, inside in found]


def place_ids_of(places: Iterable[ChoicePlace], picked: Collection[str]) -> set[int]:
    """Return the places of the picked units (public ids)."""
    return {p.place_id for p in places if p.unit_public_id in picked}
