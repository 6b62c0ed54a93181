"""Another choice of units, with an eye on the work that was accepted in them (R43)."""

import datetime as dt
from collections.abc import Collection

from django.db import transaction

from centres.actor import Actor
from centres.models import Registration
from centres.services import change_units
from centres.services.holding import hold_centre, hold_units_of
from portfolio.queries.choice import accepted_work


@transaction.atomic
def change_choice(
    *,
    actor: Actor,
    registration: Registration,
    place_ids: Collection[int],
    reason: str,
    confirmed: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> int:
    """Change the chosen units of a registration, knowing where evidence was accepted; return how many units changed.

    Refuses and emits what `centres.services.change_units` does. The work of a unit taken out is kept.
    """
    hold_centre(actor.centre_id)
    registration, _units = hold_units_of(registration)  # what is accepted does not change while it is weighed
    return change_units(
        actor=actor,
        registration=registration,
        place_ids=place_ids,
        reason=reason,
        accepted=accepted_work(registration).keys(),
        confirmed=confirmed,
        seen=seen,
        at=at,
    )
