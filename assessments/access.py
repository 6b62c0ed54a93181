"""Loading judgements for somebody: in their world, or not found."""

from assessments.models import Exemption, Judgement
from assessments.queries import may_countersign
from assessments.queries.core import is_named, units_to_countersign
from assessments.queries.current import is_relied_on
from assessments.queries.exempting import exemptions_for
from centres.access import unit_for
from centres.actor import Actor
from centres.models import LearnerUnit
from centres.queries import visible_registrations
from common.refusals import Forbidden, NotFound
from portfolio.access import may_assess_piece
from portfolio.models import Evidence


def judgement_for(actor: Actor, public_id: str, action: str = "view") -> Judgement:
    """Return a judgement in a registration this actor may see; anything else is not found.

    `countersign`: visible but not theirs is forbidden (R6).
    """
    row = (
        Judgement.objects.for_centre(actor.centre_id)
        .filter(public_id=public_id, learner_unit__registration__in=visible_registrations(actor))
        .select_related(
            "mapping__evidence", "criterion", "version", "assessor", "learner_unit__unit", "learner_unit__learner"
        )
        .first()
    )
    if row is None or (actor.is_learner and row.learner_unit.learner_id == actor.learner_id and action != "view"):
        raise NotFound(f"judgement.{action}", public_id)
    if action == "countersign" and not may_countersign(actor, row):
        raise Forbidden("judgement.countersign", public_id)
    return row


def unit_to_countersign(actor: Actor, public_id: str) -> LearnerUnit:
    """Return a unit this actor may see, for countersigning (R6).

    Forbidden for who is named for no trainee, unless the unit waits for any qualified assessor.
    """
    unit = unit_for(actor, public_id)
    if not is_named(actor) and not units_to_countersign(actor).filter(pk=unit.pk).exists():
        raise Forbidden("unit.countersign", public_id)
    return unit


def may_send_back_alone(actor: Actor, evidence: Evidence) -> bool:
    """Say whether this person may undo what stands on a piece: its qualified assessor, or nothing on it counts (R6)."""
    return (actor.qualified and may_assess_piece(actor, evidence)) or not is_relied_on(evidence)


def exemption_for(actor: Actor, public_id: str) -> Exemption:
    """Return a certificate in a registration this actor may see; anything else is not found (R79)."""
    row = exemptions_for(actor).filter(public_id=public_id).first()
    if row is None:
        raise NotFound("exemption.view", public_id)
    return row
