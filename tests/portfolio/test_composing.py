"""One act of a person, one call: what is written together, and what stays when the rest is refused."""

import datetime as dt

import pytest

from common import clock
from common.refusals import NotFound, Refused, Stale
from portfolio.models import Evidence, EvidenceVersion
from portfolio.services import Declaration, begin_item, keep_draft, send_draft
from tests.factories import portfolio as make
from tests.portfolio.steps import codes

GOOD = Declaration(declared=True, no_customer_named=True, ai_use="none")


def send(world, piece, answers=GOOD, **fields):
    return send_draft(
        actor=world.actor("LA1"),
        evidence=piece,
        revision=piece.revision,
        fields=fields,
        answers=answers,
        at=clock.now(),
    )


def test_a_piece_begins_with_its_words_and_its_aim(world, mappings, events):
    unit, thing = world.unit("LA1", make.UNIT), world.criterion(make.UNIT, "4.1")
    begun = begin_item(
        actor=world.actor("LA1"),
        fields={"kind": "statement", "body": "I asked first."},
        learner_unit=unit,
        criterion_ids=[thing.public_id],
        at=clock.now(),
    )
    assert (begun.kind, begun.body, begun.revision) == ("statement", "I asked first.", 2)
    assert mappings(begun) == {"4.1": "proposed"}
    assert events() == ["evidence.started", "evidence.saved"]


def test_what_cannot_be_kept_begins_nothing(world):
    with pytest.raises(Refused):
        begin_item(actor=world.actor("LA1"), fields={"title": "x" * 5000}, at=clock.now())
    assert not Evidence.objects.for_centre(world.learners["LA1"].centre_id).exists()


def test_words_are_kept_and_a_file_goes_together(world):
    piece = make.draft(world, kind="media")
    photo = make.with_file(world, piece)
    piece = make.again(piece)
    keep_draft(
        actor=world.actor("LA1"),
        evidence=piece,
        revision=piece.revision,
        fields={"title": "Till"},
        without=photo,
        at=clock.now(),
    )
    assert make.again(piece).title == "Till"
    assert not piece.files.exists()


def test_a_file_of_another_piece_keeps_no_words_either(world):
    piece, other = make.draft(world), make.draft(world, kind="media")
    photo = make.with_file(world, other)
    with pytest.raises(NotFound):
        keep_draft(
            actor=world.actor("LA1"),
            evidence=piece,
            revision=piece.revision,
            fields={"title": "Till"},
            without=photo,
            at=clock.now(),
        )
    assert make.again(piece).title == piece.title
    assert other.files.exists()


def test_the_last_words_are_what_is_sent(world):
    piece = make.draft(world)
    make.choose(world, piece)
    version = send(world, make.again(piece), title="Last words", activity_date=world.today - dt.timedelta(days=1))
    assert version.fields["title"] == "Last words"
    assert make.again(piece).state == "submitted"


def test_a_refused_sending_keeps_the_words(world):
    piece = make.draft(world)
    make.choose(world, piece)
    with pytest.raises(Refused) as caught:
        send(world, make.again(piece), Declaration(declared=False, no_customer_named=True, ai_use="none"), title="Kept")
    assert codes(caught) == ["not-declared"]
    assert (make.again(piece).title, make.again(piece).state) == ("Kept", "draft")
    assert not EvidenceVersion.objects.for_centre(piece.centre_id).filter(evidence=piece).exists()


def test_an_overtaken_sending_sends_nothing(world):
    piece = make.draft(world)
    make.choose(world, piece)
    old = make.again(piece)
    keep_draft(actor=world.actor("LA1"), evidence=old, revision=old.revision, fields={"title": "Newer"}, at=clock.now())
    with pytest.raises(Stale):
        send(world, old, title="Older")
    assert (make.again(piece).title, make.again(piece).state) == ("Newer", "draft")
