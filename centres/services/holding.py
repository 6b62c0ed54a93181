"""The one order in which rows are held (decision 9): centre, person, registrations, units; then evidence, mappings.

Every act that reads what another act may change holds it first, reads again, and only then asks its rules. Evidence is
held by `portfolio.services.holding`. Rows are held without their key: others can still write rows that point to them.
"""

import datetime as dt
from collections.abc import Collection, Iterable

from django.db.models import Q

from accounts.models import User
from centres.models import Centre, LearnerUnit, Membership, Registration
from common.refusals import NotFound


def hold_centre(centre_id: int) -> Centre:
    """Return the centre's row, held until the end of the transaction: its people change one act after another."""
    return Centre.objects.select_for_update(of=("self",), no_key=True).get(pk=centre_id)


def hold_person(person_id: int) -> None:
    """Hold a person until the end of the transaction, after the centre: no other centre decides about them meanwhile.

    For acts that ask what somebody is in another centre (R99). One query.
    """
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=person_id)


def hold_people(centre_id: int, since: dt.date, *, also: int = 0) -> None:
    """Hold everybody who is of a centre on a day or later, and one person more, by key, after the centre.

    For the rare act that changes what all of them are: the centre comes under another awarding body (R99). One query.
    """
    here = Membership.objects.for_centre(centre_id).exclude(ends_on__lt=since)
    rows = User.objects.filter(Q(pk__in=here.values("person")) | Q(pk=also)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))


def hold_registrations(centre_id: int, ids: Collection[int]) -> dict[int, Registration]:
    """Hold registrations by key and return them as they are now, by id. One query."""
    rows = Registration.objects.for_centre(centre_id).select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk__in=ids).select_related("qualification", "learner__person").order_by("pk")
    return {row.pk: row for row in found}


def hold_work(centre_id: int, learner_ids: Iterable[int]) -> dict[int, LearnerUnit]:
    """Hold all registrations of these learners, then all their units, and return the units as they are now, by id.

    For acts on evidence, which may touch units of every registration of its learner. Two queries.
    """
    registrations = Registration.objects.for_centre(centre_id).filter(learner_id__in=list(learner_ids))
    rows = registrations.select_for_update(of=("self",), no_key=True).select_related("qualification").order_by("pk")
    return _hold_units(centre_id, {row.pk: row for row in rows})


def hold_unit(learner_unit: LearnerUnit) -> LearnerUnit:
    """Hold the registration of a unit and the unit, and return the unit as it is now. Two queries.

    A unit that is gone is not found.
    """
    held = hold_registrations(learner_unit.centre_id, [learner_unit.registration_id])
    units = _hold_units(learner_unit.centre_id, held, only=[learner_unit.pk])
    if learner_unit.pk not in units:
        raise NotFound("unit.view", learner_unit.public_id)
    return units[learner_unit.pk]


def hold_units_of(registration: Registration) -> tuple[Registration, dict[int, LearnerUnit]]:
    """Hold a registration and all its units, and return them as they are now. Two queries."""
    held = hold_registrations(registration.centre_id, [registration.pk])
    if registration.pk not in held:
        raise NotFound("registration.view", registration.public_id)
    return held[registration.pk], _hold_units(registration.centre_id, held)


def _hold_units(
    centre_id: int, registrations: dict[int, Registration], only: Collection[int] | None = None
) -> dict[int, LearnerUnit]:
    rows = LearnerUnit.objects.for_centre(centre_id).filter(registration_id__in=registrations.keys())
    rows = rows if only is None else rows.filter(pk__in=only)
    held = rows.select_for_update(of=("self",), no_key=True).select_related("unit", "place", "learner__person")
    units = {unit.pk: unit for unit in held.order_by("pk")}
    for unit in units.values():
        unit.registration = registrations[unit.registration_id]  # as it was read under its own lock
    return units
