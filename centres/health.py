"""What `manage.py doctor` asks of registrations and chosen units: do they follow from what was changed? (I5)"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch

from audit.queries import not_recorded_once
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration, StateChange, UnitChange
from centres.rules.recomputing import choice_after, wrong_in_states
from common.health import called, check, each

REASON = "the doctor looks at all centres"


@check("registrations", "The state and last day of each registration follow from its changes, recorded once each.")
def registrations() -> Iterator[str]:
    changes = StateChange.objects.across_centres(reason=REASON).order_by("pk")
    rows = Registration.objects.across_centres(reason=REASON).select_related("moved_from", "moved_to")
    yield from each(rows.prefetch_related(Prefetch("state_changes", changes, to_attr="steps")), _registration)


def _registration(row: Registration) -> Iterator[str]:
    steps: list[StateChange] = row.steps  # type: ignore[attr-defined]  # fetched above
    told, moved = [(step.was, step.to, step.on) for step in steps], row.state == RegistrationState.TRANSFERRED
    followed = hasattr(row, "moved_to")
    if told or not (moved and followed):  # one that was moved before changes were kept has the one that follows it
        yield from (f"{called(row)}: {wrong}" for wrong in wrong_in_states(row.state, row.starts_on, row.ends_on, told))
    if moved != followed:
        yield f"{called(row)} is {row.state}, and {'one' if followed else 'none'} follows it"
    recorded = {"registration.state_changed": len(steps)}
    yield from (f"{called(row)}: {wrong}" for wrong in not_recorded_once(row, recorded))


@check("choices", "Units that were taken out, and no others, are no longer chosen.")
def choices() -> Iterator[str]:
    changes = UnitChange.objects.across_centres(reason=REASON).order_by("pk")
    units = LearnerUnit.objects.across_centres(reason=REASON).select_related("unit")
    fetched: list[Any] = [Prefetch("changes", changes, to_attr="choices"), Prefetch("units", units, to_attr="chosen")]
    yield from each(Registration.objects.across_centres(reason=REASON).prefetch_related(*fetched), _choice)


def _choice(row: Registration) -> Iterator[str]:
    made: list[UnitChange] = row.choices  # type: ignore[attr-defined]  # fetched above, as the next one
    units: list[LearnerUnit] = row.chosen  # type: ignore[attr-defined]
    dropped = choice_after([(change.added, change.dropped) for change in made])
    for unit in units:
        out = unit.state == UnitState.DROPPED
        if out != (unit.unit.public_id in dropped):
            yield f"{called(unit)} is {unit.state}, and {'nobody took it out' if out else 'it was taken out'}"
