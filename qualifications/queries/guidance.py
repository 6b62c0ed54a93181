"""What a centre says about criteria, beside what was published. Each function says how many queries it makes."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from common.refusals import NotFound
from qualifications.models import AboutCriterion, Criterion, CriterionNote, CriterionTag, Unit
from qualifications.queries.current import visible

#: A criterion in whatever version: key of its unit, its number.
Key: TypeAlias = tuple[str, str]
A = TypeVar("A", bound=AboutCriterion)
MOST_EARLIER = 20


@dataclass(frozen=True, slots=True)
class Note:
    """A criterion in plain words, as one centre puts it. `about` is the wording that the author had before them."""

    words: str
    examples: str
    author: str
    at: dt.datetime
    version: int
    about: str


@dataclass(frozen=True, slots=True)
class Tag:
    """The themes of a criterion as the centre changed them. `themes` None: as published, again."""

    themes: tuple[str, ...] | None
    author: str
    at: dt.datetime
    version: int


@dataclass(frozen=True, slots=True)
class Guidance:
    """Everything a centre says and said about one criterion, the newest first. `themes` are those that count."""

    themes: tuple[str, ...]
    tags: tuple[Tag, ...]
    notes: tuple[Note, ...]

    @property
    def tag_version(self) -> int:
        """Return the version of the themes that a form was made from; 0 where nobody changed them."""
        return self.tags[0].version if self.tags else 0

    @property
    def note_version(self) -> int:
        """Return the version of the note that a form was made from; 0 where there never was one."""
        return self.notes[0].version if self.notes else 0

    @property
    def note(self) -> Note | None:
        """Return the note that counts; None where there is none, or it was taken away."""
        return next((n for n in self.notes[:1] if n.words or n.examples), None)


def own_themes(centre_id: int, unit_keys: Collection[str]) -> dict[Key, tuple[str, ...]]:
    """Return the themes that a centre put in place of the published ones, in these units. One query."""
    rows = _newest(CriterionTag.objects.for_centre(centre_id), CriterionTag.objects.for_centre(centre_id), unit_keys)
    found = rows.exclude(themes=None).values_list("unit_key", "number", "themes")
    return {(key, number): tuple(themes or ()) for key, number, themes in found}


def with_own_themes(rows: QuerySet[Criterion], centre_id: int) -> QuerySet[Criterion]:
    """Annotate criteria with `own_themes`: what the centre put in place of the published ones, else None. No query."""
    same = CriterionTag.objects.for_centre(centre_id).filter(unit_key=OuterRef("unit__key"), number=OuterRef("number"))
    return rows.annotate(own_themes=Subquery(same.order_by("-version").values("themes")[:1]))


def notes_on(centre_id: int, unit_keys: Collection[str]) -> dict[Key, Note]:
    """Return a centre's notes on criteria of these units. One query."""
    rows = _newest(CriterionNote.objects.for_centre(centre_id), CriterionNote.objects.for_centre(centre_id), unit_keys)
    found = rows.exclude(words="", examples="").select_related("author", "criterion")
    return {(row.unit_key, row.number): _note(row) for row in found}


def _newest(rows: QuerySet[A], all_rows: QuerySet[A], unit_keys: Collection[str]) -> QuerySet[A]:
    newer = all_rows.filter(unit_key=OuterRef("unit_key"), number=OuterRef("number"), version__gt=OuterRef("version"))
    return rows.filter(~Exists(newer), unit_key__in=set(unit_keys))


def criterion_of(unit_id: str, public_id: str, centre_id: int) -> Criterion:
    """Return a criterion of a unit that this centre may see (public ids). One query. Refuses others: `NotFound`."""
    units = visible(Unit.objects.filter(public_id=unit_id), centre_id)
    rows = Criterion.objects.filter(public_id=public_id, unit__in=units).select_related("unit", "outcome")
    row: Criterion | None = rows.first()
    if row is None:
        raise NotFound("criterion.view", public_id)
    return row


def guidance_on(criterion: Criterion, centre_id: int) -> Guidance:
    """Return what a centre says about a criterion, with at most twenty earlier entries of each kind. Two queries."""
    same = {"unit_key": criterion.unit.key, "number": criterion.number}
    tags = CriterionTag.objects.for_centre(centre_id).filter(**same).select_related("author")
    notes = CriterionNote.objects.for_centre(centre_id).filter(**same).select_related("author", "criterion")
    latest = F("version").desc()
    told = tuple(_tag(row) for row in tags.order_by(latest)[: MOST_EARLIER + 1])
    own = told[0].themes if told else None
    return Guidance(
        themes=tuple(criterion.themes) if own is None else own,
        tags=told,
        notes=tuple(_note(row) for row in notes.order_by(latest)[: MOST_EARLIER + 1]),
    )


def _tag(row: CriterionTag) -> Tag:
    themes = None if row.themes is None else tuple(row.themes)
    return Tag(themes, row.author.full_name, row.at, row.version)


def _note(row: CriterionNote) -> Note:
    return Note(row.words, row.examples, row.author.full_name, row.at, row.version, row.criterion.text)
