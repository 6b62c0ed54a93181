"""Another choice of units for a registration that runs (R43)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction

from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration, UnitChange
from centres.permissions import require_admin
from centres.queries.learners import ChoicePlace, places_of_qualification
from centres.services.apart import why_not_change
from centres.services.holding import hold_centre, hold_units_of
from centres.services.registering import add_units, mandatory_places
from centres.services.units import advance_unit
from common.refusals import Stale, refuse_if
from qualifications.queries import rule_of


@dataclass(frozen=True, slots=True)
class _Step:
    """From the choice that is to the one that is wanted."""

    dropped: list[LearnerUnit]
    again: list[LearnerUnit]
    new: list[ChoicePlace]

    @property
    def added(self) -> list[str]:
        """Return the public ids of the units that come in."""
        return [*(row.unit.public_id for row in self.again), *(place.unit_public_id for place in self.new)]

    @property
    def size(self) -> int:
        """Return how many units change."""
        return len(self.dropped) + len(self.again) + len(self.new)


@transaction.atomic
def change_units(
    *,
    actor: Actor,
    registration: Registration,
    place_ids: Collection[int],
    reason: str = "",
    accepted: Collection[int] = (),
    confirmed: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> int:
    """Make these places (and the mandatory ones) the chosen units of a registration; return how many units changed.

    A unit taken out is kept as dropped, with its work; chosen again it starts from nothing. `accepted`: places of units
    in which evidence was accepted: dropping one has to be `confirmed`. `seen` is the newest change that the page
    showed. Refuses what `why_not_change_units` says (R43, R83); stale, with who and when, when somebody was faster.
    Emits registration.units_changed, and writes what changed, why, and what the rule says of the new choice.
    """
    require_admin(actor, "registration.units")
    hold_centre(actor.centre_id)
    registration, held = hold_units_of(registration)
    refuse_if(why_not_change(actor, registration.learner))
    _refuse_stale(registration, seen)
    places = places_of_qualification(registration.qualification_id)
    rows = list(held.values())
    facts = rules.UnitsFacts(
        active=registration.state == RegistrationState.ACTIVE,
        chosen=frozenset(place_ids),
        places=frozenset(p.place_id for p in places),
        mandatory=mandatory_places(places),
        states={row.place_id: UnitState(row.state) for row in rows if row.state != UnitState.DROPPED},
        reason=rules.plain(reason),
        accepted=frozenset(accepted),
        disputed=frozenset(row.place_id for row in rows if row.disputed),
        confirmed=confirmed,
    )
    refuse_if(rules.why_not_change_units(facts))
    step = _step(rows, places, facts)
    if step.size:
        _take(registration, step, at)
        _remember(actor, registration, step, facts, at)
    return step.size


def _refuse_stale(registration: Registration, seen: str | None) -> None:
    newest = UnitChange.objects.for_centre(registration.centre_id).filter(registration=registration).first()
    if seen is not None and newest is not None and newest.public_id != seen:
        raise Stale(who=newest.by_name, at=newest.at)


def _step(rows: list[LearnerUnit], places: list[ChoicePlace], facts: rules.UnitsFacts) -> _Step:
    known = {row.place_id for row in rows}
    return _Step(
        dropped=[row for row in rows if row.place_id in facts.dropped],
        again=[row for row in rows if row.state == UnitState.DROPPED and row.place_id in facts.wanted],
        new=[p for p in places if p.place_id in facts.wanted - known],
    )


def _take(registration: Registration, step: _Step, at: dt.datetime) -> None:
    _set_state(step.dropped, UnitState.DROPPED, at)
    _set_state(step.again, UnitState.SELECTED, at)
    add_units(registration, step.new, at)


def _set_state(rows: Iterable[LearnerUnit], state: UnitState, at: dt.datetime) -> None:
    for row in rows:
        advance_unit(learner_unit=row, expected=UnitState(row.state), to=state, at=at)


def _remember(actor: Actor, registration: Registration, step: _Step, facts: rules.UnitsFacts, at: dt.datetime) -> None:
    rows = LearnerUnit.objects.for_centre(actor.centre_id).filter(registration=registration)
    chosen = list(rows.exclude(state=UnitState.DROPPED).values_list("unit_id", "state"))
    exempt = [unit_id for unit_id, state in chosen if state == UnitState.EXEMPT]
    found = rule_of(registration.qualification_id).weigh([unit_id for unit_id, _state in chosen], (), exempt)
    change = UnitChange.objects.create(
        centre_id=actor.centre_id,
        registration=registration,
        by_id=actor.person_id,
        by_name=actor.name,
        at=at,
        reason=facts.reason,
        added=step.added,
        dropped=[row.unit.public_id for row in step.dropped],
        accepted=[row.unit.public_id for row in step.dropped if row.place_id in facts.accepted],
        satisfied=found.satisfied,
        credit=found.credit,
    )
    record(
        "registration.units_changed",
        actor=actor,
        obj=registration,
        at=at,
        facts={
            "change": change.public_id,
            "added": change.added,
            "dropped": change.dropped,
            "accepted": change.accepted,
            "satisfied": change.satisfied,
            "credit": change.credit,
        },
    )
