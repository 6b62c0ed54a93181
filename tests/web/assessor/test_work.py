"""The queue: what waits, in which order, with what to know first."""

import datetime as dt

import pytest

from common import clock
from portfolio.services import recall_evidence, revise_evidence
from tests.factories import files
from tests.factories import portfolio as made
from tests.web.assessor.conftest import ASSESS, judged, page, statements, text_of


def ago(days):
    return clock.now() - dt.timedelta(days=days)


def test_the_oldest_piece_stands_first_and_start_leads_to_it(world, assessor):
    made.sent(world, title="Newer piece", at=ago(1))
    older = made.sent(world, title="Older piece", at=ago(3))
    text = text_of(assessor.get(ASSESS))
    assert text.index("Older piece") < text.index("Newer piece")
    assert "2 pieces, about" in text
    assert assessor.get(f"{ASSESS}next/").headers["Location"] == page(older)


def test_only_what_is_sent_and_allocated_today_waits(world, assessor):
    made.draft(world, title="Only a draft")
    made.sent(world, "LA2", title="Somebody else's learner")
    made.sent(world, "LB1", title="Another centre")
    judged(world, made.sent(world, title="Decided already"))
    taken_back = made.sent(world, title="Taken back")
    recall_evidence(actor=world.actor("LA1"), evidence=taken_back.evidence, at=clock.now())
    text = text_of(assessor.get(ASSESS))
    assert "Nothing waiting" in text
    for title in ("Only a draft", "Somebody else", "Another centre", "Decided already", "Taken back"):
        assert title not in text
    assert assessor.get(f"{ASSESS}next/").headers["Location"] == ASSESS


def test_a_piece_past_its_working_days_says_so_and_can_be_filtered(world, assessor):
    made.sent(world, title="Waited long", at=ago(16))
    made.sent(world, title="Just in")
    assert "Past 10 working days" in text_of(assessor.get(ASSESS))
    late = text_of(assessor.get(f"{ASSESS}?late=1"))
    assert "Waited long" in late
    assert "Just in" not in late


def test_chips_narrow_by_version_kind_and_learner(world, assessor):
    made.sent(world, title="First of its kind")
    made.sent(world, title="A picture", kind="media")
    learner = world.learners["LA1"].public_id
    assert "First of its kind" not in text_of(assessor.get(f"{ASSESS}?kind=media"))
    assert "No piece that waits fits" in text_of(assessor.get(f"{ASSESS}?newer=1"))
    assert "A picture" in text_of(assessor.get(f"{ASSESS}?kind=media&learner={learner}"))
    assert "A picture" in text_of(assessor.get(f"{ASSESS}?kind=nonsense")), "an unknown kind narrows nothing"
    assert "A picture" not in text_of(assessor.get(f"{ASSESS}?learner=nobody"))


def test_the_same_bytes_in_another_learners_piece_are_noticed_without_a_name(world, assessor):
    photo = files.jpeg(seed=77)
    for who, title in (("LA2", "Theirs"), ("LA1", "Mine")):
        piece = made.draft(world, who, kind="media", title=title)
        made.with_file(world, piece, who, content=photo)
        made.choose(world, piece, who)
        made.send(world, piece, who)
    text = text_of(assessor.get(ASSESS))
    assert "Same bytes in another piece" in text
    assert "Theirs" not in text


def test_an_unsure_learner_and_a_new_version_are_said(world, assessor):
    made.sent(world, title="Not sure", numbers=())
    first = made.sent(world, title="Again")
    judged(world, first, not_yet=(0,))
    piece = revise_evidence(actor=world.actor("LA1"), evidence=made.again(first.evidence), at=clock.now())
    second = made.send(world, piece)
    text = text_of(assessor.get(ASSESS))
    assert "Nothing chosen: the learner was unsure" in text
    assert f"Version {second.number}" in text
    assert "Again" in text_of(assessor.get(f"{ASSESS}?newer=1"))
    assert "Not sure" not in text_of(assessor.get(f"{ASSESS}?newer=1"))


def test_a_hostile_title_stays_text(world, assessor):
    made.sent(world, title="<script>alert(1)</script>")
    text = text_of(assessor.get(ASSESS))
    assert "<script>alert(1)" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(("who", "status"), [("LA1", 403), ("QA", 403), ("CA", 403), ("AB1", 404), ("AT1", 200)])
def test_the_queue_is_for_assessors_of_this_centre(as_client, who, status):
    assert as_client(who).get(ASSESS).status_code == status


def test_the_queue_asks_the_same_for_one_and_thirty(world, assessor):
    made.sent(world, kind="media")
    first = len(statements(assessor, ASSESS))
    one = len(statements(assessor, ASSESS))
    for n in range(31):
        made.sent(world, title=f"Piece {n}")
    assert len(statements(assessor, ASSESS)) == one <= 15
    assert first <= 17, "the first page of an area remembers it in the session"
    assert "31 to 32 of 32" in text_of(assessor.get(f"{ASSESS}?page=2"))
