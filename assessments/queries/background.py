"""What stood about a piece before this save: earlier settings, earlier answers, since when its learner is here."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, Min
from django.db.models.fields.json import KeyTextTransform

from assessments.enums import ReviewKind
from centres.models import Registration
from common.plain import iso_day
from portfolio.models import Evidence, EvidenceVersion

#: Fields of a version whose words may say that something was played or practised (R61).
WORDS: Final = ("title", "description", "body", "organisation")
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
class Background:
    """`settings`: number of each earlier version and what the learner said of the setting; both newest first.

    `number`: of the version that is judged now.
    """

    settings: tuple[tuple[int, str], ...] = ()
    answers: tuple[Answer, ...] = ()
    number: int = 0

    @property
    def written(self) -> tuple[str, ...]:
        """What was fed back so far."""
        return tuple(answer.feedback for answer in self.answers if answer.feedback)

    @property
    def answered(self) -> bool:
        """Whether the learner has had a word on this version: every submission gets one (R77)."""
        return any(answer.feedback for answer in self.answers if answer.version == self.number)


def background(evidence: Evidence, number: int) -> Background:
    """Return what stood about a piece before version `number` was judged now: a row for each answer. One query."""
    rows = list(
        EvidenceVersion.objects.for_centre(evidence.centre_id)
        .filter(evidence=evidence, recall=None)  # what was taken back before it was opened is gone
        .annotate(setting=KeyTextTransform("setting", "fields"), decided=Count("reviews__judgements"))
        .order_by("-number", "-reviews__at", "-reviews__pk")
        .values(
            "number",
            "setting",
            "decided",
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
    )
    settings = {row["number"]: row["setting"] or "" for row in rows if row["number"] < number}
    return Background(tuple(settings.items()), tuple(_answer(row) for row in rows if row["reviews__pk"]), number)


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
