"""Trying out units on the page of a qualification: ticks in the address, nothing saved."""

from collections.abc import Collection
from dataclasses import dataclass

from qualifications.queries import GroupRow, PlaceRow, Structure, rule_of
from qualifications.rules import takes_everything
from web.shared.combination_meter import Bar, Meter, meter


@dataclass(frozen=True, slots=True)
class TriedGroup:
    """A group with its units, each ticked or not; `fixed` ones leave nothing to choose."""

    group: GroupRow
    fixed: bool
    ticks: tuple[tuple[PlaceRow, bool], ...]
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class Trial:
    """The groups and what the ticked units come to."""

    groups: tuple[TriedGroup, ...]
    meter: Meter


def trial(structure: Structure, picked: Collection[str], *, suggest: bool) -> Trial:
    """Return a choice tried out: the units that everybody takes and the picked ones (public ids). One query."""
    stored = rule_of(structure.qualification.pk)
    wanted = set(picked)
    for group in structure.groups:
        if takes_everything(group.rule):
            wanted.update(place.unit.public_id for place in group.places)
    found = stored.weigh(_ids(structure, wanted))
    if suggest:
        wanted.update(stored.public_ids[m.key] for m in found.suggestion)
        found = stored.weigh(_ids(structure, wanted))
    shown = meter(found)
    return Trial(tuple(_group(group, wanted, shown) for group in structure.groups), shown)


def _ids(structure: Structure, wanted: Collection[str]) -> list[int]:
    return [p.unit.id for group in structure.groups for p in group.places if p.unit.public_id in wanted]


def _group(group: GroupRow, wanted: Collection[str], shown: Meter) -> TriedGroup:
    ticks = tuple((place, place.unit.public_id in wanted) for place in group.places)
    return TriedGroup(group, takes_everything(group.rule), ticks, shown.of_group(group.code))
