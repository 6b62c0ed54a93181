"""Writing a checked catalogue into the database: new versions for what changed, nothing for what did not."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from qualifications import queries
from qualifications.models import Criterion, Group, Outcome, Place, Qualification, Unit, UnitWords
from qualifications.rules.files import OutcomeFile, QualificationFile, UnitFile
from qualifications.rules.words import searchable
from qualifications.services.reading import Catalogue

KEYS_AT_ONCE = 1000
UNITS_AT_ONCE = 500  # with all in them some 10,000 rows: what is written is let go before the next are made


@dataclass(frozen=True, slots=True)
class PublishedCounts:
    """How many versions were written, and how many files said what is already published."""

    new_units: int
    same_units: int
    new_qualifications: int
    same_qualifications: int


@dataclass(frozen=True, slots=True)
class _Stamp:
    """When the new versions are published, whose they are (None: the whole installation's), out of which draft."""

    at: dt.datetime
    centre_id: int | None
    draft_id: int | None


@transaction.atomic
def publish_catalogue(
    catalogue: Catalogue, *, at: dt.datetime, centre_id: int | None = None, draft_id: int | None = None
) -> PublishedCounts:
    """Publish what changed since the last time, all or nothing (B16, R23).

    A changed unit becomes version n+1, and so does every qualification that names it: its places point at
    versions. Unchanged files write nothing. What is published but no longer in the files stays (R15). With a
    centre the new versions are its own and count in that centre alone, before the installation's. Emits no
    event: the rows carry their digest and time and can never change.
    """
    stamp = _Stamp(at, centre_id, draft_id)
    digests = {key: unit.digest() for key, unit in catalogue.units.items()}
    units = _current(catalogue, centre_id)
    changed = [u for u in catalogue.units.values() if not _says(units.get(u.key), digests[u.key])]
    units |= _publish_units(changed, units, digests, stamp)
    same = queries.current_versions(centre_id).filter(entry_code__in={q.entry_code for q in catalogue.qualifications})
    published = {(q.awarding_body, q.entry_code): q for q in same}
    new = 0
    for file in catalogue.qualifications:
        digest = file.digest(digests)
        before = published.get((file.awarding_body, file.entry_code))
        if not _says(before, digest):
            new += 1
            _publish_qualification(file, before, units, digest, stamp)
    return PublishedCounts(
        new_units=len(changed),
        same_units=len(catalogue.units) - len(changed),
        new_qualifications=new,
        same_qualifications=len(catalogue.qualifications) - new,
    )


def _current(catalogue: Catalogue, centre_id: int | None) -> dict[str, Unit]:
    """Return the versions that count now of the units that the catalogue brings or names."""
    named = {p.unit for q in catalogue.qualifications for g in q.groups for p in g.places}
    keys = sorted(named | catalogue.units.keys())
    parts = [keys[n : n + KEYS_AT_ONCE] for n in range(0, len(keys), KEYS_AT_ONCE)]
    return {unit.key: unit for part in parts for unit in queries.current_units(centre_id).filter(key__in=part)}


def _says(row: Unit | Qualification | None, digest: str) -> bool:
    return row is not None and row.content_digest == digest


def _publish_units(
    files: list[UnitFile],
    current: Mapping[str, Unit],
    digests: Mapping[str, str],
    stamp: _Stamp,
) -> dict[str, Unit]:
    rows: dict[str, Unit] = {}
    for n in range(0, len(files), UNITS_AT_ONCE):
        part = files[n : n + UNITS_AT_ONCE]
        made = {f.key: _unit_row(f, current.get(f.key), digests[f.key], stamp) for f in part}
        _insert(made, part)
        rows |= made
    return rows


def _insert(rows: Mapping[str, Unit], files: list[UnitFile]) -> None:
    """Write the units with all that is in them, and what a search looks in."""
    Unit.objects.bulk_create(rows.values())
    outcomes = [(_outcome_row(rows[f.key], o), o) for f in files for o in f.outcomes]
    Outcome.objects.bulk_create(row for row, _file in outcomes)
    Criterion.objects.bulk_create(_criterion_rows(outcomes))
    words = [words_of(rows[f.key], f) for f in files]
    UnitWords.objects.filter(centre=words[0].centre, key__in=list(rows)).delete()
    UnitWords.objects.bulk_create(words)


def _unit_row(file: UnitFile, before: Unit | None, digest: str, stamp: _Stamp) -> Unit:
    return Unit(
        centre_id=stamp.centre_id,
        draft_id=stamp.draft_id,
        key=file.key,
        version=before.version + 1 if before else 1,
        reference=file.reference,
        title=file.title,
        level=file.level,
        credit=file.credit,
        glh=file.glh,
        generation=file.generation,
        sector=file.sector,
        kind=file.kind,
        sufficiency=dict(file.sufficiency),
        equivalents=[dict(said) for said in file.equivalents],
        provenance=dict(file.provenance),
        content_digest=digest,
        wording_digest=file.wording(),
        published_at=stamp.at,
    )


def words_of(unit: Unit, file: UnitFile) -> UnitWords:
    """Return what a search looks in for a unit, not stored yet: the words of all that its file says."""
    texts = [file.title, file.reference or "", file.key, *(o.title for o in file.outcomes)]
    texts += [c.text for o in file.outcomes for c in o.criteria]
    return UnitWords(
        unit=unit,
        centre_id=unit.centre_id,
        key=unit.key,
        level=unit.level,
        title=unit.title,
        title_words=searchable([file.title]),
        words=searchable(texts),
    )


def _outcome_row(unit: Unit, file: OutcomeFile) -> Outcome:
    return Outcome(unit=unit, number=file.number, title=file.title, kind=file.kind)


def _criterion_rows(outcomes: list[tuple[Outcome, OutcomeFile]]) -> list[Criterion]:
    """Return the criteria of all outcomes; positions count from 1 through each unit."""
    rows: list[Criterion] = []
    counted: dict[int, int] = {}
    for outcome, file in outcomes:
        for c in file.criteria:
            position = counted[outcome.unit_id] = counted.get(outcome.unit_id, 0) + 1
            rows.append(
                Criterion(
                    outcome=outcome,
                    unit=outcome.unit,
                    position=position,
                    number=c.number,
                    text=c.text,
                    verb=c.verb,
                    kind=c.kind,
                    themes=list(c.themes),
                    requirements=dict(c.requirements),
                    range=list(c.range),
                )
            )
    return rows


def _publish_qualification(
    file: QualificationFile,
    before: Qualification | None,
    units: Mapping[str, Unit],
    digest: str,
    stamp: _Stamp,
) -> None:
    qualification = _qualification_row(file, before, digest, stamp)
    qualification.save()
    groups = [
        Group(
            qualification=qualification,
            code=g.code,
            title=g.title,
            position=n,
            mandatory=g.mandatory,
            min_credit=g.min_credit,
            max_credit=g.max_credit,
            exact_credit=g.exact_credit,
            min_units=g.min_units,
            max_units=g.max_units,
            complete=g.complete,
        )
        for n, g in enumerate(file.groups, 1)
    ]
    Group.objects.bulk_create(groups)
    Place.objects.bulk_create(
        Place(
            group=group,
            unit=units[p.unit],
            number=p.number,
            membership=p.membership,
            numbered=p.numbered,
            position=n,
        )
        for group, g in zip(groups, file.groups, strict=True)
        for n, p in enumerate(g.places, 1)
    )


def _qualification_row(
    file: QualificationFile, before: Qualification | None, digest: str, stamp: _Stamp
) -> Qualification:
    return Qualification(
        centre_id=stamp.centre_id,
        draft_id=stamp.draft_id,
        awarding_body=file.awarding_body,
        entry_code=file.entry_code,
        version=before.version + 1 if before else 1,
        title=file.title,
        level=file.level,
        generation=file.generation,
        ofqual_number=file.ofqual_number,
        credit=file.credit,
        credit_at_level=file.credit_at_level,
        credit_at_or_above=file.credit_at_or_above,
        glh_min=file.glh_min,
        glh_max=file.glh_max,
        tqt=file.tqt,
        listed_on=file.listed_on,
        last_registration_on=file.last_registration_on,
        last_certification_on=file.last_certification_on,
        replaces_code=file.replaces_code,
        barred=[list(keys) for keys in file.barred],
        sufficiency=dict(file.sufficiency),
        settings=[dict(said) for said in file.settings],
        structure_reference=file.structure_reference,
        glh_stated=file.glh_stated,
        equivalents=[dict(said) for said in file.equivalents],
        assessed=dict(file.assessed),
        provenance=dict(file.provenance),
        content_digest=digest,
        published_at=stamp.at,
    )
