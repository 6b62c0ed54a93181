"""A tab that was left open: nothing is written from it, and its learner is told what became of the piece, and when."""

import pytest

from audit.models import Event
from common.refusals import Stale
from portfolio import services
from portfolio.enums import EvidenceState
from portfolio.models import Evidence
from portfolio.queries.seen import piece_mark, ticks_mark
from portfolio.services import recall_evidence, revise_evidence, set_mappings, withdraw_evidence
from tests.factories import portfolio as make
from tests.portfolio.steps import AT, NOT_YET, judge

KEPT = "What you typed is kept on this page."
CHANGED = f"This was changed in another tab or on another device. {KEPT}"
SENT = "You have already sent this. Nothing was sent twice."


def told(act, **given):
    """Do it, and return who, when and what is told; nothing is on record."""
    before = Event.objects.count()
    with pytest.raises(Stale) as caught:
        act(at=AT, **given)
    assert Event.objects.count() == before
    return caught.value.who, caught.value.at, caught.value.refusals[0].sentence


def put(piece, state):
    Evidence.objects.for_centre(piece.centre_id).filter(pk=piece.pk).update(state=state)
    return make.again(piece)


def test_each_state_says_what_it_is_by_now(world):
    piece, learner = make.sent(world).evidence, world.actor("LA1")
    name = world.learners["LA1"].full_name
    theirs = {"draft": (name, "saved_at", CHANGED), "submitted": (name, "submitted_at", SENT)}
    for state in EvidenceState:
        by_now = ("", "saved_at", f"This is “{state.label}” by now. {KEPT}")
        who, at, words = theirs.get(state, by_now)
        now = put(piece, state)
        for act in (recall_evidence, revise_evidence, withdraw_evidence):
            found = told(act, actor=learner, evidence=now, seen="another")
            assert found == (who, getattr(now, at), words), (state, act.__name__)


def test_who_opened_it_is_named_in_whatever_tab(world):
    version = make.opened(world)
    opening = version.openings.get()
    name = world.people["AA1"].full_name
    words = f"{name} opened it while you had this page open. {KEPT}"
    piece = make.again(version.evidence)
    for act in (recall_evidence, withdraw_evidence):
        assert told(act, actor=world.actor("LA1"), evidence=piece, seen="another") == (name, opening.at, words)
    tick = {"evidence": piece, "chosen": [], "unsure": True}
    assert told(set_mappings, actor=world.actor("LA1"), **tick) == (name, opening.at, words)


def test_a_page_that_shows_it_as_it_is_acts(world):
    learner, version = world.actor("LA1"), make.sent(world)
    seen = piece_mark(make.again(version.evidence))
    draft = recall_evidence(actor=learner, evidence=make.again(version.evidence), seen=seen, at=AT)
    assert told(recall_evidence, actor=learner, evidence=draft, seen=seen)[2] == CHANGED
    back = judge(make.open_it(world, make.send(world, draft)).evidence, {"1.1": NOT_YET})
    draft = revise_evidence(actor=learner, evidence=back, seen=piece_mark(back), at=AT)
    assert withdraw_evidence(actor=learner, evidence=draft, seen=piece_mark(draft), at=AT).state == "withdrawn"


def test_ticks_of_another_tab_are_kept(world, mappings):
    piece, learner = make.draft(world), world.actor("LA1")
    seen = ticks_mark(piece)
    one = {"evidence": piece, "chosen": [make.ticked(world, "1.1")], "unsure": False}
    services.set_mappings(actor=learner, seen=seen, at=AT, **one)
    two = {"evidence": piece, "chosen": [make.ticked(world, "4.1")], "unsure": False}
    words = "What it shows was changed in another tab or on another device. Your ticks are kept on this page."
    assert told(set_mappings, actor=learner, seen=seen, **two) == ("", None, words)
    assert mappings(piece) == {"1.1": "proposed"}
    services.set_mappings(actor=learner, seen=ticks_mark(make.again(piece)), at=AT, **two)
    assert mappings(piece) == {"4.1": "proposed"}
