"""Putting a learner's units in order (R45)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from audit.services import record
from centres import rules
from centres.access import may_assess_in, registration_for
from centres.actor import Actor
from centres.enums import RegistrationState
from centres.models import LearnerUnit
from centres.queries.schedule import chosen_units
from centres.services.holding import hold_centre, hold_units_of
from common.refusals import Forbidden, Stale, refuse_if


@transaction.atomic
def set_schedule(
    *,
    actor: Actor,
    registration_id: str,
    wanted: Sequence[rules.Planned],
    seen: Sequence[rules.Planned],
    at: dt.datetime,
) -> bool:
    """Put the chosen units of a registration (public id) in this order, with these target dates; say if it changed.

    A plan: it opens and closes nothing. For the centre's admins and whoever judges in this registration; others 403.
    `seen` is the order and the dates that the page showed: raises `Stale` when they are others by now. Refuses what
    `why_not_schedule` says, and one's own registration. The same again changes nothing. Emits "units.scheduled".
    """
    registration = registration_for(actor, registration_id)
    if not (actor.is_admin or may_assess_in(actor, registration.pk)):
        raise Forbidden("units.schedule", registration_id)
    hold_centre(actor.centre_id)
    registration, _units = hold_units_of(registration)
    refuse_if(rules.why_not_own(own=registration.learner.person_id == actor.person_id))
    rows = chosen_units(registration)
    stands = tuple(rules.Planned(row.public_id, row.target_on) for row in rows)
    if stands == tuple(wanted):
        return False
    if stands != tuple(seen):
        raise Stale
    active = registration.state == RegistrationState.ACTIVE
    refuse_if(rules.why_not_schedule(rules.ScheduleFacts(active, registration.starts_on, stands, tuple(wanted))))
    by_id = {row.public_id: row for row in rows}
    for position, planned in enumerate(wanted):
        row = by_id[planned.unit_id]
        row.position, row.target_on = position, planned.target_on
    LearnerUnit.objects.for_centre(actor.centre_id).bulk_update(rows, ["position", "target_on"])
    dated = sum(planned.target_on is not None for planned in wanted)
    facts = {"order": [by_id[planned.unit_id].unit.key for planned in wanted], "dated": dated}
    record("units.scheduled", actor=actor, obj=registration, at=at, facts=facts)
    return True
