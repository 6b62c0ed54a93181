"""Who countersigns a trainee's decisions."""

import datetime as dt

from django.db import transaction

from accounts.models import User
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import Role
from centres.models import Countersigner, Membership
from centres.permissions import require_admin
from centres.queries.countersigners import countersigners_apart
from centres.queries.seen import days_mark, person_mark
from centres.services.caseload import is_qualified
from centres.services.holding import hold_centre
from centres.services.on_a_day import known_as, roles_on, today_of
from common.refusals import NotFound, Stale, refuse_if
from common.seen import refuse_other
from common.text import say


@transaction.atomic
def set_countersigner(
    *,
    actor: Actor,
    trainee_id: int,
    countersigner_id: int,
    starts_on: dt.date,
    seen: str | None = None,
    at: dt.datetime,
) -> Countersigner:
    """Let a qualified assessor countersign a trainee's decisions from a day on (R6). Earlier countersigners stay.

    Refuses what `why_not_countersign_for` says; somebody who is not of this centre is not found. Stale
    when the trainee is no longer as the page showed them (`seen`, of `person_mark`). Emits countersigner.set.
    """
    require_admin(actor, "countersigner.set")
    hold_centre(actor.centre_id)
    if seen is not None:
        refuse_other(seen, person_mark(actor.centre_id, trainee_id))
    trainee, other = _person(actor, trainee_id), _person(actor, countersigner_id)
    refuse_if(rules.why_not_countersign_for(_facts(actor, trainee, other, starts_on, today_of(at))))
    row: Countersigner = Countersigner.objects.create(
        centre_id=actor.centre_id, trainee=trainee, countersigner=other, starts_on=starts_on, created_at=at
    )
    facts = {"trainee": trainee.public_id, "countersigner": other.public_id}
    record("countersigner.set", actor=actor, obj=row, at=at, facts=facts)
    return row


def _person(actor: Actor, person_id: int) -> User:
    here = Membership.objects.for_centre(actor.centre_id).filter(person_id=person_id)
    row = here.select_related("person").first()
    if row is None:
        raise NotFound("countersigner.set")
    return row.person


def _facts(actor: Actor, trainee: User, other: User, starts_on: dt.date, today: dt.date) -> rules.CountersignerFacts:
    rows = Countersigner.objects.for_centre(actor.centre_id).exclude(ends_on__lt=today)
    apart = countersigners_apart(actor.centre_id, trainee.pk, [other.pk], starts_on)
    return rules.CountersignerFacts(
        trainee_id=trainee.pk,
        countersigner_id=other.pk,
        trainee_name=known_as(actor.centre_id, trainee),
        countersigner_name=known_as(actor.centre_id, other),
        trainee_in_training=Role.TRAINEE in roles_on(actor.centre_id, trainee.pk, starts_on),
        countersigner_qualified=is_qualified(actor.centre_id, other.pk, starts_on),
        starts_on=starts_on,
        today=today,
        already=rows.filter(trainee=trainee, countersigner=other).exists(),
        reverse=rows.filter(trainee=other, countersigner=trainee).exists(),
        assured=apart.of(other.pk),
        everything=other.pk in apart.everything,
    )


@transaction.atomic
def end_countersigner(
    *, actor: Actor, link: Countersigner, on: dt.date, seen: str | None = None, at: dt.datetime
) -> None:
    """Give a countersigner the last day `on`; yesterday means at once. Decisions already countersigned stay.

    Refuses what `why_not_end_link` says. Stale when its dates changed (`seen`, of `days_mark`). Emits
    countersigner.ended.
    """
    require_admin(actor, "countersigner.end")
    hold_centre(actor.centre_id)
    now = Countersigner.objects.for_centre(actor.centre_id).get(pk=link.pk)
    refuse_other(seen, days_mark(now), sentence=_dates_changed())
    refuse_if(rules.why_not_end_link(link.starts_on, link.ends_on, on, today_of(at)))
    same = Countersigner.objects.for_centre(actor.centre_id).filter(pk=link.pk, ends_on=link.ends_on)
    if not same.update(ends_on=on):
        raise Stale(sentence=_dates_changed())
    record("countersigner.ended", actor=actor, obj=link, at=at, facts={"on": on.isoformat()})


def _dates_changed() -> str:
    return say("Somebody changed this meanwhile. Look at the dates, then save again.")
