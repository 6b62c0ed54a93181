"""A registration goes on a break, is suspended, goes on, is withdrawn, is closed as completed or opened again (3.5)."""

import datetime as dt

from django.db import transaction

from assessments.queries.registration_states import state_facts
from assessments.services.settling import close_and_settle
from centres import rules
from centres.actor import Actor
from centres.enums import OVER, RegistrationState
from centres.models import LearnerUnit, Registration
from centres.permissions import require_admin
from centres.queries.seen import registration_mark
from centres.services import advance_registration, why_not_change
from centres.services.holding import hold_centre, hold_work
from common import clock
from common.refusals import NotFound, refuse_if
from common.seen import refuse_other


@transaction.atomic
def put_on_break(
    *, actor: Actor, registration: Registration, reason: str, seen: str | None = None, at: dt.datetime
) -> Registration:
    """Let a learner pause from today on, with a reason: nothing is sent, judged or signed until the break ends.

    Refuses what `why_not_change_state` says, one's own and one's own learner's; stale when it is no longer as the page
    showed it (`seen`, of `registration_mark`). Emits "registration.state_changed", as all acts here do.
    """
    return _change(actor, registration, RegistrationState.ON_BREAK, reason=reason, seen=seen, at=at)


@transaction.atomic
def suspend_registration(
    *, actor: Actor, registration: Registration, reason: str, seen: str | None = None, at: dt.datetime
) -> Registration:
    """Stop everything in a registration from today on, with a reason: a sanction, or a question that has to be settled.

    Refuses as `put_on_break` does.
    """
    return _change(actor, registration, RegistrationState.SUSPENDED, reason=reason, seen=seen, at=at)


@transaction.atomic
def resume_registration(
    *,
    actor: Actor,
    registration: Registration,
    reason: str = "",
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> Registration:
    """End a break, lift a suspension or take back that it was completed: everything goes on where it was.

    Taken back is what was completed so that what is wrong in it can be put right (R79, R84): with a reason, by somebody
    who has just proved who they are. Refuses as `put_on_break` does.
    """
    to = RegistrationState.ACTIVE
    return _change(actor, registration, to, reason=reason, reauthenticated=reauthenticated, seen=seen, at=at)


@transaction.atomic
def withdraw_registration(
    *,
    actor: Actor,
    registration: Registration,
    last_day: dt.date,
    reason: str,
    seen: str | None = None,
    at: dt.datetime,
) -> Registration:
    """End a registration whose learner leaves it, with a last day and a reason.

    What nobody has decided is closed, so that it waits for nobody; what was decided and signed stays, and counts again
    when the learner comes back (R19). Refuses as `put_on_break` does.
    """
    return _change(actor, registration, RegistrationState.WITHDRAWN, reason=reason, on=last_day, seen=seen, at=at)


@transaction.atomic
def complete_registration(
    *,
    actor: Actor,
    registration: Registration,
    on: dt.date,
    reason: str = "",
    seen: str | None = None,
    at: dt.datetime,
) -> Registration:
    """Close a registration whose award is complete, once its certificate is claimed: nothing in it changes any more.

    `reason` is what the office wants to keep with it, such as the number of the certificate. Refuses as `put_on_break`
    does.
    """
    return _change(actor, registration, RegistrationState.COMPLETED, reason=reason, on=on, seen=seen, at=at)


def _change(
    actor: Actor,
    registration: Registration,
    to: RegistrationState,
    *,
    reason: str,
    seen: str | None,
    at: dt.datetime,
    on: dt.date | None = None,
    reauthenticated: bool = False,
) -> Registration:
    require_admin(actor, "registration.state")
    hold_centre(actor.centre_id)
    held = _held(actor, registration)
    refuse_if(why_not_change(actor, held.learner))
    refuse_other(seen, registration_mark(held))
    today = clock.london_date(at)
    said = rules.plain(reason)
    day = on or today
    facts = state_facts(held, to=to, on=day, reason=said, today=today, reauthenticated=reauthenticated)
    refuse_if(rules.why_not_change_state(facts))
    row = advance_registration(actor=actor, registration=held, to=to, on=day, reason=said, at=at)
    if to in OVER:
        units = LearnerUnit.objects.for_centre(actor.centre_id).filter(registration_id=row.pk)
        close_and_settle(units=units, centre_id=actor.centre_id, at=at)
    return row


def _held(actor: Actor, registration: Registration) -> Registration:
    """Hold all work of the learner, because a piece may serve several registrations, and return this one as it is."""
    hold_work(actor.centre_id, [registration.learner_id])
    rows = Registration.objects.for_centre(actor.centre_id).select_related("qualification", "learner__person")
    row = rows.filter(pk=registration.pk).first()
    if row is None:
        raise NotFound("registration.view", registration.public_id)
    return row
