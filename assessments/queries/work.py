"""The assessor's queue: what waits, for how long, and one thing good to know about each piece (R77)."""

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, F, FloatField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Length

from assessments.models import Presence
from assessments.queries.core import waiting
from assessments.queries.waiting_time import late_before, working_days_used
from assessments.rules.confirming import why_old
from centres.actor import Actor
from centres.models import Centre, Registration
from centres.queries import assessed_registrations
from common.clock import london_date
from portfolio.enums import MappingState, PreviewKind
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, Preview, VersionFile
from portfolio.queries.core import sent_files

ROWS: Final = 30
HERE: Final = dt.timedelta(minutes=2)
LETTERS_A_WORD: Final = 6


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the chips above the queue narrow it to; the empty one narrows nothing."""

    late: bool = False
    newer: bool = False
    kind: str = ""
    learner: str = ""  # public id

    def __bool__(self) -> bool:
        return self.late or self.newer or bool(self.kind or self.learner)


@dataclass(frozen=True, slots=True)
class LearnerChoice:
    """A learner with something in the queue."""

    public_id: str
    name: str
    pieces: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The whole queue in numbers, whatever it is narrowed to. `kinds` are pairs of kind and count."""

    pieces: int
    late: int
    newer: int
    kinds: tuple[tuple[str, int], ...]
    learners: tuple[LearnerChoice, ...]
    minutes: int


@dataclass(frozen=True, slots=True)
class WorkRow:
    """One piece that waits. `used` and `share` are working days and their part (0–100) of the centre's days."""

    public_id: str
    title: str
    kind: str
    learner_id: str
    learner_name: str
    submitted_at: dt.datetime
    version: int
    criteria: int
    units: tuple[str, ...]
    families: tuple[str, ...]
    seconds: float
    pages: int
    words: int
    thumb: str
    used: int
    share: int
    late: bool
    old: str  # why its day asks whether it is still current, or "" (R59)
    seen_before: bool
    here: str
    unsure: bool
    minutes: int


@dataclass(frozen=True, slots=True)
class WorkPage:
    """A page of the queue, oldest first. `page` counts the rows of the narrowed queue."""

    rows: tuple[WorkRow, ...]
    page: Page[int]
    tally: Tally
    feedback_days: int


@dataclass(frozen=True, slots=True)
class InQueue:
    """Where a piece stands in the queue; 0 when it is not in it. Public ids, empty at the ends."""

    position: int
    pieces: int
    earlier: str
    later: str
    later_picture: str = ""  # the first preview of the next piece, so that a browser can fetch it ahead


def work_page(actor: Actor, narrowed: Narrowed, number: int, at: dt.datetime) -> WorkPage:
    """Return a page of what waits for this assessor today (R13), with the counts of all of it. Seven queries."""
    days, limit = Centre.objects.values_list("feedback_days", "currency_days").get(pk=actor.centre_id)
    before = late_before(actor.on, days)
    groups = _groups(actor, before)
    total = sum(g["pieces"] for g in groups if _in_group(g, narrowed))
    page = Paginator(range(total), ROWS).get_page(number)
    since = Registration.objects.for_centre(actor.centre_id).filter(learner_id=OuterRef("learner_id"))
    found = (
        _narrow(waiting(actor), narrowed, before)
        .select_related("learner")
        .annotate(registered_on=Subquery(since.order_by("starts_on").values("starts_on")[:1]))
        .order_by("submitted_at", "pk")
    )
    pieces = list(found[page.start_index() - 1 : page.end_index()]) if total else []
    return WorkPage(_rows(actor, pieces, (days, limit), at), page, _tally(groups), days)


def oldest(actor: Actor) -> str:
    """Return the public id of the piece that has waited longest, or an empty text. One query."""
    return waiting(actor).order_by("submitted_at", "pk").values_list("public_id", flat=True).first() or ""


def in_queue(actor: Actor, public_id: str) -> InQueue:
    """Return where a piece stands among what waits, with its neighbours. One query."""
    rows = waiting(actor).order_by("submitted_at", "pk").annotate(picture=_first_picture(actor))
    queue = list(rows.values_list("public_id", "picture"))
    ids = [piece for piece, _picture in queue]
    here = ids.index(public_id) if public_id in ids else -1
    later, picture = queue[here + 1] if here + 1 < len(queue) else ("", "")
    return InQueue(here + 1, len(ids), ids[here - 1] if here > 0 else "", later, picture or "")


def _first_picture(actor: Actor) -> Subquery:
    """What the stage will show first of a piece."""
    shown = Preview.objects.for_centre(actor.centre_id).filter(
        file__evidence_id=OuterRef("pk"),
        file__removed_at=None,
        kind__in=(PreviewKind.IMAGE, PreviewKind.PAGE, PreviewKind.POSTER),
    )
    return Subquery(shown.order_by("file__position", "file_id", "position").values("public_id")[:1])


def estimate_minutes(*, pieces: int = 1, seconds: float = 0, pages: int = 0, words: int = 0, criteria: int = 0) -> int:
    """Return about how many minutes judging takes: for planning a day, never for watching a person."""
    rough = pieces + seconds / 60 * 1.2 + pages * 0.6 + words / 220 + criteria * 0.4
    return math.ceil(rough)


def _groups(actor: Actor, before: dt.datetime) -> list[dict[str, Any]]:
    """Count the queue by everything it can be narrowed by: one small row for each kind, learner, late, newer."""
    rows = waiting(actor).annotate(
        is_late=Case(When(submitted_at__lt=before, then=Value(1)), default=Value(0)),
        is_newer=Case(When(version_number__gt=1, then=Value(1)), default=Value(0)),
        file_seconds=_sum_of_files(actor, "duration_seconds"),
        file_pages=_sum_of_files(actor, "pages"),
        asked=_mappings_asked(actor),
    )
    keys = ("kind", "learner__public_id", "learner__given_names", "learner__family_name", "is_late", "is_newer")
    return list(
        rows.values(*keys)
        .annotate(
            pieces=Count("pk"),
            letters=Sum(Length("body") + Length("description")),
            seconds=Sum("file_seconds"),
            pages=Sum("file_pages"),
            criteria=Sum("asked"),
        )
        .order_by("learner__family_name", "learner__given_names")
    )


def _sum_of_files(actor: Actor, column: str) -> Coalesce:
    files = EvidenceFile.objects.for_centre(actor.centre_id).filter(evidence_id=OuterRef("pk"), removed_at=None)
    summed = files.order_by().values("evidence_id").annotate(total=Sum(column)).values("total")
    return Coalesce(Subquery(summed, output_field=FloatField()), Value(0.0))


def _to_judge(actor: Actor) -> QuerySet[EvidenceMapping]:
    """Return what waits to be judged in the registrations in which this actor judges."""
    rows: QuerySet[EvidenceMapping] = EvidenceMapping.objects.for_centre(actor.centre_id)
    return rows.filter(learner_unit__registration__in=assessed_registrations(actor), state=MappingState.OFFERED)


def _mappings_asked(actor: Actor) -> Coalesce:
    mappings = _to_judge(actor).filter(evidence_id=OuterRef("pk"))
    counted = mappings.order_by().values("evidence_id").annotate(total=Count("pk")).values("total")
    return Coalesce(Subquery(counted), Value(0))


def _in_group(group: dict[str, Any], narrowed: Narrowed) -> bool:
    return (
        (not narrowed.late or group["is_late"] == 1)
        and (not narrowed.newer or group["is_newer"] == 1)
        and narrowed.kind in {"", group["kind"]}
        and narrowed.learner in {"", group["learner__public_id"]}
    )


def _narrow(rows: QuerySet[Evidence], narrowed: Narrowed, before: dt.datetime) -> QuerySet[Evidence]:
    wanted = Q()
    if narrowed.late:
        wanted &= Q(submitted_at__lt=before)
    if narrowed.newer:
        wanted &= Q(version_number__gt=1)
    if narrowed.kind:
        wanted &= Q(kind=narrowed.kind)
    if narrowed.learner:
        wanted &= Q(learner__public_id=narrowed.learner)
    return rows.filter(wanted)


def _tally(groups: list[dict[str, Any]]) -> Tally:
    kinds: dict[str, int] = defaultdict(int)
    learners: dict[str, LearnerChoice] = {}
    for group in groups:
        kinds[group["kind"]] += group["pieces"]
        public_id = group["learner__public_id"]
        name = f"{group['learner__given_names']} {group['learner__family_name']}"
        already = learners[public_id].pieces if public_id in learners else 0
        learners[public_id] = LearnerChoice(public_id, name, already + group["pieces"])
    pieces = sum(kinds.values())
    return Tally(
        pieces=pieces,
        late=sum(g["pieces"] for g in groups if g["is_late"]),
        newer=sum(g["pieces"] for g in groups if g["is_newer"]),
        kinds=tuple(sorted(kinds.items())),
        learners=tuple(learners.values()),
        minutes=estimate_minutes(
            pieces=pieces,
            seconds=sum(g["seconds"] for g in groups),
            pages=sum(g["pages"] for g in groups),
            words=sum(g["letters"] for g in groups) // LETTERS_A_WORD,
            criteria=sum(g["criteria"] for g in groups),
        )
        if pieces
        else 0,
    )


def _rows(actor: Actor, pieces: Sequence[Evidence], limits: tuple[int, int], at: dt.datetime) -> tuple[WorkRow, ...]:
    """Return the rows. `limits`: the centre's working days for feedback, and the days evidence is current."""
    if not pieces:
        return ()
    days, limit = limits
    ids = [piece.pk for piece in pieces]
    files = _files(actor, ids)
    asked = _asked(actor, ids)
    seen = _seen_before(actor, pieces, files)
    here = _others_here(actor, ids, at)
    before = late_before(actor.on, days)
    return tuple(
        _row(
            piece,
            files[piece.pk],
            asked[piece.pk],
            used=working_days_used(london_date(_sent(piece)), actor.on),
            days=days,
            late=_sent(piece) < before,
            old=why_old(piece.activity_date, actor.on, piece.__dict__["registered_on"], limit),
            seen_before=piece.pk in seen,
            here=here.get(piece.pk, ""),
        )
        for piece in pieces
    )


def _row(
    piece: Evidence,
    files: list[dict[str, Any]],
    units: list[str],
    *,
    used: int,
    days: int,
    late: bool,
    old: str,
    seen_before: bool,
    here: str,
) -> WorkRow:
    seconds = sum(f["file__duration_seconds"] or 0 for f in files)
    pages = sum(f["file__pages"] or 0 for f in files)
    words = len(f"{piece.body} {piece.description}".split())
    return WorkRow(
        public_id=piece.public_id,
        title=piece.sent_title,
        kind=piece.kind,
        learner_id=piece.learner.public_id,
        learner_name=piece.learner.full_name,
        submitted_at=_sent(piece),
        version=piece.version_number,
        criteria=len(units),
        units=tuple(dict.fromkeys(units)),
        families=tuple(f["file__family"] for f in files),
        seconds=seconds,
        pages=pages,
        words=words,
        thumb=next((f["thumb"] for f in files if f["thumb"]), ""),
        used=used,
        share=min(100, round(used * 100 / max(days, 1))),
        late=late,
        old=old,
        seen_before=seen_before,
        here=here,
        unsure=piece.unsure and not units,
        minutes=estimate_minutes(seconds=seconds, pages=pages, words=words, criteria=len(units)),
    )


def _sent(piece: Evidence) -> dt.datetime:
    """Return when a waiting piece was sent; the state machine gives every waiting piece that time."""
    return piece.submitted_at or piece.saved_at


def _files(actor: Actor, ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the files of the version that waits, with the address of a small picture."""
    thumbs = Preview.objects.for_centre(actor.centre_id).filter(file_id=OuterRef("file_id"), kind=PreviewKind.THUMB)
    rows = (
        VersionFile.objects.for_centre(actor.centre_id)
        .filter(version__evidence_id__in=ids, version__number=F("version__evidence__version_number"))
        .annotate(thumb=Subquery(thumbs.values("public_id")[:1]))
        .order_by("file__position", "file_id")
        .values(
            "version__evidence_id",
            "file__family",
            "file__duration_seconds",
            "file__pages",
            "file__sha256",
            "thumb",
        )
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[row["version__evidence_id"]].append(dict(row))
    return found


def _asked(actor: Actor, ids: Iterable[int]) -> dict[int, list[str]]:
    """Return for each piece the unit of each criterion to judge: its number in the qualification, or its title."""
    rows = (
        _to_judge(actor)
        .filter(evidence_id__in=ids)
        .order_by("learner_unit__position", "criterion__position")
        .values_list("evidence_id", "learner_unit__place__number", "learner_unit__unit__title")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for evidence_id, number, title in rows:
        found[evidence_id].append(number or title)
    return found


def _seen_before(actor: Actor, pieces: Sequence[Evidence], files: dict[int, list[dict[str, Any]]]) -> set[int]:
    """Return the pieces of which a file's bytes were sent in another piece of this centre as well."""
    mine = {(f["file__sha256"], piece) for piece, found in files.items() for f in found if f["file__sha256"]}
    learner_of = {piece.pk: piece.learner_id for piece in pieces}
    sent = (
        sent_files(actor)
        .filter(sha256__in={sha for sha, _piece in mine})
        .values_list("sha256", "evidence_id", "evidence__learner_id", "opens")
        .distinct()
    )
    others: dict[str, list[tuple[int, int, bool]]] = defaultdict(list)
    for sha, *other in sent:
        others[sha].append(tuple(other))
    return {
        piece
        for sha, piece in mine
        for other, learner_id, opens in others[sha]
        if other != piece and (opens or learner_id != learner_of[piece])
    }


def _others_here(actor: Actor, ids: Iterable[int], at: dt.datetime) -> dict[int, str]:
    rows = (
        Presence.objects.for_centre(actor.centre_id)
        .filter(evidence_id__in=ids, seen_at__gte=at - HERE)
        .exclude(person_id=actor.person_id)
        .order_by("seen_at")
        .values_list("evidence_id", "person__given_name", "person__family_name")
    )
    return {evidence_id: f"{given} {family}".strip() for evidence_id, given, family in rows}
