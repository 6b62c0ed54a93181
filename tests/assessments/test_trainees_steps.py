"""What a trainee's decision does after what stands already, and what anybody's does after a trainee's (R6, R7)."""

import pytest

from assessments import services
from assessments.models import CurrentDecision, Judgement
from centres.enums import Role
from centres.models import Allocation, Membership
from common import clock
from tests.assessments.conftest import GOOD, mappings_of, verdicts
from tests.factories import portfolio as made


@pytest.fixture
def piece(world, opened):
    """A piece of LA3's for two criteria, opened by their trainee and by a qualified assessor who looks after them too."""
    learner = world.learners["LA3"]
    Allocation.objects.create(
        centre=learner.centre,
        learner=learner,
        assessor=world.people["AA2"],
        starts_on=world.today,
        created_at=world.at,
    )
    found = opened("LA3", by="AT1", numbers=["4.1", "4.2"])
    made.open_it(world, found.versions.get(), "AA2")
    return made.again(found)


def take(world, piece, by, verdict):
    """Decide about the first criterion, countersign what waits for it, or become qualified."""
    if verdict in {"agrees", "disagrees"}:
        row = CurrentDecision.objects.for_centre(piece.centre_id).get().proposed
        said = {"agrees": verdict == "agrees", "reason": "The end is missing."}
        services.countersign(actor=world.actor(by), judgement=row, at=clock.now(), **said)
    elif verdict == "qualifies":
        rows = Membership.objects.for_centre(piece.centre_id).filter(person=world.people[by])
        rows.update(role=Role.ASSESSOR)
    else:
        given = verdicts(piece, verdict, "The end is missing.")[:1]
        said = {"evidence": piece, "version_number": 1, "verdicts": given, "answers": GOOD}
        services.decide(actor=world.actor(by), at=clock.now(), **said)


TRAINEE, OTHER = "AT1", "AA2"
MET, NOT_YET, NEVER = "met", "not_yet", "not_relevant"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([(TRAINEE, MET)], ("met_provisional", "", MET)),
        ([(TRAINEE, NOT_YET)], (NOT_YET, NOT_YET, "")),
        ([(OTHER, MET)], (MET, MET, "")),
        # What a qualified person answered is overturned by a trainee once somebody agrees, and repeated at once.
        ([(OTHER, MET), (TRAINEE, NOT_YET)], (MET, MET, NOT_YET)),
        ([(OTHER, MET), (TRAINEE, NOT_YET), (OTHER, "agrees")], (NOT_YET, NOT_YET, "")),
        ([(OTHER, MET), (TRAINEE, NOT_YET), (OTHER, "disagrees")], (MET, MET, "")),
        ([(OTHER, NOT_YET), (TRAINEE, NEVER)], (NOT_YET, NOT_YET, NEVER)),
        ([(OTHER, NOT_YET), (TRAINEE, NOT_YET)], (NOT_YET, NOT_YET, "")),
        ([(OTHER, NOT_YET), (TRAINEE, MET)], ("met_provisional", NOT_YET, MET)),
        # So is what was countersigned; what a trainee answered alone is not.
        ([(TRAINEE, MET), (OTHER, "agrees"), (TRAINEE, NOT_YET)], (MET, MET, NOT_YET)),
        ([(TRAINEE, NOT_YET), (TRAINEE, NEVER)], (NEVER, NEVER, "")),
        ([(TRAINEE, MET), (OTHER, "disagrees")], ("offered", "", "")),
        # Whatever comes next replaces what waits.
        ([(TRAINEE, MET), (TRAINEE, NOT_YET)], (NOT_YET, NOT_YET, "")),
        ([(TRAINEE, MET), (OTHER, MET)], (MET, MET, "")),
        ([(TRAINEE, MET), (OTHER, NOT_YET)], (NOT_YET, NOT_YET, "")),
        # Who has qualified does not lift their own, and lifts nothing of others by it.
        ([(TRAINEE, MET), (TRAINEE, "qualifies"), (TRAINEE, MET)], ("met_provisional", "", MET)),
        (
            [(TRAINEE, MET), (OTHER, "agrees"), (TRAINEE, "qualifies"), (TRAINEE, NOT_YET), (TRAINEE, MET)],
            (MET, MET, ""),
        ),
        ([(TRAINEE, NOT_YET), (TRAINEE, "qualifies"), (TRAINEE, MET)], (MET, MET, "")),
        # One agreement is enough, whatever of theirs was never answered before it.
        (
            [
                *((TRAINEE, verdict) for verdict in (MET, NOT_YET, MET)),
                (OTHER, "agrees"),
                *((TRAINEE, verdict) for verdict in ("qualifies", NOT_YET, MET)),
            ],
            (MET, MET, ""),
        ),
    ],
)
def test_what_stands_and_what_waits(world, piece, steps, expected):
    """`expected`: the state of the mapping, the verdict that counts, the verdict that waits."""
    for by, verdict in steps:
        take(world, piece, by, verdict)
    row = CurrentDecision.objects.for_centre(piece.centre_id).first()
    standing = row.verdict if row and row.judgement else ""
    waiting = row.proposed.verdict if row and row.proposed else ""
    assert (mappings_of(piece)[0].state, standing, waiting) == expected
    if row and row.judgement:
        assert (row.verdict, row.standing) == (row.judgement.verdict, row.judgement.standing)
        agreed = row.judgement in Judgement.objects.for_centre(piece.centre_id).filter(countersignature__agrees=True)
        assert (row.countersignature is not None) is agreed
