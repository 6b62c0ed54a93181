"""Published rows as the facts that were published: the same digest comes out."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from qualifications.models import Criterion, Group, Outcome, Place, Qualification, Unit
from qualifications.rules.files import CriterionFile, GroupFile, OutcomeFile, PlaceFile, QualificationFile, UnitFile


def unit_file(row: Unit) -> UnitFile:
    """Return a published unit version as its file said it. Two queries, none when the row was prefetched."""
    return UnitFile(
        key=row.key,
        reference=row.reference,
        title=row.title,
        level=row.level,
        credit=row.credit,
        glh=row.glh,
        generation=row.generation,
        sector=row.sector,
        kind=row.kind,
        outcomes=tuple(_outcome(o) for o in sorted(row.outcomes.all(), key=_first_position)),
        provenance=row.provenance,
    )


def _criteria(outcome: Outcome) -> list[Criterion]:
    return sorted(outcome.criteria.all(), key=lambda c: c.position)


def _first_position(outcome: Outcome) -> int:
    """Outcomes are in the order of their criteria, which was that of the file."""
    return min((c.position for c in outcome.criteria.all()), default=outcome.number)


def _outcome(row: Outcome) -> OutcomeFile:
    criteria = tuple(
        CriterionFile(c.number, c.text, c.kind, tuple(c.themes), dict(c.requirements), tuple(c.range))
        for c in _criteria(row)
    )
    return OutcomeFile(row.number, row.title, row.kind, criteria)


def qualification_file(row: Qualification) -> QualificationFile:
    """Return a published qualification version as its file said it. Three queries, none when it was prefetched."""
    return QualificationFile(
        entry_code=row.entry_code,
        title=row.title,
        awarding_body=row.awarding_body,
        level=row.level,
        generation=row.generation,
        ofqual_number=row.ofqual_number,
        credit=row.credit,
        credit_at_level=row.credit_at_level,
        credit_at_or_above=row.credit_at_or_above,
        glh_min=row.glh_min,
        glh_max=row.glh_max,
        tqt=row.tqt,
        listed_on=row.listed_on,
        last_registration_on=row.last_registration_on,
        last_certification_on=row.last_certification_on,
        replaces_code=row.replaces_code,
        groups=tuple(_group(g) for g in sorted(row.groups.all(), key=lambda g: g.position)),
        barred=tuple(tuple(keys) for keys in row.barred),
        provenance=row.provenance,
    )


def _group(row: Group) -> GroupFile:
    places = sorted(row.places.all(), key=lambda p: p.position)
    return GroupFile(
        code=row.code,
        title=row.title,
        mandatory=row.mandatory,
        min_credit=row.min_credit,
        max_credit=row.max_credit,
        exact_credit=row.exact_credit,
        min_units=row.min_units,
        max_units=row.max_units,
        complete=row.complete,
        places=tuple(PlaceFile(p.number, p.unit.key) for p in places),
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """A qualification version with all its units, as files, and the row it came from."""

    row: Qualification
    qualification: QualificationFile
    units: dict[str, UnitFile]  # by key, in the order of the structure


def whole(row: Qualification) -> Whole:
    """Return a qualification version with the unit versions its places point at. Five queries, whatever its size."""
    units = Unit.objects.prefetch_related("outcomes__criteria")
    places = Place.objects.prefetch_related(Prefetch("unit", queryset=units))
    groups = list(row.groups.prefetch_related(Prefetch("places", queryset=places)))
    row._prefetched_objects_cache = {"groups": groups}  # type: ignore[attr-defined]  # noqa: SLF001 - what prefetch_related fills
    ordered: Iterable[Place] = (p for g in sorted(groups, key=lambda g: g.position) for p in _ordered(g))
    return Whole(row, qualification_file(row), {p.unit.key: unit_file(p.unit) for p in ordered})


def _ordered(group: Group) -> list[Place]:
    return sorted(group.places.all(), key=lambda p: p.position)
