"""Writing that a registration went from one state to another (3.5). Whoever calls has held it and asked the rules."""

import datetime as dt

from django.db import transaction

from audit.services import record
from centres.actor import Actor
from centres.enums import REGISTRATION_TRANSITIONS, RegistrationState
from centres.models import Registration, StateChange
from centres.rules.registration_states import ENDING
from common.refusals import Stale


@transaction.atomic
def advance_registration(
    *, actor: Actor, registration: Registration, to: RegistrationState, on: dt.date, reason: str, at: dt.datetime
) -> Registration:
    """Move a registration from the state it was read in to `to`, from the day `on`, and keep who did it and why.

    One that ends gets `on` as its last day, never before its first; one that was completed and goes on has none again.
    Refuses a step that 3.5 does not know (`ValueError`: a fault of the caller); raises `Stale` when it is no longer in
    that state. Emits "registration.state_changed", without the reason: that is the row's.
    """
    was = RegistrationState(registration.state)
    if to not in REGISTRATION_TRANSITIONS[was]:
        raise ValueError(f"registration: {was} is not followed by {to}")
    ends: dict[str, dt.date | None] = {"ends_on": None} if was == RegistrationState.COMPLETED else {}
    if to in ENDING | {RegistrationState.TRANSFERRED}:
        ends = {"ends_on": max(on, registration.starts_on)}
    same = Registration.objects.for_centre(actor.centre_id).filter(pk=registration.pk, state=was)
    if not same.update(state=to, **ends):
        raise Stale
    change = StateChange.objects.create(
        centre_id=actor.centre_id,
        registration=registration,
        by_id=actor.person_id,
        by_name=actor.name,
        at=at,
        was=was,
        to=to,
        on=on,
        reason=reason.strip(),
    )
    registration.state, registration.ends_on = to, ends.get("ends_on", registration.ends_on)
    facts = {"change": change.public_id, "was": was, "to": to, "on": on.isoformat()}
    record("registration.state_changed", actor=actor, obj=registration, at=at, facts=facts)
    return registration
