"""What a version keeps of a piece as it was sent, and what the piece forgets when the next one is begun (R53, R57)."""

import dataclasses
import datetime as dt

import pytest

from common.refusals import Refused
from portfolio import rules
from portfolio.enums import AiUse
from portfolio.models import EvidenceVersion, VersionFile
from portfolio.services import Declaration, revise_evidence, save_draft, set_mappings, submit_evidence
from tests.factories import files
from tests.factories import portfolio as make
from tests.portfolio.steps import AT, NOT_YET, judge

ANSWERS = Declaration(declared=True, no_customer_named=True, ai_use=AiUse.ASSISTED, ai_note=" It made a list. ")


def submit(world, piece, answers=ANSWERS, at=AT):
    now = make.again(piece)
    return submit_evidence(actor=world.actor("LA1"), evidence=now, revision=now.revision, answers=answers, at=at)


def test_a_version_says_all_that_was_sent_and_nothing_else(world):
    piece, learner = make.draft(world, kind="media", people="Sam, the supervisor"), world.actor("LA1")
    photo, other = (
        make.with_file(world, piece, name=f"{n}.jpg", content=files.jpeg(seed=n), checked=False) for n in (1, 2)
    )
    gone = make.with_file(world, piece, name="3.jpg", content=files.jpeg(seed=3), checked=False)
    rows = type(gone).objects.for_centre(piece.centre_id)
    rows.update(state="ready")
    rows.filter(pk=gone.pk).update(removed_at=AT)
    chosen = [make.ticked(world, "1.1", page=2, note=" Line 4 "), make.ticked(world, "4.1", seconds=75)]
    set_mappings(actor=learner, evidence=piece, chosen=chosen, unsure=False, at=AT)
    version = EvidenceVersion.objects.for_centre(piece.centre_id).get(pk=submit(world, piece).pk)
    now = make.again(piece)
    words = {name: getattr(now, name) for name in rules.DRAFT_FIELDS}
    assert version.fields == words | {"activity_date": words["activity_date"].isoformat(), "unsure": False}
    assert (version.fields["ai_use"], version.fields["no_customer_named"]) == (AiUse.ASSISTED, True)
    assert version.files == [
        {"id": one.public_id, "name": one.name, "sha256": one.sha256, "size": one.size} for one in (photo, other)
    ]
    unit = world.unit("LA1", make.UNIT).public_id
    assert version.mappings == [
        {
            "unit": unit,
            "criterion": chosen[0].criterion_id,
            "number": "1.1",
            "page": 2,
            "seconds": None,
            "note": "Line 4",
        },
        {"unit": unit, "criterion": chosen[1].criterion_id, "number": "4.1", "page": None, "seconds": 75, "note": ""},
    ]
    kept = (version.number, version.declaration, version.submitted_by_id, version.submitted_at, version.digest)
    assert kept == (1, rules.DECLARATION, learner.person_id, AT, version.computed_digest)
    linked = VersionFile.objects.for_centre(piece.centre_id).filter(version=version)
    assert set(linked.values_list("file_id", flat=True)) == {photo.pk, other.pk}


def test_the_piece_says_when_it_was_sent_under_which_title_and_its_next_version_is_answered_anew(world):
    piece = make.draft(world)
    make.choose(world, piece, numbers=("1.1", "4.1"))
    version = submit(world, piece)
    sent = make.again(piece)
    assert (sent.state, sent.submitted_at, sent.saved_at) == ("submitted", AT, AT)
    assert (sent.sent_title, sent.no_customer_named) == (sent.title, True)
    assert set(piece.mappings.values_list("state", "sent_in")) == {("offered", 1)}
    back = judge(make.open_it(world, version).evidence, {"1.1": NOT_YET})
    later = AT + dt.timedelta(days=1)
    draft = revise_evidence(actor=world.actor("LA1"), evidence=back, at=later)
    assert (draft.no_customer_named, draft.ai_use, draft.saved_at, draft.version_number) == (*(None, "", later, 2),)
    assert draft.revision == back.revision + 1, "an open form is stale"
    anew = {"title": "Another title"}
    save_draft(actor=world.actor("LA1"), evidence=draft, revision=draft.revision, fields=anew, at=later)
    assert make.again(piece).sent_title == sent.title, "staff read what was sent"
    submit(world, piece, at=later)
    assert make.again(piece).sent_title == "Another title"
    assert set(piece.mappings.values_list("criterion__number", "sent_in")) == {("1.1", 1), ("4.1", 1)}


def test_a_criterion_that_comes_later_is_noted_with_the_version_it_came_in(world):
    piece = make.draft(world)
    make.choose(world, piece)
    back = judge(make.open_it(world, submit(world, piece)).evidence, {"1.1": NOT_YET})
    draft = revise_evidence(actor=world.actor("LA1"), evidence=back, at=AT)
    make.choose(world, draft, numbers=("1.1", "4.1"))
    submit(world, piece)
    assert dict(piece.mappings.values_list("criterion__number", "sent_in")) == {"1.1": 1, "4.1": 2}
    assert [one["number"] for one in piece.versions.get(number=2).mappings] == ["1.1", "4.1"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"ai_note": "x" * 10_000}, [("too-long", "ai_note")]),
        ({"ai_use": "perhaps"}, [("unknown-choice", "ai_use")]),
        ({"ai_use": "perhaps", "declared": False}, [("unknown-choice", "ai_use")]),
    ],
)
def test_an_answer_that_is_none_is_refused_before_anything_else(world, changed, told):
    piece = make.draft(world)
    make.choose(world, piece)
    with pytest.raises(Refused) as caught:
        submit(world, piece, dataclasses.replace(ANSWERS, **changed))
    assert [(one.code, one.field) for one in caught.value.refusals] == told
    assert (make.again(piece).state, piece.versions.count()) == ("draft", 0)
