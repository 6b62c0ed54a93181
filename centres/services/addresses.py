"""The office corrects the address of somebody who never joined: a slip at registration locks nobody out."""

import datetime as dt

from django.db import transaction

from accounts import services as accounts
from accounts.models import User
from accounts.rules import plain_address
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.models import Correction, Learner
from centres.permissions import require_admin
from centres.queries.addresses import known_elsewhere, looks_from_outside
from centres.queries.seen import address_mark
from centres.services.holding import hold_centre, hold_person
from centres.services.letters import ask_for_letter
from centres.services.on_a_day import not_over, today_of
from common.refusals import refuse_if
from common.seen import refuse_other


@transaction.atomic
def correct_address(
    *, actor: Actor, person: User, address: str, reason: str, seen: str | None = None, at: dt.datetime
) -> User:
    """Give somebody who never joined, and whom this centre alone knows, the right address and send a new link there.

    Links that went to the other address stop working. Refuses what `why_not_address` and `why_not_correct_address` say:
    somebody with a login in use, known elsewhere, an external quality assurer (R100), an address that cannot be had. A
    learner's record keeps what it was and why. Stale when the address is no longer the one that the page showed
    (`seen`, of `address_mark`). Emits account.address_corrected and person.address_corrected.
    """
    require_admin(actor, "person.address")
    hold_centre(actor.centre_id)
    hold_person(person.pk)
    now = User.objects.get(pk=person.pk)
    refuse_other(seen, address_mark(now))
    facts = rules.AddressFacts(
        address=plain_address(address),
        reason=rules.plain(reason),
        here=not_over(actor.centre_id, now.pk, today_of(at)).exists(),
        elsewhere=known_elsewhere(actor.centre_id, now.pk),
        external=looks_from_outside(now.pk),
    )
    refuse_if(rules.why_not_address(facts))
    was = now.email
    row = accounts.correct_address(person=now, address=facts.address, by_id=actor.person_id, at=at)
    _keep(actor, row, was, facts.reason, at)
    record("person.address_corrected", actor=actor, obj=row, at=at)
    ask_for_letter(actor.centre_id, row.pk, actor.person_id)
    return row


def _keep(actor: Actor, person: User, was: str, reason: str, at: dt.datetime) -> None:
    """Keep with a learner's record what the address was, and why it was corrected."""
    learner = Learner.objects.for_centre(actor.centre_id).filter(person=person).first()
    if learner is None:
        return
    Correction.objects.create(
        centre_id=actor.centre_id,
        learner=learner,
        by_id=actor.person_id,
        by_name=actor.name,
        at=at,
        changes=[{"field": "email", "from": was, "to": person.email}],
        reason=reason,
    )
