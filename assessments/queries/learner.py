"""What assessors said and signed, as the learner reads it: only ever about the actor's own work."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from assessments.enums import Act, ReviewKind, Verdict
from assessments.models import Judgement, LedgerEntry, Reply, Review
from assessments.queries.core import needs_countersign
from centres.actor import Actor
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit
from portfolio.enums import MappingState
from portfolio.models import Evidence, Opening
from portfolio.queries.learner import learner_of

PER_PAGE = 30


CONFIRMING: Final = frozenset({Act.LEARNER_CONFIRMED, Act.CONFIRMED_ABSENT})


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """The latest word of an assessor on a piece."""

    evidence_id: str
    title: str
    name: str
    full_name: str
    at: dt.datetime
    returned: bool
    met: int
    not_yet: int
    new: bool


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """A page of feedback, the newest first."""

    page: Page[Review]
    rows: tuple[FeedbackRow, ...]


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What was decided about one thing, in the words of the person who decided."""

    criterion_id: str
    unit_id: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class ReviewView:
    """One review of a piece. `version` is the number of what was looked at; `new`: its learner has not read it."""

    name: str
    full_name: str
    at: dt.datetime
    returned: bool
    feedback: str
    next_action: str
    next_by: dt.date | None
    version: int
    new: bool
    verdicts: tuple[Verdicts, ...]

    @property
    def met(self) -> int:
        """Return how many things it found done."""
        return sum(1 for one in self.verdicts if one.verdict == Verdict.MET)

    @property
    def not_yet(self) -> int:
        """Return how many things it found not yet done."""
        return sum(1 for one in self.verdicts if one.verdict == Verdict.NOT_YET)

    @property
    def all_good(self) -> bool:
        """Say whether it holds nothing but good news: then its text stands under "What was good"."""
        return not self.returned and not self.not_yet and bool(self.met)


@dataclass(frozen=True, slots=True)
class ReplyView:
    """One line of the talk about a piece."""

    name: str
    mine: bool
    text: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Talk:
    """Everything said about a piece: reviews newest first, replies oldest first."""

    reviews: tuple[ReviewView, ...]
    replies: tuple[ReplyView, ...]

    @property
    def latest(self) -> ReviewView | None:
        """Return the review that counts now."""
        return next(iter(self.reviews), None)


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One act of signing a unit, oldest first in a list; `note` is what was said with it."""

    act: str
    name: str
    at: dt.datetime
    note: str


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """A signed unit that waits for its learner."""

    public_id: str
    title: str
    number: str
    name: str
    at: dt.datetime


def feedback_list(actor: Actor, page: int) -> FeedbackPage:
    """Return the latest review of each of the learner's pieces, newest first, thirty a page. Two queries."""
    found = Paginator(_latest_reviews(actor), PER_PAGE).get_page(page)
    return FeedbackPage(found, tuple(_row(review) for review in found.object_list))


def newest_feedback(actor: Actor, most: int = 2) -> list[FeedbackRow]:
    """Return the newest reviews for Today. One query."""
    return [_row(review) for review in _latest_reviews(actor)[:most]]


def _latest_reviews(actor: Actor) -> QuerySet[Review]:
    later = Review.objects.for_centre(actor.centre_id).filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk")), evidence_id=OuterRef("evidence_id")
    )
    return (
        Review.objects.for_centre(actor.centre_id)
        .filter(~Exists(later), evidence__learner_id=learner_of(actor))
        .annotate(
            met=Count("judgements", filter=Q(judgements__verdict=Verdict.MET)),
            not_yet=Count("judgements", filter=Q(judgements__verdict=Verdict.NOT_YET)),
            seen=Exists(_seen(actor)),
        )
        .select_related("evidence", "assessor")
        .order_by("-at", "-pk")
    )


def _seen(actor: Actor) -> QuerySet[Opening]:
    """Openings of a review's version by the learner, at or after the review: then it is no longer new."""
    return Opening.objects.for_centre(actor.centre_id).filter(
        version_id=OuterRef("version_id"), person_id=actor.person_id, at__gte=OuterRef("at")
    )


def _row(review: Review) -> FeedbackRow:
    counted = review.__dict__  # the annotations, which the model does not know
    return FeedbackRow(
        evidence_id=review.evidence.public_id,
        title=review.evidence.title,
        name=review.assessor.given_name,
        full_name=review.assessor.full_name,
        at=review.at,
        returned=review.kind == ReviewKind.RETURNED,
        met=counted["met"],
        not_yet=counted["not_yet"],
        new=not counted["seen"],
    )


def talk(actor: Actor, evidence: Evidence) -> Talk:
    """Return all reviews and replies of a piece. Three queries."""
    judgements = Judgement.objects.for_centre(actor.centre_id)
    reviews = (
        Review.objects.for_centre(actor.centre_id)
        .filter(evidence=evidence)
        .select_related("assessor", "version")
        .annotate(seen=Exists(_seen(actor)))
        .prefetch_related(Prefetch("judgements", judgements.select_related("criterion", "learner_unit")))
        .order_by("-at", "-pk")
    )
    replies = Reply.objects.for_centre(actor.centre_id).filter(evidence=evidence).select_related("author")
    return Talk(
        reviews=tuple(_review(row) for row in reviews),
        replies=tuple(
            ReplyView(row.author.given_name, row.author_id == actor.person_id, row.text, row.at) for row in replies
        ),
    )


def _review(row: Review) -> ReviewView:
    return ReviewView(
        name=row.assessor.given_name,
        full_name=row.assessor.full_name,
        at=row.at,
        returned=row.kind == ReviewKind.RETURNED,
        feedback=row.feedback,
        next_action=row.next_action,
        next_by=row.next_by,
        version=row.version.number,
        new=not row.__dict__["seen"],
        verdicts=tuple(
            Verdicts(one.criterion.public_id, one.learner_unit.public_id, one.verdict, one.reason)
            for one in row.judgements.all()
        ),
    )


def reasons(actor: Actor, learner_unit: LearnerUnit) -> dict[int, str]:
    """Return what was said with the latest "not yet" on each criterion of a unit, by criterion. One query."""
    rows = (
        Judgement.objects.for_centre(actor.centre_id)
        .filter(learner_unit=learner_unit, verdict=Verdict.NOT_YET, mapping__state=MappingState.NOT_YET)
        .order_by("at", "pk")
        .values_list("criterion_id", "reason")
    )
    return dict(rows)


@dataclass(frozen=True, slots=True)
class DisputeView:
    """What a learner wrote against a signature, and the answer, if there is one yet."""

    words: str
    at: dt.datetime
    answered_by: str = ""
    answer: str = ""
    answered_at: dt.datetime | None = None


def unit_log(actor: Actor, learner_unit: LearnerUnit) -> tuple[list[SignatureView], DisputeView | None]:
    """Return the acts from the latest signature on, and the learner's objection that is not settled. One query.

    The signature is the assessor's, or the act that carried the unit over. An objection stays with its answer until the
    unit is confirmed.
    """
    rows = (
        LedgerEntry.objects.for_centre(actor.centre_id)
        .filter(learner_unit=learner_unit)
        .select_related("person", "note")
        .order_by("sequence")
    )
    found: list[SignatureView] = []
    objection: DisputeView | None = None
    for row in rows:
        note = row.note.text if hasattr(row, "note") else ""
        if row.act in {Act.ASSESSOR_SIGNED, Act.CARRIED_OVER, Act.EXEMPTED}:
            found.clear()
        found.append(SignatureView(row.act, row.person.full_name, row.at, note))
        objection = _objection(objection, row, note)
    return found, objection


def _objection(before: DisputeView | None, row: LedgerEntry, note: str) -> DisputeView | None:
    if row.act in CONFIRMING:
        return None
    if row.act == Act.LEARNER_DISPUTED:
        return DisputeView(note, row.at)
    if row.act == Act.DISPUTE_ANSWERED and before is not None:
        return replace(before, answered_by=row.person.full_name, answer=note, answered_at=row.at)
    return before


def signatures(actor: Actor, learner_unit: LearnerUnit) -> list[SignatureView]:
    """Return the acts from the latest signature on (see `unit_log`). One query."""
    return unit_log(actor, learner_unit)[0]


def waits_for_learner(learner_unit: LearnerUnit) -> bool:
    """Say whether the learner's confirmation is the next act (R83). At most two queries."""
    if learner_unit.state == UnitState.ASSESSOR_SIGNED:
        return not needs_countersign(learner_unit)
    return learner_unit.state == UnitState.COUNTERSIGNED


def to_confirm(actor: Actor) -> list[ToConfirm]:
    """Return the learner's signed units that wait for their confirmation, longest waiting first. One query."""
    rows = _signed(actor).exclude(state=UnitState.ASSESSOR_SIGNED, rests_on_trainee__isnull=False)
    return [
        ToConfirm(row.public_id, row.unit.title, row.place.number or "", row.__dict__["signer"] or "", row.changed_at)
        for row in rows
    ]


def _signed(actor: Actor) -> QuerySet[LearnerUnit]:
    acts = (
        LedgerEntry.objects.for_centre(actor.centre_id)
        .filter(learner_unit_id=OuterRef("pk"), act=Act.ASSESSOR_SIGNED)
        .order_by("-sequence")
    )
    return (
        LearnerUnit.objects.for_centre(actor.centre_id)
        .filter(learner_id=learner_of(actor), state__in=(UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED))
        .filter(registration__state=RegistrationState.ACTIVE)
        .annotate(
            signer=Subquery(acts.values("person__given_name")[:1]),
        )
        .select_related("unit", "place")
        .order_by("changed_at", "pk")
    )
