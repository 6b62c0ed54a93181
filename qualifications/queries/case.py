"""What the open CASE addresses say: published versions of the whole installation, never a centre's own."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from qualifications.models import Qualification
from qualifications.queries.files import Whole, facts_file, whole
from qualifications.rules.exports import CaseSource, Identifiers, case_package, document_only
from qualifications.rules.exports.case import found_in

#: Keys of a CFDocument that a list can be sorted by, and the columns they stand for.
SORTABLE: Mapping[str, str] = {
    "title": "title",
    "creator": "awarding_body",
    "publisher": "awarding_body",
    "version": "version",
    "lastChangeDateTime": "published_at",
}


@dataclass(frozen=True, slots=True)
class Documents:
    """A part of the list of documents, and how many there are in all."""

    total: int
    documents: tuple[dict[str, Any], ...]


def _published() -> "QuerySet[Qualification]":
    rows: QuerySet[Qualification] = Qualification.objects.filter(centre=None)
    same = rows.filter(awarding_body=OuterRef("awarding_body"), entry_code=OuterRef("entry_code"))
    return rows.annotate(superseded=Exists(same.filter(version__gt=OuterRef("version"))))


def case_documents(*, origin: str, limit: int, offset: int, sort: str = "", down: bool = False) -> Documents:
    """Return documents by entry code and version, or by a key of `SORTABLE`. Two queries."""
    first = [f"{'-' if down else ''}{SORTABLE[sort]}"] if sort else []
    rows = _published().order_by(*first, "entry_code", "awarding_body", "version", "pk")
    page = rows[offset : offset + limit]
    return Documents(rows.count(), tuple(document_only(_source(row, origin)) for row in page))


def _source(row: Qualification, origin: str, found: Whole | None = None) -> CaseSource:
    """Return what is written of a version; without its units it is the document alone."""
    return CaseSource(
        qualification=found.qualification if found else facts_file(row),
        units=found.units if found else {},
        version=row.version,
        published_at=row.published_at,
        origin=origin,
        current=not row.superseded,  # type: ignore[attr-defined]  # annotated in _published
    )


def case_document(identifier: uuid.UUID, *, origin: str) -> dict[str, Any] | None:
    """Return one document, or None. Two queries."""
    row = _row(identifier, whole_identifier=True)
    return document_only(_source(row, origin)) if row else None


def case_package_of(identifier: uuid.UUID, *, origin: str) -> dict[str, Any] | None:
    """Return the package of a document, or None. Seven queries, whatever its size."""
    row = _row(identifier, whole_identifier=True)
    return case_package(_source(row, origin, whole(row))) if row else None


def case_part(part: str, identifier: uuid.UUID, *, origin: str) -> dict[str, Any] | None:
    """Return one row of CFItems or CFAssociations, or None. At most seven queries."""
    row = _row(identifier, whole_identifier=False)
    return found_in(case_package(_source(row, origin, whole(row))), part, str(identifier)) if row else None


def case_item_associations(identifier: uuid.UUID, *, origin: str) -> dict[str, Any] | None:
    """Return an item with every association that begins or ends at it, or None. At most seven queries."""
    row = _row(identifier, whole_identifier=False)
    package = case_package(_source(row, origin, whole(row))) if row else {"CFItems": []}
    item = found_in(package, "CFItems", str(identifier))
    ends = ("originNodeURI", "destinationNodeURI")
    return item and {
        "CFItem": item,
        "CFAssociations": [
            one for one in package["CFAssociations"] if str(identifier) in {one[end]["identifier"] for end in ends}
        ],
    }


def _row(identifier: uuid.UUID, *, whole_identifier: bool) -> Qualification | None:
    """Return the version that an identifier names, or to which a part with that identifier would belong."""
    identities = Qualification.objects.filter(centre=None).values_list("pk", "awarding_body", "entry_code", "version")
    for pk, body, code, version in identities.iterator():
        ids = Identifiers.of(body, code, version)
        if ids.document == identifier if whole_identifier else ids.holds(identifier):
            return _published().get(pk=pk)
    return None
