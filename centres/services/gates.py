"""Putting on record what has to be there first (R1, R37, R41), and changing what the centre asks for."""

import datetime as dt
from collections.abc import Collection
from dataclasses import asdict

from django.db import transaction

from audit.services import record
from centres import rules
from centres.access import learner_of_actor, may_assess
from centres.actor import Actor
from centres.models import Approval, Centre, IdentityCheck, Induction, Learner, PolicyChange
from centres.permissions import require_admin, require_rule_setter
from centres.queries.gates import approval_mark, identity_mark, identity_of, newest_approval, policy_mark, policy_of
from centres.services.apart import visitors_of_ours
from centres.services.holding import hold_centre
from centres.services.on_a_day import today_of
from common.refusals import Forbidden, refuse_if
from common.seen import refuse_other
from common.text import say
from qualifications.models import Qualification


@transaction.atomic
def record_approval(
    *,
    actor: Actor,
    qualification: Qualification,
    said: rules.ApprovalSaid,
    seen: str | None = None,
    at: dt.datetime,
) -> Approval:
    """Record what an awarding body says of a qualification at this centre; from now on it is what counts (R1).

    By an admin. It is for the qualification, whichever version of it. Refuses what `why_not_record_approval` says, and
    the first of a body for which somebody of this centre looks into others (R99);
    stale when another one was recorded since the page was made (`seen`, of `approval_mark`). Emits approval.recorded.
    """
    require_admin(actor, "approval.record")
    hold_centre(actor.centre_id)
    newest = newest_approval(actor.centre_id, qualification.awarding_body, qualification.entry_code)
    words = say("Somebody recorded another approval while you had the page open. Look at it, then save again.")
    refuse_other(seen, approval_mark(newest), sentence=words)
    ours = visitors_of_ours(actor.centre_id, qualification.awarding_body, today_of(at))
    refuse_if([*rules.why_not_record_approval(said, today_of(at)), *rules.why_not_come_under(ours)])
    row: Approval = Approval.objects.create(
        centre_id=actor.centre_id,
        awarding_body=qualification.awarding_body,
        entry_code=qualification.entry_code,
        recorded_by_id=actor.person_id,
        recorded_by_name=actor.name,
        created_at=at,
        **asdict(said),
    )
    facts = {"entry_code": row.entry_code, "status": row.status, "approved_on": row.approved_on.isoformat()}
    record("approval.recorded", actor=actor, obj=row, at=at, facts=facts)
    return row


@transaction.atomic
def record_identity(
    *, actor: Actor, learner: Learner, said: rules.IdentitySeen, seen: str | None = None, at: dt.datetime
) -> IdentityCheck:
    """Record that the actor saw a document of a learner (R37). The newest record counts, also one that does not match.

    For admins and whoever judges this learner; never the learner. Refuses what `why_not_identify` says; stale when
    somebody recorded one since the page was made (`seen`, of `identity_mark`). Emits identity.recorded.
    """
    own = learner.person_id == actor.person_id
    if not (actor.is_admin or own or may_assess(actor, learner)):
        raise Forbidden("identity.record", learner.public_id)
    hold_centre(actor.centre_id)
    words = say("Somebody recorded a check of this identity while you had the page open. Look at it, then save again.")
    refuse_other(seen, identity_mark(identity_of(actor.centre_id, learner.pk)), sentence=words)
    refuse_if(rules.why_not_identify(said, own=own, today=today_of(at), born=learner.date_of_birth))
    row: IdentityCheck = IdentityCheck.objects.create(
        centre_id=actor.centre_id,
        learner=learner,
        seen_by_id=actor.person_id,
        seen_by_name=actor.name,
        created_at=at,
        **asdict(said),
    )
    record("identity.recorded", actor=actor, obj=row, at=at, facts={"matches": row.matches, "document": row.document})
    return row


@transaction.atomic
def acknowledge_induction(
    *, actor: Actor, ticked: Collection[str], seen: str | None = None, at: dt.datetime
) -> Induction:
    """Keep that the learner has read what everybody is told at the start, in today's version (R41).

    Only by the learner's own login. Refuses a part that is not ticked. The same again changes nothing. Stale
    when the page showed another version of the text (`seen`). Emits induction.acknowledged.
    """
    if not actor.is_learner:
        raise Forbidden("induction.acknowledge")
    hold_centre(actor.centre_id)
    learner = learner_of_actor(actor)
    rows = Induction.objects.for_centre(actor.centre_id).filter(learner=learner, version=rules.INDUCTION)
    if (known := rows.first()) is not None:
        return known
    refuse_other(seen, rules.INDUCTION)
    refuse_if(rules.why_not_acknowledge(ticked))
    row: Induction = Induction.objects.create(
        centre_id=actor.centre_id,
        learner=learner,
        version=rules.INDUCTION,
        parts=list(rules.PARTS),
        by_id=actor.person_id,
        by_name=actor.name,
        at=at,
    )
    record("induction.acknowledged", actor=actor, obj=row, at=at, facts={"version": row.version})
    return row


@transaction.atomic
def change_policy(
    *, actor: Actor, wanted: rules.Policy, reason: str, seen: str | None = None, at: dt.datetime
) -> PolicyChange:
    """Change what has to be on record before an act, or how old evidence may be, with the reason.

    For admins and lead quality assurers. What was done before stays as it is. Refuses what `why_not_change_policy`
    says; stale when it changed since the page was made (`seen`, of `policy_mark`). Emits centre.policy_changed.
    """
    require_rule_setter(actor, "centre.policy")
    hold_centre(actor.centre_id)
    now = policy_of(actor.centre_id)
    words = say("Somebody changed this page while you had it open. Look at it, then save again.")
    refuse_other(seen, policy_mark(now), sentence=words)
    refuse_if(rules.why_not_change_policy(now, wanted, reason.strip()))
    Centre.objects.filter(pk=actor.centre_id).update(**asdict(wanted))
    row: PolicyChange = PolicyChange.objects.create(
        centre_id=actor.centre_id,
        before=asdict(now),
        after=asdict(wanted),
        reason=reason.strip(),
        by_id=actor.person_id,
        by_name=actor.name,
        at=at,
    )
    record("centre.policy_changed", actor=actor, obj=row, at=at, facts={"before": row.before, "after": row.after})
    return row
