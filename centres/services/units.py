"""The state of a learner's unit: one step of its table, by compare-and-swap (3.3)."""

import datetime as dt

from django.db import transaction

from centres.enums import OPEN_UNITS, UNIT_TRANSITIONS, UnitState
from centres.models import LearnerUnit
from centres.rules.countersigning import Countersigning
from common.refusals import Refusal, Refused, Stale
from common.text import say


@transaction.atomic
def advance_unit(
    *,
    learner_unit: LearnerUnit,
    expected: str,
    to: UnitState,
    at: dt.datetime,
    countersigning: Countersigning | None = None,
) -> LearnerUnit:
    """Move a unit from the state the caller saw to the next one and return it fresh.

    Refuses a step that the table does not have. Stale, with the time of the change, when somebody was faster. It asks
    for no right: that is the caller's, who signs or reopens (assessments), and who says with a signature whether it has
    to be countersigned; a unit that opens again forgets it.
    """
    if to not in UNIT_TRANSITIONS[UnitState(expected)]:
        raise Refused(Refusal("unit-step", say("This unit cannot change like that now.")))
    rows = LearnerUnit.objects.for_centre(learner_unit.centre_id).filter(pk=learner_unit.pk)
    said = Countersigning() if to in OPEN_UNITS else countersigning  # an open unit rests on nobody's signature
    more = {"rests_on_trainee_id": said.trainee_id, "countersign_by_any": said.by_any} if said else {}
    moved = rows.filter(state=expected).update(state=to, changed_at=at, **more)
    fresh = rows.select_related("unit", "place", "learner__person", "registration__qualification").get()
    if not moved:
        raise Stale(at=fresh.changed_at)
    return fresh
