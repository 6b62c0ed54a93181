"""Who leads the quality assurance of a qualification, and who runs the centre without taking part (section 4)."""

import datetime as dt

from accounts.models import User
from centres.actor import Actor
from centres.enums import Role
from centres.models import Allocation, Membership, Registration
from centres.queries.core import on_day
from centres.queries.world import assurances


def leads(actor: Actor, registration: Registration) -> bool:
    """Say whether this actor is the lead quality assurer of the registration's qualification today. One query."""
    if not actor.holds(Role.LEAD_IQA):
        return False
    found = registration.qualification
    rows = assurances(actor).filter(membership__role=Role.LEAD_IQA, entry_code=found.entry_code)
    return rows.filter(awarding_body__in=("", found.awarding_body)).exists()


def manages(actor: Actor, learner_id: int) -> bool:
    """Say whether this actor runs the centre and does not look after this learner (section 4). One query."""
    if not actor.is_admin or actor.learner_id == learner_id:
        return False
    mine = Allocation.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on), learner_id=learner_id, assessor_id=actor.person_id
    )
    return not mine.exists()


def admins_of(centre_id: int, day: dt.date) -> list[User]:
    """Return who runs the centre on a day and can sign in, in the order in which they came. One query."""
    rows = Membership.objects.for_centre(centre_id).filter(on_day(day), role=Role.ADMIN, person__is_active=True)
    return [row.person for row in rows.select_related("person").order_by("pk")]
