"""Reads of the order of a learner's units. Each function says how many queries it makes."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from centres.actor import Actor
from centres.enums import FROZEN_UNITS, RegistrationState, UnitState
from centres.models import Learner, LearnerUnit, Registration
from centres.queries.world import visible_registrations
from centres.rules.scheduling import Planned


@dataclass(frozen=True, slots=True)
class ScheduledUnit:
    """A chosen unit at its place in the order. `signed`: it is settled; `exempt`: by a certificate."""

    public_id: str
    number: str
    title: str
    credit: int
    signed: bool
    exempt: bool
    target_on: dt.date | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The units of one registration in the order in which they are meant to be worked on."""

    public_id: str
    title: str
    entry_code: str
    units: tuple[ScheduledUnit, ...]

    @property
    def planned(self) -> tuple[Planned, ...]:
        """Return the order as the rules take it."""
        return tuple(Planned(unit.public_id, unit.target_on) for unit in self.units)


def schedules_of(actor: Actor, learner: Learner) -> list[Schedule]:
    """Return the order of units of each active registration of a learner that this actor may see. Two queries."""
    registrations = list(
        visible_registrations(actor)
        .filter(learner=learner, state=RegistrationState.ACTIVE)
        .select_related("qualification")
        .order_by("starts_on", "pk")
    )
    units: dict[int, list[LearnerUnit]] = {}
    for row in _chosen(actor.centre_id, [r.pk for r in registrations]):
        units.setdefault(row.registration_id, []).append(row)
    return [
        Schedule(
            r.public_id,
            r.qualification.title,
            r.qualification.entry_code,
            tuple(_unit(row) for row in units.get(r.pk, ())),
        )
        for r in registrations
    ]


def chosen_units(registration: Registration) -> list[LearnerUnit]:
    """Return the chosen units of a registration in their order. One query."""
    return list(_chosen(registration.centre_id, [registration.pk]))


def _chosen(centre_id: int, registration_ids: Iterable[int]) -> Iterable[LearnerUnit]:
    rows = LearnerUnit.objects.for_centre(centre_id).filter(registration_id__in=list(registration_ids))
    return (
        rows.exclude(state=UnitState.DROPPED)
        .select_related("unit", "place")
        .order_by("registration_id", "position", "pk")
    )


def _unit(row: LearnerUnit) -> ScheduledUnit:
    return ScheduledUnit(
        public_id=row.public_id,
        number=row.place.number or "",
        title=row.unit.title,
        credit=row.unit.credit,
        signed=row.state in FROZEN_UNITS,
        exempt=row.state == UnitState.EXEMPT,
        target_on=row.target_on,
    )
