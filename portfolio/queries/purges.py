"""What was asked to be removed, what was, and what still has to be decided (R60)."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, Q, QuerySet

from centres.actor import Actor
from common.refusals import NotFound
from common.seen import mark
from portfolio.enums import OPENABLE, FileState
from portfolio.models import Evidence, EvidenceFile, EvidenceVersion, PurgeDecision, PurgeRequest, Tombstone
from portfolio.queries.core import seen_evidence

A_PAGE: Final = 25
SHOWS: Final = ("waiting", "all")
#: What screens call a request: they know no models.
Purge: TypeAlias = PurgeRequest
#: The words of a version that nobody reads any more once they are withheld.
WORDS: Final = ("title", "description", "body", "place", "people", "organisation", "ai_note", "location", "custodian")


@dataclass(frozen=True, slots=True)
class PurgeRow:
    """A request as people read it. `state`: waiting, removed, refused. No word of the piece itself."""

    public_id: str
    learner: str
    version: int
    files: tuple[tuple[str, int], ...]  # media type and size of each file
    words: bool
    reason: str
    asked_by: str
    asked_at: dt.datetime
    state: str
    decided_by: str
    decided_at: dt.datetime | None
    note: str
    mine: bool  # this person asked


def seen_requests(actor: Actor) -> QuerySet[PurgeRequest]:
    """Return the requests that this actor may read: an admin all, a lead those about what they may open (R13)."""
    rows: QuerySet[PurgeRequest] = PurgeRequest.objects.for_centre(actor.centre_id)
    return rows if actor.is_admin else rows.filter(version__evidence__in=seen_evidence(actor))


def seen_waiting(actor: Actor) -> QuerySet[PurgeRequest]:
    """Return those of them that nobody has answered."""
    return seen_requests(actor).filter(decision=None)


def purges_page(actor: Actor, show: str, number: int) -> tuple[list[PurgeRow], Page[PurgeRequest], dict[str, int]]:
    """Return a page of the requests that an actor may read, the newest first, with how many wait and are there."""
    everything = seen_requests(actor)
    waiting = seen_waiting(actor)
    rows = everything if show == "all" else waiting
    page = Paginator(_told(rows), A_PAGE).get_page(number)
    counts = {"waiting": waiting.count(), "all": everything.count()}
    return [purge_row(actor, row) for row in page.object_list], page, counts


def _told(rows: QuerySet[PurgeRequest]) -> QuerySet[PurgeRequest]:
    return rows.select_related("version__evidence__learner", "decision").prefetch_related(
        "version__version_files__file"
    )


def purge_for(actor: Actor, public_id: str) -> PurgeRequest:
    """Return a request that this actor may read; anything else is not found."""
    row = _told(seen_requests(actor)).filter(public_id=public_id).first()
    if row is None:
        raise NotFound("purge.view", public_id)
    return row


def decision_of(row: PurgeRequest) -> PurgeDecision | None:
    """Return the answer to a request. No query when the request came from `purge_for`."""
    return getattr(row, "decision", None)


def purge_row(actor: Actor, row: PurgeRequest) -> PurgeRow:
    """Return a request as people read it. No query when it came from `purge_for`."""
    decision = decision_of(row)
    state = "waiting" if decision is None else "removed" if decision.agrees else "refused"
    files = [one.file for one in row.version.version_files.all()]
    return PurgeRow(
        public_id=row.public_id,
        learner=row.version.evidence.learner.full_name,
        version=row.version.number,
        files=tuple((file.content_type, file.size) for file in files),
        words=row.words,
        reason=row.reason,
        asked_by=row.asked_by_name,
        asked_at=row.at,
        state=state,
        decided_by=decision.decided_by_name if decision else "",
        decided_at=decision.at if decision else None,
        note=decision.note if decision else "",
        mine=row.asked_by_id == actor.person_id,
    )


def purge_mark(row: PurgeRequest) -> str:
    """Mark a request: answered or not. No query when it came from `purge_for`."""
    decision = decision_of(row)
    return mark("purge", row.public_id, decision.at if decision else "")


def left_files(version: EvidenceVersion) -> list[EvidenceFile]:
    """Return the files of a version whose bytes are still here. One query."""
    rows = EvidenceFile.objects.for_centre(version.centre_id).filter(in_versions__version=version, state__in=OPENABLE)
    return list(rows)


def copies_left(version: EvidenceVersion) -> tuple[list[EvidenceFile], list[EvidenceFile]]:
    """Return the files of a piece with bytes of this version that are still here: what was sent, what nobody sent.

    A learner may have taken a file out and added it again meanwhile. Two queries.
    """
    rows = EvidenceFile.objects.for_centre(version.centre_id).filter(
        evidence_id=version.evidence_id, sha256__in={entry["sha256"] for entry in version.files} - {""}
    )
    sent = rows.filter(in_versions__isnull=False, state__in=OPENABLE).distinct()
    return list(sent), list(rows.filter(in_versions=None))


def copies_elsewhere(version: EvidenceVersion) -> int:
    """Return in how many other pieces of the centre that were sent the bytes of this version are: they stay there.

    A number alone: whoever answers a request may not open those pieces. One query.
    """
    hashes = {entry["sha256"] for entry in version.files} - {""}
    rows = EvidenceFile.objects.for_centre(version.centre_id).filter(sha256__in=hashes, state__in=OPENABLE)
    others = rows.filter(in_versions__version__recall=None, in_versions__isnull=False)
    found: int = others.exclude(evidence_id=version.evidence_id).values("evidence_id").distinct().count()
    return found


def is_repeated(version: EvidenceVersion, *, words: bool) -> bool:
    """Say whether the newest version shows it too: it is this one, or has a file of it or (`words`) all its words."""
    rows = EvidenceVersion.objects.for_centre(version.centre_id).filter(evidence_id=version.evidence_id)
    newest = rows.order_by("-number")[0]
    if newest.pk == version.pk or {one["sha256"] for one in newest.files} & {one["sha256"] for one in version.files}:
        return True
    return words and all(newest.fields.get(name, "") == version.fields.get(name, "") for name in WORDS)


def withheld_words(centre_id: int) -> Exists:
    """Return the condition on versions that says whose words are withheld."""
    return Exists(Tombstone.objects.for_centre(centre_id).filter(version_id=OuterRef("pk"), file=None))


def is_withheld(version: EvidenceVersion) -> bool:
    """Say whether the words of a version are withheld. One query."""
    return Tombstone.objects.for_centre(version.centre_id).filter(version=version, file=None).exists()


def without_words(fields: dict[str, Any]) -> dict[str, Any]:
    """Return what a version says without what somebody wrote."""
    return {**fields, **dict.fromkeys(WORDS, "")}


def is_waiting(version: EvidenceVersion) -> bool:
    """Say whether somebody has asked to remove this version and nobody has answered. One query."""
    return PurgeRequest.objects.for_centre(version.centre_id).filter(decision=None, version=version).exists()


def removed_versions(centre_id: int) -> QuerySet[EvidenceVersion]:
    """Return the versions of which something was removed: what was decided on them has to be looked at again."""
    rows: QuerySet[EvidenceVersion] = EvidenceVersion.objects.for_centre(centre_id)
    buried = Tombstone.objects.for_centre(centre_id)
    return rows.filter(Q(version_files__file__state=FileState.PURGED) | Q(pk__in=buried.values("version_id")))


def removed_before(evidence: Evidence, hashes: Collection[str]) -> frozenset[str]:
    """Return those of these hashes whose bytes were removed before from a piece of the same learner. One query."""
    rows = Tombstone.objects.for_centre(evidence.centre_id).filter(sha256__in=hashes)
    ours = rows.filter(version__evidence__learner_id=evidence.learner_id).exclude(file=None)
    return frozenset(ours.values_list("sha256", flat=True))


def titles_resting(mappings: Sequence[Any]) -> tuple[str, ...]:
    """Return the titles of the units of these mappings, each once, in order."""
    return tuple(dict.fromkeys(one.learner_unit.unit.title for one in mappings))
