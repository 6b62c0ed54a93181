"""What is on record about approvals, identities and inductions, and what a centre's policy asks for (R1, R37, R41)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from centres.actor import Actor
from centres.models import Approval, Centre, IdentityCheck, Induction, Learner, PolicyChange
from centres.rules.gates import ApprovalFacts, Policy
from common.refusals import NotFound
from common.seen import mark
from qualifications.models import Qualification
from qualifications.queries import current_versions

A_PAGE: Final = 25


@dataclass(frozen=True, slots=True)
class SendingGate:
    """What decides before a learner sends: must they read something first, and from what age on is asked about it."""

    to_read: bool
    currency_days: int


@dataclass(frozen=True, slots=True)
class ApprovalRow:
    """A qualification with what is on record about its approval. `state` as `ApprovalFacts.state` says it."""

    public_id: str
    title: str
    entry_code: str
    awarding_body: str
    state: str
    newest: Approval | None


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """A check of identity as people read it."""

    document: str
    method: str
    seen_on: dt.date
    matches: bool
    note: str
    by: str


def policy_of(centre_id: int) -> Policy:
    """Return what a centre asks for now. One query."""
    names = ("asks_approval", "asks_identity", "asks_induction", "currency_days")
    return Policy(**Centre.objects.values(*names).get(pk=centre_id))


def policy_mark(policy: Policy) -> str:
    """Mark a policy. No query."""
    said = (policy.asks_approval, policy.asks_identity, policy.asks_induction, policy.currency_days)
    return mark("policy", *said)


def policy_changes(centre_id: int, number: int) -> Page[PolicyChange]:
    """Return a page of the changes of a centre's policy, the newest first."""
    return Paginator(PolicyChange.objects.for_centre(centre_id), A_PAGE).get_page(number)


def newest_approval(centre_id: int, awarding_body: str, entry_code: str) -> Approval | None:
    """Return what counts about the approval for a qualification. One query."""
    rows = Approval.objects.for_centre(centre_id).filter(awarding_body=awarding_body, entry_code=entry_code)
    return rows.first()


def approval_facts(centre_id: int, qualification: Qualification | None) -> ApprovalFacts:
    """Return what the rule of registering asks about the approval. Two queries; one where the policy asks for none."""
    if qualification is None or not policy_of(centre_id).asks_approval:
        return ApprovalFacts()
    return _facts(
        newest_approval(centre_id, qualification.awarding_body, qualification.entry_code), qualification.title
    )


def _facts(row: Approval | None, title: str) -> ApprovalFacts:
    if row is None:
        return ApprovalFacts(asked=True, title=title)
    return ApprovalFacts(True, title, row.status, row.approved_on, row.lapses_on)


def approval_mark(row: Approval | None) -> str:
    """Mark what counts about an approval. No query."""
    return mark("approval", row.public_id if row else "")


def approvals_page(actor: Actor, number: int) -> tuple[list[ApprovalRow], Page[Qualification]]:
    """Return a page of the qualifications of the catalogue with their approvals. Three queries."""
    page = Paginator(current_versions(actor.centre_id).order_by("entry_code", "awarding_body", "pk"), A_PAGE).get_page(
        number
    )
    found = list(page.object_list)
    newest = _newest(actor.centre_id, found)
    return [approval_row(actor, one, newest.get((one.awarding_body, one.entry_code))) for one in found], page


def _newest(centre_id: int, qualifications: Sequence[Qualification]) -> dict[tuple[str, str], Approval]:
    rows = Approval.objects.for_centre(centre_id).filter(entry_code__in=[one.entry_code for one in qualifications])
    return {(row.awarding_body, row.entry_code): row for row in rows.order_by("pk")}


def approval_row(actor: Actor, one: Qualification, newest: Approval | None) -> ApprovalRow:
    """Return a qualification with what counts about its approval. No query."""
    state = _facts(newest, one.title).state(actor.on)
    return ApprovalRow(one.public_id, one.title, one.entry_code, one.awarding_body, state, newest)


def qualification_here(actor: Actor, public_id: str) -> Qualification:
    """Return a qualification of the catalogue as this centre sees it; anything else is not found."""
    found = current_versions(actor.centre_id).filter(public_id=public_id).first()
    if found is None:
        raise NotFound("qualification.view", public_id)
    return found


def approvals_of(actor: Actor, one: Qualification, number: int) -> Page[Approval]:
    """Return a page of all that was recorded about an approval, the newest first."""
    rows = Approval.objects.for_centre(actor.centre_id)
    return Paginator(rows.filter(awarding_body=one.awarding_body, entry_code=one.entry_code), A_PAGE).get_page(number)


def identity_missing(centre_id: int, learner_id: int) -> bool:
    """Say if the policy asks for a check of identity and the newest of this learner does not match. One query."""
    newest = IdentityCheck.objects.for_centre(centre_id).filter(learner_id=learner_id).order_by("-pk")
    asking = Centre.objects.filter(pk=centre_id, asks_identity=True).annotate(ok=Subquery(newest.values("matches")[:1]))
    return asking.filter(Q(ok=None) | Q(ok=False)).exists()


def identity_checked(centre_id: int) -> QuerySet[Learner]:
    """Return the learners of a centre whose newest check of identity matches: what `identity_missing` says of one."""
    newest = IdentityCheck.objects.for_centre(centre_id).filter(learner_id=OuterRef("pk")).order_by("-pk")
    rows = Learner.objects.for_centre(centre_id).annotate(ok=Subquery(newest.values("matches")[:1]))
    return rows.filter(ok=True)


def identity_of(centre_id: int, learner_id: int) -> IdentityCheck | None:
    """Return the newest check of a learner's identity. One query."""
    return IdentityCheck.objects.for_centre(centre_id).filter(learner_id=learner_id).first()


def identity_mark(row: IdentityCheck | None) -> str:
    """Mark what counts about a learner's identity. No query."""
    return mark("identity", row.public_id if row else "")


def identities(learner: Learner, number: int) -> tuple[list[IdentityRow], Page[Any]]:
    """Return a page of the checks of a learner's identity as people read them, the newest first."""
    rows = IdentityCheck.objects.for_centre(learner.centre_id).filter(learner=learner)
    page = Paginator(rows, A_PAGE).get_page(number)
    return [identity_row(row) for row in page.object_list], page


@dataclass(frozen=True, slots=True)
class Settled:
    """What is on record before somebody sends or is signed off. `matches` None: nobody has recorded a check."""

    matches: bool | None
    by: str
    seen_on: dt.date | None
    read_at: dt.datetime | None


def with_settled(learners: QuerySet[Learner], centre_id: int) -> QuerySet[Learner]:
    """Return these learners with what `settled_of` reads, in the same query."""
    check = IdentityCheck.objects.for_centre(centre_id).filter(learner_id=OuterRef("pk")).order_by("-pk")
    read = Induction.objects.for_centre(centre_id).filter(learner_id=OuterRef("pk")).order_by("-pk")
    return learners.annotate(
        gate_matches=Subquery(check.values("matches")[:1]),
        gate_by=Subquery(check.values("seen_by_name")[:1]),
        gate_on=Subquery(check.values("seen_on")[:1]),
        gate_read=Subquery(read.values("at")[:1]),
    )


def settled_of(learner: Any) -> Settled:
    """Return what is on record of a learner that `with_settled` read. No query."""
    return Settled(learner.gate_matches, learner.gate_by or "", learner.gate_on, learner.gate_read)


def identity_row(row: IdentityCheck) -> IdentityRow:
    """Return a check as people read it. No query."""
    return IdentityRow(
        row.get_document_display(),
        row.get_method_display(),
        row.seen_on,
        row.matches,
        row.note,
        row.seen_by_name,
    )


def sending_gate(centre_id: int, learner_id: int) -> SendingGate:
    """Return what decides before a learner sends. One query."""
    read = Exists(Induction.objects.for_centre(centre_id).filter(learner_id=learner_id))
    asks, days, done = (
        Centre.objects.annotate(read=read).values_list("asks_induction", "currency_days", "read").get(pk=centre_id)
    )
    return SendingGate(asks and not done, days)


def induction_of(centre_id: int, learner_id: int) -> Induction | None:
    """Return the newest induction that a learner acknowledged. One query."""
    return Induction.objects.for_centre(centre_id).filter(learner_id=learner_id).first()
