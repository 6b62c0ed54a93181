"""Published rows turned back into the files they came from: exact, so that their digest is the same."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qualifications.models import Criterion, Group, Outcome, Place, Qualification, Unit
from qualifications.rules.files import (
    CriterionFile,
    GroupFile,
    OutcomeFile,
    PlaceFile,
    QualificationFile,
    UnitFile,
)


def unit_file(row: Unit) -> UnitFile:
    """Return what the file of a published unit says. Two queries."""
    return unit_files([row])[row.pk]


def unit_files(rows: Sequence[Unit]) -> dict[int, UnitFile]:
    """Return the files of published units by unit id. Two queries, however many there are."""
    criteria: dict[int, list[Criterion]] = {}
    for criterion in Criterion.objects.filter(unit__in=rows).order_by("unit_id", "position"):
        criteria.setdefault(criterion.outcome_id, []).append(criterion)
    outcomes: dict[int, list[Outcome]] = {}
    for outcome in Outcome.objects.filter(unit__in=rows):
        outcomes.setdefault(outcome.unit_id, []).append(outcome)
    return {row.pk: _unit(row, outcomes.get(row.pk, []), criteria) for row in rows}


def _unit(row: Unit, outcomes: Iterable[Outcome], criteria: dict[int, list[Criterion]]) -> UnitFile:
    # Positions of criteria run through the whole unit, so the first one says where its outcome stands.
    ordered = sorted(outcomes, key=lambda outcome: criteria[outcome.pk][0].position)
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
        outcomes=tuple(
            OutcomeFile(o.number, o.title, o.kind, tuple(_criterion(c) for c in criteria[o.pk])) for o in ordered
        ),
        provenance=row.provenance,
        sufficiency=row.sufficiency,
        equivalents=tuple(row.equivalents),
    )


def _criterion(row: Criterion) -> CriterionFile:
    return CriterionFile(
        number=row.number,
        text=row.text,
        kind=row.kind,
        themes=tuple(row.themes),
        requirements=row.requirements,
        range=tuple(row.range),
    )


def qualification_file(row: Qualification) -> QualificationFile:
    """Return what the file of a published qualification says. Two queries."""
    return qualification_files([row])[row.pk]


def facts_file(row: Qualification) -> QualificationFile:
    """Return what the file of a published qualification says of itself, without its groups. No query."""
    return _qualification(row, [], {})


def qualification_files(rows: Sequence[Qualification]) -> dict[int, QualificationFile]:
    """Return the files of published qualifications by qualification id. Two queries, however many there are."""
    groups: dict[int, list[Group]] = {}
    for group in Group.objects.filter(qualification__in=rows).order_by("qualification_id", "position"):
        groups.setdefault(group.qualification_id, []).append(group)
    places: dict[int, list[Place]] = {}
    found = Place.objects.filter(group__qualification__in=rows).select_related("unit")
    for place in found.order_by("group_id", "position"):
        places.setdefault(place.group_id, []).append(place)
    return {row.pk: _qualification(row, groups.get(row.pk, []), places) for row in rows}


def _qualification(row: Qualification, groups: Iterable[Group], places: dict[int, list[Place]]) -> QualificationFile:
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
        groups=tuple(_group(group, places.get(group.pk, [])) for group in groups),
        barred=tuple(tuple(keys) for keys in row.barred),
        provenance=row.provenance,
        sufficiency=row.sufficiency,
        settings=tuple(row.settings),
        structure_reference=row.structure_reference,
        glh_stated=row.glh_stated,
        equivalents=tuple(row.equivalents),
        assessed=row.assessed,
    )


def _group(row: Group, places: Iterable[Place]) -> GroupFile:
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
        places=tuple(PlaceFile(place.number, place.unit.key, place.membership, place.numbered) for place in places),
    )


@dataclass(frozen=True, slots=True)
class Whole:
    """A qualification version with all its units, as files, and the row it came from."""

    row: Qualification
    qualification: QualificationFile
    units: dict[str, UnitFile]  # by key, in the order of the structure


def whole(row: Qualification) -> Whole:
    """Return a qualification version with the unit versions its places point at. Five queries, whatever its size."""
    places = Place.objects.filter(group__qualification=row).select_related("unit")
    units = [place.unit for place in places.order_by("group__position", "position")]
    found = unit_files(units)
    return Whole(row, qualification_file(row), {unit.key: found[unit.pk] for unit in units})
