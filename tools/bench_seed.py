"""Rows for the benchmark: one centre, many learners, written in bulk and only for measuring."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import models

from accounts.models import User
from centres.enums import Gender, Role, UnitState
from centres.models import Allocation, Centre, Learner, LearnerUnit, Membership, Registration
from common import clock
from common.digests import canonical, digest
from portfolio.enums import EvidenceState, FileState, MappingOrigin, MappingState
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Preview, VersionFile
from qualifications.models import Criterion, Place, Qualification

NUMBER = "70000"
CASELOAD = 40
MAPPINGS = 6
T = TypeVar("T", bound=models.Model)
STATES = (EvidenceState.SUBMITTED, EvidenceState.RETURNED, *(EvidenceState.ACCEPTED,) * 8)
MAPPING_STATES = {
    EvidenceState.SUBMITTED: (MappingState.OFFERED,),
    EvidenceState.RETURNED: (MappingState.NOT_YET,),
    EvidenceState.ACCEPTED: (MappingState.MET, MappingState.MET, MappingState.NOT_YET),
}


def seed(learners: int, items: int, heavy: int) -> None:
    """Write one centre with `learners` × `items` pieces, and learner 0 with `heavy` pieces over as many criteria."""
    random.seed(7)
    centre = Centre.objects.create(number=NUMBER, name="Measured Training")
    people = _people(centre, learners)
    rows = _learners(centre, people["learner"])
    _caseloads(centre, rows, people["assessor"])
    units = _registrations(centre, rows, people["admin"][0], heavy)
    numbers = [heavy, *[items] * (learners - 1)]
    for chunk in _chunks(list(zip(rows, numbers, strict=True)), 200):
        _evidence(centre, chunk, units)


def _people(centre: Centre, learners: int) -> dict[str, list[User]]:
    wanted = {"admin": 1, "assessor": max(1, learners // CASELOAD), "learner": learners}
    today = clock.london_date(clock.now())
    found: dict[str, list[User]] = {}
    for role, number in wanted.items():
        rows = [
            User(email=f"{role}{n}@bench.example", given_name=f"Person{n}", family_name=role.title(), password="!")
            for n in range(number)
        ]
        found[role] = User.objects.bulk_create(rows, batch_size=500)
        memberships = [
            Membership(
                centre=centre, person=p, role=Role(role), starts_on=today - dt.timedelta(200), created_at=clock.now()
            )
            for p in found[role]
        ]
        Membership.objects.bulk_create(memberships, batch_size=500)
    return found


def _learners(centre: Centre, people: Sequence[User]) -> list[Learner]:
    rows = [
        Learner(
            centre=centre,
            person=person,
            given_names=person.given_name,
            family_name=f"{person.family_name}{n:04d}",
            date_of_birth=dt.date(2000, 1, 1),
            gender=Gender.OTHER,
            uln_missing_reason="Made up for measuring",
            created_at=clock.now(),
        )
        for n, person in enumerate(people)
    ]
    return Learner.objects.bulk_create(rows, batch_size=500)


def _caseloads(centre: Centre, learners: Sequence[Learner], assessors: Sequence[User]) -> None:
    start = clock.london_date(clock.now()) - dt.timedelta(200)
    rows = [
        Allocation(
            centre=centre,
            learner=learner,
            assessor=assessors[min(n // CASELOAD, len(assessors) - 1)],
            starts_on=start,
            created_at=clock.now(),
        )
        for n, learner in enumerate(learners)
    ]
    Allocation.objects.bulk_create(rows, batch_size=500)


def _registrations(
    centre: Centre, learners: Sequence[Learner], admin: User, heavy: int
) -> dict[int, list[tuple[LearnerUnit, list[Criterion]]]]:
    """Register everybody for 10379 with ten units; the first learner for as many units as give `heavy` criteria."""
    criteria: dict[int, list[Criterion]] = {}
    for criterion in Criterion.objects.order_by("unit_id", "position"):
        criteria.setdefault(criterion.unit_id, []).append(criterion)
    qualification = Qualification.objects.filter(entry_code="10379").latest("version")
    places = list(Place.objects.filter(group__qualification=qualification).order_by("group__position", "position"))
    start = clock.london_date(clock.now()) - dt.timedelta(200)
    registrations = Registration.objects.bulk_create(
        [
            Registration(
                centre=centre,
                learner=learner,
                qualification=qualification,
                starts_on=start,
                registered_by=admin,
                created_at=clock.now(),
            )
            for learner in learners
        ],
        batch_size=500,
    )
    rows = [
        LearnerUnit(
            centre=centre,
            registration=registration,
            learner=registration.learner,
            unit_id=place.unit_id,
            place=place,
            position=position,
            state=UnitState.IN_PROGRESS,
            changed_at=clock.now(),
        )
        for n, registration in enumerate(registrations)
        for position, place in enumerate(_chosen(places, criteria, heavy if n == 0 else 0))
    ]
    found: dict[int, list[tuple[LearnerUnit, list[Criterion]]]] = {}
    for row in LearnerUnit.objects.bulk_create(rows, batch_size=500):
        found.setdefault(row.learner_id, []).append((row, criteria[row.unit_id]))
    return found


def _chosen(places: Sequence[Place], criteria: dict[int, list[Criterion]], heavy: int) -> Sequence[Place]:
    if not heavy:
        return places[:10]
    total, chosen = 0, []
    for place in places:
        if total >= heavy:
            break
        chosen.append(place)
        total += len(criteria[place.unit_id])
    return chosen


def _evidence(
    centre: Centre,
    learners: Sequence[tuple[Learner, int]],
    units: dict[int, list[tuple[LearnerUnit, list[Criterion]]]],
) -> None:
    at = clock.now()
    drafts = [
        _piece(centre, learner, n, at - dt.timedelta(hours=random.randint(1, 4000)))
        for learner, number in learners
        for n in range(number)
    ]
    pieces = Evidence.objects.bulk_create(drafts, batch_size=500)
    mappings = [c for piece in pieces for c in _mappings(piece, units[piece.learner_id])]
    EvidenceMapping.objects.bulk_create(mappings, batch_size=1000)
    files = EvidenceFile.objects.bulk_create([_file(piece) for piece in pieces], batch_size=500)
    versions = EvidenceVersion.objects.bulk_create(
        [_version(piece, file) for piece, file in zip(pieces, files, strict=True)], batch_size=500
    )
    VersionFile.objects.bulk_create(
        [VersionFile(centre=centre, version=v, file=f) for v, f in zip(versions, files, strict=True)], batch_size=1000
    )
    Preview.objects.bulk_create([_thumb(f) for f in files], batch_size=1000)


def _piece(centre: Centre, learner: Learner, n: int, sent: dt.datetime) -> Evidence:
    return Evidence(
        centre=centre,
        learner=learner,
        state=STATES[n % len(STATES)],
        title=f"Piece {n} at the returns desk",
        sent_title=f"Piece {n} at the returns desk",
        description="I listened to the customer, found out what went wrong and put it right.",
        activity_date=sent.date(),
        setting="real_work",
        no_customer_named=True,
        created_by_id=learner.person_id,
        created_at=sent,
        saved_at=sent,
        submitted_at=sent,
    )


def _mappings(piece: Evidence, units: Sequence[tuple[LearnerUnit, list[Criterion]]]) -> Iterator[EvidenceMapping]:
    unit, criteria = random.choice(units)
    for criterion in random.sample(criteria, min(MAPPINGS, len(criteria))):
        yield EvidenceMapping(
            centre_id=piece.centre_id,
            evidence=piece,
            learner_unit=unit,
            criterion=criterion,
            state=random.choice(MAPPING_STATES[EvidenceState(piece.state)]),
            origin=MappingOrigin.UNIT,
            proposed_by_id=piece.created_by_id,
            created_at=piece.created_at,
            changed_at=piece.created_at,
        )


def _file(piece: Evidence) -> EvidenceFile:
    return EvidenceFile(
        centre_id=piece.centre_id,
        evidence=piece,
        state=FileState.READY,
        name="photo.jpg",
        storage_key=f"bench/{piece.public_id}",
        size=2_000_000,
        sha256=digest(piece.public_id),
        family="image",
        content_type="image/jpeg",
        uploaded_by_id=piece.created_by_id,
        received_at=piece.created_at,
        captured_at=piece.created_at,
        previews_made_at=piece.created_at,
    )


def _thumb(file: EvidenceFile) -> Preview:
    return Preview(
        centre_id=file.centre_id,
        file=file,
        kind="thumb",
        storage_key=f"{file.storage_key}/thumb",
        content_type="image/webp",
        width=320,
        height=240,
    )


def _version(piece: Evidence, file: EvidenceFile) -> EvidenceVersion:
    facts: dict[str, Any] = {
        "fields": {
            "title": piece.title,
            "kind": piece.kind,
            "setting": piece.setting,
            "description": piece.description,
        },
        "files": [{"id": file.public_id, "name": file.name, "sha256": file.sha256, "size": file.size}],
        "mappings": [],
    }
    return EvidenceVersion(
        centre_id=piece.centre_id,
        evidence=piece,
        number=1,
        digest=digest(canonical(facts)),
        declaration="bench",
        submitted_by_id=piece.created_by_id,
        submitted_at=piece.submitted_at or piece.created_at,
        **facts,
    )


def _chunks(rows: Sequence[Any], size: int) -> Iterator[list[Any]]:
    source = iter(rows)
    while chunk := list(islice(source, size)):
        yield chunk
