"""What was decided and said about a piece so far: its versions, the reviews of each, the talk (R77, R81)."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, OuterRef

from assessments.enums import ReviewKind
from assessments.models import Reply
from assessments.queries.codes import code_of
from centres.actor import Actor
from centres.enums import Standing
from portfolio.enums import Setting
from portfolio.models import Evidence
from portfolio.queries.core import readable_versions, same_bytes_elsewhere, seen_registrations

_VERSION: Final = ("number", "submitted_at", "digest", "files")
_REVIEW: Final = (
    "pk",
    "kind",
    "at",
    "feedback",
    "next_action",
    "next_by",
    "vacsr_note",
    "setting_confirmed",
    "setting_basis",
    "currency_note",
    "days_note",
    "inspected_on",
    "assessor__given_name",
    "assessor__family_name",
)
_DECISION: Final = (
    "judgements__verdict",
    "judgements__reason",
    "judgements__standing",
    "judgements__countersignature__agrees",
    "judgements__criterion__number",
    "judgements__criterion__text",
    "judgements__learner_unit__place__number",
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One verdict of a review. `countersigned` is None while nobody has countersigned it."""

    code: str
    text: str
    verdict: str
    reason: str
    provisional: bool
    countersigned: bool | None


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One save of an assessor."""

    who: str
    at: dt.datetime
    sent_back: bool
    feedback: str
    next_action: str
    next_by: dt.date | None
    vacsr_note: str
    setting: str  # in words, as the assessor confirmed it
    setting_basis: str
    currency_note: str
    days_note: str
    inspected_on: dt.date | None
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version as it was sent, with what was decided on it."""

    number: int
    submitted_at: dt.datetime
    digest: str
    files: int
    reviews: tuple[ReviewView, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A line of the talk between learner and staff."""

    author: str
    by_learner: bool
    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class SameBytes:
    """Another piece of the centre that holds the same bytes. The title only where it is the same learner's."""

    sha256: str
    same_learner: bool
    title: str
    public_id: str


def history(actor: Actor, evidence: Evidence) -> tuple[VersionView, ...]:
    """Return the versions of a piece, newest first, with its reviews and decisions, as far as this actor sees them.

    Not a version taken back unopened, nor decisions in registrations out of their sight and reviews about nothing else.
    One query.
    """
    versions: dict[int, dict[int, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for row in _decided(actor, evidence):
        versions[row["number"]][row["reviews__pk"]].append(row)
    return tuple(_version(reviews) for reviews in versions.values())


def _version(reviews: Mapping[int, list[dict[str, Any]]]) -> VersionView:
    first = next(iter(reviews.values()))[0]
    shown = {pk: _shown(rows) for pk, rows in reviews.items() if pk}
    seen = tuple(_review(rows) for rows in shown.values() if rows)
    return VersionView(first["number"], first["submitted_at"], first["digest"], len(first["files"]), seen)


def _shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of a review that may be shown: one without decisions is about the piece as a whole."""
    return [row for row in rows if row["seen"] or row["reviews__judgements__verdict"] is None]


def _decided(actor: Actor, evidence: Evidence) -> list[dict[str, Any]]:
    """Return a row for each decision of each review of each version, the latest first.

    A review without decisions has one row, and so has a version without reviews.
    """
    inside = ("learner_unit__position", "criterion__position")
    order = ("-number", "-reviews__at", "-reviews__pk", *(f"reviews__judgements__{name}" for name in inside))
    seen = seen_registrations(actor).filter(pk=OuterRef("reviews__judgements__learner_unit__registration_id"))
    found = readable_versions(actor.centre_id).filter(evidence=evidence)
    rows = found.annotate(seen=Exists(seen)).order_by(*order)
    return [
        dict(row) for row in rows.values("seen", *_VERSION, *(f"reviews__{name}" for name in (*_REVIEW, *_DECISION)))
    ]


def _review(rows: list[dict[str, Any]]) -> ReviewView:
    row = _bare(rows[0])
    return ReviewView(
        who=f"{row['assessor__given_name']} {row['assessor__family_name']}".strip(),
        at=row["at"],
        sent_back=row["kind"] == ReviewKind.RETURNED,
        feedback=row["feedback"],
        next_action=row["next_action"],
        next_by=row["next_by"],
        vacsr_note=row["vacsr_note"],
        setting=str(Setting(row["setting_confirmed"]).label) if row["setting_confirmed"] else "",
        setting_basis=row["setting_basis"],
        currency_note=row["currency_note"],
        days_note=row["days_note"],
        inspected_on=row["inspected_on"],
        decisions=tuple(_decision(one) for one in map(_bare, rows) if one["judgements__verdict"]),
    )


def _bare(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name.removeprefix("reviews__"): value for name, value in row.items()}


def _decision(row: dict[str, Any]) -> Decision:
    return Decision(
        code=code_of(row["judgements__learner_unit__place__number"], row["judgements__criterion__number"]),
        text=row["judgements__criterion__text"],
        verdict=row["judgements__verdict"],
        reason=row["judgements__reason"],
        provisional=row["judgements__standing"] == Standing.TRAINEE,
        countersigned=row["judgements__countersignature__agrees"],
    )


def talk(actor: Actor, evidence: Evidence) -> tuple[Said, ...]:
    """Return the talk about a piece, oldest first. One query."""
    rows = Reply.objects.for_centre(actor.centre_id).filter(evidence=evidence).select_related("author")
    learner = evidence.learner.person_id
    return tuple(Said(r.author.full_name, r.author_id == learner, r.text, r.at) for r in rows.order_by("at", "pk"))


def same_bytes(actor: Actor, evidence: Evidence, hashes: set[str]) -> tuple[SameBytes, ...]:
    """Return where else in the centre these bytes were sent; another learner's piece stays unnamed. One query.

    A piece of the same learner that this actor may not open is left out.
    """
    rows = (
        same_bytes_elsewhere(actor, learner_id=evidence.learner_id)
        .filter(sha256__in=hashes - {""})
        .exclude(evidence=evidence)
        .order_by("evidence__submitted_at")
        .values_list("sha256", "evidence__learner_id", "evidence__sent_title", "evidence__public_id")
        .distinct()
    )
    return tuple(
        SameBytes(sha, mine, title if mine else "", public_id if mine else "")
        for sha, learner_id, title, public_id in rows
        for mine in [learner_id == evidence.learner_id]
    )
