"""Reading centres: where a person belongs today, and who may see which learner."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts.models import User
from centres.actor import Actor
from centres.enums import RegistrationState, Role, UnitState
from centres.models import Allocation, Assurance, Countersigner, Learner, LearnerUnit, Membership, Registration


@dataclass(frozen=True, slots=True)
class Place:
    """A centre where a person holds roles today."""

    centre_id: int
    centre_number: str
    centre_name: str
    roles: frozenset[Role]
    learner_id: int | None


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
    rows = (
        Membership.objects.across_centres(reason="who is this person, anywhere")
        .filter(on_day(day), person_id=person_id)
        .annotate(learner_row=Subquery(learner.values("pk")[:1]))
        .order_by("centre__name", "centre_id", "role")
        .values_list("centre_id", "centre__number", "centre__name", "role", "learner_row")
    )
    found: dict[int, Place] = {}
    for centre_id, number, name, role, learner_id in rows:
        roles = found[centre_id].roles if centre_id in found else frozenset()
        found[centre_id] = Place(centre_id, number, name, roles | {Role(role)}, learner_id)
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


def visible_learners(actor: Actor) -> QuerySet[Learner]:
    """Return the learners this actor may see today, and no others (R13, R99, R126).

    An admin: all of the centre. An assessor: those allocated today, and those of trainees they countersign. A quality
    assurer: those registered for a qualification they look after. A learner: themselves.
    """
    learners = Learner.objects.for_centre(actor.centre_id)
    if actor.is_admin:
        return learners
    allowed = Q(pk=actor.learner_id) if actor.is_learner else Q(pk__in=[])
    if actor.assesses:
        allowed |= Q(Exists(_allocated(actor)))
    if actor.qualified:
        allowed |= Q(Exists(_countersigned(actor)))
        allowed |= Q(Exists(countersigned_by_any(actor).filter(learner_id=OuterRef("pk"))))
    if actor.assures:
        allowed |= Q(Exists(_assured(actor)))
    return learners.filter(allowed)


def assessed_learners(actor: Actor) -> QuerySet[Learner]:
    """Return the learners allocated to this actor today (R13): whom they may judge, never themselves (R8)."""
    learners = Learner.objects.for_centre(actor.centre_id)
    if not actor.assesses:
        return learners.none()
    return learners.filter(Exists(_allocated(actor))).exclude(person_id=actor.person_id)


def _allocated(actor: Actor) -> QuerySet[Allocation]:
    return Allocation.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on), learner_id=OuterRef("pk"), assessor_id=actor.person_id
    )


def _countersigned(actor: Actor) -> QuerySet[Allocation]:
    mine = Countersigner.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on), countersigner_id=actor.person_id, trainee_id=OuterRef("assessor_id")
    )
    return Allocation.objects.for_centre(actor.centre_id).filter(
        Exists(mine), on_day(actor.on), learner_id=OuterRef("pk")
    )


def countersigned_by_any(actor: Actor) -> QuerySet[LearnerUnit]:
    """Return signed units that any qualified assessor but those who took part may countersign (R6).

    They rest on a trainee for whom nobody able is named: the countersigner left, or decided or signed here themselves.
    """
    able = Membership.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on), person_id=OuterRef("countersigner_id"), role=Role.ASSESSOR
    )
    named = Countersigner.objects.for_centre(actor.centre_id).filter(
        Exists(able), on_day(actor.on), trainee_id=OuterRef("rests_on_trainee_id")
    )
    rows = LearnerUnit.objects.for_centre(actor.centre_id)
    if not actor.qualified:
        return rows.none()
    signed = rows.filter(state=UnitState.ASSESSOR_SIGNED, rests_on_trainee__isnull=False)
    return signed.filter(Q(countersign_by_any=True) | ~Exists(named)).exclude(learner__person_id=actor.person_id)


def _assured(actor: Actor) -> QuerySet[Registration]:
    codes = Assurance.objects.for_centre(actor.centre_id).filter(
        on_day(actor.on, "membership__"), membership__person_id=actor.person_id
    )
    return (
        Registration.objects.for_centre(actor.centre_id)
        .exclude(state=RegistrationState.WITHDRAWN)
        .filter(learner_id=OuterRef("pk"), qualification__entry_code__in=codes.values("entry_code"))
    )


def is_active_registration(registration: Registration, day: dt.date) -> bool:
    """Say whether work may go on under this registration on this day (R82)."""
    ended = registration.ends_on is not None and registration.ends_on < day
    return registration.state == RegistrationState.ACTIVE and registration.starts_on <= day and not ended
