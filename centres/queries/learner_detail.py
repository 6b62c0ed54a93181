"""Everything that the page of a learner shows to an admin."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from centres.actor import Actor
from centres.enums import LEFT, RegistrationState, Role, UnitState
from centres.models import Learner, LearnerUnit
from centres.queries import on_day
from centres.queries.history import StateRow, state_changes_of
from centres.queries.learners import AllocationRow, RegistrationRow, allocations_of, registrations_of
from centres.queries.people import roles_in
from centres.rules import Gap, first_gap


@dataclass(frozen=True, slots=True)
class Alone:
    """Days on which nobody looks after a learner; `only` is the entry code where it is so in one registration only."""

    gap: Gap
    only: str


@dataclass(frozen=True, slots=True)
class LearnerDetail:
    """Everything the page of a learner shows to an admin: no evidence."""

    learner: Learner
    here: bool
    registrations: tuple[tuple[RegistrationRow, tuple[LearnerUnit, ...], tuple[StateRow, ...]], ...]
    allocations: tuple[AllocationRow, ...]
    alone: tuple[Alone, ...] = ()

    @property
    def at_work(self) -> tuple[RegistrationRow, ...]:
        """Return the registrations in which somebody can look after the learner, the newest first."""
        return tuple(row for row, _units, _changes in self.registrations if row.state not in LEFT)

    @property
    def current(self) -> tuple[AllocationRow, ...]:
        """Return the allocations that are in force or will be."""
        return tuple(a for a in self.allocations if a.state != "over")


def learner_detail(actor: Actor, learner: Learner) -> LearnerDetail:
    """Return registrations with units and how they came to their state, and who looked after the learner.

    Eight queries.
    """
    allocations = allocations_of(actor, [learner])
    in_force = roles_in(actor).filter(on_day(actor.on), role=Role.LEARNER, person_id=learner.person_id)
    units: dict[str, list[LearnerUnit]] = {}
    chosen = LearnerUnit.objects.for_centre(actor.centre_id).filter(learner=learner)
    taken = list(chosen.exclude(state=UnitState.DROPPED).select_related("unit", "place", "registration"))
    for unit in taken:
        units.setdefault(unit.registration.public_id, []).append(unit)
    registrations = registrations_of(actor, [learner], taken).get(learner.pk, ())
    mine = allocations.get(learner.pk, ())
    changes = state_changes_of(actor, learner)
    return LearnerDetail(
        learner=learner,
        here=in_force.exists(),
        registrations=tuple(
            (r, tuple(units.get(r.public_id, ())), changes.get(r.public_id, ())) for r in registrations
        ),
        allocations=mine,
        alone=_alone_in(registrations, mine, actor.on),
    )


def _alone_in(
    registrations: Sequence[RegistrationRow], allocations: Sequence[AllocationRow], day: dt.date
) -> tuple[Alone, ...]:
    """Return from when nobody looks after the learner, in each active registration where it is so (R13)."""
    standing = [row for row in allocations if row.state != "over"]
    active = [r for r in registrations if r.state == RegistrationState.ACTIVE]
    found = []
    for r in active:
        spans = [(row.starts_on, row.ends_on) for row in standing if row.only_id in {"", r.public_id}]
        gap = first_gap(spans, max(day, r.starts_on))
        if gap is not None:
            found.append(Alone(gap, r.entry_code if len(active) > 1 else ""))
    return tuple(found)
