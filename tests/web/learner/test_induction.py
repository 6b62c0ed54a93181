"""What is told at the start: the learner reads it and says so, then sends (R41)."""

import datetime as dt

import pytest

from centres.enums import Role
from centres.models import Centre, Induction
from centres.rules import PARTS
from portfolio.enums import EvidenceState
from tests.centres.test_registering import register
from tests.factories import portfolio as made
from tests.factories.world import CAST, A
from tests.web.learner.conftest import MY
from tests.web.learner.test_send import answers

PAGE = f"{MY}induction/"
TICKED = dict.fromkeys(PARTS, "on")


@pytest.fixture
def new(world, as_client, monkeypatch):
    """A learner who joined today, with a piece that is ready to be sent."""
    row = register(world)
    world.people["NEW"], world.learners["NEW"], world.registrations["NEW"] = row.learner.person, row.learner, row
    monkeypatch.setitem(CAST, "NEW", ((A, Role.LEARNER),))
    return as_client(row.learner.person)


def inductions(world):
    return Induction.objects.for_centre(world.centres[A].pk).filter(learner=world.learners["NEW"])


def test_the_first_sending_leads_there_and_back(world, new):
    piece = made.draft(world, "NEW")
    made.choose(world, piece, "NEW")
    piece = made.again(piece)
    there = f"{MY}evidence/{piece.public_id}/send/"
    link = f"{PAGE}?then={piece.public_id}"
    assert link in new.get(there).content.decode()
    refused = new.post(there, answers(piece))
    assert refused.status_code == 422
    assert link in refused.content.decode()
    assert made.again(piece).state == EvidenceState.DRAFT
    done = new.post(link, {**TICKED, "idempotency_key": "one"})
    assert (done.status_code, done["Location"]) == (303, there)
    assert inductions(world).count() == 1
    assert link not in new.get(there).content.decode()
    assert new.post(there, answers(made.again(piece))).status_code == 303
    assert made.again(piece).state == EvidenceState.SUBMITTED


def test_every_part_is_ticked(world, new):
    answer = new.post(PAGE, {"appeals": "on", "rest": "on", "idempotency_key": "one"})
    assert answer.status_code == 422
    assert "Tick it when you have read this part." in answer.content.decode()
    assert not inductions(world).exists()
    stale = new.post(PAGE, {**TICKED, "seen": "induction-0", "idempotency_key": "two"})
    assert stale.status_code == 409


def test_it_can_be_read_again(learner):
    page = learner.get(PAGE).content.decode()
    assert "You have read this" in page
    assert 'name="appeals"' not in page
    assert "You can appeal against any decision" in page


def test_somebody_elses_piece_is_not_there(world, learner):
    other = made.draft(world, "LA2")
    assert learner.get(f"{PAGE}?then={other.public_id}").status_code == 404
    assert learner.get(f"{PAGE}?then=https://elsewhere.example").status_code == 404


def test_the_centres_own_age_of_evidence_warns(world, learner):
    Centre.objects.filter(number=A).update(currency_days=30)
    piece = made.draft(world, activity_date=world.today - dt.timedelta(days=31))
    made.choose(world, piece)
    page = learner.get(f"{MY}evidence/{piece.public_id}/send/").content.decode()
    assert "This is more than 30 days old." in page


def test_the_units_lead_there(learner):
    assert f'href="{PAGE}"' in learner.get(f"{MY}units/").content.decode()
