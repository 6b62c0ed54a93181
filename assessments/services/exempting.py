"""Credit transfer and exemption: recorded by one person, let through by another, withdrawn if it was wrong (R79)."""

import dataclasses
import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction

from accounts.models import User
from assessments import queries
from assessments.enums import STANDING_EXEMPTIONS, Act, ExemptionState
from assessments.models import Exemption, LedgerEntry
from assessments.queries.certificates import assesses_learner, few_assessed, unit_facts, uses_of
from assessments.queries.seen import exemption_mark
from assessments.queries.unit_acts import counts_elsewhere
from assessments.rules import exempting
from assessments.rules.certificates import Certificate, Reuse, UnitFacts, number_key, standing_of
from assessments.services import ledger
from assessments.services.settling import close_and_settle
from audit.services import record
from centres.actor import Actor
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit
from centres.permissions import require_admin
from centres.queries import is_active_registration
from centres.queries.seen import unit_mark
from centres.services import advance_unit
from centres.services.holding import hold_centre, hold_unit
from common.refusals import Refusal, Refused, Stale, refuse_if
from common.seen import refuse_other
from common.text import say
from qualifications.rules.references import written_reference


@transaction.atomic
def record_exemption(
    *,
    actor: Actor,
    learner_unit: LearnerUnit,
    certificate: Certificate,
    reused: str = "",
    seen: str | None = None,
    at: dt.datetime,
) -> Exemption:
    """Put a certificate on record that may stand for a unit, for a second person to look at (R79).

    Refuses what `why_not_record` says: the certificate names this unit by its reference or one documented as
    equivalent (R19); `reused` says why a number that was used before is right here too. The unit stays as it is until
    somebody else approves. Stale when it is no longer as the page showed it (`seen`, of `unit_mark`). Emits
    "exemption.recorded".
    """
    require_admin(actor, "exemption.record")
    hold_centre(actor.centre_id)  # of two who record one number at once the second sees the first
    unit = hold_unit(learner_unit)
    refuse_other(seen, unit_mark(unit), at=unit.changed_at)
    open_rows = Exemption.objects.for_centre(actor.centre_id).filter(learner_unit=unit)
    facts = exempting.RecordFacts(
        unit_state=unit.state,
        registration_active=is_active_registration(unit.registration, actor.on),
        own=unit.learner.person_id == actor.person_id,
        waiting=open_rows.filter(state__in=STANDING_EXEMPTIONS).exists(),
        certificate=certificate,
        unit=unit_facts(unit, actor.on),
        reuse=Reuse(uses_of(actor, certificate.certificate_number).number, reused),
        few=few_assessed(unit),
    )
    refuse_if(exempting.why_not_record(facts))
    try:
        with transaction.atomic():
            row = Exemption.objects.create(
                centre_id=actor.centre_id,
                learner_unit=unit,
                recorded_by_id=actor.person_id,
                recorded_at=at,
                **_as_stored(certificate, facts.unit),
                reuse_recorded=facts.reuse.reason.strip() if facts.reuse.others else "",
            )
    except IntegrityError as lost:  # somebody recorded one at the same moment
        raise Refused(Refusal("recorded", say("A certificate is on record for this unit already."))) from lost
    record("exemption.recorded", actor=actor, obj=row, at=at, facts={"unit": unit.public_id})
    return row


def _as_stored(certificate: Certificate, unit: UnitFacts) -> dict[str, Any]:
    """Return the columns of a certificate, and how it was compared with its unit."""
    facts = dataclasses.asdict(certificate) | {"number_key": number_key(certificate.certificate_number)}
    return facts | _compared(certificate, unit)


def _compared(certificate: Certificate, unit: UnitFacts) -> dict[str, Any]:
    standing = standing_of(certificate.unit_reference, unit)
    reference = written_reference(certificate.unit_reference)
    return {"unit_reference": reference, "stands_by": standing.by, "equivalence": standing.source}


def _certificate(row: Exemption) -> Certificate:
    return Certificate(**{one.name: getattr(row, one.name) for one in dataclasses.fields(Certificate)})


@transaction.atomic
def settle_exemption(
    *,
    actor: Actor,
    exemption: Exemption,
    approves: bool,
    reason: str = "",
    reused: str = "",
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> Exemption:
    """Approve a certificate, so that its unit is exempt, or turn it down with a reason, as the second person (R79).

    Refuses what `why_not_settle` says: whoever recorded it, the learner, and who assesses them never decide; an
    approval is a signature (R85), compares the certificate once more with the unit (R19), and says why (`reused`) where
    its number was used before. An award of exempt units alone is refused. Approved, the unit is frozen and the chain of
    the registration names the certificate by a digest. Stale when somebody decided meanwhile, or it is no longer as the
    page showed it (`seen`, of `exemption_mark`). Emits "exemption.approved" or "exemption.refused".
    """
    hold_centre(actor.centre_id)
    row = Exemption.objects.for_centre(actor.centre_id).get(pk=exemption.pk)
    unit = hold_unit(row.learner_unit)
    row.refresh_from_db()
    _refuse_other(row, seen)
    facts = exempting.DecideFacts(
        state=row.state,
        unit_state=unit.state,
        registration_active=is_active_registration(unit.registration, actor.on),
        recorded_it=row.recorded_by_id == actor.person_id,
        is_learner=unit.learner.person_id == actor.person_id,
        may_decide=actor.holds(*exempting.DECIDERS),
        involved=assesses_learner(unit, actor.person_id),
        disputed=unit.disputed,
        approves=approves,
        reason=reason,
        reauthenticated=reauthenticated,
        certificate=_certificate(row),
        unit=unit_facts(unit, actor.on),
        reuse=Reuse(uses_of(actor, row.certificate_number, apart_from=row).number, reused),
        few=few_assessed(unit),
    )
    refuse_if(exempting.why_not_settle(facts))
    waiting = Exemption.objects.for_centre(actor.centre_id).filter(pk=row.pk, state=ExemptionState.WAITING)
    decided = _approval(facts) if approves else {"state": ExemptionState.REFUSED, "reason": reason.strip()}
    if not waiting.update(**decided, decided_by_id=actor.person_id, decided_at=at):
        raise Stale
    row.refresh_from_db()
    if approves:
        _exempt(actor, unit, row, at)
    action = "exemption.approved" if approves else "exemption.refused"
    record(action, actor=actor, obj=row, at=at, facts={"unit": unit.public_id})
    return row


def _approval(facts: exempting.DecideFacts) -> dict[str, Any]:
    said = facts.reuse.reason.strip() if facts.reuse.others else ""
    return {"state": ExemptionState.APPROVED, "reuse_approved": said, **_compared(facts.certificate, facts.unit)}


def _exempt(actor: Actor, unit: LearnerUnit, row: Exemption, at: dt.datetime) -> None:
    close_and_settle(units=[unit], centre_id=actor.centre_id, at=at)
    moved = advance_unit(learner_unit=unit, expected=unit.state, to=UnitState.EXEMPT, at=at)
    people = dict(User.objects.filter(pk__in=[actor.person_id, row.recorded_by_id]).values_list("pk", "public_id"))
    ledger.append(
        actor=actor,
        person_public_id=people[actor.person_id],
        learner_unit=moved,
        act=Act.EXEMPTED,
        facts={
            "exemption": row.public_id,
            "certificate": row.digest,
            "recorded_by": people[row.recorded_by_id],
            "stands_by": str(row.stands_by),
        },
        at=at,
    )


@transaction.atomic
def revoke_exemption(
    *,
    actor: Actor,
    exemption: Exemption,
    reason: str,
    reauthenticated: bool = False,
    seen: str | None = None,
    at: dt.datetime,
) -> Exemption:
    """Withdraw an exemption that was a mistake, as somebody who may approve it: the unit is open again (R79).

    Refuses what `why_not_revoke` says. The chain gets an entry that voids the one which made the unit exempt, with the
    reason as its words; what was closed then stays closed and may be offered again, and another certificate may follow.
    Stale when somebody withdrew it meanwhile, or it is no longer as the page showed it (`seen`). Emits
    "exemption.revoked".
    """
    row = Exemption.objects.for_centre(actor.centre_id).get(pk=exemption.pk)
    unit = hold_unit(row.learner_unit)
    row.refresh_from_db()
    _refuse_other(row, seen)
    facts = exempting.RevokeFacts(
        state=row.state,
        moved=unit.registration.state == RegistrationState.TRANSFERRED,
        active=unit.registration.state == RegistrationState.ACTIVE,
        completed=unit.registration.state == RegistrationState.COMPLETED,
        counts_in=counts_elsewhere(unit),
        recorded_it=row.recorded_by_id == actor.person_id,
        is_learner=unit.learner.person_id == actor.person_id,
        may_decide=actor.holds(*exempting.DECIDERS),
        involved=assesses_learner(unit, actor.person_id),
        reason=reason,
        reauthenticated=reauthenticated,
    )
    refuse_if(exempting.why_not_revoke(facts))
    approved = Exemption.objects.for_centre(actor.centre_id).filter(pk=row.pk, state=ExemptionState.APPROVED)
    said = {"state": ExemptionState.REVOKED, "reason": reason.strip()}
    if not approved.update(**said, revoked_by_id=actor.person_id, revoked_at=at):
        raise Stale
    entry = _open_again(actor, unit, row, reason.strip(), at)
    facts_kept = {"unit": unit.public_id, "digest": entry.digest}
    record("exemption.revoked", actor=actor, obj=row, at=at, facts=facts_kept)
    row.refresh_from_db()
    return row


def _refuse_other(row: Exemption, seen: str | None) -> None:
    """Tell a tab that was left open what became of the certificate meanwhile, and when."""
    words = say("This certificate is “%(state)s” by now.") % {"state": ExemptionState(row.state).label}
    refuse_other(seen, exemption_mark(row), at=row.revoked_at or row.decided_at, sentence=words)


def _open_again(actor: Actor, unit: LearnerUnit, row: Exemption, reason: str, at: dt.datetime) -> LedgerEntry:
    exempted = queries.latest_act(unit, Act.EXEMPTED)
    moved = advance_unit(learner_unit=unit, expected=UnitState.EXEMPT, to=UnitState.IN_PROGRESS, at=at)
    person = User.objects.only("public_id").get(pk=actor.person_id)
    return ledger.append(
        actor=actor,
        person_public_id=person.public_id,
        learner_unit=moved,
        act=Act.REOPENED,
        facts={"voids": exempted.digest if exempted else "", "exemption": row.public_id},
        note=reason,
        at=at,
    )
