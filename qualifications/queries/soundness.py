"""Are the published texts still what was published? Each version is read from its rows and hashed again (R23)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from common.readable import ODD, readable
from qualifications.models import Place, Qualification, Unit
from qualifications.queries.files import qualification_files, unit_files

A_TIME = 100


def altered_texts(counts: Counter[str]) -> Iterator[str]:
    """Yield a sentence for each unit and qualification version whose rows do not say what was published.

    Adds to `counts` how many were looked at, under "texts". Some at a time: a few queries for each hundred.
    """
    for rows, check in ((Unit.objects.all(), _units), (Qualification.objects.all(), _qualifications)):
        batch: list[Any] = []
        for key, row in readable(rows, at_a_time=A_TIME):
            counts["texts"] += 1
            if row is None:
                yield f"{rows.model._meta.verbose_name} in row {key} cannot be read"
                continue
            batch.append(row)
            if len(batch) == A_TIME:
                yield from _each(batch, check)
                batch = []
        yield from _each(batch, check)


def _each(batch: Sequence[Any], check: Any) -> Iterator[str]:
    """Check some at once; when one of them cannot be read, each by itself, so that it is that one which is named."""
    try:
        yield from list(check(batch))
    except ODD:
        for row in batch:
            try:
                yield from list(check([row]))
            except ODD as error:
                yield f"the published text of {row} cannot be read ({type(error).__name__})"


def _units(rows: Sequence[Unit]) -> Iterator[str]:
    files = unit_files(rows) if rows else {}
    for row in rows:
        if files[row.pk].digest() != row.content_digest:
            yield f"the published text of unit {row} was altered"


def _qualifications(rows: Sequence[Qualification]) -> Iterator[str]:
    files = qualification_files(rows) if rows else {}
    places = Place.objects.filter(group__qualification__in=rows).select_related("unit", "group")
    units: dict[int, dict[str, str]] = {}
    for place in places:
        units.setdefault(place.group.qualification_id, {})[place.unit.key] = place.unit.content_digest
    for row in rows:
        if files[row.pk].digest(units.get(row.pk, {})) != row.content_digest:
            yield f"the published text of qualification {row.entry_code} v{row.version} was altered"
