"""What waits for the learner: sent back, begun and not sent."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Q

from centres.actor import Actor
from portfolio.enums import ClaimState, EvidenceState
from portfolio.models import Evidence
from portfolio.queries.learner.own import learner_of


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A piece that waits for its learner."""

    public_id: str
    title: str
    saved_at: dt.datetime
    things: int


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
        .annotate(things=Count("claims", filter=~Q(claims__state=ClaimState.CLOSED)))
        .order_by(order, "pk")
    )
    return [Unfinished(row.public_id, row.title, row.saved_at, row.things) for row in rows[:20]]
