"""Units to tick, by the groups of a qualification, and whether they add up."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from centres.queries.learners import ChoicePlace
from qualifications.queries import rule_of
from qualifications.rules.known import PRINTED
from web.shared.combination_meter import Bar, Meter, meter

#: The state of a unit that a certificate brought in: what a rule asks to be assessed is asked of the others.
EXEMPT = "exempt"
#: What a form's second buttons ask for, without saving: the units of the qualification, whether they add up, the
#: shortest way to the award.
ASKS = frozenset({"units", "check", "suggest"})


@dataclass(frozen=True, slots=True)
class Work:
    """How far a unit is that was chosen before: its cells, and in words."""

    state: str
    label: str
    cells: tuple[tuple[str, int], ...]
    frozen: bool


@dataclass(frozen=True, slots=True)
class Tick:
    """One unit with its box: mandatory ones are always on, and so are those that are signed."""

    place: ChoicePlace
    ticked: bool
    index: int
    work: Work | None = None

    @property
    def fixed(self) -> bool:
        """Say whether it cannot be taken out."""
        return self.place.mandatory or bool(self.work and self.work.frozen)


@dataclass(frozen=True, slots=True)
class Group:
    """A group with its units, and how far it is."""

    code: str
    title: str
    mandatory: bool
    ticks: tuple[Tick, ...]
    bar: Bar | None

    @property
    def unprinted(self) -> bool:
        """Say whether a unit has a number here that the awarding body does not print."""
        return any(tick.place.number and tick.place.numbered != PRINTED for tick in self.ticks)


@dataclass(frozen=True, slots=True)
class Choice:
    """Everything the page shows of a choice."""

    groups: tuple[Group, ...] = ()
    meter: Meter | None = None


def choice_of(
    qualification_id: int,
    places: Collection[ChoicePlace],
    picked: Collection[str],
    *,
    suggest: bool = False,
    work: Mapping[int, Work] | None = None,
    whose: str = "",
) -> Choice:
    """Return the places in their groups, ticked where they are mandatory, signed or picked (public ids of units).

    `suggest` ticks the smallest set of further units too. One query.
    """
    stored, works = rule_of(qualification_id), work or {}
    exempt = [p.unit_id for p in places if (one := works.get(p.place_id)) and one.state == EXEMPT]
    ticks = [_tick(n, p, picked, works.get(p.place_id)) for n, p in enumerate(places)]
    found = stored.weigh((t.place.unit_id for t in ticks if t.ticked), (), exempt)
    if suggest:
        wanted = {stored.public_ids[m.key] for m in found.suggestion} | set(picked)
        ticks = [_tick(t.index, t.place, wanted, t.work) for t in ticks]
        found = stored.weigh((t.place.unit_id for t in ticks if t.ticked), (), exempt)
    shown = meter(found, whose)
    grouped = groupby(ticks, key=lambda t: (t.place.group_code, t.place.group_title, t.place.mandatory))
    groups = tuple(Group(*key, tuple(inside), shown.of_group(key[0])) for key, inside in grouped)
    return Choice(groups, shown)


def _tick(index: int, place: ChoicePlace, picked: Collection[str], work: Work | None) -> Tick:
    fixed = place.mandatory or bool(work and work.frozen)
    return Tick(place, fixed or place.unit_public_id in picked, index, work)


def place_ids_of(places: Iterable[ChoicePlace], picked: Collection[str]) -> set[int]:
    """Return the places of the picked units (public ids)."""
    return {p.place_id for p in places if p.unit_public_id in picked}
