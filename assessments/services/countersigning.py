"""A qualified assessor agrees or disagrees with a trainee's decision (R6, R7)."""

import datetime as dt

from django.db import IntegrityError, transaction

from assessments import queries
from assessments.models import Countersignature, CurrentDecision, Judgement
from assessments.queries.seen import decision_mark
from assessments.rules import judging
from assessments.rules.judging import JUDGEABLE
from assessments.services import current
from assessments.services.settling import settle_evidence
from audit.services import record
from centres.actor import Actor
from centres.enums import FROZEN_UNITS
from centres.queries import is_active_registration
from centres.rules import why_not_countersign_assured
from centres.services.apart import assured_in
from common.refusals import Stale, refuse_if
from common.seen import refuse_other
from portfolio.enums import MappingState
from portfolio.models import EvidenceMapping
from portfolio.queries.shown import shown_to
from portfolio.services import learn_soon
from portfolio.services.holding import hold_piece


@transaction.atomic
def countersign(
    *,
    actor: Actor,
    judgement: Judgement,
    agrees: bool,
    reason: str = "",
    seen: str | None = None,
    at: dt.datetime,
) -> Countersignature:
    """Make a trainee's decision count, or put it aside, with a reason; a "met" put aside is judged again.

    Refuses one's own decision, one's own evidence, who is not the trainee's countersigner today, evidence not opened,
    a signed unit, a qualification that the actor quality-assures (R8), a registration that is not active, and a
    decision that no longer waits. Raises `Stale` when somebody was faster, or the criterion is no longer as the page
    showed it (`seen`, of `decision_mark`). Emits "judgement.countersigned".
    """
    evidence = hold_piece(judgement.mapping.evidence).evidence
    rows = EvidenceMapping.objects.for_centre(actor.centre_id).select_related(
        "learner_unit__registration__qualification"
    )
    mapping = rows.get(pk=judgement.mapping_id)
    mapping.evidence = evidence
    refuse_other(seen, decision_mark(judgement, mapping))
    apart = why_not_countersign_assured(assured_in(actor, mapping.learner_unit.registration))
    refuse_if([*apart, *judging.why_not_countersign(_facts(actor, judgement, mapping, agrees=agrees, reason=reason))])
    signature = _write(actor, judgement, agrees=agrees, reason=reason, at=at)
    current.countersigned(signature, mapping, at=at)
    if evidence.state in JUDGEABLE:
        settle_evidence(evidence, at)
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
    shown = shown_to(actor.person_id, judgement.version)
    return judging.CountersignFacts(
        own_decision=judgement.assessor_id == actor.person_id,
        own_evidence=mapping.evidence.learner.person_id == actor.person_id,
        is_countersigner=queries.may_countersign(actor, judgement),
        is_trainee=not actor.qualified,
        opened=shown.something,
        unseen=shown.unseen,
        still_open=_waits(judgement),
        registration_active=is_active_registration(mapping.learner_unit.registration, actor.on),
        unit_signed=mapping.learner_unit.state in FROZEN_UNITS,
        agrees=agrees,
        reason=reason,
    )


def _waits(judgement: Judgement) -> bool:
    rows = CurrentDecision.objects.for_centre(judgement.centre_id).filter(proposed=judgement)
    return rows.exclude(mapping__state=MappingState.CLOSED).exists()


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
