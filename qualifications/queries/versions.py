"""The versions of one qualification that a centre sees, and what differs between two of them (R23)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from common.refusals import NotFound
from qualifications.models import Place, Qualification, Unit
from qualifications.queries.current import current_versions, visible
from qualifications.queries.drafts import Passed, passed
from qualifications.queries.files import qualification_files, unit_files
from qualifications.rules.diff import Change, UnitDiff, diff_unit
from qualifications.rules.files import UnitFile
from qualifications.rules.structure_diff import QualificationDiff, diff_qualification

VERSIONS_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in the list. `own`: this centre published it; `before` is the id of the version published before."""

    public_id: str
    version: int
    title: str
    published_at: dt.datetime
    own: bool
    current: bool
    passed: Passed | None
    before: str


@dataclass(frozen=True, slots=True)
class Versions:
    """A page of the versions of a qualification, the newest first. `asked` is the one that was asked for."""

    asked: Qualification
    current_public_id: str
    rows: tuple[VersionRow, ...]
    page: Page[Qualification]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions of a qualification, the earlier one first, with the units of both that are different."""

    before: Qualification
    after: Qualification
    current_public_id: str
    qualification: QualificationDiff
    units: tuple[UnitDiff, ...]

    @property
    def losses(self) -> tuple[str, ...]:
        """Return every sentence that nobody may overlook."""
        return (*self.qualification.losses, *(f"{u.title}: {said}" for u in self.units for said in u.losses))


def same_qualification(q: Qualification, centre_id: int | None) -> "QuerySet[Qualification]":
    """Return all versions of a qualification that a centre sees, the newest first (R15)."""
    rows = Qualification.objects.filter(awarding_body=q.awarding_body, entry_code=q.entry_code)
    return visible(rows, centre_id).order_by("-published_at", "-version", "-pk")


def versions_of(public_id: str, centre_id: int, page: int) -> Versions:
    """Return the versions of a qualification, 20 a page. Five queries. An unknown id is not found."""
    asked = _seen(public_id, centre_id)
    current = _current_id(asked, centre_id)
    same = same_qualification(asked, centre_id)
    ids = list(same.values_list("public_id", flat=True))
    earlier = dict(zip(ids, [*ids[1:], ""], strict=True))
    shown = Paginator(same.select_related("draft"), VERSIONS_A_PAGE).get_page(page)
    return Versions(
        asked=asked,
        current_public_id=current,
        rows=tuple(_row(row, current, earlier[row.public_id]) for row in shown.object_list),
        page=shown,
    )


def _row(q: Qualification, current: str, before: str) -> VersionRow:
    return VersionRow(
        public_id=q.public_id,
        version=q.version,
        title=q.title,
        published_at=q.published_at,
        own=q.centre_id is not None,
        current=q.public_id == current,
        passed=passed(q.draft),
        before=before,
    )


def _seen(public_id: str, centre_id: int) -> Qualification:
    row: Qualification | None = visible(Qualification.objects.filter(public_id=public_id), centre_id).first()
    if row is None:
        raise NotFound("view", public_id)
    return row


def _current_id(q: Qualification, centre_id: int) -> str:
    same = current_versions(centre_id).filter(awarding_body=q.awarding_body, entry_code=q.entry_code)
    return same.values_list("public_id", flat=True)[0]


def comparison(public_id: str, other_id: str, centre_id: int) -> Comparison:
    """Return what differs between two versions of one qualification, whichever is named first. Eight queries.

    Unknown ids, and versions of two qualifications, are not found.
    """
    found = [_seen(public_id, centre_id), _seen(other_id, centre_id)]
    before, after = sorted(found, key=lambda q: (q.published_at, q.version, q.pk))
    if (before.awarding_body, before.entry_code) != (after.awarding_body, after.entry_code):
        raise NotFound("compare", other_id)
    files = qualification_files(found)
    old, new = _units_of(before, after)
    return Comparison(
        before=before,
        after=after,
        current_public_id=_current_id(after, centre_id),
        qualification=diff_qualification(files[before.pk], files[after.pk], old, new),
        units=tuple(_different(old, new)),
    )


def _units_of(*versions: Qualification) -> list[dict[str, UnitFile]]:
    """Return the units of each version by key. Three queries."""
    places = Place.objects.filter(group__qualification__in=versions).select_related("unit", "group")
    units: dict[int, dict[int, Unit]] = {q.pk: {} for q in versions}
    for place in places.order_by("group__position", "position"):
        units[place.group.qualification_id][place.unit_id] = place.unit
    files = unit_files(list({pk: unit for found in units.values() for pk, unit in found.items()}.values()))
    return [{unit.key: files[pk] for pk, unit in units[q.pk].items()} for q in versions]


def _different(old: dict[str, UnitFile], new: dict[str, UnitFile]) -> Iterable[UnitDiff]:
    for key, unit in new.items():
        if key not in old or old[key] != unit:
            found = diff_unit(old.get(key), unit)
            if found.change != Change.SAME:
                yield found
