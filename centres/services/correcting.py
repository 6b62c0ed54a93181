"""Putting a learner's record right, and taking their learner number from step to step (R27, R29 to R33)."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.services import rename
from audit.services import record
from centres import rules
from centres.actor import Actor
from centres.enums import LEFT, CorrectionKind, UlnStatus
from centres.models import Correction, Learner, Membership, Registration
from centres.permissions import require_admin
from centres.queries.records import compared_since, ocr_numbers_of, proven_name, record_of
from centres.queries.seen import record_mark
from centres.rules.correcting import APART, changes, status_after
from centres.rules.identifiers import IDENTIFIERS
from centres.services.holding import hold_centre
from centres.services.letters import ask_to_tell
from centres.services.on_a_day import today_of
from centres.services.registering import known_of
from common.refusals import refuse_if
from common.seen import refuse_other

ANYWHERE = "is this person known to another centre"
NO_PROOF = rules.Proof()
#: What nobody has compared yet.
NOT_COMPARED = {"uln_checked_by": None, "uln_checked_on": None, "uln_mismatch": ""}


@dataclass(frozen=True, slots=True)
class Corrected:
    """What an admin typed: the record as it should be, why, and what was seen where that is needed."""

    record: rules.Record
    reason: str
    proof: rules.Proof = NO_PROOF
    another_person: bool = False  # the answer to: somebody of this name, born that day, is a learner here
    another_number: bool = False  # the answer to: another OCR number stands or stood here


@transaction.atomic
def correct_record(
    *, actor: Actor, learner: Learner, corrected: Corrected, seen: str | None = None, at: dt.datetime
) -> Correction:
    """Correct a learner's name, birthday, gender, workplace or numbers, and keep what it was (R27 to R30).

    Refuses everything of `why_not_correct`: one's own record, another person in the clothes of a correction, another
    name or birthday without proof, a number that is not one or somebody else's, another OCR number until somebody says
    that the earlier one was wrong (R28). A learner number that was compared is to be compared again (R31). The account
    takes the new name where no other centre knows the person; signatures keep the name of their day. The learner gets a
    letter that names what was corrected and no value (R32). Stale when the record is no longer as the page showed it
    (`seen`, of `record_mark`). Emits "learner.corrected".
    """
    require_admin(actor, "learner.correct")
    row = _held(actor, learner, seen)
    facts = _facts(actor, row, corrected, at)
    refuse_if(rules.why_not_correct(facts))
    before, after = facts.before, facts.after
    status = status_after(UlnStatus(row.uln_status), before, after)
    changed = changes(before, after)
    if status != row.uln_status:
        changed.append({"field": "uln_status", "from": row.uln_status, "to": str(status)})
    _write(row, after, status)
    if after.name != before.name:
        _rename(actor, row, before, after, at)
    proof = facts.proof if facts.needs_proof else NO_PROOF
    correction = _keep(
        actor,
        row,
        at,
        changes=changed,
        reason=facts.reason,
        renamed=facts.renamed,
        proof=proof.what,
        proof_seen_by=proof.seen_by,
        proof_seen_on=proof.seen_on,
    )
    ask_to_tell(actor.centre_id, correction.pk)
    return correction


def _held(actor: Actor, learner: Learner, seen: str | None) -> Learner:
    """Return the learner as they are while nobody else of the centre changes anybody; stale when the page is old."""
    hold_centre(actor.centre_id)
    rows = Learner.objects.for_centre(actor.centre_id).select_for_update(of=("self",), no_key=True)
    row: Learner = rows.select_related("person").get(pk=learner.pk)
    refuse_other(seen, record_mark(row))
    return row


def _facts(actor: Actor, row: Learner, corrected: Corrected, at: dt.datetime) -> rules.CorrectFacts:
    after, today = rules.tidied_record(corrected.record), today_of(at)
    registered = Registration.objects.for_centre(actor.centre_id).filter(learner=row)
    registered = registered.exclude(state__in=LEFT, ledger_length=0)  # what was signed stays whose it is
    lately = Correction.objects.for_centre(actor.centre_id).filter(learner=row, at__gt=at - APART)
    reborn = any(one["field"] == "date_of_birth" for said in lately.values_list("changes", flat=True) for one in said)
    others = Learner.objects.for_centre(actor.centre_id).exclude(pk=row.pk)
    twins = (x for x in others.filter(date_of_birth=after.date_of_birth) if _folded(x) == _folded(after))
    return rules.CorrectFacts(
        before=record_of(row),
        after=after,
        proven=proven_name(row),
        reason=rules.plain(corrected.reason),
        proof=_tidied(corrected.proof),
        today=today,
        own=row.person_id == actor.person_id,
        registered=registered.exists(),
        renamed_lately=lately.filter(renamed=True).exists(),
        reborn_lately=reborn,
        taken=_taken(others, after),
        same_name=known_of(next(twins, None)) if after.person[:3] != record_of(row).person[:3] else None,
        another_person=corrected.another_person,
        earlier_ocr=ocr_numbers_of(row),
        another_number=corrected.another_number,
    )


def _taken(others: QuerySet[Learner], after: rules.Record) -> dict[str, rules.Known]:
    """Return which other learner of the centre has a number of this record, by its column: nobody borrows one (R28)."""
    found = {}
    for column in ("uln", *IDENTIFIERS):
        number = getattr(after, column)
        known = known_of(others.filter(**{column: number}).first()) if number else None
        if known is not None:
            found[column] = known
    return found


def _tidied(proof: rules.Proof) -> rules.Proof:
    return replace(proof, what=rules.plain(proof.what), seen_by=rules.plain(proof.seen_by))


def _folded(who: Learner | rules.Record) -> tuple[str, str]:
    return who.given_names.casefold(), who.family_name.casefold()


def _write(row: Learner, after: rules.Record, status: UlnStatus) -> None:
    values: dict[str, Any] = {
        "given_names": after.given_names,
        "family_name": after.family_name,
        "date_of_birth": after.date_of_birth,
        "gender": after.gender,
        "workplace": after.workplace,
        "uln": after.uln or None,
        "uln_missing_reason": after.uln_missing_reason,
        "uln_status": status,
        **{column: getattr(after, column) or None for column in IDENTIFIERS},
    }
    if status not in {UlnStatus.VERIFIED, UlnStatus.MISMATCH}:
        values |= NOT_COMPARED
    _set(row, values)


def _set(row: Learner, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _rename(actor: Actor, row: Learner, before: rules.Record, after: rules.Record, at: dt.datetime) -> None:
    """Let this centre's lists show the new name, and the account unless another centre knows the person too."""
    old, new = " ".join(before.name), " ".join(after.name)
    roles = Membership.objects.for_centre(row.centre_id).filter(person_id=row.person_id, known_as=old)
    roles.update(known_as=new)
    elsewhere = Membership.objects.across_centres(reason=ANYWHERE).filter(person_id=row.person_id)
    learns = Learner.objects.across_centres(reason=ANYWHERE).filter(person_id=row.person_id)
    if not any(rows.exclude(centre_id=row.centre_id).exists() for rows in (elsewhere, learns)):
        given, family = after.name
        rename(person=row.person, given_name=given, family_name=family, by_id=actor.person_id, at=at)


def _keep(actor: Actor, row: Learner, at: dt.datetime, **said: Any) -> Correction:
    correction: Correction = Correction.objects.create(
        centre_id=actor.centre_id, learner=row, by_id=actor.person_id, by_name=actor.name, at=at, **said
    )
    names = [one["field"] for one in correction.changes]
    facts = {"correction": correction.public_id, "fields": names}
    record("learner.corrected", actor=actor, obj=row, at=at, facts=facts)
    return correction


@dataclass(frozen=True, slots=True)
class NumberStep:
    """What an admin says of a learner number: asked for after the notice, or compared, and what differs."""

    to: str
    day: dt.date | None
    notice: str = ""
    notice_on: dt.date | None = None
    fields: tuple[str, ...] = ()


@transaction.atomic
def step_number(
    *, actor: Actor, learner: Learner, step: NumberStep, seen: str | None = None, at: dt.datetime
) -> Correction:
    """Say that a learner number was asked for, or compared with the Learning Records Service (R31, R33).

    Refuses everything of `why_not_step`: a step that cannot follow, no privacy notice before asking, no field that
    differs, a comparison older than the last correction of what is compared, and one's own number. Kept like a
    correction, with who and when. Stale as `correct_record` is. Emits "learner.corrected".
    """
    require_admin(actor, "learner.number")
    row = _held(actor, learner, seen)
    step, since = replace(step, notice=rules.plain(step.notice)), compared_since(row)
    facts = rules.NumberFacts(
        status=UlnStatus(row.uln_status),
        to=step.to,
        today=today_of(at),
        day=step.day,
        own=row.person_id == actor.person_id,
        notice=step.notice,
        notice_on=step.notice_on,
        fields=step.fields,
        changed_on=today_of(since) if since else None,
    )
    refuse_if(rules.why_not_step(facts))
    values = _stepped(actor, step)
    changed = [
        {"field": name, "from": str(getattr(row, name) or ""), "to": str(value or "")}
        for name, value in values.items()
        if name != "uln_checked_by_id" and getattr(row, name) != value
    ]
    _set(row, values)
    return _keep(actor, row, at, kind=CorrectionKind.NUMBER, changes=changed)


def _stepped(actor: Actor, step: NumberStep) -> dict[str, Any]:
    if step.to == UlnStatus.REQUESTED:
        said = {"lrs_notice": step.notice, "lrs_notice_on": step.notice_on, "uln_requested_on": step.day}
        return {"uln_status": UlnStatus.REQUESTED, **said}
    differs = ",".join(dict.fromkeys(step.fields)) if step.to == UlnStatus.MISMATCH else ""
    checked = {"uln_checked_by_id": actor.person_id, "uln_checked_on": step.day, "uln_mismatch": differs}
    return {"uln_status": UlnStatus(step.to), **checked}
