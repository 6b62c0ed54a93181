"""Reads of versions and files that several pages share, and whose evidence somebody may see at all."""

import dataclasses
import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from centres.actor import Actor
from centres.enums import RegistrationState, Role
from centres.models import Learner, Registration
from centres.queries import (
    assessed_learners,
    assessed_registrations,
    looked_after_registrations,
    visible_keys,
    visible_learners,
    visible_registrations,
)
from centres.queries.prepared import keys_for
from common import clock
from common.plain import iso_day
from common.text import say
from portfolio import rules
from portfolio.enums import EvidenceState, FileState, MappingState, PreviewKind
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, EvidenceVersion, Preview, VersionFile

#: What a screen hands from a query to a service: it reads it, it does not query with it.


@dataclass(frozen=True, slots=True)
class SameBytes:
    """The same bytes in another sent piece (R56). `who` is a name only where this actor may open that piece."""

    file_name: str
    who: str
    same_learner: bool
    evidence_id: str  # public, empty where the piece may not be opened
    received_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file comes from: what the assessor reads before believing it (R50). Days are days in London.

    `days_apart`: between the day the file was made and the day the learner says it shows; None where unknown.
    """

    file_id: str
    name: str
    activity_on: dt.date | None
    captured_at: dt.datetime | None
    received_at: dt.datetime
    device: str
    has_location: bool
    sha256: str
    days_apart: int | None
    far: bool
    same: tuple[SameBytes, ...]


def _staff(actor: Actor) -> Actor:
    """Return the same person without their roles as admin and learner: those open nobody's evidence."""
    return dataclasses.replace(actor, roles=actor.roles - {Role.ADMIN, Role.LEARNER}, learner_id=None)


def seen_learners(actor: Actor) -> QuerySet[Learner]:
    """Return the learners of whom this actor may see something today as staff other than admin (R13, R99)."""
    return visible_learners(_staff(actor))


def seen_registrations(actor: Actor) -> QuerySet[Registration]:
    """Return the registrations whose evidence this actor may open today as staff other than admin (R13, R99)."""
    return visible_registrations(_staff(actor))


def seen_evidence(actor: Actor) -> QuerySet[Evidence]:
    """Return what this actor may open today as staff: what was sent for a registration they see (decision 11).

    What was sent for nothing yet ("I am not sure") is seen by those who look after the learner, who choose; what was
    taken back unopened by nobody.
    """
    staff = _staff(actor)
    sent = readable_versions(actor.centre_id).filter(evidence_id=OuterRef("pk"))
    offered = offered_mappings(actor.centre_id).filter(evidence_id=OuterRef("pk"))
    rows = Evidence.objects.for_centre(actor.centre_id).filter(Exists(sent))
    theirs = offered.filter(learner_unit__learner_id=OuterRef("learner_id"))  # see `assessable_evidence`
    mine = Q(Exists(theirs.filter(learner_unit__registration__in=visible_keys(staff))))
    if not actor.assesses:
        return rows.filter(mine)
    nothing_yet = Q(~Exists(offered), learner_id__in=looked_after_registrations(staff).values("learner_id"))
    return rows.filter(mine | nothing_yet)


def assessable_evidence(actor: Actor) -> QuerySet[Evidence]:
    """Return the pieces this actor may judge today: sent for a registration in which they judge, or for none yet (R13).

    What is to be judged on a shared piece is theirs only in those registrations.
    """
    sent = readable_versions(actor.centre_id).filter(evidence_id=OuterRef("pk"))
    offered = offered_mappings(actor.centre_id).filter(evidence_id=OuterRef("pk"))
    # A piece is offered for its learner's own units alone. Said once more, PostgreSQL begins with those few.
    theirs = offered.filter(learner_unit__learner_id=OuterRef("learner_id"))
    mine = Exists(theirs.filter(learner_unit__registration__in=keys_for(actor, assessed_registrations)))
    rows = Evidence.objects.for_centre(actor.centre_id).filter(Exists(sent), learner__in=assessed_learners(actor))
    return rows.filter(Q(mine) | ~Exists(offered))


def readable_versions(centre_id: int) -> QuerySet[EvidenceVersion]:
    """Return the versions that others than their learner may read: those that were not taken back unopened."""
    rows: QuerySet[EvidenceVersion] = EvidenceVersion.objects.for_centre(centre_id)
    return rows.filter(recall=None)


def named_in_version(centre_id: int) -> QuerySet[VersionFile]:
    """Return which files the versions hold that others than their learner may read."""
    rows: QuerySet[VersionFile] = VersionFile.objects.for_centre(centre_id)
    return rows.filter(version__recall=None)


def offered_mappings(centre_id: int) -> QuerySet[EvidenceMapping]:
    """Return what pieces were sent for: mappings that are not closed, or were judged once.

    A criterion ticked for the next version counts once that is sent; one that stood on an earlier version counts while
    its learner writes the next one, after they withdrew the piece, and after they left the registration: what was sent
    for one that is over has not become free for those who look after another.
    """
    sent = readable_versions(centre_id).filter(evidence_id=OuterRef("evidence_id"), number__gte=OuterRef("sent_in"))
    standing = ~Q(state__in=(MappingState.PROPOSED, MappingState.CLOSED)) | Q(round__gt=0)
    withdrawn = Q(state=MappingState.CLOSED, evidence__state=EvidenceState.WITHDRAWN)
    before = Q(state=MappingState.PROPOSED) | withdrawn | closed_by_leaving()
    rows: QuerySet[EvidenceMapping] = EvidenceMapping.objects.for_centre(centre_id)
    return rows.filter(standing | (before & Exists(sent)))


def closed_by_leaving() -> Q:
    """Return the condition "closed, in a registration that its learner left (3.5)" for mappings."""
    return Q(state=MappingState.CLOSED, learner_unit__registration__state=RegistrationState.WITHDRAWN)


def versions_of(evidence: Evidence) -> list[EvidenceVersion]:
    """Return the sent versions of a piece, the newest first, with who sent them. One query."""
    return list(evidence.versions.select_related("submitted_by"))


def files_of(version: EvidenceVersion) -> list[EvidenceFile]:
    """Return the files that a version names, in its order, each with `previews` ready. Two queries."""
    rows = (
        EvidenceFile.objects.for_centre(version.centre_id)
        .filter(in_versions__version=version)
        .prefetch_related(Prefetch("previews", queryset=_previews(version.centre_id)))
    )
    order = {entry["id"]: place for place, entry in enumerate(version.files)}
    return sorted(rows, key=lambda file: order[file.public_id])


def draft_files(evidence: Evidence) -> list[EvidenceFile]:
    """Return the files of the draft in their order, each with `previews` ready. Two queries."""
    rows = evidence.files.filter(removed_at=None)
    return list(rows.prefetch_related(Prefetch("previews", queryset=_previews(evidence.centre_id))))


def _previews(centre_id: int) -> QuerySet[Preview]:
    return Preview.objects.for_centre(centre_id).defer("text").order_by("kind", "position")


def thumbs(centre_id: int, evidence_ids: Collection[int]) -> dict[int, str]:
    """Return row id of a piece → public id of the picture to show for it. One query for a whole list."""
    rows = (
        Preview.objects.for_centre(centre_id)
        .filter(kind=PreviewKind.THUMB, file__evidence_id__in=evidence_ids, file__removed_at=None)
        .order_by("-file__position", "-file_id")
        .values_list("file__evidence_id", "public_id")
    )
    return dict(rows)


def added_before(file: EvidenceFile) -> str:
    """Return the title of another piece of the same learner that has the same bytes, or nothing (D23). One query."""
    row = (
        EvidenceFile.objects.for_centre(file.centre_id)
        .filter(sha256=file.sha256, evidence__learner_id=file.evidence.learner_id, removed_at=None)
        .exclude(evidence_id=file.evidence_id)
        .select_related("evidence")
        .first()
    )
    return (row.evidence.title or row.name) if row else ""


def origins(version: EvidenceVersion, actor: Actor) -> list[Origin]:
    """Return where each file of a version comes from, with the same bytes elsewhere in the centre. Four queries."""
    files = files_of(version)
    same = same_bytes(version, actor)
    activity_on = iso_day(version.fields.get("activity_date"))
    return [_origin(file, activity_on, same.get(file.sha256, ())) for file in files]


def _origin(file: EvidenceFile, activity_on: dt.date | None, same: Sequence[SameBytes]) -> Origin:
    captured_on = clock.london_date(file.captured_at) if file.captured_at else None
    apart = abs((captured_on - activity_on).days) if captured_on and activity_on else None
    return Origin(
        file_id=file.public_id,
        name=file.name,
        activity_on=activity_on,
        captured_at=file.captured_at,
        received_at=file.received_at,
        device=file.device,
        has_location=file.has_location,
        sha256=file.sha256,
        days_apart=apart,
        far=apart is not None and apart > rules.FAR_DAYS,
        same=tuple(same),
    )


def same_bytes(version: EvidenceVersion, actor: Actor) -> dict[str, list[SameBytes]]:
    """Return SHA-256 → other sent pieces of the centre with the same bytes (R56, D23). Two queries.

    For the assessor alone: a learner is never told. A piece that this actor may not open stays without a name, and is
    left out where it is the same learner's (decision 11).
    """
    hashes = {entry["sha256"] for entry in version.files}
    rows = (
        same_bytes_elsewhere(actor, learner_id=version.evidence.learner_id)
        .filter(sha256__in=hashes)
        .exclude(evidence_id=version.evidence_id)
        .select_related("evidence__learner")
        .order_by("received_at", "id")
    )
    found = list(rows)
    seen = _seen(actor, (file.evidence_id for file in found))
    by_hash: dict[str, list[SameBytes]] = {}
    for file in found:
        by_hash.setdefault(file.sha256, []).append(_same(file, version.evidence.learner_id, seen))
    return by_hash


def sent_files(actor: Actor) -> "QuerySet[Any]":
    """Return the files of the centre that others than their learner may read; `opens`: this actor is one of them."""
    sent = named_in_version(actor.centre_id).filter(file_id=OuterRef("pk"))
    opens = Exists(seen_evidence(actor).filter(pk=OuterRef("evidence_id")))
    rows = EvidenceFile.objects.for_centre(actor.centre_id).exclude(sha256="").exclude(state=FileState.PURGED)
    return rows.filter(Exists(sent)).annotate(opens=opens)


def same_bytes_elsewhere(actor: Actor, *, learner_id: int) -> "QuerySet[Any]":
    """Return sent files to compare with those of a piece of this learner (R56).

    Of the learner's own pieces only those that this actor may open: a quality assurer learns of no other qualification.
    """
    return sent_files(actor).filter(Q(opens=True) | ~Q(evidence__learner_id=learner_id))


def _seen(actor: Actor, evidence_ids: Iterable[int]) -> set[int]:
    wanted = set(evidence_ids)
    return set(seen_evidence(actor).filter(pk__in=wanted).values_list("pk", flat=True)) if wanted else set()


def _same(file: EvidenceFile, learner_id: int, seen: set[int]) -> SameBytes:
    learner = file.evidence.learner
    visible = file.evidence_id in seen
    return SameBytes(
        file_name=file.name if visible else "",
        who=learner.full_name if visible else say("another learner of this centre"),
        same_learner=learner.pk == learner_id,
        evidence_id=file.evidence.public_id if visible else "",
        received_at=file.received_at,
    )


def copy_without_place(file: EvidenceFile) -> Preview | None:
    """Return what others than its learner get of a file that says where it was made: our own copy of it. One query."""
    rows = Preview.objects.for_centre(file.centre_id).filter(
        file=file, kind__in=(PreviewKind.PLAYABLE, PreviewKind.IMAGE)
    )
    return rows.select_related("file").first()
