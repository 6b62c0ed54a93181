"""Pages of assessor AA1 in centre A; what happened to the pieces before happened through services."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from assessments.enums import Vacsr
from assessments.services import ReviewAnswers, VerdictGiven, decide
from centres.models import Allocation
from common import clock
from portfolio.models import Evidence, EvidenceMapping, EvidenceVersion
from tests.factories import portfolio as made
from tests.factories.world import World

ASSESS = "/c/10001/assess/"
GOOD = {"vacsr": dict.fromkeys(Vacsr.values, True), "setting_confirmed": "real_work"}
NOISE = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT)", re.IGNORECASE)


@pytest.fixture
def assessor(as_client: Callable[..., Client]) -> Client:
    """AA1's browser."""
    return as_client("AA1")


def page(piece: Evidence | EvidenceVersion, tail: str = "") -> str:
    """The address of a piece's page, or of one under it."""
    evidence = piece.evidence if isinstance(piece, EvidenceVersion) else piece
    return f"{ASSESS}evidence/{evidence.public_id}/{tail}"


def look(client: Client, url: str, version: int = 1, file: str = "", **headers: str) -> Any:
    """Say what the page's script says once something is on the screen; `url` is the page's."""
    data = {"version": version, "file": file}
    return client.post(f"{url}shown/", data, headers={"X-Requested-With": "fetch", **headers})


def mappings(piece: Evidence | EvidenceVersion) -> list[EvidenceMapping]:
    """The mappings of a piece in the order of the page."""
    evidence = piece.evidence if isinstance(piece, EvidenceVersion) else piece
    rows = EvidenceMapping.objects.for_centre(evidence.centre_id).filter(evidence=evidence)
    return list(rows.order_by("learner_unit__position", "criterion__position"))


def filled(version: EvidenceVersion, **verdicts: str) -> dict[str, Any]:
    """What the form sends: everything met unless `verdicts` says otherwise by position (`first="not_yet"`)."""
    places = dict(zip(("first", "second", "third", "fourth"), mappings(version), strict=False))
    named = {places[name].pk: verdict for name, verdict in verdicts.items()}
    data: dict[str, Any] = {
        "version": version.number,
        "feedback": "You let her finish.",
        "setting_confirmed": "real_work",
    }
    for mapping in mappings(version):
        data[f"round-{mapping.public_id}"] = mapping.round
        data[f"verdict-{mapping.public_id}"] = named.get(mapping.pk, "met")
    return data | {f"vacsr-{word}": "yes" for word in Vacsr.values} | {"action": "save"}


def judged(
    world: World, version: EvidenceVersion, *, by: str = "AA1", not_yet: Sequence[int] = (), **answers: Any
) -> Evidence:
    """An opened and decided piece: all met but those at the positions in `not_yet`."""
    made.open_it(world, version, by)
    given = [
        VerdictGiven(mapping.public_id, mapping.round, "not_yet" if n in not_yet else "met", "Say more.")
        for n, mapping in enumerate(mappings(version))
        if mapping.state == "offered"
    ]
    decide(
        actor=world.actor(by),
        evidence=made.again(version.evidence),
        version_number=version.number,
        verdicts=given,
        answers=ReviewAnswers(**{"feedback": "You let her finish.", **GOOD, **answers}),
        at=clock.now(),
    )
    return made.again(version.evidence)


def look_after(world: World, assessor: str, learner: str) -> None:
    """One more assessor for a learner, from today."""
    Allocation.objects.create(
        centre=world.learners[learner].centre,
        learner=world.learners[learner],
        assessor=world.people[assessor],
        starts_on=world.today,
        created_at=clock.now(),
    )


def statements(client: Client, url: str, **headers: str) -> list[str]:
    """What a page asks of the database; the marks of transactions are not counted."""
    with CaptureQueriesContext(connection) as captured:
        response = client.get(url, headers=headers)
    assert response.status_code == 200
    return [query["sql"] for query in captured if not NOISE.match(query["sql"])]


def text_of(response: Any) -> str:
    """The page as text, with a single space wherever its source has white space: how it is set says nothing."""
    return " ".join(response.content.decode().split())
