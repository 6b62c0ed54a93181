"""The actor's own rows: a learner who assesses too gets only their own here, whatever else they may see."""

from centres.actor import Actor
from common.refusals import Forbidden, NotFound
from portfolio.models import Evidence


def learner_of(actor: Actor) -> int:
    """Return whose rows these are. Refuses (403) somebody who is no learner of this centre today."""
    if actor.learner_id is None:
        raise Forbidden("learner.own")
    return actor.learner_id


def plain(text: str) -> str:
    """Return posted text that any database can be asked with: PostgreSQL refuses NUL, which no name of ours holds."""
    return text.replace("\x00", "")


def own_evidence(actor: Actor, public_id: str) -> Evidence:
    """Return one of the learner's own pieces; anything else is not found. One query."""
    rows = Evidence.objects.for_centre(actor.centre_id).filter(learner_id=learner_of(actor))
    row = rows.select_related("learner").filter(public_id=public_id).first()
    if row is None:
        raise NotFound("evidence.view", public_id)
    return row
