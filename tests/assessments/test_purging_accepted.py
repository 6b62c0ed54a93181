"""What somebody's wish to remove personal data does to work that is accepted: nothing, until two people agree (R6, R60)."""

import pytest

from assessments import services
from assessments.models import Review
from common import clock
from portfolio.enums import EvidenceState
from portfolio.models import EvidenceVersion
from tests.assessments.conftest import GOOD, beside_the_trainee, open_it, sender, verdicts
from tests.assessments.test_purging import STAYS, WHY, ask, decide
from tests.assessments.test_sign_off import complete
from tests.factories import portfolio as made


def accepted(world, standing):
    """A piece of which a qualified assessor accepted everything or a part; a trainee looks after its learner as well."""
    beside_the_trainee(world)
    if standing == "whole":
        piece = complete(world, "LA3", "AA2")
    else:
        piece = sender(world)("LA3", numbers=["4.1", "4.2"])
        open_it(world, piece, "AA2")
        services.decide(
            actor=world.actor("AA2"),
            evidence=made.again(piece),
            version_number=1,
            verdicts=verdicts(piece, "met")[:1],
            answers=GOOD,
            at=clock.now(),
        )
    return EvidenceVersion.objects.for_centre(piece.centre_id).get(evidence=piece)


@pytest.mark.parametrize("standing", ["whole", "part"])
@pytest.mark.parametrize("by", ["AT1", "QA"])
def test_what_is_accepted_goes_back_with_the_second_persons_answer(world, by, standing):
    version = accepted(world, standing)
    before = made.again(version.evidence).state
    row = ask(world, version, by=by, words=True)
    assert made.again(version.evidence).state == before
    assert not Review.objects.for_centre(version.centre_id).filter(evidence=version.evidence, kind="returned").exists()
    decide(world, row)
    assert made.again(version.evidence).state == EvidenceState.RETURNED
    review = Review.objects.for_centre(version.centre_id).get(evidence=version.evidence, kind="returned")
    assert (WHY in review.feedback, review.assessor_id) == (True, world.people["CA"].pk)


def test_what_is_accepted_stays_when_the_second_person_says_so(world):
    version = accepted(world, "whole")
    decide(world, ask(world, version, by="AT1", words=True), agrees=False, note=STAYS)
    assert made.again(version.evidence).state == EvidenceState.ACCEPTED


def test_its_qualified_assessor_sends_it_back_at_once(world):
    version = accepted(world, "whole")
    ask(world, version, by="AA2", words=True)
    assert made.again(version.evidence).state == EvidenceState.RETURNED


def test_where_nothing_counts_a_trainee_sends_it_back_at_once(world):
    version = made.open_it(world, made.sent(world, "LA3"), "AT1")
    ask(world, version, by="AT1", words=True)
    assert made.again(version.evidence).state == EvidenceState.RETURNED
