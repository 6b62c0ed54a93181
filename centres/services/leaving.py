"""Ending roles: one of them on a day, or all of them now."""

import datetime as dt

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction

from accounts.models import User
from accounts.services import end_sessions, revoke_invitations
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import Role
from centres.models import Membership
from centres.permissions import require_admin
from centres.queries import on_day, places_of
from centres.queries.seen import days_mark, person_mark
from centres.services.holding import hold_centre
from centres.services.on_a_day import ONE_DAY, end_links, not_over, today_of
from common.refusals import Refusal, Refused, Stale, refuse_if
from common.seen import refuse_other
from common.text import say


@transaction.atomic
def end_membership(
    *, actor: Actor, membership: Membership, on: dt.date, seen: str | None = None, at: dt.datetime
) -> int:
    """Give a role the last day `on`; yesterday means that it is over at once. Emits role.ended.

    Refuses what `why_not_end` says: over already, back-dated, the last admin (B11). Stale when its dates changed since
    it was shown (`seen`, of `days_mark`). Links that need the role end with it (R13); returns how many learners lose
    their assessor.
    """
    require_admin(actor, "role.end")
    hold_centre(actor.centre_id)
    now = Membership.objects.for_centre(actor.centre_id).get(pk=membership.pk)
    refuse_other(seen, days_mark(now), sentence=_dates_changed())
    refuse_if(rules.why_not_end(_facts(membership, on, today_of(at))))
    _end(actor, membership, on, at)
    return end_links(actor, membership.person, on)


def _facts(row: Membership, on: dt.date, today: dt.date) -> rules.EndFacts:
    return rules.EndFacts(
        role=Role(row.role),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        on=on,
        today=today,
        other_admins=row.role != Role.ADMIN or _other_admins(row, max(on + ONE_DAY, today)),
    )


def _other_admins(row: Membership, day: dt.date) -> bool:
    """Say whether somebody else who can sign in is an admin on that day and stays one."""
    others = Membership.objects.for_centre(row.centre_id).filter(on_day(day), role=Role.ADMIN, ends_on=None)
    able = others.exclude(person_id=row.person_id).filter(person__is_active=True)
    return able.exclude(person__password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()


def _end(actor: Actor, row: Membership, on: dt.date, at: dt.datetime) -> None:
    """Write the last day by compare-and-swap on the one that was read."""
    same = Membership.objects.for_centre(actor.centre_id).filter(pk=row.pk, ends_on=row.ends_on)
    if not same.update(ends_on=on):
        raise Stale(sentence=_dates_changed())
    row.ends_on = on
    record("role.ended", actor=actor, obj=row, at=at, facts={"role": row.role, "on": on.isoformat()})


def _dates_changed() -> str:
    return say("Somebody changed this role meanwhile. Look at its dates, then save again.")


@transaction.atomic
def end_access(*, actor: Actor, person: User, seen: str | None = None, at: dt.datetime) -> int:
    """End all roles of a person in this centre at once: their next request is refused (C07, R13). Emits access.ended.

    Refuses the last admin (B11) and somebody without a role here. Stale when their roles are no longer as the page
    showed them (`seen`, of `person_mark`). Links to learners and open invitations end too; their
    sessions die unless they belong elsewhere. What they signed stays (R122). Returns how many learners lose their
    assessor.
    """
    require_admin(actor, "access.end")
    centre = hold_centre(actor.centre_id)
    if seen is not None:
        refuse_other(seen, person_mark(actor.centre_id, person.pk))
    today = today_of(at)
    rows = list(not_over(actor.centre_id, person.pk, today).select_related("person"))
    if not rows:
        raise Refused(Refusal("no-role", rules.say_no_role()))
    refuse_if(_reasons(rows, today))
    for row in rows:
        _end(actor, row, _last_day(row, today), at)
    lost = end_links(actor, person, today - ONE_DAY)
    revoke_invitations(person=person, centre_number=centre.number, at=at)
    record("access.ended", actor=actor, obj=person, at=at, facts={"roles": len(rows), "learners": lost})
    if not places_of(person.pk, today):
        end_sessions(person=person, at=at)
    return lost


def _last_day(row: Membership, today: dt.date) -> dt.date:
    return max(today, row.starts_on) - ONE_DAY


def _reasons(rows: list[Membership], today: dt.date) -> list[Refusal]:
    found = [r for row in rows for r in rules.why_not_end(_facts(row, _last_day(row, today), today))]
    return list(dict.fromkeys(found))
