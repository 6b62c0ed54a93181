"""Sending: what is frozen, and what a refused send leaves alone."""

import dataclasses
import datetime as dt

import pytest
import time_machine

from common.refusals import Forbidden, NotFound, Refused, Stale
from portfolio.enums import EvidenceState
from portfolio.models import EvidenceVersion
from portfolio.rules import Sending, version_digest
from portfolio.services import (
    Declaration,
    save_draft,
    submit_evidence,
)
from tests.factories import portfolio as make
from tests.factories.world import two_centres
from tests.portfolio.steps import AT, codes, sign_unit

# --- sending


def test_sending_freezes_everything_as_version_one(world, mappings, last_event):
    piece = make.draft(world, kind="media", place="Till 2", people="Sam")
    photo = make.with_file(world, piece)
    make.choose(world, piece, numbers=("4.1", "1.1"))
    version = make.send(world, piece)
    assert version.number == 1
    assert version.submitted_by == world.people["LA1"]
    assert version.files == [{"id": photo.public_id, "name": "photo.jpg", "sha256": photo.sha256, "size": photo.size}]
    assert [c["number"] for c in version.mappings] == ["1.1", "4.1"]
    assert version.fields["title"] == piece.title
    assert version.fields["activity_date"] == piece.activity_date.isoformat()
    assert version.fields["no_customer_named"] is True
    assert version.fields["ai_use"] == "none"
    assert "state" not in version.fields
    learner = world.people["LA1"].public_id
    sending = Sending(piece.public_id, piece.learner.public_id, 1, learner, version.submitted_at, "own-work-1")
    assert version.digest == version_digest(sending, version.fields, version.files, version.mappings)
    assert version.declaration == "own-work-1"
    assert [v.file_id for v in version.version_files.all()] == [photo.pk]
    sent = make.again(piece)
    assert (sent.state, sent.version_number) == ("submitted", 1)
    assert sent.submitted_at == version.submitted_at
    assert mappings(piece) == {"1.1": "offered", "4.1": "offered"}
    facts = last_event("evidence.submitted").facts
    assert facts == {"version": 1, "digest": version.digest, "declaration": "own-work-1"}


def test_the_answers_of_the_last_page_are_kept(world):
    piece = make.draft(world)
    make.choose(world, piece)
    answers = Declaration(declared=True, no_customer_named=True, ai_use="assisted", ai_note="Spelling")
    version = submit_evidence(actor=world.actor("LA1"), evidence=piece, revision=piece.revision, answers=answers, at=AT)
    assert (version.fields["ai_use"], version.fields["ai_note"]) == ("assisted", "Spelling")


@pytest.mark.parametrize(
    "answers",
    [
        Declaration(),
        dataclasses.replace(make.YES, declared=False),
        dataclasses.replace(make.YES, no_customer_named=False),
        dataclasses.replace(make.YES, no_customer_named=None),
        dataclasses.replace(make.YES, ai_use=""),
        dataclasses.replace(make.YES, ai_use="x"),
        dataclasses.replace(make.YES, ai_note="x" * 301),
    ],
)
def test_a_refused_send_changes_nothing(world, answers, mappings, events):
    piece = make.draft(world)
    make.choose(world, piece)
    before = events()
    with pytest.raises(Refused):
        submit_evidence(actor=world.actor("LA1"), evidence=piece, revision=piece.revision, answers=answers, at=AT)
    after = make.again(piece)
    assert (after.state, after.revision, after.submitted_at) == ("draft", piece.revision, None)
    assert mappings(piece) == {"1.1": "proposed"}
    assert EvidenceVersion.objects.for_centre(piece.centre_id).count() == 0
    assert events() == before


def test_an_unchecked_file_waits_and_a_bad_one_must_go(world):
    piece = make.draft(world, kind="media")
    make.choose(world, piece)
    make.with_file(world, piece, checked=False)
    bad = make.with_file(world, piece, name="notes.pdf", content=b"not a pdf at all, only words")
    assert bad.state == "refused"
    with pytest.raises(Refused) as caught:
        make.send(world, piece)
    assert codes(caught) == ["file-unfinished", "file-unusable"]


def test_not_sure_is_enough(world):
    piece = make.draft(world)
    make.choose(world, piece, numbers=())
    assert make.send(world, piece).mappings == []


@pytest.mark.parametrize(("minute", "expected"), [(59, ["date-ahead"]), (61, [])])
def test_a_day_begins_at_midnight_in_london(db, minute, expected):
    """In July that is 23:00 UTC."""
    at = dt.datetime(2026, 7, 1, 22, tzinfo=dt.UTC) + dt.timedelta(minutes=minute)
    with time_machine.travel(at, tick=False):
        world = two_centres(at)
        piece = make.draft(world, activity_date=dt.date(2026, 7, 2))
        make.choose(world, piece)
        found = []
        try:
            make.send(world, piece)
        except Refused as refused:
            found = [r.code for r in refused.refusals]
    assert found == expected


def test_a_send_from_an_older_page_is_stale(world):
    piece = make.draft(world)
    make.choose(world, piece)
    save_draft(actor=world.actor("LA1"), evidence=piece, revision=piece.revision, fields={"title": "Newer"}, at=AT)
    with pytest.raises(Stale):
        submit_evidence(actor=world.actor("LA1"), evidence=piece, revision=piece.revision, answers=make.YES, at=AT)
    assert make.again(piece).state == EvidenceState.DRAFT


def test_sending_twice_sends_once(world):
    piece = make.draft(world)
    make.choose(world, piece)
    make.send(world, piece)
    with pytest.raises(Stale) as caught:
        submit_evidence(actor=world.actor("LA1"), evidence=piece, revision=piece.revision, answers=make.YES, at=AT)
    assert caught.value.at == make.again(piece).submitted_at
    assert "Nothing was sent twice" in caught.value.refusals[0].sentence
    assert piece.versions.count() == 1


@pytest.mark.parametrize("who", ["LA2", "AA1", "QA", "CA"])
def test_only_the_learners_own_login_sends(world, who):
    piece = make.draft(world)
    make.choose(world, piece)
    with pytest.raises(Forbidden):
        submit_evidence(actor=world.actor(who), evidence=piece, revision=piece.revision, answers=make.YES, at=AT)
    with pytest.raises(NotFound):
        submit_evidence(actor=world.actor("LB1"), evidence=piece, revision=piece.revision, answers=make.YES, at=AT)
    assert make.again(piece).state == EvidenceState.DRAFT


def test_a_unit_signed_off_since_stops_the_send_and_is_named(world):
    piece = make.draft(world)
    make.choose(world, piece)
    sign_unit(world)
    with pytest.raises(Refused) as caught:
        make.send(world, piece)
    assert codes(caught) == ["unit-frozen"]
    assert world.unit("LA1", make.UNIT).unit.title in caught.value.refusals[0].sentence
