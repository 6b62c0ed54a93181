"""Asking for more evidence than one piece, or for less of one learner: one person proposes, another agrees (R71)."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import FROZEN_UNITS
from centres.models import LearnerUnit, SufficiencyDecision, SufficiencyRule
from centres.permissions import require_rule_setter
from centres.queries.seen import rule_mark, rules_mark
from centres.queries.sufficiency import counting, scope_of, waiting
from centres.services.apart import ever_looked_after
from centres.services.holding import hold_centre, hold_unit
from centres.services.on_a_day import today_of
from common.refusals import refuse_if
from common.seen import refuse_other
from common.text import say
from qualifications.enums import Kind
from qualifications.models import Criterion
from qualifications.queries import current_units
from qualifications.rules.sufficiency import need_of


@transaction.atomic
def propose_rule(
    *,
    actor: Actor,
    unit_key: str,
    kind: str,
    asked: Mapping[str, Any],
    starts_on: dt.date,
    reason: str,
    seen: str | None = None,
    at: dt.datetime,
) -> SufficiencyRule:
    """Propose what the centre asks in one unit or in all (""), for one kind of criterion or both ("").

    It counts once another admin or lead quality assurer agrees, from `starts_on` on. It can only add to what
    qualification and unit ask. Refuses what `why_not_propose` says; stale when a rule was proposed or decided since the
    page was made (`seen`, of `rules_mark`). Emits sufficiency.proposed.
    """
    require_rule_setter(actor, "sufficiency.propose")
    hold_centre(actor.centre_id)
    refuse_other(seen, rules_mark(actor.centre_id), sentence=_rules_changed())
    row = SufficiencyRule(unit_key=unit_key, kind=kind, asked=need_of(asked).stored())
    known = not unit_key or current_units(actor.centre_id).filter(key=unit_key).exists()
    return _propose(actor, row, starts_on, reason, at, unit_known=known and kind in {"", *Kind.values})


@transaction.atomic
def propose_exception(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    criterion: str,
    asked: Mapping[str, Any],
    eases: bool,
    starts_on: dt.date,
    reason: str,
    seen: str | None = None,
    at: dt.datetime,
) -> SufficiencyRule:
    """Propose to ask more or less (`eases`) of one learner, for a criterion (public id) or a whole unit ("").

    Counts as `propose_rule` does. Refuses what `why_not_propose` says: one's own work, a signed unit. Emits
    sufficiency.proposed.
    """
    require_rule_setter(actor, "sufficiency.propose")
    hold_centre(actor.centre_id)
    refuse_other(seen, rules_mark(actor.centre_id), sentence=_rules_changed())
    learner_unit = hold_unit(learner_unit)
    chosen = Criterion.objects.filter(unit_id=learner_unit.unit_id, public_id=criterion).first() if criterion else None
    row = SufficiencyRule(learner_unit=learner_unit, criterion=chosen, asked=need_of(asked).stored(), eases=eases)
    return _propose(actor, row, starts_on, reason, at, criterion_known=bool(chosen) or not criterion)


def _propose(
    actor: Actor, row: SufficiencyRule, starts_on: dt.date, reason: str, at: dt.datetime, **known: bool
) -> SufficiencyRule:
    row.centre_id, row.author_id, row.created_at = actor.centre_id, actor.person_id, at
    row.scope, row.starts_on, row.reason = scope_of(row), starts_on, reason.strip()
    refuse_if(rules.why_not_propose(_facts(actor, row, today_of(at), **known)))
    row.save(force_insert=True)
    record("sufficiency.proposed", actor=actor, obj=row, at=at, facts=_said(row))
    return row


def _facts(actor: Actor, row: SufficiencyRule, today: dt.date, **known: bool) -> rules.ProposeFacts:
    now = counting(actor.centre_id, max(row.starts_on, today)).filter(scope=row.scope).first()
    unit = row.learner_unit
    return rules.ProposeFacts(
        asked=row.asked,
        eases=row.eases,
        starts_on=row.starts_on,
        today=today,
        reason=row.reason,
        waiting=waiting(actor.centre_id).filter(scope=row.scope).exists(),
        in_force=(now.asked, now.eases) if now else None,
        for_learner=unit is not None,
        own_work=unit is not None and unit.learner.person_id == actor.person_id,
        frozen=unit is not None and unit.state in FROZEN_UNITS,
        **known,
    )


@transaction.atomic
def decide_rule(
    *, actor: Actor, rule: SufficiencyRule, agrees: bool, note: str = "", seen: str | None = None, at: dt.datetime
) -> SufficiencyDecision:
    """Agree to a proposed rule, or not, with a note. Nothing that is signed is touched (R71).

    Refuses who proposed it, whoever it is about, and easing by who assesses the learner or did; stale when it was
    decided since the page was made (`seen`, of `rule_mark`). Emits sufficiency.agreed or sufficiency.refused.
    """
    require_rule_setter(actor, "sufficiency.decide")
    hold_centre(actor.centre_id)
    decided = SufficiencyDecision.objects.for_centre(actor.centre_id).filter(rule=rule).first()
    words = say("Somebody decided about this rule while you had the page open.")
    refuse_other(seen, rule_mark(rule, decided), at=decided.at if decided else None, sentence=words)
    learner = rule.learner_unit.learner if rule.learner_unit else None
    facts = rules.DecideFacts(
        is_author=rule.author_id == actor.person_id,
        decided=decided is not None,
        agrees=agrees,
        note=note,
        own_work=learner is not None and learner.person_id == actor.person_id,
        own_learner=learner is not None and ever_looked_after(actor, learner),
        eases=rule.eases,
    )
    refuse_if(rules.why_not_decide(facts))
    row: SufficiencyDecision = SufficiencyDecision.objects.create(
        centre_id=actor.centre_id,
        rule=rule,
        agrees=agrees,
        note=note.strip(),
        author_id=rule.author_id,
        decided_by_id=actor.person_id,
        at=at,
    )
    action = "sufficiency.agreed" if agrees else "sufficiency.refused"
    record(action, actor=actor, obj=rule, at=at, facts=_said(rule))
    return row


def _rules_changed() -> str:
    return say("The rules of your centre changed while you had this page open. Look at them, then save again.")


def _said(row: SufficiencyRule) -> dict[str, Any]:
    return {"scope": row.scope, "asked": row.asked, "eases": row.eases, "from": row.starts_on.isoformat()}
