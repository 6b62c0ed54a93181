"""Which objects of the store stand in rows, and what background work on files is about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from portfolio.models import EvidenceFile, Preview

_REASON = "is this object named anywhere"


def of_files(storage_keys: Collection[str]) -> Iterable[str]:
    """Return which of these keys a file names."""
    rows = EvidenceFile.objects.across_centres(reason=_REASON).filter(storage_key__in=storage_keys)
    return rows.values_list("storage_key", flat=True)


def of_previews(storage_keys: Collection[str]) -> Iterable[str]:
    """Return which of these keys a preview names."""
    rows = Preview.objects.across_centres(reason=_REASON).filter(storage_key__in=storage_keys)
    return rows.values_list("storage_key", flat=True)


def learners_of(centre_id: int, jobs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return whose file each of some jobs is about; nothing where the file is gone. One query.

    An admin learns whose it is and no more: what a learner brings is not for the office to read.
    """
    ids = {job["file_id"] for job in jobs}
    rows = EvidenceFile.objects.for_centre(centre_id).filter(pk__in=ids).select_related("evidence__learner")
    names = {row.pk: row.evidence.learner.full_name for row in rows}
    return [names.get(job["file_id"], "") for job in jobs]
