"""External quality assurers who are proposed, and whether somebody is independent of an awarding body (R99, R100)."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import User
from centres.actor import Actor
from centres.enums import Role
from centres.models import Approval, Assurance, ExternalDecision, ExternalProposal, Membership, Registration
from common.refusals import NotFound
from common.seen import mark

A_PAGE: Final = 25
SHOWS: Final = ("waiting", "all")
WHY: Final = "whoever looks from outside holds no role under the same awarding body, in any centre (R99)"
#: What screens call a proposal: they know no models.
Proposal: TypeAlias = ExternalProposal


@dataclass(frozen=True, slots=True)
class ExternalRow:
    """A proposal as people read it. `state`: waiting, given, refused."""

    public_id: str
    name: str
    email: str
    codes: tuple[str, ...]
    starts_on: dt.date
    ends_on: dt.date
    proof: str
    proposed_by: str
    proposed_at: dt.datetime
    state: str
    decided_by: str
    decided_at: dt.datetime | None
    note: str
    mine: bool  # this person proposed it


def waiting_proposals(centre_id: int) -> QuerySet[ExternalProposal]:
    """Return the proposals that nobody has answered."""
    rows: QuerySet[ExternalProposal] = ExternalProposal.objects.for_centre(centre_id).filter(decision=None)
    return rows


def externals_page(actor: Actor, show: str, number: int) -> tuple[list[ExternalRow], Page[ExternalProposal]]:
    """Return a page of the proposals of a centre, the newest first. Two queries."""
    rows = ExternalProposal.objects.for_centre(actor.centre_id) if show == "all" else waiting_proposals(actor.centre_id)
    page = Paginator(rows.select_related("person", "decision"), A_PAGE).get_page(number)
    return [external_row(actor, row) for row in page.object_list], page


def external_for(actor: Actor, public_id: str) -> ExternalProposal:
    """Return a proposal of this centre; anything else is not found."""
    rows = ExternalProposal.objects.for_centre(actor.centre_id).select_related("person", "decision")
    row = rows.filter(public_id=public_id).first()
    if row is None:
        raise NotFound("external.view", public_id)
    return row


def answer_to(row: ExternalProposal) -> ExternalDecision | None:
    """Return the answer to a proposal. No query when it came from `external_for`."""
    return getattr(row, "decision", None)


def external_row(actor: Actor, row: ExternalProposal) -> ExternalRow:
    """Return a proposal as people read it. No query when it came from `external_for`."""
    decision = answer_to(row)
    return ExternalRow(
        public_id=row.public_id,
        name=row.known_as,
        email=row.person.email,
        codes=tuple(row.entry_codes),
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        proof=row.proof,
        proposed_by=row.proposed_by_name,
        proposed_at=row.at,
        state="waiting" if decision is None else "given" if decision.agrees else "refused",
        decided_by=decision.decided_by_name if decision else "",
        decided_at=decision.at if decision else None,
        note=decision.note if decision else "",
        mine=row.proposed_by_id == actor.person_id,
    )


def external_mark(row: ExternalProposal) -> str:
    """Mark a proposal: answered or not. No query when it came from `external_for`."""
    decision = answer_to(row)
    return mark("external", row.public_id, decision.at if decision else "")


def proposals_mark(centre_id: int) -> str:
    """Mark the proposals of a centre. One query."""
    rows = ExternalProposal.objects.for_centre(centre_id)
    return mark("externals", rows.values_list("public_id", flat=True).first())


def works_elsewhere(
    centre_id: int, person_id: int, bodies: Collection[str], days: tuple[dt.date, dt.date | None]
) -> bool:
    """Say whether a person holds a role on one of these days in another centre that works under these bodies (R99)."""
    rows = _met(Membership.objects.across_centres(reason=WHY).filter(person_id=person_id), days)
    approved = Approval.objects.across_centres(reason=WHY).filter(
        centre_id=OuterRef("centre_id"), awarding_body__in=bodies
    )
    taught = Registration.objects.across_centres(reason=WHY).filter(
        centre_id=OuterRef("centre_id"), qualification__awarding_body__in=bodies
    )
    others = rows.exclude(role=Role.EQA).exclude(centre_id=centre_id)
    return others.filter(Q(Exists(approved)) | Q(Exists(taught))).exists()


def looks_in_elsewhere(
    centre_id: int, person_id: int, days: tuple[dt.date, dt.date | None], also: Collection[str] = ()
) -> bool:
    """Say whether a person looks into another centre from outside, for a body that this centre works under (R99).

    `also` are bodies that it begins to work under.
    """
    visits = _met(Membership.objects.across_centres(reason=WHY).filter(person_id=person_id, role=Role.EQA), days)
    visits = visits.exclude(centre_id=centre_id)
    found = Assurance.objects.across_centres(reason=WHY).filter(membership__in=visits).values_list("awarding_body")
    bodies = {body for (body,) in found}
    if not bodies:
        return False
    return "" in bodies or bool(bodies & {*bodies_of(centre_id), *also})


def works_under(centre_id: int, body: str) -> bool:
    """Say whether a centre works under an awarding body: it approved the centre or learners are in it. Two queries."""
    if Approval.objects.for_centre(centre_id).filter(awarding_body=body).exists():
        return True
    taught = Registration.objects.for_centre(centre_id).filter(qualification__awarding_body=body)
    return bool(taught.exists())


def looking_in_from(centre_id: int, body: str, since: dt.date) -> dict[int, User]:
    """Return who of a centre looks into another one for a body, on a day from `since` on that they are here too (R99).

    By id of the person. One query, and one for each visit.
    """
    here = Membership.objects.for_centre(centre_id).exclude(role=Role.EQA).exclude(ends_on__lt=since)
    named = Assurance.objects.across_centres(reason=WHY).filter(
        membership_id=OuterRef("pk"), awarding_body__in=[body, ""]
    )
    visits = Membership.objects.across_centres(reason=WHY).filter(role=Role.EQA, person__in=here.values("person"))
    visits = visits.filter(Exists(named)).exclude(ends_on__lt=since).exclude(centre_id=centre_id)
    return {row.person_id: row.person for row in visits.select_related("person") if _beside(row, here)}


def _beside(visit: Membership, here: QuerySet[Membership]) -> bool:
    """Say whether a person holds a role here on one of the days of their visit elsewhere. One query."""
    return _met(here.filter(person_id=visit.person_id), (visit.starts_on, visit.ends_on)).exists()


def bodies_of(centre_id: int) -> set[str]:
    """Return the awarding bodies that a centre works under: they approved it or learners are in it. Two queries."""
    approved = Approval.objects.for_centre(centre_id).values_list("awarding_body", flat=True)
    taught = Registration.objects.for_centre(centre_id).values_list("qualification__awarding_body", flat=True)
    return {*approved.order_by().distinct(), *taught.order_by().distinct()}


def _met(rows: QuerySet[Membership], days: tuple[dt.date, dt.date | None]) -> QuerySet[Membership]:
    rows = rows.exclude(ends_on__lt=days[0])
    return rows if days[1] is None else rows.exclude(starts_on__gt=days[1])
