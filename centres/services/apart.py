"""What the rules about duties that one person does not hold together ask of the database (R8, section 4)."""

import datetime as dt
from collections.abc import Collection

from django.db.models import F, Q, QuerySet

from centres import rules
from centres.actor import Actor
from centres.enums import LEFT
from centres.models import Allocation, Assurance, Learner, Registration
from centres.queries.countersigners import INSIDE
from centres.queries.external import looking_in_from, works_under
from centres.services.holding import hold_people
from centres.services.on_a_day import known_as
from common.refusals import Refusal
from qualifications.models import Qualification


def assured_by(
    centre_id: int,
    person_id: int,
    qualifications: Collection[Qualification],
    days: tuple[dt.date, dt.date | None],
) -> frozenset[str]:
    """Return the titles of those of these qualifications that a person assures from inside on one of these days."""
    codes = {one.entry_code for one in qualifications}
    rows = Assurance.objects.for_centre(centre_id).filter(
        membership__person_id=person_id, membership__role__in=INSIDE, entry_code__in=codes
    )
    rows = rows.exclude(membership__ends_on__lt=days[0]).exclude(ends_on__lt=days[0])
    if days[1] is not None:
        rows = rows.exclude(membership__starts_on__gt=days[1])
    pairs = set(rows.values_list("awarding_body", "entry_code"))
    found = (one for one in qualifications if pairs & {("", one.entry_code), (one.awarding_body, one.entry_code)})
    return frozenset(one.title for one in found)


def assured_in(actor: Actor, registration: Registration) -> frozenset[str]:
    """Return the title of a registration's qualification if the actor assures it from inside today."""
    return assured_by(actor.centre_id, actor.person_id, [registration.qualification], (actor.on, actor.on))


def assessed_by(centre_id: int, person_id: int, codes: Collection[str], since: dt.date) -> frozenset[str]:
    """Return the titles of qualifications with these codes in which a person looks after a learner from a day on."""
    held = Allocation.objects.for_centre(centre_id).filter(assessor_id=person_id).exclude(ends_on__lt=since)
    rows = Registration.objects.for_centre(centre_id).filter(qualification__entry_code__in=codes)
    everything = Q(learner_id__in=held.filter(registration=None).values("learner_id"))
    named = Q(pk__in=held.exclude(registration=None).values("registration_id"))
    titles = rows.exclude(state__in=LEFT).filter(everything | named).values_list("qualification__title", flat=True)
    return frozenset(titles)


def looks_after(actor: Actor, learner: Learner) -> bool:
    """Say whether the actor looks after a learner today or later, in whichever registration."""
    rows = Allocation.objects.for_centre(learner.centre_id).filter(learner=learner, assessor_id=actor.person_id)
    return bool(rows.exclude(ends_on__lt=actor.on).exists())


def ever_looked_after(actor: Actor, learner: Learner) -> bool:
    """Say whether the actor looked after a learner on any day that was or is to come, in whichever registration."""
    rows = Allocation.objects.for_centre(learner.centre_id).filter(learner=learner, assessor_id=actor.person_id)
    return bool(rows.filter(Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))).exists())


def why_not_change(actor: Actor, learner: Learner) -> list[Refusal]:
    """Say why this admin does not change units or registrations of a learner: themselves, or whom they look after."""
    own = learner.person_id == actor.person_id
    return rules.why_not_change_for(own=own, looks_after=looks_after(actor, learner))


def assurers_looking_after(
    learner: Learner, qualification: Qualification | None, since: dt.date, registration: Registration | None = None
) -> frozenset[str]:
    """Return the names of those who look after a learner from a day on and would assess there what they assure.

    Those who look after all registrations, or the one named, which is to be moved to this qualification (R8).
    """
    if qualification is None:
        return frozenset()
    rows = _looked_after(learner, registration, since).select_related("assessor")
    found = [
        row.assessor
        for row in rows
        if assured_by(learner.centre_id, row.assessor_id, [qualification], (max(since, row.starts_on), row.ends_on))
    ]
    return frozenset(known_as(learner.centre_id, person) for person in found)


def _looked_after(learner: Learner, registration: Registration | None, since: dt.date) -> QuerySet[Allocation]:
    covers = Q(registration=None) | Q(registration=registration) if registration else Q(registration=None)
    rows: QuerySet[Allocation] = Allocation.objects.for_centre(learner.centre_id).filter(covers, learner=learner)
    return rows.exclude(ends_on__lt=since)


def visitors_of_ours(centre_id: int, body: str, since: dt.date, *, also: int = 0) -> frozenset[str]:
    """Return the names of those here who look into other centres for a body that this centre comes under (R99).

    Empty where it works under that body already. The caller holds the centre; where it is new, everybody of the centre
    is held (and `also`), so that no other centre lets one of them in meanwhile. Call before anybody else is held.
    """
    if works_under(centre_id, body):
        return frozenset()
    hold_people(centre_id, since, also=also)
    found = looking_in_from(centre_id, body, since)
    return frozenset(known_as(centre_id, person) for person in found.values())
