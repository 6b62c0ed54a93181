"""Offering pieces again, in the units of a registration that an earlier one led to (R34)."""

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from audit.services import record
from centres.actor import Actor
from centres.queries import assessed_registrations
from common.refusals import Forbidden, NotFound, Refusal, Refused, refuse_if
from common.text import say
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping
from portfolio.services.holding import hold_piece
from portfolio.services.mapping import Chosen, new_mapping, reasons_against, standing_of, targets_of
from portfolio.services.state_steps import hand_in


@transaction.atomic
def offer_again(*, actor: Actor, evidence: Evidence, chosen: Sequence[Chosen], at: dt.datetime) -> int:
    """Offer a piece for these criteria as if they had been ticked now, and return how many are new.

    No decision comes along: a mapping starts in round nought, and a piece that was assessed goes back to its assessor.
    A criterion that is on the piece already is left as it is, so that a second click changes nothing. For the learner
    whose piece it is and the assessor who judges in those registrations; refuses a withdrawn piece, units that are not
    theirs or are signed. Stale when the piece changed meanwhile. Emits "mappings.offered_again".
    """
    judged = _require(actor, evidence)
    now = hold_piece(evidence).evidence
    if now.state == EvidenceState.WITHDRAWN:
        raise Refused(Refusal("withdrawn", say("This piece is withdrawn, so it is not offered for anything.")))
    wanted = targets_of(actor, now, chosen)
    if judged is not None and not {unit.registration_id for _tick, unit in wanted.values()} <= judged:
        raise Forbidden("mapping.offer", evidence.public_id)
    existing = {(c.learner_unit_id, c.criterion_id): c for c in standing_of(now)}
    fresh = {key: target for key, target in wanted.items() if key not in existing}
    refuse_if(list(reasons_against(actor, fresh, existing)))
    state = MappingState.PROPOSED if now.state == EvidenceState.DRAFT else MappingState.OFFERED
    mappings = [new_mapping(actor, now, key, tick, at) for key, (tick, _unit) in fresh.items()]
    for mapping in mappings:
        mapping.state = state
        mapping.sent_in = now.version_number if state == MappingState.OFFERED else None
    EvidenceMapping.objects.bulk_create(mappings)
    if mappings:
        hand_in(evidence=now, at=at)
        record("mappings.offered_again", actor=actor, obj=now, at=at, facts={"criteria": len(mappings)})
    return len(mappings)


def _require(actor: Actor, evidence: Evidence) -> set[int] | None:
    """Return the learner's registrations in which this actor judges, at least one; None for the learner themselves."""
    if evidence.centre_id != actor.centre_id:
        raise NotFound("mapping.offer", evidence.public_id)
    if actor.is_learner and evidence.learner_id == actor.learner_id:
        return None
    judged = assessed_registrations(actor).filter(learner_id=evidence.learner_id)
    found = set(judged.values_list("pk", flat=True))
    if not found:
        raise Forbidden("mapping.offer", evidence.public_id)
    return found
