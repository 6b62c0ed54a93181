"""What admins and lead quality assurers of the demo decide about units: certificates, another choice, more evidence."""

import dataclasses
import datetime as dt

from assessments.services import Certificate, record_exemption, settle_exemption
from centres.enums import UlnStatus
from centres.models import LearnerUnit, Registration, SufficiencyRule
from centres.queries.records import record_of
from centres.services import Corrected, NumberStep, correct_record, decide_rule, propose_rule, step_number
from common import clock
from demo.people import NORTHGATE
from demo.stage import Stage
from portfolio.services import change_choice
from qualifications.models import Place

PERFORMANCE, PROMOTING, HANDOVERS = "L-506-1788", "L-506-2133", "A-506-2158"
CERTIFICATE = Certificate(
    awarding_body="Example Awards",
    unit_reference="L/506/1788",
    unit_title="Manage personal performance and development",
    awarded_on=dt.date(2024, 7, 12),
    certificate_number="EX-2024-0712",
    checked_at="the register of the awarding body, by telephone",
)
#: Both sat the same course, and the number is that of the group: what the second person has to look at twice.
REUSED = "The awarding body numbers a group's certificates once. Both names stand on its list of 12 July 2024."


def settle(stage: Stage, now: dt.datetime) -> None:
    """Let one person begin and another decide, as the rules want it."""
    admin, lead = stage.actor("rowan", NORTHGATE, now), stage.actor("heather", NORTHGATE, now)
    exempt = record_exemption(
        actor=admin, learner_unit=stage.unit("amir", PERFORMANCE), certificate=CERTIFICATE, at=now
    )
    settle_exemption(actor=lead, exemption=exempt, approves=True, reauthenticated=True, at=now)
    record_exemption(
        actor=admin, learner_unit=stage.unit("clover", PERFORMANCE), certificate=CERTIFICATE, reused=REUSED, at=now
    )
    agreed = _rule(stage, now, PROMOTING, "Selling well once can be luck. Two days show that it is not.")
    decide_rule(actor=lead, rule=agreed, agrees=True, at=now)
    _rule(stage, now, HANDOVERS, "A handover has two ends. We want to see one from each.")
    _choose_again(stage, now)
    _put_right(stage, now)


def _put_right(stage: Stage, now: dt.datetime) -> None:
    """Correct what was typed of Iris when she joined, and ask for her learner number."""
    admin, day = stage.actor("rowan", NORTHGATE, now), clock.london_date(now)
    iris = stage.learner("iris")
    right = dataclasses.replace(record_of(iris), workplace="Example Direct, contact centre, second floor")
    reason = "The contact centre moved upstairs in autumn."
    correct_record(actor=admin, learner=iris, corrected=Corrected(record=right, reason=reason), at=now)
    asked = NumberStep(to=UlnStatus.REQUESTED, day=day, notice="LRS privacy notice, May 2024", notice_on=day)
    step_number(actor=admin, learner=stage.learner("iris"), step=asked, at=now)


def _rule(stage: Stage, now: dt.datetime, unit_key: str, reason: str) -> SufficiencyRule:
    return propose_rule(
        actor=stage.actor("rowan", NORTHGATE, now),
        unit_key=unit_key,
        kind="competence",
        asked={"pieces": 2, "occasions": 2},
        starts_on=clock.london_date(now),
        reason=reason,
        at=now,
    )


def _choose_again(stage: Stage, now: dt.datetime) -> None:
    """Give Clover another unit, because she works somewhere else now."""
    learner = stage.learner("clover")
    registration = Registration.objects.for_centre(learner.centre_id).get(learner=learner)
    rows = LearnerUnit.objects.for_centre(registration.centre_id).filter(registration=registration)
    chosen = set(rows.values_list("place_id", flat=True))
    places = Place.objects.filter(group__qualification_id=registration.qualification_id)
    more = places.exclude(pk__in=chosen).filter(group__code="C").order_by("position").first()
    ids = [*chosen, *([more.pk] if more else [])]
    reason = "She answers the telephone at the returns desk now."
    change_choice(
        actor=stage.actor("rowan", NORTHGATE, now), registration=registration, place_ids=ids, reason=reason, at=now
    )
