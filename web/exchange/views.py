"""The read-only addresses of CASE 1.0. Nobody signs in here, and nothing of a centre is ever answered."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from qualifications.queries import case
from web.exchange.answers import MOST, USUAL, Refusal, number, picked, refused, said, unknown, uuid_of

FIELDS = frozenset(
    {
        "identifier", "uri", "creator", "title", "lastChangeDateTime", "version", "adoptionStatus", "language",
        "publisher", "CFPackageURI", "extensions",
    }
)  # fmt: skip
FARTHEST = 10_000_000

View = Callable[..., HttpResponse]


def answering(view: View) -> View:
    """Turn refusals into the error body that CASE asks for."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refusal as refusal:
            return refused(refusal)

    return require_safe(inner)


@answering
def documents(request: HttpRequest) -> HttpResponse:
    """List the published versions of the installation."""
    limit = number(request, "limit", USUAL, 1, MOST)
    offset = number(request, "offset", 0, 0, FARTHEST)
    sort, order = request.GET.get("sort", ""), request.GET.get("orderBy", "asc").lower()
    if sort and sort not in case.SORTABLE:
        raise Refusal(400, "invalid_sort_field", "sort", f"The list can be sorted by {', '.join(case.SORTABLE)}.")
    if order not in {"asc", "desc"}:
        raise Refusal(400, "invalid_sort_field", "orderBy", "orderBy is asc or desc.")
    if "filter" in request.GET:
        raise Refusal(400, "invalid_selection_field", "filter", "This service cannot filter. Leave the parameter out.")
    found = case.case_documents(
        origin=settings.SITE_ORIGIN, limit=limit, offset=offset, sort=sort, down=order == "desc"
    )
    rows = picked(request, list(found.documents), FIELDS)
    links = _links(request, limit, offset, found.total)
    return said({"CFDocuments": rows}, X_Total_Count=str(found.total), **({"Link": links} if links else {}))


def _links(request: HttpRequest, limit: int, offset: int, total: int) -> str:
    last = max(0, (total - 1) // limit * limit)
    wanted = {"first": 0, "prev": offset - limit, "next": offset + limit, "last": last}
    kept = {key: request.GET[key] for key in ("sort", "orderBy", "fields") if key in request.GET}
    return ", ".join(
        f'<{settings.SITE_ORIGIN}{request.path}?{urlencode({**kept, "limit": limit, "offset": at})}>; rel="{rel}"'
        for rel, at in wanted.items()
        if 0 <= at <= last and not (rel == "prev" and offset == 0)
    )


@answering
def document(request: HttpRequest, identifier: str) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer one CFDocument."""
    return said(_or_unknown(case.case_document(uuid_of(identifier), origin=settings.SITE_ORIGIN), identifier))


@answering
def package(request: HttpRequest, identifier: str) -> HttpResponse:  # noqa: ARG001 - see document
    """Answer a document with all its items and associations."""
    return said(_or_unknown(case.case_package_of(uuid_of(identifier), origin=settings.SITE_ORIGIN), identifier))


@answering
def item(request: HttpRequest, identifier: str) -> HttpResponse:  # noqa: ARG001 - see document
    """Answer one CFItem."""
    return said(_part("CFItems", identifier))


@answering
def association(request: HttpRequest, identifier: str) -> HttpResponse:  # noqa: ARG001 - see document
    """Answer one CFAssociation."""
    return said(_part("CFAssociations", identifier))


@answering
def item_associations(request: HttpRequest, identifier: str) -> HttpResponse:  # noqa: ARG001 - see document
    """Answer an item with every association that begins or ends at it."""
    found = case.case_item_associations(uuid_of(identifier), origin=settings.SITE_ORIGIN)
    return said(_or_unknown(found, identifier))


def _part(part: str, identifier: str) -> dict[str, Any]:
    return _or_unknown(case.case_part(part, uuid_of(identifier), origin=settings.SITE_ORIGIN), identifier)


def _or_unknown(found: dict[str, Any] | None, identifier: str) -> dict[str, Any]:
    if found is None:
        raise unknown(identifier)
    return found
