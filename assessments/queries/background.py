"""What stood about a piece before this save: earlier settings, words and answers, since when its learner is here."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Min, Q
from django.db.models.fields.json import KeyTextTransform

from assessments.enums import ReviewKind
from assessments.models import Reply
from centres.models import Registration
from common.plain import iso_day
from common.text import say
from portfolio.models import Evidence, EvidenceVersion

#: Fields of a version whose words may say that something was played or practised (R61).
WORDS: Final = ("title", "description", "body", "organisation")
#: What is read of each answer.
ANSWER: Final = (
    "reviews__pk",
    "reviews__kind",
    "reviews__at",
    "reviews__feedback",
    "reviews__next_action",
    "reviews__next_by",
    "reviews__assessor_id",
    "reviews__assessor__given_name",
    "reviews__assessor__family_name",
)
#: Fields of a version that stand beside the learner's word on the setting: somebody could ask there.
SUPPORT: Final = ("place", "people", "location")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an assessor saved about a piece. `decided`: how many criteria; `person_id` never leaves the server."""

    version: int
    who: str
    person_id: int
    at: dt.datetime
    sent_back: bool
    feedback: str
    next_action: str
    next_by: dt.date | None
    decided: int


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody wrote about a piece, and where it stands, in words for its assessor."""

    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Noted:
    """A note beside a criterion in an earlier version. `unit_id`: of the learner's unit, public."""

    version: int
    unit_id: str
    text: str


@dataclass(frozen=True, slots=True)
class Background:
    """`settings`: number of each earlier version and what the learner said of the setting; all newest first.

    `number`: of the version that is judged now. `earlier` and `noted`: the words of earlier versions, and the notes in
    them; nothing of a version whose words were removed from sight. `talk`: the lines of the talk.
    """

    settings: tuple[tuple[int, str], ...] = ()
    answers: tuple[Answer, ...] = ()
    number: int = 0
    earlier: tuple[tuple[int, str], ...] = ()
    noted: tuple[Noted, ...] = ()
    talk: tuple[str, ...] = ()
    withheld: bool = False  # the words of the version that is judged now

    def words(self, fields: Mapping[str, Any], notes: Iterable[tuple[str, str, str]]) -> tuple[Words, ...]:
        """Return everything that was written about a piece and may hint at where it happened (R61).

        `fields` are those of the version judged now; `notes` are the public id of a learner's unit, the code and the
        note of each criterion that somebody sees: of earlier notes only those in the same units are theirs to read.
        """
        beside = list(notes)
        units = {unit for unit, _code, _note in beside}
        now = "" if self.withheld else "\n".join(written_in(fields))
        found = [
            Words(say("in what the learner says"), now),
            *(Words(say("beside %(code)s") % {"code": code}, note) for _unit, code, note in beside),
            *(Words(say("in version %(number)d") % {"number": number}, text) for number, text in self.earlier),
            *(
                Words(say("beside a criterion in version %(number)d") % {"number": note.version}, note.text)
                for note in self.noted
                if note.unit_id in units
            ),
            *(Words(say("in the talk"), line) for line in self.talk),
            *(Words(say("in feedback"), answer.feedback) for answer in self.answers),
        ]
        return tuple(one for one in found if one.text.strip())

    @property
    def answered(self) -> bool:
        """Whether the learner has had a word on this version: every submission gets one (R77)."""
        return any(answer.feedback for answer in self.answers if answer.version == self.number)


def background(evidence: Evidence, number: int, *, talked: bool = True) -> Background:
    """Return what stood about a piece before version `number` was judged now: a row for each answer.

    One query, and one for the talk unless nobody talked (`talked`).
    """
    rows = list(
        EvidenceVersion.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence, recall=None)  # what was taken back before it was opened is gone
        .annotate(
            setting=KeyTextTransform("setting", "fields"),
            decided=Count("reviews__judgements", distinct=True),
            gone=Count("tombstones", filter=Q(tombstones__file=None), distinct=True),
        )
        .order_by("-number", "-reviews__at", "-reviews__pk")
        .values("number", "setting", "decided", "gone", "fields", "mappings", *ANSWER)
    )
    earlier = {row["number"]: row for row in rows if row["number"] < number}
    kept = [row for row in earlier.values() if not row["gone"]]
    return Background(
        settings=tuple((at, row["setting"] or "") for at, row in earlier.items()),
        answers=tuple(_answer(row) for row in rows if row["reviews__pk"]),
        number=number,
        earlier=tuple((row["number"], "\n".join(written_in(row["fields"]))) for row in kept),
        noted=tuple(
            Noted(row["number"], str(entry.get("unit", "")), entry["note"])
            for row in kept
            for entry in row["mappings"]
            if entry.get("note")
        ),
        talk=_talk(evidence) if talked else (),
        withheld=any(row["gone"] for row in rows if row["number"] == number),
    )


def _talk(evidence: Evidence) -> tuple[str, ...]:
    rows = Reply.objects.for_centre(evidence.centre_id).filter(evidence=evidence).order_by("-at", "-pk")
    return tuple(rows.values_list("text", flat=True))


def _answer(row: Mapping[str, Any]) -> Answer:
    return Answer(
        version=row["number"],
        who=f"{row['reviews__assessor__given_name']} {row['reviews__assessor__family_name']}".strip(),
        person_id=row["reviews__assessor_id"],
        at=row["reviews__at"],
        sent_back=row["reviews__kind"] == ReviewKind.RETURNED,
        feedback=row["reviews__feedback"],
        next_action=row["reviews__next_action"],
        next_by=row["reviews__next_by"],
        decided=row["decided"],
    )


def written_in(fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the learner's words about a piece that may hint at where it happened."""
    return tuple(str(fields.get(name) or "") for name in WORDS)


def supported(fields: Mapping[str, Any], files: int) -> bool:
    """Say whether a file, a place or a person stands beside the learner's word on the setting (R61)."""
    return files > 0 or any(str(fields.get(name) or "").strip() for name in SUPPORT)


def day_of(fields: Mapping[str, Any]) -> dt.date | None:
    """Return the day on which the learner says it happened."""
    return iso_day(fields.get("activity_date"))


def registered_since(centre_id: int, learner_id: int) -> dt.date | None:
    """Return the day from which a learner has been registered here, for whatever qualification. One query."""
    found: dict[str, dt.date | None] = (
        Registration.objects.for_centre(centre_id).filter(learner_id=learner_id).aggregate(first=Min("starts_on"))
    )
    return found["first"]
