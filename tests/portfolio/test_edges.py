"""The edges of files, openings and access: on both sides of each limit, and what only a race or a fault reaches."""

import dataclasses
import datetime as dt
import io

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from centres.enums import Role
from centres.models import Registration
from common.refusals import Forbidden, NotFound, Refused
from common.storing import DROP
from jobs.models import Job
from portfolio import access, services
from portfolio.enums import EvidenceState, FileState
from portfolio.models import Evidence, EvidenceFile, Opening, Recall
from portfolio.queries.purges import removed_before
from portfolio.services import integrity, preparing, state_steps
from portfolio.services.files import stored_bytes
from tests.factories import files
from tests.factories import portfolio as make
from tests.portfolio.steps import AT, NOT_YET, judge


def outcome(act, *args, **given):
    """ "yes", 403 or 404: what a person would meet."""
    try:
        act(*args, **given)
    except Forbidden:
        return 403
    except NotFound:
        return 404
    return "yes"


# --- files


def test_a_file_that_does_not_say_its_length_is_empty(world):
    class Unknown(File):
        size = None

    piece = make.draft(world, kind="media")
    with pytest.raises(Refused) as caught:
        services.receive_file(
            actor=world.actor("LA1"), evidence=piece, name="a.jpg", content=Unknown(io.BytesIO(b"x")), at=AT
        )
    assert [one.code for one in caught.value.refusals] == ["empty"]


def test_whoever_has_no_file_stores_nothing_and_what_was_removed_takes_up_nothing(world):
    piece = make.draft(world, kind="media")
    learner = world.learners["LA1"]
    assert stored_bytes(piece.centre_id, learner.pk) == 0
    one = make.with_file(world, piece, checked=False)
    two = make.with_file(world, piece, name="b.jpg", content=files.jpeg(seed=2), checked=False)
    assert (one.position, two.position) == (0, 1)
    assert stored_bytes(piece.centre_id, learner.pk) == one.size + two.size
    EvidenceFile.objects.for_centre(piece.centre_id).filter(pk=two.pk).update(state=FileState.PURGED)
    assert stored_bytes(piece.centre_id, learner.pk) == one.size
    assert removed_before(piece, {one.sha256, two.sha256}) == frozenset()


@pytest.mark.parametrize("more", [0, 1])
def test_up_to_the_limit_bytes_are_compared_and_above_it_their_length(world, monkeypatch, more):
    file = make.with_file(world, make.draft(world, kind="media"))
    monkeypatch.setattr(integrity, "VERIFIED", file.size - more)
    here = {"actor": world.actor("LA1"), "file": file, "at": AT}
    assert services.check_bytes(**here)
    for content, good in ((b"x" * file.size, bool(more)), (b"x" * (file.size - 1), False)):
        default_storage.delete(file.storage_key)
        default_storage.save(file.storage_key, ContentFile(content))
        assert services.check_bytes(**here) is good
    default_storage.delete(file.storage_key)
    assert services.check_bytes(**here) is False


def test_what_was_taken_out_goes_with_every_picture_made_of_it(world):
    piece = make.draft(world, kind="media")
    file = make.with_file(world, piece)
    keys = {file.storage_key, *file.previews.exclude(storage_key="").values_list("storage_key", flat=True)}
    assert len(keys) > 1
    services.remove_file(actor=world.actor("LA1"), evidence=piece, file=file, at=AT)
    jobs = Job.objects.filter(name=DROP)
    assert sorted(job.args["storage_key"] for job in jobs) == sorted(keys)
    assert not EvidenceFile.objects.for_centre(piece.centre_id).exists()


def test_a_file_that_was_sent_is_only_hidden(world):
    version = make.opened(world, kind="media")
    draft = services.revise_evidence(
        actor=world.actor("LA1"), evidence=judge(version.evidence, {"1.1": NOT_YET}), at=AT
    )
    file = draft.files.get()
    services.remove_file(actor=world.actor("LA1"), evidence=draft, file=file, at=AT)
    assert draft.files.get().removed_at == AT
    assert not Job.objects.filter(name=DROP).exists()
    assert services.withdraw_evidence(actor=world.actor("LA1"), evidence=make.again(draft), at=AT)
    assert draft.files.get() == file, "what was sent stays readable"


@pytest.mark.parametrize("state", FileState)
def test_giving_up_touches_only_what_is_on_its_way(world, state):
    file = make.with_file(world, make.draft(world, kind="media"), checked=False)
    rows = EvidenceFile.objects.for_centre(file.centre_id).filter(pk=file.pk)
    rows.update(state=state)
    preparing.give_up(file_id=file.pk, at=AT)
    now = rows.get()
    on_its_way, open_ = state in {"received", "checking"}, state in {"ready", "not_scanned"}
    assert now.state == ("refused" if on_its_way else state)
    assert (bool(now.refusal), now.previews_made_at) == (on_its_way, AT if open_ else None)
    assert bool(now.preview_note) is open_


# --- looking


def opened_at(version, who, world):
    rows = Opening.objects.for_centre(version.centre_id).filter(version=version, person=world.people[who])
    return list(rows.order_by("pk").values_list("at", flat=True))


def test_the_same_hour_is_one_opening_and_its_end_is_another(world):
    version, hour = make.sent(world), dt.timedelta(hours=1)
    look = lambda at: services.open_version(actor=world.actor("QA"), version=version, at=at)  # noqa: E731
    moments = [AT, AT + hour - dt.timedelta(seconds=1), AT + hour, AT + hour * 2 - dt.timedelta(seconds=1)]
    for at in moments:
        look(at)
    assert opened_at(version, "QA", world) == [AT, AT + hour]


def test_what_was_taken_back_is_not_there_for_others_and_stays_its_learners(world):
    version = make.sent(world)
    stale = make.again(version.evidence)
    draft = services.recall_evidence(actor=world.actor("LA1"), evidence=stale, at=AT)
    assert Recall.objects.for_centre(version.centre_id).filter(version=version).count() == 1
    again = make.send(world, draft)
    assert outcome(services.open_version, actor=world.actor("AA1"), version=version, at=AT) == 404
    assert outcome(services.open_version, actor=world.actor("LA1"), version=version, at=AT) == "yes"
    assert opened_at(version, "AA1", world) == []
    assert make.again(draft).state == EvidenceState.SUBMITTED
    assert outcome(services.open_version, actor=world.actor("AA1"), version=again, at=AT) == "yes"
    assert make.again(draft).state == EvidenceState.IN_REVIEW


def test_a_version_that_was_answered_is_shown_while_a_newer_one_waits(world):
    """It was never taken back, so whoever reads the piece may read it; the newer one waits as it did."""
    first = make.opened(world)
    draft = services.revise_evidence(actor=world.actor("LA1"), evidence=judge(first.evidence, {"1.1": NOT_YET}), at=AT)
    make.send(world, draft)
    first.evidence = make.again(draft)
    later = AT + dt.timedelta(days=400)
    assert outcome(services.open_version, actor=world.actor("AA1"), version=first, at=later) == "yes"
    assert opened_at(first, "AA1", world)[-1] == later
    assert make.again(draft).state == EvidenceState.SUBMITTED


def test_a_file_is_shown_that_is_in_the_version_and_open(world):
    version = make.sent(world, kind="media")
    file = version.evidence.files.get()
    rows = EvidenceFile.objects.for_centre(version.centre_id).filter(pk=file.pk)
    for state in FileState:
        rows.update(state=state)
        expected = "yes" if state in {"ready", "not_scanned"} else 404
        found = outcome(services.show, actor=world.actor("QA"), version=version, file_id=file.public_id, at=AT)
        assert found == expected, state
    rows.update(state=FileState.CHECKING)
    services.open_version(actor=world.actor("EA"), version=version, at=AT)
    shown = Opening.objects.for_centre(version.centre_id).filter(person=world.people["EA"])
    assert [one.file_id for one in shown] == [None], "its words, while nothing else is open"


# --- who loads what


def test_an_id_is_letters_and_digits_and_anything_else_is_none():
    asked = ("abc1", "", "é1", "a-b", "a b", "\x00", "1'")
    assert {one: access._id(one) for one in asked} == dict.fromkeys(asked, "") | {"abc1": "abc1"}


def test_whoever_is_no_learner_today_starts_and_edits_nothing(world):
    """Not even with the key of a learner's row, nor as a learner without one."""
    learner, staff, piece = world.actor("LA1"), world.actor("AA1"), make.draft(world)
    nobody = [
        dataclasses.replace(staff, learner_id=learner.learner_id),
        dataclasses.replace(learner, learner_id=None),
        dataclasses.replace(staff, roles=frozenset({Role.LEARNER})),
    ]
    for one in nobody:
        assert outcome(services.start_evidence, actor=one, at=AT) == 403
        edit = {"actor": one, "evidence": piece, "revision": piece.revision, "fields": {"title": "Mine"}, "at": AT}
        assert outcome(services.save_draft, **edit) == 403
        assert not access.is_own(one, piece)
    assert access.is_own(learner, piece)
    assert Evidence.objects.for_centre(piece.centre_id).count() == 1


def test_a_learner_who_is_staff_too_finds_their_own_in_every_state_and_what_they_look_after(world):
    both = world.actor("AA1")
    own = dataclasses.replace(both, roles=both.roles | {Role.LEARNER}, learner_id=world.learners["LA2"].pk)
    draft = make.draft(world, "LA2", kind="media")
    file = make.with_file(world, draft, "LA2")
    theirs, foreign = make.sent(world, kind="media"), make.draft(world)
    assert access.evidence_for(own, draft.public_id, "edit") == draft
    assert access.file_for(own, file.public_id, "open") == file
    assert access.evidence_for(own, theirs.evidence.public_id, "assess") == theirs.evidence
    assert access.sent_version_for(own, theirs.evidence.public_id) == theirs
    assert outcome(access.evidence_for, own, foreign.public_id) == 404
    assert outcome(access.evidence_for, own, theirs.evidence.public_id, "edit") == 403
    learner = dataclasses.replace(own, roles=frozenset({Role.LEARNER}))
    assert outcome(access.evidence_for, learner, theirs.evidence.public_id) == 404


@pytest.mark.parametrize("state", FileState)
def test_a_learner_has_back_what_is_being_checked_and_others_what_was_let_through(world, state):
    version = make.sent(world, kind="media")
    file = version.evidence.files.get()
    preview = file.previews.exclude(storage_key="").first()
    EvidenceFile.objects.for_centre(version.centre_id).filter(pk=file.pk).update(state=state)
    open_, on_its_way = state in {"ready", "not_scanned"}, state in {"received", "checking"}
    mine = "yes" if open_ or on_its_way else 404
    theirs = "yes" if open_ else 404
    assert outcome(access.file_for, world.actor("LA1"), file.public_id) == "yes", "they know of it"
    assert outcome(access.file_for, world.actor("LA1"), file.public_id, "open") == mine
    assert outcome(access.preview_for, world.actor("LA1"), preview.public_id) == mine
    assert outcome(access.file_for, world.actor("AA1"), file.public_id) == theirs
    assert outcome(access.file_for, world.actor("AA1"), file.public_id, "open") == theirs
    assert outcome(access.preview_for, world.actor("AA1"), preview.public_id) == theirs


def test_what_left_a_draft_is_gone_unless_it_was_sent(world):
    version, draft = make.sent(world, kind="media"), make.draft(world, kind="media")
    sent, unsent = version.evidence.files.get(), make.with_file(world, draft)
    EvidenceFile.objects.for_centre(draft.centre_id).update(removed_at=AT)
    assert outcome(access.file_for, world.actor("LA1"), sent.public_id) == "yes"
    assert outcome(access.file_for, world.actor("LA1"), unsent.public_id) == 404
    preview = unsent.previews.exclude(storage_key="").first()
    assert outcome(access.preview_for, world.actor("LA1"), preview.public_id) == 404


# --- steps


def test_only_an_assessed_piece_is_handed_in_again(world):
    piece = make.sent(world).evidence
    rows = Evidence.objects.for_centre(piece.centre_id).filter(pk=piece.pk)
    for state in EvidenceState:
        rows.update(state=state)
        state_steps.hand_in(evidence=make.again(piece), at=AT)
        assert rows.get().state == ("in_review" if state == EvidenceState.ACCEPTED else state)


def test_whoever_does_not_assess_the_learner_hears_nothing_of_the_piece(world):
    """The same answer whatever became of it, and whatever it is offered for."""
    piece = make.sent(world).evidence
    rows = Evidence.objects.for_centre(piece.centre_id).filter(pk=piece.pk)
    unit, own = world.unit("LA1", make.UNIT), world.unit("LA2", make.UNIT)
    for state in EvidenceState:
        rows.update(state=state)
        for one, number in ((unit, "1.1"), (unit, "4.1"), (own, "4.1")):
            criterion = world.criterion(make.UNIT, number).public_id
            asked = {"evidence": make.again(piece), "learner_unit": one, "criterion_id": criterion, "at": AT}
            assert outcome(services.add_mapping, actor=world.actor("AA2"), **asked) == 403, (state, number)


def test_ticks_that_are_as_they_were_are_not_changed(world):
    """When they were last changed is what a page orders by; ticking them again is no change."""
    piece, later = make.draft(world), AT + dt.timedelta(hours=1)
    tick = lambda at, *ticks: services.set_mappings(  # noqa: E731
        actor=world.actor("LA1"), evidence=piece, chosen=ticks, unsure=False, at=at
    )
    first, second = make.ticked(world, "1.1", page=2, note="Here"), make.ticked(world, "4.1")
    tick(AT, first, second)
    before = {row.criterion.number: row.pk for row in piece.mappings.select_related("criterion")}
    tick(later, first, make.ticked(world, "4.1", seconds=5))
    rows = {row.criterion.number: row for row in piece.mappings.select_related("criterion")}
    assert {number: row.pk for number, row in rows.items()} == before
    assert {number: row.changed_at for number, row in rows.items()} == {"1.1": AT, "4.1": later}
    assert (rows["1.1"].page, rows["1.1"].note, rows["4.1"].seconds) == (2, "Here", 5)


def test_whoever_closes_or_moves_mappings_learns_how_many(world):
    piece = make.sent(world, numbers=("1.1", "4.1")).evidence
    units = [world.unit("LA1", make.UNIT), world.unit("LA1", "J-506-2132")]
    moves = {"evidence": piece, "expected": {"offered"}, "to": "proposed", "at": AT}
    assert (state_steps.move_mappings(**moves), state_steps.move_mappings(**moves)) == (2, 0)
    closes = {"units": units, "centre_id": piece.centre_id, "at": AT}
    assert (state_steps.close_undecided(**closes), state_steps.close_undecided(**closes)) == (2, 0)
    assert set(piece.mappings.values_list("state", "changed_at")) == {("closed", AT)}


@pytest.mark.parametrize("over", ["withdrawn", "completed", "transferred"])
def test_what_a_registration_that_is_over_decided_stays_whatever_happens_to_the_piece(world, over):
    piece = make.opened(world, numbers=("1.1", "4.1")).evidence
    judge(piece, {"1.1": NOT_YET})
    Registration.objects.for_centre(piece.centre_id).filter(learner=piece.learner).update(state=over)
    moves = {"evidence": piece, "expected": {"offered", "not_yet"}, "to": "proposed", "at": AT}
    with pytest.raises(ValueError, match="is not followed by"):
        state_steps.move_mappings(**moves)
    assert state_steps.move_mappings(**moves | {"expected": {"offered"}}) == 0
    assert state_steps.close_mappings_of(evidence=piece, at=AT) == 0
    assert dict(piece.mappings.values_list("criterion__number", "state")) == {"1.1": "not_yet", "4.1": "offered"}
