"""Reading centres: where a person belongs today, and what is in force on a day."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.models import User
from centres.actor import Actor
from centres.enums import OVER, RegistrationState, Role
from centres.models import Learner, Membership, Registration


@dataclass(frozen=True, slots=True)
class Place:
    """A centre where a person holds roles today. `takes_work`: a registration of theirs there takes work today."""

    centre_id: int
    centre_number: str
    centre_name: str
    roles: frozenset[Role]
    learner_id: int | None
    takes_work: bool = False


def on_day(day: dt.date, prefix: str = "") -> Q:
    """Return the condition "in force on this day" for rows with starts_on and ends_on (both inclusive)."""
    return Q(**{f"{prefix}starts_on__lte": day}) & (
        Q(**{f"{prefix}ends_on": None}) | Q(**{f"{prefix}ends_on__gte": day})
    )


def places_of(person_id: int, day: dt.date) -> tuple[Place, ...]:
    """Return every centre where the person holds a role on this day, by name. One query."""
    learner = Learner.objects.across_centres(reason="who is this person, anywhere").filter(
        person_id=OuterRef("person_id"), centre_id=OuterRef("centre_id")
    )
    running = Registration.objects.across_centres(reason="who is this person, anywhere").filter(
        taking_work(day), learner__person_id=OuterRef("person_id"), centre_id=OuterRef("centre_id")
    )
    rows = (
        Membership.objects.across_centres(reason="who is this person, anywhere")
        .filter(on_day(day), person_id=person_id)
        .annotate(learner_row=Subquery(learner.values("pk")[:1]), running=Exists(running))
        .order_by("centre__name", "centre_id", "role")
        .values_list("centre_id", "centre__number", "centre__name", "role", "learner_row", "running")
    )
    found: dict[int, Place] = {}
    for centre_id, number, name, role, learner_id, takes in rows:
        roles = found[centre_id].roles if centre_id in found else frozenset()
        found[centre_id] = Place(centre_id, number, name, roles | {Role(role)}, learner_id, takes)
    return tuple(found.values())


def actor_at(places: tuple[Place, ...], person: User, number: str, *, on: dt.date, request_id: str) -> Actor | None:
    """Return who this person is in the centre with this number, or None: no such centre, or no role there today."""
    for place in places:
        if place.centre_number == number:
            return Actor(
                person_id=person.pk,
                name=person.full_name,
                centre_id=place.centre_id,
                centre_number=place.centre_number,
                centre_name=place.centre_name,
                roles=place.roles,
                on=on,
                learner_id=place.learner_id if Role.LEARNER in place.roles else None,
                request_id=request_id,
            )
    return None


def is_active_registration(registration: Registration, day: dt.date) -> bool:
    """Say whether work may go on under this registration on this day (R82)."""
    ended = registration.ends_on is not None and registration.ends_on < day
    return registration.state == RegistrationState.ACTIVE and registration.starts_on <= day and not ended


def has_lapsed(registration: Registration, day: dt.date) -> bool:
    """Say whether the last day for certificates passed before a registration was over (3.5). Reads its qualification.

    Derived and not stored: it is so on the very day, without a job that may be late, without anybody who would have
    done it, and in every list alike. What was sent before can still be judged and signed, so that it is on record
    (R16); the way on is a move to a version that goes on.
    """
    last = registration.qualification.last_certification_on
    return registration.state not in OVER and last is not None and last < day


def takes_work(registration: Registration, day: dt.date) -> bool:
    """Say whether a learner may still send work for a registration on this day: active, and not lapsed."""
    return is_active_registration(registration, day) and not has_lapsed(registration, day)


def taking_work(day: dt.date) -> Q:
    """Return the condition "takes work on this day" for registrations: what `takes_work` says of one."""
    last = "qualification__last_certification_on"
    return Q(state=RegistrationState.ACTIVE) & on_day(day) & (Q(**{last: None}) | Q(**{f"{last}__gte": day}))
