"""Letting somebody look from outside: one proposes what the awarding body said, another gives the role (R100)."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from accounts.services import person_for
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import OVER, Role
from centres.models import ExternalDecision, ExternalProposal, Registration
from centres.permissions import require_admin, require_rule_setter
from centres.queries.external import (
    answer_to,
    external_for,
    external_mark,
    proposals_mark,
    waiting_proposals,
    works_elsewhere,
)
from centres.services.holding import hold_centre, hold_person
from centres.services.letters import ask_for_letter
from centres.services.on_a_day import not_over, today_of
from centres.services.people import Terms, grant
from common.refusals import refuse_if
from common.seen import refuse_other
from common.text import say
from qualifications.queries import current_versions


@transaction.atomic
def propose_external(
    *,
    actor: Actor,
    email: str,
    given_name: str,
    family_name: str,
    entry_codes: Iterable[str],
    starts_on: dt.date,
    ends_on: dt.date | None,
    proof: str,
    seen: str | None = None,
    at: dt.datetime,
) -> ExternalProposal:
    """Propose an external quality assurer for a visit, with how the awarding body confirmed who comes (R100).

    By an admin; it gives no right and sends nothing. Refuses names and address as `why_not_invite` says, and what
    `why_not_propose_external` says; stale when somebody was proposed since the page was made (`seen`, of
    `proposals_mark`). Emits external.proposed.
    """
    require_admin(actor, "external.propose")
    hold_centre(actor.centre_id)
    words = say("Somebody was proposed while you had the page open. Look at the list, then save again.")
    refuse_other(seen, proposals_mark(actor.centre_id), sentence=words)
    who = rules.InviteFacts(email.strip().lower(), rules.plain(given_name), rules.plain(family_name), (Role.EQA,))
    refuse_if(rules.why_not_invite(who))
    person = person_for(email=who.email, given_name=who.given_name, family_name=who.family_name)
    codes, days = frozenset(entry_codes), (starts_on, ends_on)
    known = frozenset(current_versions(actor.centre_id).values_list("entry_code", flat=True))
    facts = rules.ExternalFacts(
        starts_on=starts_on,
        ends_on=ends_on,
        today=today_of(at),
        own=person.pk == actor.person_id,
        entry_codes=codes,
        known_codes=known,
        proof=rules.plain(proof),
        here=_here(actor, person.pk, days),
        elsewhere=_elsewhere(actor, person.pk, codes, days),
        waiting=waiting_proposals(actor.centre_id).filter(person=person).exists(),
    )
    refuse_if(rules.why_not_propose_external(facts))
    assert ends_on is not None  # noqa: S101 - the rules refused a visit without an end
    row: ExternalProposal = ExternalProposal.objects.create(
        centre_id=actor.centre_id,
        person=person,
        known_as=f"{who.given_name} {who.family_name}",
        entry_codes=sorted(codes),
        starts_on=starts_on,
        ends_on=ends_on,
        proof=facts.proof,
        proposed_by_id=actor.person_id,
        proposed_by_name=actor.name,
        at=at,
    )
    record("external.proposed", actor=actor, obj=row, at=at, facts={"codes": row.entry_codes})
    return row


def _here(actor: Actor, person_id: int, days: tuple[dt.date, dt.date | None]) -> bool:
    """Say whether a person has a role in the centre on these days, or a registration that is not over."""
    rows = not_over(actor.centre_id, person_id, days[0])
    learns = Registration.objects.for_centre(actor.centre_id).filter(learner__person_id=person_id)
    held = rows if days[1] is None else rows.exclude(starts_on__gt=days[1])
    return held.exists() or learns.exclude(state__in=OVER).exists()


def _elsewhere(actor: Actor, person_id: int, codes: Iterable[str], days: tuple[dt.date, dt.date | None]) -> bool:
    bodies = set(current_versions(actor.centre_id).filter(entry_code__in=codes).values_list("awarding_body", flat=True))
    return works_elsewhere(actor.centre_id, person_id, bodies, days)


@transaction.atomic
def decide_external(
    *,
    actor: Actor,
    proposal: ExternalProposal,
    agrees: bool,
    note: str = "",
    seen: str | None = None,
    at: dt.datetime,
) -> ExternalDecision:
    """Give the role that was proposed and send the link, or do not, with a note (R100).

    For another admin or a lead quality assurer. A visit whose first day has passed begins today. Refuses what
    `why_not_decide_external` says; stale when somebody answered since the page was made (`seen`, of `external_mark`).
    Emits role.granted and external.agreed, or external.refused.
    """
    require_rule_setter(actor, "external.decide")
    hold_centre(actor.centre_id)
    row = external_for(actor, proposal.public_id)
    hold_person(row.person_id)
    refuse_other(seen, external_mark(row), sentence=say("Somebody answered this while you had the page open."))
    first, today = max(row.starts_on, today_of(at)), today_of(at)
    days = (first, row.ends_on)
    facts = rules.AnswerFacts(
        asked_by_self=row.proposed_by_id == actor.person_id,
        about_self=row.person_id == actor.person_id,
        decided=answer_to(row) is not None,
        agrees=agrees,
        note=rules.plain(note),
        over=row.ends_on < today,
        here=_here(actor, row.person_id, days),
        elsewhere=_elsewhere(actor, row.person_id, row.entry_codes, days),
    )
    refuse_if(rules.why_not_decide_external(facts))
    decision: ExternalDecision = ExternalDecision.objects.create(
        centre_id=actor.centre_id,
        proposal=row,
        agrees=agrees,
        note=facts.note,
        proposed_by_id=row.proposed_by_id,
        decided_by_id=actor.person_id,
        decided_by_name=actor.name,
        at=at,
    )
    if agrees:
        terms = Terms(first, row.ends_on, frozenset(row.entry_codes), row.known_as, at)
        grant(actor, row.person, Role.EQA, terms)
        ask_for_letter(actor.centre_id, row.person_id, actor.person_id)
    record("external.agreed" if agrees else "external.refused", actor=actor, obj=row, at=at)
    return decision
