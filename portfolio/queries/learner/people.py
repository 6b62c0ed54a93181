"""Who helps this learner, and what they answered last time."""

from dataclasses import dataclass

from centres.actor import Actor
from centres.models import Allocation
from centres.queries import on_day
from portfolio.enums import EvidenceState
from portfolio.models import Evidence
from portfolio.queries.learner.own import learner_of


@dataclass(frozen=True, slots=True)
class Helper:
    """The assessor who looks after a learner today; both names are empty when nobody does."""

    name: str = ""
    full_name: str = ""


def my_assessor(actor: Actor) -> Helper:
    """Return who looks after this learner today: the latest allocation. One query."""
    row = (
        Allocation.objects.for_centre(actor.centre_id)
        .filter(on_day(actor.on), learner_id=learner_of(actor))
        .select_related("assessor")
        .order_by("-starts_on", "-pk")
        .first()
    )
    return Helper(row.assessor.given_name, row.assessor.full_name) if row else Helper()


def latest_setting(actor: Actor) -> str:
    """Return where the last sent piece happened, or "": a first answer, to be changed (R61). One query."""
    found: str | None = (
        Evidence.objects.for_centre(actor.centre_id)
        .filter(learner_id=learner_of(actor))
        .exclude(state=EvidenceState.DRAFT)
        .exclude(setting="")
        .order_by("-submitted_at", "-pk")
        .values_list("setting", flat=True)
        .first()
    )
    return found or ""
