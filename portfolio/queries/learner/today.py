"""What waits for the learner: sent back, begun and not sent."""

import datetime as dt
from dataclasses import dataclass

from centres.actor import Actor
from portfolio.enums import EvidenceState
from portfolio.models import Evidence
from portfolio.queries.learner.own import learner_of


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A piece that waits for its learner."""

    public_id: str
    title: str
    kind: str
    saved_at: dt.datetime


def sent_back(actor: Actor) -> list[Unfinished]:
    """Return the pieces that an assessor sent back, longest waiting first. One query."""
    return _waiting(actor, EvidenceState.RETURNED, "saved_at")


def unfinished(actor: Actor) -> list[Unfinished]:
    """Return the drafts, the one touched last first. One query."""
    return _waiting(actor, EvidenceState.DRAFT, "-saved_at")


def _waiting(actor: Actor, state: EvidenceState, order: str) -> list[Unfinished]:
    rows = (
        Evidence.objects.for_centre(actor.centre_id)
        .filter(learner_id=learner_of(actor), state=state)
        .order_by(order, "pk")
    )
    return [Unfinished(row.public_id, row.title, row.kind, row.saved_at) for row in rows[:20]]
