"""What was proven by tests of somebody who set out to break it: decisions, files and history that hold."""

import datetime as dt

import pytest
from django.core.files.storage import default_storage

from assessments import services
from assessments.models import Judgement
from assessments.queries.core import needs_countersign, units_to_countersign, waiting_count
from assessments.services import ReviewAnswers, countersign, countersign_unit, decide, send_back
from centres import services as cs
from centres.models import Registration
from common import clock
from common.refusals import Refused
from portfolio import services as ps
from portfolio.enums import EvidenceState, FileState
from portfolio.models import EvidenceFile, EvidenceMapping
from tests.assessments.conftest import GOOD, KEY, beside_the_trainee, judge, mappings_of, open_it, sender
from tests.assessments.test_sign_off import complete, confirm, numbers, sign
from tests.factories import moving as made
from tests.factories import portfolio as make

DAY = dt.timedelta(days=1)


def back(world, piece, by="AA1"):
    piece.refresh_from_db()
    return send_back(
        actor=world.actor(by),
        evidence=piece,
        version_number=piece.version_number,
        verdicts=[],
        answers=ReviewAnswers(feedback="Please look at this again."),
        at=clock.now(),
    )


def test_01_a_piece_that_a_signed_unit_rests_on_is_not_sent_back(world):
    piece = complete(world)
    sign(world)
    with pytest.raises(Refused):
        back(world, piece)


def test_01b_what_the_learner_can_do_then(world):
    piece = complete(world)
    sign(world)
    try:
        back(world, piece)
    except Refused:
        return
    piece.refresh_from_db()
    assert piece.state == EvidenceState.RETURNED
    # learner was told to act: can they?
    ps.revise_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())


def test_02_nothing_is_sent_back_once_the_registration_is_over(world):
    piece = sender(world)("LA1", numbers=["4.1"])
    open_it(world, piece, "AA1")
    r = world.registrations["LA1"]
    Registration.objects.for_centre(r.centre_id).filter(pk=r.pk).update(ends_on=world.today - DAY)
    with pytest.raises(Refused):
        back(world, piece)


def _trainee_unit(world):
    piece = sender(world)("LA3", numbers=numbers())
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    judge(world, piece, by="AT1")
    for j in Judgement.objects.for_centre(piece.centre_id).filter(mapping__evidence=piece):
        v = piece.versions.first()
        ps.open_version(actor=world.actor("AA2"), version=v, at=clock.now())
        countersign(actor=world.actor("AA2"), judgement=j, agrees=True, at=clock.now())
    return piece


def test_03_a_unit_can_be_finished_after_its_trainee_left(world):
    _trainee_unit(world)
    la3 = world.learners["LA3"]
    cs.allocate(
        actor=world.actor("CA"),
        learner=la3,
        assessor_id=world.people["AA2"].pk,
        starts_on=world.today,
        reason="leaves",
        alongside=True,
        at=clock.now(),
    )
    cs.end_access(actor=world.actor("CA"), person=world.people["AT1"], at=clock.now())
    sign(world, "LA3", "AA2")
    assert needs_countersign(world.unit("LA3", KEY))
    who = [c for c in ("AA1", "AA2") if units_to_countersign(world.actor(c)).exists()]
    assert who, "nobody in the centre can countersign; the learner cannot confirm"


def test_03b_not_even_reopening_and_judging_anew_helps(world):
    piece = _trainee_unit(world)
    la3 = world.learners["LA3"]
    cs.allocate(
        actor=world.actor("CA"),
        learner=la3,
        assessor_id=world.people["AA2"].pk,
        starts_on=world.today,
        reason="leaves",
        alongside=True,
        at=clock.now(),
    )
    cs.end_access(actor=world.actor("CA"), person=world.people["AT1"], at=clock.now())
    piece.refresh_from_db()
    judge(world, piece, by="AA2")  # a qualified assessor decides everything again
    sign(world, "LA3", "AA2")
    confirm(world, "LA3")


def test_04_a_decision_the_countersigner_turned_down_is_not_relied_on(world):
    piece = sender(world)("LA3", numbers=numbers())
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    judge(world, piece, by="AT1")
    v = piece.versions.first()
    ps.open_version(actor=world.actor("AA2"), version=v, at=clock.now())
    for j in Judgement.objects.for_centre(piece.centre_id).filter(mapping__evidence=piece):
        countersign(actor=world.actor("AA2"), judgement=j, agrees=False, reason="No, not shown.", at=clock.now())
    beside_the_trainee(world)
    piece.refresh_from_db()
    judge(world, piece, by="AA2")
    sign(world, "LA3", "AA2")
    assert not needs_countersign(world.unit("LA3", KEY)), "every trainee decision was refused and superseded"


def test_04b_queue_and_rule_agree(world):
    """units_to_countersign lists only what why_not_countersign_unit would let through."""
    piece = sender(world)("LA3", numbers=numbers())
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    judge(world, piece, by="AT1", verdict="met")
    v = piece.versions.first()
    ps.open_version(actor=world.actor("AA2"), version=v, at=clock.now())
    for j in Judgement.objects.for_centre(piece.centre_id).filter(mapping__evidence=piece):
        countersign(actor=world.actor("AA2"), judgement=j, agrees=False, reason="No, not shown.", at=clock.now())
    # the learner withdraws it, brings another piece that the qualified assessor accepts
    piece.refresh_from_db()
    ps.withdraw_evidence(actor=world.actor("LA3"), evidence=piece, at=clock.now())
    beside_the_trainee(world)
    complete(world, "LA3", "AA2")
    sign(world, "LA3", "AA2")
    unit = world.unit("LA3", KEY)
    listed = units_to_countersign(world.actor("AA2")).filter(pk=unit.pk).exists()
    assert listed == needs_countersign(unit)


def test_05_nobody_countersigns_the_unit_they_signed(world):
    _trainee_unit(world)
    beside_the_trainee(world)
    sign(world, "LA3", "AA2")
    with pytest.raises(Refused):
        countersign_unit(
            actor=world.actor("AA2"),
            learner_unit=world.unit("LA3", KEY),
            agrees=True,
            reauthenticated=True,
            at=clock.now(),
        )


def _provisional_beside_met(world):
    """One criterion twice: met by AA2 on one piece, provisionally by AT1 on another."""
    beside_the_trainee(world)
    complete(world, "LA3", "AA2")
    piece = sender(world)("LA3", numbers=["4.1"], title="Second")
    open_it(world, piece, "AT1")
    piece.refresh_from_db()
    judge(world, piece, by="AT1")
    return piece


def test_06_no_unit_is_signed_while_a_trainees_decision_is_open(world):  # R6
    _provisional_beside_met(world)
    with pytest.raises(Refused):
        sign(world, "LA3", "AA2")


def test_07_a_claim_in_a_signed_unit_does_not_change(world):  # R83
    piece = _provisional_beside_met(world)
    try:
        sign(world, "LA3", "AA2")
    except Refused:
        return
    v = piece.versions.first()
    ps.open_version(actor=world.actor("AA2"), version=v, at=clock.now())
    j = Judgement.objects.for_centre(piece.centre_id).get(mapping__evidence=piece)
    with pytest.raises(Refused):
        countersign(actor=world.actor("AA2"), judgement=j, agrees=False, reason="Not shown at all.", at=clock.now())


def test_08_the_units_of_a_moved_registration_stay(world):
    made.publish_more(world.at)
    seen_before = world.registrations["LA1"]  # as a request loaded it
    made.move(world, Registration.objects.for_centre(seen_before.centre_id).get(pk=seen_before.pk), made.HIGHER)
    with pytest.raises(Refused):
        cs.change_units(
            actor=world.actor("CA"),
            registration=seen_before,
            place_ids=(),
            reason="tidy up",
            confirmed=True,
            at=clock.now(),
        )


@pytest.mark.django_db(transaction=True)
def test_09_a_received_file_keeps_its_bytes(world, monkeypatch):
    from portfolio.services import files as module

    real = module._received

    def committed_then_killed(actor, row, at):
        real(actor, row, at)  # its own transaction: committed
        raise SystemExit(1)  # gunicorn's abort of a slow worker, Ctrl-C, a lost answer to COMMIT

    monkeypatch.setattr(module, "_received", committed_then_killed)
    piece = make.draft(world)
    from tests.factories import files as f

    with pytest.raises(SystemExit):
        ps.receive_file(
            actor=world.actor("LA1"),
            evidence=piece,
            name="photo.jpg",
            content=f.upload("photo.jpg", f.jpeg()),
            at=clock.now(),
        )
    row = EvidenceFile.objects.for_centre(piece.centre_id).get(evidence=piece)
    assert row.state == FileState.RECEIVED
    assert default_storage.exists(row.storage_key), "row says received, bytes are gone"


def test_12_what_is_withdrawn_unsent_frees_its_space(world):
    piece = make.draft(world)
    make.with_file(world, piece, checked=False)
    piece = make.again(piece)
    ps.withdraw_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    from portfolio.services.files import stored_bytes

    if stored_bytes(piece.centre_id, piece.learner_id) == 0:
        return
    row = EvidenceFile.objects.for_centre(piece.centre_id).get(evidence=piece)
    ps.remove_file(actor=world.actor("LA1"), evidence=make.again(piece), file=row, at=clock.now())


def test_13_history_of_a_moved_registration_stays_when_a_piece_is_withdrawn(world):
    made.publish_more(world.at)
    piece = complete(world)  # all met, unit not signed
    old = world.registrations["LA1"]
    made.move(world, Registration.objects.for_centre(old.centre_id).get(pk=old.pk), made.HIGHER)
    before = set(
        EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=piece).values_list("state", flat=True)
    )
    piece.refresh_from_db()
    ps.withdraw_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    after = set(
        EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=piece).values_list("state", flat=True)
    )
    assert after == before


def test_19_a_criterion_added_to_an_assessed_piece_is_in_the_queue(world):
    piece = sender(world)("LA1", numbers=["4.1"])
    open_it(world, piece, "AA1")
    piece.refresh_from_db()
    judge(world, piece, by="AA1")
    piece.refresh_from_db()
    assert piece.state == EvidenceState.ACCEPTED
    unit = world.unit("LA1", KEY)
    ps.add_mapping(
        actor=world.actor("AA1"),
        evidence=make.again(piece),
        learner_unit=unit,
        criterion_id=world.criterion(KEY, "1.1").public_id,
        at=clock.now(),
    )
    assert waiting_count(world.actor("AA1")) == 1


def test_21_nul_in_an_assessors_draft(world):
    piece = sender(world)("LA1", numbers=["4.1"])
    services.save_feedback_draft(
        actor=world.actor("AA1"), evidence=piece, content={"feedback": "a\x00b"}, at=clock.now()
    )


def test_22_nul_in_a_note_on_a_claim(world):
    piece = make.draft(world)
    tick = make.ticked(world, "1.1", note="see\x00here")
    ps.set_mappings(actor=world.actor("LA1"), evidence=piece, chosen=[tick], unsure=False, at=clock.now())


def test_23_nul_in_a_verdicts_reason(world):
    piece = sender(world)("LA1", numbers=["4.1"])
    open_it(world, piece, "AA1")
    piece.refresh_from_db()
    given = [services.VerdictGiven(c.public_id, c.round, "not_yet", "what\x00ever") for c in mappings_of(piece)]
    decide(actor=world.actor("AA1"), evidence=piece, version_number=1, verdicts=given, answers=GOOD, at=clock.now())


@pytest.mark.parametrize("countersigned", [True, False])
def test_a_trainee_sends_nothing_back_that_a_qualified_assessor_stands_for(world, countersigned):
    """Neither what AA2 decided nor what AA2 countersigned: the whole piece would go back, and nothing be signed."""
    if countersigned:
        piece = _trainee_unit(world)
    else:
        beside_the_trainee(world)
        piece = complete(world, "LA3", "AA2")
        open_it(world, piece, "AT1")
    with pytest.raises(Refused) as caught:
        back(world, piece, by="AT1")
    assert [one.code for one in caught.value.refusals] == ["overturns"]
    assert make.again(piece).state == EvidenceState.ACCEPTED


def test_a_trainee_sends_back_what_nobody_stands_for(world):
    piece = sender(world)("LA3", numbers=["4.1"])
    open_it(world, piece, "AT1")
    back(world, piece, by="AT1")
    assert make.again(piece).state == EvidenceState.RETURNED
