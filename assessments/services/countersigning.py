"""A qualified assessor agrees or disagrees with a trainee's decision (R6, R7)."""

import datetime as dt

from django.db import IntegrityError, transaction

from assessments import queries
from assessments.models import Countersignature, Judgement
from assessments.rules import judging
from audit.services import record
from centres.actor import Actor
from centres.enums import Role
from common.refusals import Stale, refuse_if
from portfolio.enums import EvidenceState, MappingState
from portfolio.models import Evidence, EvidenceMapping, Opening
from portfolio.services import advance_evidence, advance_mapping, learn_soon


@transaction.atomic
def countersign(
    *, actor: Actor, judgement: Judgement, agrees: bool, reason: str = "", at: dt.datetime
) -> Countersignature:
    """Make a trainee's "met" stand, or put the criterion back to be judged, with a reason.

    Refuses one's own decision, one's own evidence, who is not the trainee's countersigner today, evidence not opened,
    and a decision that no longer waits. Raises `Stale` when somebody was faster. Emits "judgement.countersigned".
    """
    mapping = (
        EvidenceMapping.objects.for_centre(actor.centre_id)
        .select_for_update(of=("self",))
        .select_related("evidence__learner")
        .get(pk=judgement.mapping_id)
    )
    refuse_if(judging.why_not_countersign(_facts(actor, judgement, mapping, agrees=agrees, reason=reason)))
    signature = _write(actor, judgement, agrees=agrees, reason=reason, at=at)
    to = MappingState.MET if agrees else MappingState.OFFERED
    advance_mapping(mapping=mapping, to=to, expected_round=mapping.round, at=at)
    if not agrees and mapping.evidence.state == EvidenceState.ACCEPTED:
        evidence = Evidence.objects.for_centre(actor.centre_id).get(pk=mapping.evidence_id)
        advance_evidence(evidence=evidence, to=EvidenceState.IN_REVIEW, at=at)
    learn_soon(centre_id=actor.centre_id)
    record(
        "judgement.countersigned",
        actor=actor,
        obj=judgement,
        at=at,
        facts={"agrees": agrees, "digest": judgement.digest},
    )
    return signature


def _facts(
    actor: Actor, judgement: Judgement, mapping: EvidenceMapping, *, agrees: bool, reason: str
) -> judging.CountersignFacts:
    opened = Opening.objects.for_centre(actor.centre_id).filter(
        version_id=judgement.version_id, person_id=actor.person_id
    )
    return judging.CountersignFacts(
        own_decision=judgement.assessor_id == actor.person_id,
        own_evidence=mapping.evidence.learner.person_id == actor.person_id,
        is_countersigner=queries.is_countersigner_of(actor, judgement.assessor_id),
        is_trainee=actor.holds(Role.TRAINEE),
        opened=opened.exists(),
        still_open=mapping.state == MappingState.MET_PROVISIONAL and mapping.round == judgement.round,
        agrees=agrees,
        reason=reason,
    )


def _write(actor: Actor, judgement: Judgement, *, agrees: bool, reason: str, at: dt.datetime) -> Countersignature:
    try:
        with transaction.atomic():
            return Countersignature.objects.create(
                centre_id=actor.centre_id,
                judgement=judgement,
                agrees=agrees,
                reason=reason.strip(),
                countersigner_id=actor.person_id,
                at=at,
            )
    except IntegrityError as lost:
        raise Stale from lost
