"""The present choice of units of a learner's registrations, weighed against their rules (R20)."""

from dataclasses import dataclass

from centres.actor import Actor
from centres.enums import DONE_UNITS, LEFT, UnitState
from centres.models import Learner, LearnerUnit
from centres.queries.world import visible_registrations
from qualifications.queries import StoredRule, rules_of
from qualifications.rules import Evaluation


@dataclass(frozen=True, slots=True)
class WeighedChoice:
    """What a registration's chosen units come to."""

    title: str
    entry_code: str
    found: Evaluation


def weighed_choices(actor: Actor, learner: Learner) -> list[WeighedChoice]:
    """Return the choices of a learner's registrations that this actor may see, the newest first. Two queries.

    Without those that were left.
    """
    rows = (
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner=learner, registration__in=visible_registrations(actor))
        .exclude(state=UnitState.DROPPED)
        .exclude(registration__state__in=LEFT)
        .select_related("registration__qualification")
        .order_by("-registration__starts_on", "-registration_id")
    )
    chosen: dict[int, list[LearnerUnit]] = {}
    for row in rows:
        chosen.setdefault(row.registration_id, []).append(row)
    stored = rules_of(units[0].registration.qualification_id for units in chosen.values())
    return [_weighed(units, stored[units[0].registration.qualification_id]) for units in chosen.values()]


def _weighed(units: list[LearnerUnit], stored: StoredRule) -> WeighedChoice:
    qualification = units[0].registration.qualification
    settled = [u.unit_id for u in units if u.state in DONE_UNITS]
    exempt = [u.unit_id for u in units if u.state == UnitState.EXEMPT]
    found = stored.weigh([u.unit_id for u in units], settled, exempt)
    return WeighedChoice(qualification.title, qualification.entry_code, found)
