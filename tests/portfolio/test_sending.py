"""Sending, taking back, writing a new version, withdrawing, opening."""

import dataclasses
import datetime as dt

import pytest
import time_machine

from centres.enums import UnitState
from centres.models import LearnerUnit
from common.refusals import Forbidden, NotFound, Refused, Stale
from portfolio.enums import ClaimState, EvidenceState
from portfolio.models import Claim, EvidenceVersion, Opening, VersionFile
from portfolio.rules import version_digest
from portfolio.services import (
    Declaration,
    advance_claim,
    advance_evidence,
    close_claims_of,
    open_version,
    recall_evidence,
    remove_file,
    revise_evidence,
    save_draft,
    submit_evidence,
    withdraw_evidence,
)
from portfolio.services.advancing import move_claims
from tests.factories import files
from tests.factories import portfolio as make
from tests.factories.world import two_centres

AT = dt.datetime(2026, 3, 10, 9, 30, tzinfo=dt.UTC)
MET, NOT_YET, PROVISIONAL = ClaimState.MET, ClaimState.NOT_YET, ClaimState.MET_PROVISIONAL


def codes(caught):
    return [r.code for r in caught.value.refusals]


def judge(evidence, verdicts, to=EvidenceState.RETURNED):
    """What a review does, as far as evidence knows of it."""
    for number, state in verdicts.items():
        row = Claim.objects.for_centre(evidence.centre_id).get(
            evidence=evidence, criterion__number=number, state="claimed"
        )
        advance_claim(claim=row, to=state, expected_round=row.round, at=AT)
    return advance_evidence(evidence=make.again(evidence), to=to, at=AT)


def recall(world, evidence, who="LA1"):
    return recall_evidence(actor=world.actor(who), evidence=evidence, at=AT)


def revise(world, evidence, who="LA1"):
    return revise_evidence(actor=world.actor(who), evidence=evidence, at=AT)


def withdraw(world, evidence, who="LA1"):
    return withdraw_evidence(actor=world.actor(who), evidence=evidence, at=AT)


def sign_unit(world, state=UnitState.ASSESSOR_SIGNED, unit=make.UNIT):
    row = world.unit("LA1", unit)
    LearnerUnit.objects.for_centre(row.centre_id).filter(pk=row.pk).update(state=state)


# --- sending


def test_sending_freezes_everything_as_version_one(world, claims, last_event):
    piece = make.draft(world, kind="media", place="Till 2", people="Sam")
    photo = make.with_file(world, piece)
    make.choose(world, piece, numbers=("4.1", "1.1"))
    version = make.send(world, piece)
    assert version.number == 1
    assert version.submitted_by == world.people["LA1"]
    assert version.files == [{"id": photo.public_id, "name": "photo.jpg", "sha256": photo.sha256, "size": photo.size}]
    assert [c["number"] for c in version.claims] == ["1.1", "4.1"]
    assert version.fields["title"] == piece.title
    assert version.fields["activity_date"] == piece.activity_date.isoformat()
    assert version.fields["no_customer_named"] is True
    assert version.fields["ai_use"] == "none"
    assert "state" not in version.fields
    assert version.digest == version_digest(version.fields, version.files, version.claims)
    assert version.declaration == "own-work-1"
    assert [v.file_id for v in version.version_files.all()] == [photo.pk]
    sent = make.again(piece)
    assert (sent.state, sent.version_number) == ("submitted", 1)
    assert sent.submitted_at == version.submitted_at
    assert claims(piece) == {"1.1": "claimed", "4.1": "claimed"}
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
def test_a_refused_send_changes_nothing(world, answers, claims, events):
    piece = make.draft(world)
    make.choose(world, piece)
    before = events()
    with pytest.raises(Refused):
        submit_evidence(actor=world.actor("LA1"), evidence=piece, revision=piece.revision, answers=answers, at=AT)
    after = make.again(piece)
    assert (after.state, after.revision, after.submitted_at) == ("draft", piece.revision, None)
    assert claims(piece) == {"1.1": "proposed"}
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
    assert make.send(world, piece).claims == []


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


# --- taking back


def test_what_nobody_opened_can_be_taken_back(world, claims, last_event):
    version = make.sent(world)
    piece = recall(world, make.again(version.evidence))
    assert (piece.state, piece.version_number) == ("draft", 2)
    assert claims(piece) == {"1.1": "proposed"}
    assert last_event("evidence.recalled").facts == {"version": 1}
    assert make.again(version.evidence).title == piece.title


def test_sent_again_it_is_the_next_version_and_the_first_one_stays(world):
    first = make.sent(world)
    piece = recall(world, make.again(first.evidence))
    second = make.send(world, piece)
    assert [v.number for v in piece.versions.all()] == [2, 1]
    assert EvidenceVersion.objects.for_centre(piece.centre_id).get(number=1).digest == first.digest
    assert second.number == 2


def test_opened_is_opened(world, claims):
    version = make.opened(world)
    with pytest.raises(Refused) as caught:
        recall(world, version.evidence)
    assert codes(caught) == ["opened"]
    assert world.people["AA1"].full_name in caught.value.refusals[0].sentence
    assert claims(version.evidence) == {"1.1": "claimed"}


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


def test_what_came_back_becomes_version_two(world, claims):
    version = make.opened(world, kind="media", numbers=("1.1", "1.2", "4.1"))
    piece = judge(version.evidence, {"1.1": NOT_YET, "4.1": MET})
    draft = revise(world, piece)
    assert (draft.state, draft.version_number, draft.no_customer_named) == ("draft", 2, None)
    assert draft.title == version.fields["title"]
    assert [f.name for f in draft.files.filter(removed_at=None)] == ["photo.jpg"]
    assert claims(piece) == {"1.1": "not_yet", "1.2": "proposed", "4.1": "met"}
    second = make.send(world, draft)
    assert claims(piece) == {"1.1": "claimed", "1.2": "claimed", "4.1": "met"}
    assert second.number == 2
    assert [c["number"] for c in second.claims] == ["1.1", "1.2", "4.1"]
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


def test_an_assessed_piece_with_something_open_can_be_revised(world, claims):
    version = make.opened(world, numbers=("1.1", "4.1"))
    piece = judge(version.evidence, {"1.1": MET, "4.1": NOT_YET}, EvidenceState.ACCEPTED)
    draft = revise(world, piece)
    assert draft.version_number == 2
    make.send(world, draft)
    assert claims(piece) == {"1.1": "met", "4.1": "claimed"}


def test_all_met_is_left_alone(world):
    version = make.opened(world, numbers=("1.1", "4.1"))
    piece = judge(version.evidence, {"1.1": MET, "4.1": PROVISIONAL}, EvidenceState.ACCEPTED)
    with pytest.raises(Refused) as caught:
        revise(world, piece)
    assert codes(caught) == ["all-met"]


@pytest.mark.parametrize("state", [UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED, UnitState.ACHIEVED])
def test_what_a_signed_unit_rests_on_is_neither_revised_nor_withdrawn(world, state, claims):
    version = make.opened(world, numbers=("1.1", "4.1"))
    piece = judge(version.evidence, {"1.1": MET, "4.1": NOT_YET}, EvidenceState.ACCEPTED)
    sign_unit(world, state)
    for act in (revise, withdraw):
        with pytest.raises(Refused) as caught:
            act(world, piece)
        assert codes(caught) == ["unit-frozen"]
    assert claims(piece) == {"1.1": "met", "4.1": "not_yet"}


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
    assert set(gone.claims.values_list("state", flat=True)) == {"closed"}
    assert gone.title == piece.title
    assert gone.versions.count() == (0 if stage == "draft" else 1)
    assert last_event("evidence.withdrawn").facts == {"from": before, "claims": 1}


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


# --- opening


def openings(version):
    return Opening.objects.for_centre(version.centre_id).filter(version=version)


def test_the_assessors_opening_starts_the_review(world, last_event):
    version = make.sent(world)
    open_version(actor=world.actor("AA1"), version=version, at=AT)
    assert make.again(version.evidence).state == EvidenceState.IN_REVIEW
    assert openings(version).get().person == world.people["AA1"]
    event = last_event("evidence.opened")
    assert (event.person_id, event.object_id, event.facts) == (
        world.people["AA1"].pk,
        version.evidence.public_id,
        {"version": 1},
    )


@pytest.mark.parametrize("who", ["QA", "EA", "AA2", "LA1", "CA"])
def test_the_look_of_others_is_noted_and_moves_nothing(world, who):
    version = make.sent(world)
    open_version(actor=world.actor(who), version=version, at=AT)
    assert make.again(version.evidence).state == EvidenceState.SUBMITTED
    assert openings(version).count() == 1


def test_one_opening_an_hour(world, events):
    version = make.sent(world)
    for minutes in (0, 10, 59, 61, 70):
        open_version(actor=world.actor("AA1"), version=version, at=AT + dt.timedelta(minutes=minutes))
    assert openings(version).count() == 2
    assert events().count("evidence.opened") == 2


def test_an_older_version_opens_without_moving_the_newer_one(world):
    first = make.sent(world)
    piece = recall(world, make.again(first.evidence))
    make.send(world, piece)
    first.evidence = make.again(piece)
    open_version(actor=world.actor("AA1"), version=first, at=AT)
    assert make.again(piece).state == EvidenceState.SUBMITTED


def test_from_another_centre_it_does_not_open(world):
    version = make.sent(world)
    with pytest.raises(NotFound):
        open_version(actor=world.actor("AB1"), version=version, at=AT)
    assert openings(version).count() == 0


# --- the steps themselves


def test_unknown_steps_are_faults_of_the_caller(world):
    version = make.sent(world)
    with pytest.raises(ValueError, match="not followed by"):
        advance_evidence(evidence=make.again(version.evidence), to=EvidenceState.ACCEPTED, at=AT)
    claim = version.evidence.claims.get()
    with pytest.raises(ValueError, match="not followed by"):
        advance_claim(claim=claim, to=ClaimState.CLAIMED, expected_round=0, at=AT)
    with pytest.raises(ValueError, match="not followed by"):
        move_claims(evidence=version.evidence, expected={ClaimState.CLOSED}, to=ClaimState.CLAIMED, at=AT)


def test_a_slower_step_is_stale(world):
    version = make.opened(world)
    one, other = make.again(version.evidence), make.again(version.evidence)
    advance_evidence(evidence=one, to=EvidenceState.RETURNED, at=AT)
    with pytest.raises(Stale):
        advance_evidence(evidence=other, to=EvidenceState.ACCEPTED, at=AT)
    assert make.again(one).state == EvidenceState.RETURNED


def test_a_claim_moves_once_a_round(world):
    version = make.opened(world)
    claim, other = version.evidence.claims.get(), version.evidence.claims.get()
    judged = advance_claim(claim=claim, to=MET, expected_round=0, at=AT)
    assert (judged.state, judged.round, judged.changed_at) == ("met", 1, AT)
    with pytest.raises(Stale):
        advance_claim(claim=other, to=NOT_YET, expected_round=0, at=AT)
    again = version.evidence.claims.get()
    with pytest.raises(Stale):
        advance_claim(claim=again, to=NOT_YET, expected_round=0, at=AT)
    assert advance_claim(claim=again, to=NOT_YET, expected_round=1, at=AT).round == 2


def test_closing_closes_what_is_open(world):
    version = make.opened(world, numbers=("1.1", "4.1"))
    assert close_claims_of(evidence=version.evidence, at=AT) == 2
    assert close_claims_of(evidence=version.evidence, at=AT) == 0
