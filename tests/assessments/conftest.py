"""Pieces that are sent, opened and judged, reached by calling services only."""

from collections.abc import Callable, Sequence

import pytest

from assessments.enums import Vacsr
from assessments.services import ReviewAnswers, VerdictGiven, decide
from centres.services import allocate
from common import clock
from portfolio.models import Evidence, EvidenceMapping
from portfolio.services import (
    Chosen,
    Declaration,
    open_version,
    save_draft,
    set_mappings,
    start_evidence,
    submit_evidence,
)
from tests.factories.world import World

KEY = "A-506-2130"
ALL_FIVE = dict.fromkeys(Vacsr.values, True)
GOOD = ReviewAnswers(feedback="You listened well.", vacsr=ALL_FIVE, setting_confirmed="real_work")


def sender(world: World) -> Callable[..., Evidence]:
    """`sender(world)("LA1", numbers=["4.1"])` → a piece of writing, sent, offered for these criteria of one unit."""

    def send(
        who: str = "LA1",
        numbers: Sequence[str] = ("4.1",),
        before_sending: Callable[..., None] | None = None,
        **fields: object,
    ) -> Evidence:
        actor, at = world.actor(who), clock.now()
        piece = start_evidence(actor=actor, kind="writing", at=at)
        words = {
            "title": "The kettle that leaked",
            "body": "I listened, then changed it.",
            "description": "How I dealt with a return.",
            "setting": "real_work",
            "place": "Till 4, Northgate store",
            "activity_date": actor.on,
            **fields,
        }
        piece = save_draft(actor=actor, evidence=piece, revision=piece.revision, fields=words, at=at)
        unit = world.unit(who, KEY)
        chosen = [Chosen(unit.public_id, world.criterion(KEY, number).public_id) for number in numbers]
        set_mappings(actor=actor, evidence=piece, chosen=chosen, unsure=not chosen, at=at)
        piece.refresh_from_db()
        if before_sending:
            before_sending(actor, piece)
            piece.refresh_from_db()
        answers = Declaration(declared=True, no_customer_named=True, ai_use="none")
        submit_evidence(actor=actor, evidence=piece, revision=piece.revision, answers=answers, at=at)
        piece.refresh_from_db()
        return piece

    return send


@pytest.fixture
def sent(world: World) -> Callable[..., Evidence]:
    """Send pieces in the shared world."""
    return sender(world)


@pytest.fixture
def opened(world: World, sent: Callable[..., Evidence]) -> Callable[..., Evidence]:
    """The same, opened by an assessor."""

    def send_and_open(who: str = "LA1", by: str = "AA1", **more: object) -> Evidence:
        piece = sent(who, **more)
        open_it(world, piece, by)
        piece.refresh_from_db()
        return piece

    return send_and_open


def beside_the_trainee(world: World) -> None:
    """Let the qualified AA2 look after LA3 as well, whose assessor AT1 is in training."""
    allocate(
        actor=world.actor("CA"),
        learner=world.learners["LA3"],
        assessor_id=world.people["AA2"].pk,
        starts_on=world.today,
        alongside=True,
        at=clock.now(),
    )


def open_it(world: World, piece: Evidence, by: str) -> None:
    """Open the latest version of a piece."""
    version = piece.versions.order_by("-number").first()
    open_version(actor=world.actor(by), version=version, at=clock.now())


def mappings_of(piece: Evidence) -> list[EvidenceMapping]:
    """The mappings of a piece in the order of criteria, fresh."""
    return list(piece.mappings.select_related("criterion").order_by("criterion__position"))


def verdicts(piece: Evidence, verdict: str = "met", reason: str = "") -> list[VerdictGiven]:
    """The same verdict for every mapping, as a page that is up to date would send it."""
    return [VerdictGiven(c.public_id, c.round, verdict, reason) for c in mappings_of(piece)]


def judge(world: World, piece: Evidence, by: str = "AA1", verdict: str = "met", answers: ReviewAnswers = GOOD):
    """Decide about everything in a piece."""
    given = verdicts(piece, verdict, "The end is missing." if verdict == "not_yet" else "")
    return decide(
        actor=world.actor(by),
        evidence=piece,
        version_number=piece.version_number,
        verdicts=given,
        answers=answers,
        at=clock.now(),
    )
