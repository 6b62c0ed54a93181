"""What every act of this package needs: the day, who somebody is on a day, and links that end."""

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.models import User
from centres.actor import Actor
from centres.enums import ASSESSING, Role
from centres.models import Allocation, Countersigner, Membership
from centres.queries import on_day
from common import clock

ONE_DAY = dt.timedelta(days=1)


def today_of(at: dt.datetime) -> dt.date:
    """Return the day of an act where the centres are."""
    return clock.london_date(at)


def not_over(centre_id: int, person_id: int, day: dt.date) -> QuerySet[Membership]:
    """Return the roles of a person in a centre that are in force on that day or will be."""
    rows = Membership.objects.for_centre(centre_id).filter(person_id=person_id)
    return rows.exclude(ends_on__lt=day).order_by("starts_on", "id")


def roles_on(centre_id: int, person_id: int, day: dt.date) -> frozenset[Role]:
    """Return the roles of a person in a centre on one day."""
    rows = Membership.objects.for_centre(centre_id).filter(on_day(day), person_id=person_id)
    return frozenset(Role(role) for role in rows.values_list("role", flat=True))


def known_as(centre_id: int, person: User) -> str:
    """Return the name under which this centre knows a person."""
    rows = Membership.objects.for_centre(centre_id).filter(person=person).exclude(known_as="")
    return rows.values_list("known_as", flat=True).order_by("-id").first() or person.full_name


def end_links(actor: Actor, person: User, on: dt.date) -> int:
    """End, with `on` as last day, whom a person looks after and countersigns for, once no assessing role is left.

    Returns how many learners lose their assessor. Links that begin later never begin.
    """
    if roles_on(actor.centre_id, person.pk, on + ONE_DAY) & ASSESSING:
        return 0
    allocations = Allocation.objects.for_centre(actor.centre_id).filter(assessor=person)
    countersigners = Countersigner.objects.for_centre(actor.centre_id)
    close(countersigners.filter(countersigner=person), on)
    close(countersigners.filter(trainee=person), on)
    return close(allocations, on)


def close(rows: Iterable[Allocation] | Iterable[Countersigner], on: dt.date) -> int:
    """Give dated links the last day `on`, or the day before they begin when that is later; return how many changed."""
    open_rows = [row for row in rows if row.ends_on is None or row.ends_on > on]
    for row in open_rows:
        row.ends_on = max(on, row.starts_on - ONE_DAY)
        row.save(update_fields=["ends_on"])
    return len(open_rows)
