"""Around the decision: who else has a piece open, what is being typed, the talk about it (R77, R146)."""

import datetime as dt

import pytest

from assessments import services
from assessments.models import FeedbackDraft, Presence, Reply, Review
from assessments.services.conversation import LARGEST_DRAFT
from common import clock
from common.refusals import Refused
from portfolio.models import EvidenceMapping, Opening
from tests.assessments.conftest import KEY

MINUTE = dt.timedelta(minutes=1)
SECOND = dt.timedelta(seconds=1)


def said(act, **given):
    with pytest.raises(Refused) as caught:
        act(**given)
    return [(refusal.code, refusal.field) for refusal in caught.value.refusals]


def test_who_else_has_it_open_is_told_for_two_minutes(world, opened):
    piece, at = opened(), world.at
    here = lambda who, when: [one.name for one in services.enter(actor=world.actor(who), evidence=piece, at=when)]  # noqa: E731
    first, second = world.people["AA1"].full_name, world.people["QA"].full_name
    assert here("AA1", at) == []
    assert here("QA", at + MINUTE) == [first]
    assert here("AA1", at + 2 * MINUTE) == [second], "nobody is told of themselves"
    assert here("EA", at + 3 * MINUTE) == [first, second], "who was here last comes first"
    assert here("EA", at + 3 * MINUTE + SECOND) == [first]
    assert here("EA", at + 4 * MINUTE) == [first]
    assert here("EA", at + 4 * MINUTE + SECOND) == []
    assert Presence.objects.for_centre(piece.centre_id).count() == 3, "a row a person"


def test_two_tabs_that_open_a_piece_at_once_are_one_person(world, opened, monkeypatch):
    """Both find no row of theirs; the database keeps one, and neither page fails."""
    piece, rows = opened(), Presence.objects.for_centre(world.centres["10001"].pk)
    services.enter(actor=world.actor("AA1"), evidence=piece, at=world.at)
    monkeypatch.setattr(type(rows), "update", lambda *_args, **_given: 0)
    assert services.enter(actor=world.actor("AA1"), evidence=piece, at=world.at) == []
    assert rows.count() == 1


def keep(world, piece, content, who="AA1", *, later=0 * MINUTE):
    at = world.at + later
    return services.save_feedback_draft(actor=world.actor(who), evidence=piece, content=content, at=at)


def test_what_is_typed_is_kept_a_row_a_person_and_says_who_else_is_here(world, opened):
    piece = opened()
    keep(world, piece, {"feedback": "You"})
    assert [one.name for one in keep(world, piece, {"feedback": "Well"}, "QA")] == [world.people["AA1"].full_name]
    keep(world, piece, {"feedback": "You list"}, later=MINUTE)
    rows = FeedbackDraft.objects.for_centre(piece.centre_id).filter(evidence=piece)
    kept = {row.person_id: (row.content, row.saved_at) for row in rows}
    assert kept == {
        world.people["AA1"].pk: ({"feedback": "You list"}, world.at + MINUTE),
        world.people["QA"].pk: ({"feedback": "Well"}, world.at),
    }


def test_a_draft_is_as_long_as_a_long_evening_and_no_longer(world, opened):
    piece = opened()
    fits = {"feedback": "x" * (LARGEST_DRAFT - len(str({"feedback": ""})))}
    keep(world, piece, fits)
    longer = {"feedback": fits["feedback"] + "x"}
    assert said(keep, world=world, piece=piece, content=longer) == [("too-long", "")]
    assert FeedbackDraft.objects.for_centre(piece.centre_id).get().content == fits


def test_offering_more_is_all_or_none_and_what_was_typed_is_kept_either_way(world, opened):
    piece, unit = opened(), world.unit("LA1", KEY)
    offer = lambda *numbers: services.offer_criteria(  # noqa: E731
        actor=world.actor("AA1"),
        evidence=piece,
        offers=[(unit, world.criterion(KEY, number).public_id) for number in numbers],
        typed={"feedback": "-".join(numbers)},
        at=clock.now(),
    )
    drafts = FeedbackDraft.objects.for_centre(piece.centre_id)
    with pytest.raises(Refused):
        offer("4.2", "4.1")
    assert piece.mappings.count() == 1
    assert drafts.get().content == {"feedback": "4.2-4.1"}
    assert [row.criterion.number for row in offer("4.2", "4.3")] == ["4.2", "4.3"]
    assert EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=piece, state="offered").count() == 3


@pytest.mark.parametrize(
    ("text", "told"),
    [("", "empty"), (" \n\t", "empty"), ("x" * (services.LONGEST_REPLY + 1), "too-long")],
)
def test_a_line_says_something_and_ends(world, opened, text, told):
    piece = opened()
    found = said(services.reply, actor=world.actor("LA1"), evidence=piece, text=text, at=world.at)
    assert found == [(told, "text")]
    assert not Reply.objects.for_centre(piece.centre_id).exists()


@pytest.mark.parametrize("text", ["x", f"  {'x' * services.LONGEST_REPLY}  "])
def test_a_line_is_kept_as_it_was_said(world, opened, text):
    row = services.reply(actor=world.actor("LA1"), evidence=opened(), text=text, at=world.at)
    kept = Reply.objects.for_centre(row.centre_id).get()
    assert (kept, kept.text, kept.author, kept.at) == (row, text.strip(), world.people["LA1"], world.at)


def test_what_was_said_is_new_until_it_was_read_and_again_when_more_is_said(world, opened):
    """Within the hour too: what came after the last reading was not read."""
    piece, at = opened(), world.at
    version, rows = piece.versions.get(), Opening.objects.for_centre(piece.centre_id)
    told = []
    for minute in range(7):
        if minute in {2, 4}:
            answer(world, piece, at + minute * MINUTE)
        else:
            services.read_feedback(actor=world.actor("LA1"), version=version, at=at + minute * MINUTE)
        told.append(rows.filter(person=world.people["LA1"]).count())
    assert told == [1, 1, 1, 2, 2, 3, 3]


def answer(world, piece, at):
    """Say something about a piece, whatever state it is in."""
    Review.objects.create(
        centre_id=piece.centre_id,
        evidence=piece,
        version=piece.versions.get(),
        kind="returned",
        assessor=world.people["AA1"],
        feedback="Film the end.",
        at=at,
    )
