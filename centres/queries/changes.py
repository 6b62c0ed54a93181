"""Who changed the choice of units of a registration, when, why, and what it came to (R43)."""

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Page, Paginator

from centres.actor import Actor
from centres.models import Registration, UnitChange
from qualifications.models import Unit

CHANGES_A_PAGE = 10


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change, in words; `accepted` are those of the dropped units in which evidence was accepted."""

    at: dt.datetime
    by: str
    reason: str
    added: tuple[str, ...]
    dropped: tuple[str, ...]
    accepted: tuple[str, ...]
    satisfied: bool
    credit: int


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """A page of changes, the newest first. `newest` is the public id of the last one of all, empty without any."""

    rows: tuple[ChangeRow, ...]
    page: "Page[UnitChange]"
    newest: str


def changes_of(actor: Actor, registration: Registration, page: int = 1) -> ChangesPage:
    """Return the changes of a registration's units, ten a page. Three queries; one more on a later page."""
    rows = UnitChange.objects.for_centre(actor.centre_id).filter(registration=registration)
    shown = Paginator(rows, CHANGES_A_PAGE).get_page(page)
    found = list(shown.object_list)
    first = found[:1] if shown.number == 1 else rows[:1]
    newest = next((row.public_id for row in first), "")
    wanted = {public_id for row in found for public_id in (*row.added, *row.dropped)}
    titles = dict(Unit.objects.filter(public_id__in=wanted).values_list("public_id", "title"))
    return ChangesPage(tuple(_row(row, titles) for row in found), shown, newest)


def _row(row: UnitChange, titles: dict[str, str]) -> ChangeRow:
    return ChangeRow(
        at=row.at,
        by=row.by_name,
        reason=row.reason,
        added=tuple(titles[one] for one in row.added),
        dropped=tuple(titles[one] for one in row.dropped),
        accepted=tuple(titles[one] for one in row.accepted),
        satisfied=row.satisfied,
        credit=row.credit,
    )
