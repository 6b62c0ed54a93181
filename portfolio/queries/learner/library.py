"""The learner's shelf of evidence: filters with counts, search, pages."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from centres.actor import Actor
from media.policy import Family
from portfolio.enums import EvidenceKind, EvidenceState, MappingState, PreviewKind
from portfolio.models import Evidence, EvidenceFile, EvidenceMapping, Preview
from portfolio.queries.learner.own import learner_of

PER_PAGE = 30
MOST_WORDS = 8
OPEN = ~Q(mappings__state=MappingState.CLOSED)

#: What a chip shows. "all" leaves out what was withdrawn: that has a chip of its own.
CHOICES: dict[str, Q] = {
    "all": ~Q(state=EvidenceState.WITHDRAWN),
    "unlinked": Q(linked=False) & ~Q(state=EvidenceState.WITHDRAWN),
    "drafts": Q(state=EvidenceState.DRAFT),
    "waiting": Q(state__in=(EvidenceState.SUBMITTED, EvidenceState.IN_REVIEW)),
    "back": Q(state=EvidenceState.RETURNED),
    "done": Q(state=EvidenceState.ACCEPTED),
    "withdrawn": Q(state=EvidenceState.WITHDRAWN),
}
PICTURES = (Family.IMAGE,)
FILMS = (Family.VIDEO,)
SOUNDS = (Family.AUDIO,)
KINDS: dict[str, Q] = {
    "photo": Q(has_image=True),
    "film": Q(has_video=True),
    "sound": Q(has_audio=True),
    "document": Q(has_document=True),
    "written": Q(has_file=False) & ~Q(kind=EvidenceKind.IN_SITU),
    "at_work": Q(kind=EvidenceKind.IN_SITU),
}


@dataclass(frozen=True, slots=True)
class Card:
    """One piece on the shelf. `thumb` is the public id of its picture, or ""."""

    public_id: str
    title: str
    state: str
    kind: str
    family: str
    files: int
    seconds: float | None
    thumb: str
    day: dt.date
    things: int
    met: int
    provisional: int
    not_yet: int

    @property
    def key(self) -> str:
        """Return the status key of the whole piece."""
        return piece_key(self.state, self.met, self.provisional, self.not_yet)


@dataclass(frozen=True, slots=True)
class Library:
    """A page of the shelf with the counts of every chip."""

    page: Page[int]
    cards: tuple[Card, ...]
    counts: dict[str, int]
    kinds: dict[str, int]


def piece_key(state: str, met: int, provisional: int, not_yet: int) -> str:
    """Return the status key of a piece of evidence from its state and how its mappings were judged."""
    by_state = {
        EvidenceState.DRAFT: "draft",
        EvidenceState.SUBMITTED: "sent",
        EvidenceState.IN_REVIEW: "sent",
        EvidenceState.RETURNED: "back",
        EvidenceState.WITHDRAWN: "hold",
    }
    if state in by_state:
        return by_state[EvidenceState(state)]
    if not_yet:
        return "notyet"
    return "provisional" if provisional and not met else "met"


def library(actor: Actor, *, where: str, kind: str, words: str, page: int) -> Library:
    """Return a page of the learner's own evidence, newest first. At most four queries, whatever the number of pieces.

    `where` is a key of CHOICES and `kind` one of KINDS; anything else shows all. `words` are looked for in name,
    description, place and writing: a piece has to have all of them.
    """
    everything = _marked(actor)
    chosen = everything.filter(CHOICES.get(where, CHOICES["all"]))
    narrowed = chosen.filter(KINDS[kind]) if kind in KINDS else chosen
    ids = _searched(narrowed, words).order_by("-created_at", "-pk").values_list("pk", flat=True)
    found = Paginator(list(ids), PER_PAGE).get_page(page)
    rows = _with_pictures(actor, list(found.object_list))
    counts, kinds = _counts(everything, CHOICES.get(where, CHOICES["all"]))
    return Library(found, tuple(_card(row) for row in rows), counts, kinds)


def _marked(actor: Actor) -> QuerySet[Evidence]:
    mappings = EvidenceMapping.objects.for_centre(actor.centre_id).filter(evidence_id=OuterRef("pk"))
    return (
        Evidence.objects.for_centre(actor.centre_id)
        .filter(learner_id=learner_of(actor))
        .annotate(
            linked=Exists(mappings.exclude(state=MappingState.CLOSED)),
            has_file=Exists(_files(actor)),
            has_image=Exists(_files(actor).filter(family__in=PICTURES)),
            has_video=Exists(_files(actor).filter(family__in=FILMS)),
            has_audio=Exists(_files(actor).filter(family__in=SOUNDS)),
            has_document=Exists(_files(actor).exclude(family__in=(*PICTURES, *FILMS, *SOUNDS, ""))),
        )
    )


def _files(actor: Actor) -> QuerySet[EvidenceFile]:
    return EvidenceFile.objects.for_centre(actor.centre_id).filter(evidence_id=OuterRef("pk"), removed_at=None)


def _searched(rows: QuerySet[Evidence], words: str) -> QuerySet[Evidence]:
    for word in words.split()[:MOST_WORDS]:
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(description__icontains=word)
            | Q(place__icontains=word)
            | Q(body__icontains=word)
        )
    return rows


def _counts(everything: QuerySet[Evidence], within: Q) -> tuple[dict[str, int], dict[str, int]]:
    asked: dict[str, Any] = {f"c_{name}": Count("pk", filter=test) for name, test in CHOICES.items()}
    asked |= {f"k_{name}": Count("pk", filter=test & within) for name, test in KINDS.items()}
    found = everything.aggregate(**asked)
    return {name: found[f"c_{name}"] for name in CHOICES}, {name: found[f"k_{name}"] for name in KINDS}


def _with_pictures(actor: Actor, ids: Sequence[int]) -> list[Evidence]:
    """Return one page of pieces with counts of mappings, files and their thumbnails: two queries."""
    pictures = Preview.objects.across_centres(reason="reached only through the learner's own files")
    files = EvidenceFile.objects.across_centres(reason="reached only through the learner's own evidence")
    rows: Any = Evidence.objects.for_centre(actor.centre_id).filter(pk__in=ids).order_by("-created_at", "-pk")
    shown = rows.annotate(
        things=Count("mappings", filter=OPEN),
        met=Count("mappings", filter=Q(mappings__state=MappingState.MET)),
        provisional=Count("mappings", filter=Q(mappings__state=MappingState.MET_PROVISIONAL)),
        not_yet=Count("mappings", filter=Q(mappings__state=MappingState.NOT_YET)),
    )
    thumbs = pictures.filter(file_id=OuterRef("pk"), kind=PreviewKind.THUMB, position=0).values("public_id")
    kept = files.filter(removed_at=None).annotate(thumb=Subquery(thumbs[:1]))
    return list(shown.prefetch_related(Prefetch("files", kept, to_attr="shown_files")))


def _card(row: Any) -> Card:
    files = row.shown_files
    first = next((file for file in files if file.thumb), files[0] if files else None)
    return Card(
        public_id=row.public_id,
        title=row.title,
        state=row.state,
        kind=row.kind,
        family=first.family if first else "",
        files=len(files),
        seconds=first.duration_seconds if first else None,
        thumb=first.thumb or "" if first else "",
        day=row.activity_date or row.created_at,
        things=row.things,
        met=row.met,
        provisional=row.provisional,
        not_yet=row.not_yet,
    )
