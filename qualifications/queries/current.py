"""Which version of the catalogue's rows counts now, for a centre or for the whole installation."""

from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet

from qualifications.models import Qualification, Unit, UnitWords
from qualifications.rules import LifecycleFacts

M = TypeVar("M", Unit, Qualification)
Owned = TypeVar("Owned", Unit, Qualification, UnitWords)


def visible(rows: QuerySet[Owned], centre_id: int | None) -> QuerySet[Owned]:
    """Narrow rows of the catalogue to those of the installation and, with a centre, its own."""
    return rows.filter(Q(centre=None) | Q(centre_id=centre_id)) if centre_id else rows.filter(centre=None)


def life_facts(q: Qualification) -> LifecycleFacts:
    """Return the dates of a version for the rules of its life (R16). No query."""
    known = (q.provenance.get("details") or {}).get("last_registration") or {}
    return LifecycleFacts(
        q.title,
        q.last_registration_on,
        q.last_certification_on,
        q.listed_on,
        awarding_body=q.awarding_body,
        last_registration_note=str(known.get("note", "")),
    )


def current_versions(centre_id: int | None) -> QuerySet[Qualification]:
    """Return the version of every qualification that counts now, by entry code.

    A centre's own stands before the installation's; None asks for the installation alone.
    """
    return _current(Qualification.objects.all(), centre_id, "awarding_body", "entry_code").order_by("entry_code")


def current_units(centre_id: int | None) -> QuerySet[Unit]:
    """Return the version of every unit that counts now, by key; a centre's own before the installation's."""
    return _current(Unit.objects.all(), centre_id, "key").order_by("key")


def _current(rows: QuerySet[M], centre_id: int | None, *identity: str) -> QuerySet[M]:
    same = visible(rows.filter(**{name: OuterRef(name) for name in identity}), centre_id)
    newer = same.filter(centre_id=OuterRef("centre_id"), version__gt=OuterRef("version"))
    newer_of_all = same.filter(centre=None, version__gt=OuterRef("version"))
    own = same.exclude(centre=None)
    mine = visible(rows, centre_id)
    of_centre = Q(centre__isnull=False) & ~Exists(newer)
    of_all = Q(centre=None) & ~Exists(newer_of_all)
    return mine.filter(of_centre | (of_all & ~Exists(own)) if centre_id else of_all)
