"""Taking back, writing a new version, withdrawing."""

import pytest

from centres.enums import UnitState
from common.refusals import Forbidden, NotFound, Refused, Stale
from portfolio.enums import EvidenceState
from portfolio.models import EvidenceVersion, VersionFile
from portfolio.services import (
    open_version,
    remove_file,
)
from tests.factories import files
from tests.factories import portfolio as make
from tests.portfolio.steps import AT, MET, NOT_YET, PROVISIONAL, codes, judge, recall, revise, sign_unit, withdraw

# --- taking back


def test_what_nobody_opened_can_be_taken_back(world, mappings, last_event):
    version = make.sent(world)
    piece = recall(world, make.again(version.evidence))
    assert (piece.state, piece.version_number) == ("draft", 2)
    assert mappings(piece) == {"1.1": "proposed"}
    assert last_event("evidence.recalled").facts == {"version": 1}
    assert make.again(version.evidence).title == piece.title


def test_sent_again_it_is_the_next_version_and_the_first_one_stays(world):
    first = make.sent(world)
    piece = recall(world, make.again(first.evidence))
    second = make.send(world, piece)
    assert [v.number for v in piece.versions.all()] == [2, 1]
    assert EvidenceVersion.objects.for_centre(piece.centre_id).get(number=1).digest == first.digest
    assert second.number == 2


def test_opened_is_opened(world, mappings):
    version = make.opened(world)
    with pytest.raises(Refused) as caught:
        recall(world, version.evidence)
    assert codes(caught) == ["opened"]
    assert world.people["AA1"].full_name in caught.value.refusals[0].sentence
    assert mappings(version.evidence) == {"1.1": "offered"}


def test_a_look_of_somebody_who_does_not_judge_does_not_count_as_opening(world):
    version = make.sent(world)
    open_version(actor=world.actor("QA"), version=version, at=AT)
    assert recall(world, make.again(version.evidence)).state == EvidenceState.DRAFT


@pytest.mark.parametrize("act", [recall, revise, withdraw])
@pytest.mark.parametrize("who", ["LA2", "AA1", "CA"])
def test_only_its_learner_takes_back_revises_or_withdraws(world, act, who):
    version = make.sent(world)
    with pytest.raises(Forbidden):
        act(world, make.again(version.evidence), who)
    with pytest.raises(NotFound):
        act(world, make.again(version.evidence), "LB1")
    assert make.again(version.evidence).state == EvidenceState.SUBMITTED


# --- a new version


def test_what_came_back_becomes_version_two(world, mappings):
    version = make.opened(world, kind="media", numbers=("1.1", "1.2", "4.1"))
    piece = judge(version.evidence, {"1.1": NOT_YET, "4.1": MET})
    draft = revise(world, piece)
    assert (draft.state, draft.version_number, draft.no_customer_named) == ("draft", 2, None)
    assert draft.title == version.fields["title"]
    assert [f.name for f in draft.files.filter(removed_at=None)] == ["photo.jpg"]
    assert mappings(piece) == {"1.1": "not_yet", "1.2": "proposed", "4.1": "met"}
    second = make.send(world, draft)
    assert mappings(piece) == {"1.1": "offered", "1.2": "offered", "4.1": "met"}
    assert second.number == 2
    assert [c["number"] for c in second.mappings] == ["1.1", "1.2", "4.1"]
    assert second.digest != version.digest or second.files == version.files


def test_a_file_of_version_one_can_be_left_out_of_version_two(world):
    version = make.opened(world, kind="media")
    photo = version.evidence.files.get()
    draft = revise(world, judge(version.evidence, {"1.1": NOT_YET}))
    other = make.with_file(world, draft, name="second.jpg", content=files.jpeg(seed=2))
    remove_file(actor=world.actor("LA1"), evidence=draft, file=photo, at=AT)
    second = make.send(world, draft)
    assert [f["id"] for f in second.files] == [other.public_id]
    kept = VersionFile.objects.for_centre(draft.centre_id).get(version=version)
    assert kept.file_id == photo.pk
    photo.refresh_from_db(from_queryset=type(photo).objects.for_centre(photo.centre_id))
    assert photo.removed_at == AT


def test_an_assessed_piece_with_something_open_can_be_revised(world, mappings):
    version = make.opened(world, numbers=("1.1", "4.1"))
    piece = judge(version.evidence, {"1.1": MET, "4.1": NOT_YET}, EvidenceState.ACCEPTED)
    draft = revise(world, piece)
    assert draft.version_number == 2
    make.send(world, draft)
    assert mappings(piece) == {"1.1": "met", "4.1": "offered"}


def test_all_met_is_left_alone(world):
    version = make.opened(world, numbers=("1.1", "4.1"))
    piece = judge(version.evidence, {"1.1": MET, "4.1": PROVISIONAL}, EvidenceState.ACCEPTED)
    with pytest.raises(Refused) as caught:
        revise(world, piece)
    assert codes(caught) == ["all-met"]


@pytest.mark.parametrize("state", [UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED, UnitState.ACHIEVED])
def test_what_a_signed_unit_rests_on_is_neither_revised_nor_withdrawn(world, state, mappings):
    version = make.opened(world, numbers=("1.1", "4.1"))
    piece = judge(version.evidence, {"1.1": MET, "4.1": NOT_YET}, EvidenceState.ACCEPTED)
    sign_unit(world, state)
    for act in (revise, withdraw):
        with pytest.raises(Refused) as caught:
            act(world, piece)
        assert codes(caught) == ["unit-frozen"]
    assert mappings(piece) == {"1.1": "met", "4.1": "not_yet"}


def test_a_signed_unit_that_rests_on_other_evidence_does_not_hold_this_one(world):
    version = make.opened(world)
    piece = judge(version.evidence, {"1.1": NOT_YET})
    sign_unit(world)
    assert revise(world, piece).state == EvidenceState.DRAFT


def test_waiting_evidence_is_not_revised(world):
    version = make.opened(world)
    with pytest.raises(Refused) as caught:
        revise(world, version.evidence)
    assert codes(caught) == ["not-decided"]


# --- withdrawing


@pytest.mark.parametrize("stage", ["draft", "sent", "opened", "returned"])
def test_a_piece_is_withdrawn_from_every_stage_and_stays_readable(world, stage, last_event):
    if stage == "draft":
        piece = make.draft(world)
        make.choose(world, piece)
    else:
        version = make.sent(world) if stage == "sent" else make.opened(world)
        piece = make.again(version.evidence)
        piece = judge(piece, {"1.1": NOT_YET}) if stage == "returned" else piece
    before = piece.state
    gone = withdraw(world, piece)
    assert gone.state == EvidenceState.WITHDRAWN
    assert set(gone.mappings.values_list("state", flat=True)) == {"closed"}
    assert gone.title == piece.title
    assert gone.versions.count() == (0 if stage == "draft" else 1)
    assert last_event("evidence.withdrawn").facts == {"from": before, "mappings": 1, "files": 0}


def test_withdrawing_twice_is_refused(world):
    gone = withdraw(world, make.draft(world))
    with pytest.raises(Refused) as caught:
        withdraw(world, gone)
    assert codes(caught) == ["withdrawn"]


def test_withdrawing_a_piece_that_moved_on_is_stale(world):
    version = make.sent(world)
    seen = make.again(version.evidence)
    open_version(actor=world.actor("AA1"), version=version, at=AT)
    with pytest.raises(Stale) as caught:
        withdraw(world, seen)
    assert caught.value.who == world.people["AA1"].full_name
    assert make.again(seen).state == EvidenceState.IN_REVIEW


def test_a_draft_that_aims_at_a_signed_unit_can_be_put_away(world, mappings):
    piece = make.draft(world)
    make.choose(world, piece, numbers=("1.1",))
    sign_unit(world)
    withdraw(world, make.again(piece))
    assert make.again(piece).state == "withdrawn"
    assert mappings(piece) == {}  # closed: they are offered nowhere any more
