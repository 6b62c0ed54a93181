"""Moving a registration to another version, qualification or level: the centre's part of it (R34)."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db import transaction

from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import UNCONFIRMED_UNITS, RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from centres.permissions import require_admin
from centres.queries.award import award_complete
from centres.queries.seen import choice_mark
from centres.services.apart import assurers_looking_after, looks_after
from centres.services.caseload import follow_registration
from centres.services.holding import hold_centre, hold_units_of
from centres.services.on_a_day import today_of
from centres.services.registering import (
    entry_facts,
    entry_for,
    is_registered,
    ours_looking_in,
    write_registration,
)
from centres.services.registration_states import advance_registration
from common.refusals import refuse_if
from common.seen import refuse_other


@transaction.atomic
def move_registration(
    *,
    actor: Actor,
    registration: Registration,
    qualification_id: int,
    place_ids: Collection[int],
    reason: str,
    entry_confirmed: str = "",
    confirmed: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> Registration:
    """End a registration as moved and write the one it leads to, from today on, with these units (R34, 3.5).

    For `assessments.services.transfer_registration`, which also looks after the work. `entry_confirmed` says how
    somebody knows that the new one takes learners, where its last day of entry is not known (R16); `confirmed` that a
    complete award is left behind knowingly: it stays complete, with its units, where it is. Refuses what
    `why_not_move` and `why_not_register` say; asked again for the same target it returns the registration it made
    before. Stale when somebody changed the old one or its units meanwhile (`seen`, of `choice_mark`). Emits
    registration.state_changed, learner.registered and registration.moved.
    """
    require_admin(actor, "registration.move")
    hold_centre(actor.centre_id)
    entry = entry_for(actor, qualification_id, place_ids, today_of(at), at=at, confirmed=entry_confirmed)
    ours = ours_looking_in(actor, entry)  # people are held before registrations
    old, units = hold_units_of(registration)
    own, mine = old.learner.person_id == actor.person_id, looks_after(actor, old.learner)
    refuse_if(rules.why_not_enter(rules.EnteringFacts(own=own, looks_after=mine)))
    made = (
        Registration.objects.for_centre(actor.centre_id)
        .filter(moved_from=old, qualification_id=qualification_id)
        .first()
    )
    if made is not None:
        return made
    if seen is not None:
        refuse_other(seen, choice_mark(old))
    facts = rules.MoveFacts(
        state=old.state,
        same=old.qualification_id == qualification_id,
        reason=reason,
        complete=award_complete(old),
        confirmed=confirmed,
        signed=_titles(unit for unit in units.values() if unit.state in UNCONFIRMED_UNITS),
        disputed=_titles(unit for unit in units.values() if unit.disputed and unit.state != UnitState.DROPPED),
    )
    assurers = assurers_looking_after(old.learner, entry.qualification, actor.on, old)
    registered = is_registered(old.learner, entry.qualification, besides=old.pk)
    entered = replace(entry_facts(actor.centre_id, entry, old.learner.person.email), registered=registered)
    apart = rules.why_not_enter(rules.EnteringFacts(own=own, assurers=assurers, ours=ours))
    refuse_if([*apart, *rules.why_not_move(facts), *rules.why_not_register(entered)])
    advance_registration(
        actor=actor, registration=old, to=RegistrationState.TRANSFERRED, on=entry.starts_on, reason=reason, at=at
    )
    new = write_registration(actor, old.learner, entry, moved_from=old, reason=reason.strip())
    follow_registration(actor=actor, old=old, new=new, at=at)
    moved = {"from": old.public_id, "qualification": new.qualification.public_id, "units": len(entry.wanted)}
    record("registration.moved", actor=actor, obj=new, at=at, facts=moved)
    return new


def _titles(units: Iterable[LearnerUnit]) -> tuple[str, ...]:
    return tuple(unit.unit.title for unit in sorted(units, key=lambda unit: (unit.position, unit.pk)))
