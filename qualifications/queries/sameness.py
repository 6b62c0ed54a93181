"""Which stored units are the same unit elsewhere, and which references are as good as a unit's own (R18, R19)."""

from collections.abc import Iterable, Mapping

from django.db.models import Q

from qualifications.models import Place, Unit
from qualifications.queries.current import current_units
from qualifications.rules.sameness import Equivalent, Sameness, UnitIdentity, twins


def identity_of(unit: Unit) -> UnitIdentity:
    """Return what a unit version is known by. No query."""
    return UnitIdentity(
        key=unit.key,
        reference=unit.reference or "",
        equivalents=frozenset(said["reference"] for said in unit.equivalents),
        wording=unit.wording_digest,
    )


def identical_units(qualification_id: int, have: Iterable[Unit]) -> dict[int, tuple[int, Sameness]]:
    """Return which units that somebody has are the same as units of a qualification version (R19). One query.

    By the id of the unit version in the qualification: the id of the one that is had, and how it is the same.
    """
    return identical_by_version([qualification_id], have)[qualification_id]


def identical_by_version(
    qualification_ids: Iterable[int], have: Iterable[Unit]
) -> dict[int, dict[int, tuple[int, Sameness]]]:
    """Return the same for several versions, by id of the version. One query."""
    mine = {unit.pk: identity_of(unit) for unit in have}
    wanted: dict[int, dict[int, UnitIdentity]] = {pk: {} for pk in qualification_ids}
    rows = Place.objects.filter(_likely(mine.values()), group__qualification__in=list(wanted))
    read = ("key", "reference", "equivalents", "wording_digest")
    rows = rows.select_related("unit", "group").only("group__qualification_id", *(f"unit__{name}" for name in read))
    for row in rows.order_by("group__position", "position"):
        wanted[row.group.qualification_id][row.unit_id] = identity_of(row.unit)
    return {pk: twins(mine, units.items()) for pk, units in wanted.items()}


def _likely(mine: Iterable[UnitIdentity]) -> Q:
    """Narrow places to those that can be one of these units: the same key, a reference that is named, or a document."""
    found = ~Q(unit__equivalents=[])
    for unit in mine:
        references = sorted({unit.reference, *unit.equivalents} - {""})
        found |= Q(unit__key=unit.key) | Q(unit__reference__in=references)
    return found


def acceptable_references(unit: Unit, centre_id: int | None) -> tuple[Equivalent, ...]:
    """Return the references that stand for a unit on somebody's certificate (R19, R79). One query.

    Its own first (none where it is not known), then every equivalence that the catalogue documents now, whichever of
    the two units says so: the version that counts now speaks for all others, so what was taken out stands for nobody.
    An empty answer means: no certificate can be compared with this unit by its reference.
    """
    own = unit.reference or ""
    found = {own: Equivalent(own, "")} if own else {}
    rows = current_units(centre_id).filter(~Q(equivalents=[]) | Q(key=unit.key))
    documenting = list(rows.values_list("key", "reference", "equivalents"))
    mine = next((said for key, _reference, said in documenting if key == unit.key), unit.equivalents)
    found |= {name: one for name, one in _documented(mine).items() if name != own}
    for _key, reference, equivalents in documenting:
        sources = _documented(equivalents)
        if own and own in sources and reference:
            found.setdefault(reference, Equivalent(reference, sources[own].source))
    return tuple(found.values())


def _documented(stored: Iterable[Mapping[str, str]]) -> dict[str, Equivalent]:
    return {said["reference"]: Equivalent(said["reference"], said["source"]) for said in stored}
