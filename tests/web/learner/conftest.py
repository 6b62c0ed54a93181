"""Pages of learner LA1 in centre A, and what happened to their pieces, all through services."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from assessments.enums import Vacsr
from assessments.services import ReviewAnswers, VerdictGiven, decide, send_back, sign_off
from centres.models import LearnerUnit
from common import clock
from portfolio.models import Evidence, EvidenceMapping, EvidenceVersion
from portfolio.services import open_version
from qualifications.models import Criterion
from tests.factories import portfolio as made
from tests.factories.world import World

MY = "/c/10001/my/"
GOOD = {"vacsr": dict.fromkeys(Vacsr.values, True), "setting_confirmed": "real_work"}


@pytest.fixture
def learner(as_client: Callable[..., Client]) -> Client:
    """LA1's browser."""
    return as_client("LA1")


def url(piece: Evidence, tail: str = "") -> str:
    """The address of a piece's page, or of one under it."""
    return f"{MY}evidence/{piece.public_id}/{tail}"


def judge(
    world: World,
    version: EvidenceVersion,
    *,
    not_yet: tuple[str, ...] = (),
    back: bool = False,
    by: str = "AA1",
    **answers: Any,
) -> Evidence:
    """An assessor opens a piece and decides: all met but `not_yet`; or sends it back undecided."""
    actor, piece = world.actor(by), made.again(version.evidence)
    open_version(actor=actor, version=version, at=clock.now())
    piece = made.again(piece)
    said = ReviewAnswers(**{"feedback": "You let her finish.", **GOOD, **answers})
    common = {"actor": actor, "evidence": piece, "version_number": version.number, "answers": said, "at": clock.now()}
    if back:
        send_back(verdicts=[], **common)
    else:
        decide(verdicts=[_verdict(mapping, not_yet) for mapping in _mappings(piece)], **common)
    return made.again(piece)


def _mappings(piece: Evidence) -> list[EvidenceMapping]:
    return list(EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=piece).select_related("criterion"))


def _verdict(mapping: EvidenceMapping, not_yet: tuple[str, ...]) -> VerdictGiven:
    missing = mapping.criterion.number in not_yet
    return VerdictGiven(
        mapping.public_id, mapping.round, "not_yet" if missing else "met", "Show the steps in order." if missing else ""
    )


def signed_unit(world: World, key: str = made.UNIT, who: str = "LA1", by: str = "AA1") -> LearnerUnit:
    """A unit with everything met and the assessor's signature on it."""
    numbers = list(Criterion.objects.filter(unit__key=key).order_by("position").values_list("number", flat=True))
    judge(world, sent_for(world, numbers, key, who), by=by)
    unit = world.unit(who, key)
    sign_off(actor=world.actor(by), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    return world.unit(who, key)


def sent_for(world: World, numbers: list[str], key: str, who: str = "LA1") -> EvidenceVersion:
    """A piece offered for criteria of one unit, sent."""
    piece = made.draft(world, who)
    made.choose(world, piece, who, numbers, key)
    return made.send(world, piece, who)


@pytest.fixture
def counted(django_assert_num_queries: Any, learner: Client) -> Callable[[int, str], str]:
    """`counted(12, "")` → the page under MY, which took exactly so many queries."""

    def ask(queries: int, path: str) -> str:
        learner.get(MY)  # the session knows the area after the first page
        with django_assert_num_queries(queries):
            response = learner.get(MY + path)
        assert response.status_code == 200
        return response.content.decode()

    return ask
