"""Certificates that stand, or may stand, for units (R79): for the two people, and for those who look at the list."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet

from assessments.enums import ExemptionState, StandsBy
from assessments.models import Exemption
from assessments.queries.seen import exemption_mark
from centres.actor import Actor
from centres.queries import visible_registrations
from centres.queries.people_names import names_of

A_PAGE = 30


@dataclass(frozen=True, slots=True)
class ExemptionRow:
    """A certificate in the list, and everything its page shows. `decided_by` is "" while it waits."""

    public_id: str
    state: ExemptionState
    learner: str
    learner_id: str
    entry_code: str
    qualification: str
    unit_number: str
    unit_title: str
    unit_catalogue_id: str
    unit_reference: str
    credit: int
    level: int
    certificate_unit: str
    certificate_reference: str
    awarding_body: str
    awarded_on: dt.date
    certificate_number: str
    checked_at: str
    recorded_by: str
    recorded_at: dt.datetime
    decided_by: str
    decided_at: dt.datetime | None
    reason: str
    revoked_by: str
    revoked_at: dt.datetime | None
    mine: bool
    stands_by: StandsBy
    equivalence: str
    reuse_recorded: str
    reuse_approved: str
    seen: str  # the mark of its state

    @property
    def waits(self) -> bool:
        """Say whether a second person has still to look."""
        return self.state == ExemptionState.WAITING


@dataclass(frozen=True, slots=True)
class ExemptionsPage:
    """A page of certificates with the number in each state."""

    rows: tuple[ExemptionRow, ...]
    page: Page[Exemption]
    counts: dict[str, int]
    everything: int


def exemptions_for(actor: Actor) -> QuerySet[Exemption]:
    """Return the certificates in the registrations this actor may see today."""
    seen = visible_registrations(actor)
    rows = Exemption.objects.for_centre(actor.centre_id).filter(learner_unit__registration__in=seen)
    return rows.select_related(
        "learner_unit__learner",
        "learner_unit__unit",
        "learner_unit__place",
        "learner_unit__registration__qualification",
    )


def exemptions_page(actor: Actor, state: str, number: int) -> ExemptionsPage:
    """Return certificates of one state ("" for all), the newest first, 30 a page. Four queries."""
    found = exemptions_for(actor)
    counts = found.order_by().aggregate(**{name: Count("pk", filter=Q(state=name)) for name in ExemptionState.values})
    if state in ExemptionState.values:
        found = found.filter(state=state)
    page = Paginator(found.order_by("-recorded_at", "-pk"), A_PAGE).get_page(number)
    return ExemptionsPage(tuple(_rows(actor, page.object_list)), page, counts, sum(counts.values()))


def exemption_row(actor: Actor, row: Exemption) -> ExemptionRow:
    """Return one certificate as its page shows it. One query."""
    return _rows(actor, [row])[0]


def _rows(actor: Actor, rows: Iterable[Exemption]) -> list[ExemptionRow]:
    found = list(rows)
    names = names_of(
        actor, {p for row in found for p in (row.recorded_by_id, row.decided_by_id, row.revoked_by_id) if p}
    )
    return [_row(actor, row, names) for row in found]


def _row(actor: Actor, row: Exemption, names: dict[int, str]) -> ExemptionRow:
    unit = row.learner_unit
    qualification = unit.registration.qualification
    return ExemptionRow(
        public_id=row.public_id,
        state=ExemptionState(row.state),
        learner=unit.learner.full_name,
        learner_id=unit.learner.public_id,
        entry_code=qualification.entry_code,
        qualification=qualification.title,
        unit_number=unit.place.number or "",
        unit_title=unit.unit.title,
        unit_catalogue_id=unit.unit.public_id,
        unit_reference=unit.unit.reference or "",
        credit=unit.unit.credit,
        level=unit.unit.level,
        certificate_unit=row.unit_title,
        certificate_reference=row.unit_reference,
        awarding_body=row.awarding_body,
        awarded_on=row.awarded_on,
        certificate_number=row.certificate_number,
        checked_at=row.checked_at,
        recorded_by=names.get(row.recorded_by_id, ""),
        recorded_at=row.recorded_at,
        decided_by=names.get(row.decided_by_id or 0, ""),
        decided_at=row.decided_at,
        reason=row.reason,
        revoked_by=names.get(row.revoked_by_id or 0, ""),
        revoked_at=row.revoked_at,
        mine=row.recorded_by_id == actor.person_id,
        stands_by=StandsBy(row.stands_by),
        equivalence=row.equivalence,
        reuse_recorded=row.reuse_recorded,
        reuse_approved=row.reuse_approved,
        seen=exemption_mark(row),
    )
