"""Deciding and sending back: what is written, what is refused, who was faster."""

import dataclasses
import datetime as dt
import threading

import pytest
from django.db import IntegrityError, connection, connections, transaction

from assessments.models import FeedbackDraft, Judgement, Presence, Review
from assessments.queries.core import to_countersign
from assessments.services import ReviewAnswers, VerdictGiven, decide, enter, reply, save_feedback_draft, send_back
from audit.models import Event
from centres.enums import Role, UnitState
from centres.models import Allocation, Membership, Registration
from common import clock
from common.ids import new_public_id
from common.refusals import Refused, Stale
from portfolio.services import recall_evidence, revise_evidence, withdraw_evidence
from tests.assessments.conftest import ALL_FIVE, GOOD, KEY, judge, mappings_of, open_it, sender, verdicts
from tests.factories.world import two_centres

REASON = "a test looks"


def judgements(world):
    return Judgement.objects.across_centres(reason=REASON).order_by("pk")


def test_six_verdicts_one_review(world, opened):
    piece = opened(numbers=["1.1", "1.2", "4.1", "4.2", "4.3", "4.4"])
    review = judge(world, piece)
    piece.refresh_from_db()
    assert piece.state == "accepted"
    assert [c.state for c in mappings_of(piece)] == ["met"] * 6
    assert review.judgements.count() == 6
    assert world.unit("LA1", KEY).state == UnitState.IN_PROGRESS


def test_a_judgement_stores_what_it_was_made_on(world, opened):
    piece = opened()
    judge(world, piece)
    row = judgements(world).get()
    version = piece.versions.get()
    assert row.version_id == version.pk
    assert row.version_digest == version.digest == version.computed_digest
    assert (row.standing, row.setting, row.round) == ("qualified", "real_work", 1)
    assert row.digest == row.computed_digest
    assert row.assessor_id == world.people["AA1"].pk


def test_r7_a_trainees_met_is_provisional_by_the_day_of_the_decision(world, opened):
    piece = opened("LA3", by="AT1")
    judge(world, piece, by="AT1")
    assert [c.state for c in mappings_of(piece)] == ["met_provisional"]
    assert judgements(world).get().standing == "trainee"


def test_r7_a_promoted_trainee_does_not_clear_their_own_met_by_taking_it_back_first(world, opened):
    piece = opened("LA3", by="AT1", numbers=["4.1", "4.2"])
    judge(world, piece, by="AT1")
    roles = Membership.objects.for_centre(piece.centre_id).filter(person=world.people["AT1"])
    roles.update(role=Role.ASSESSOR)
    for verdict in ("not_yet", "met"):
        given = verdicts(piece, verdict, "Look at the end." if verdict == "not_yet" else "")[:1]
        said = {"evidence": piece, "version_number": 1, "verdicts": given, "answers": GOOD, "at": clock.now()}
        decide(actor=world.actor("AT1"), **said)
    assert [c.state for c in mappings_of(piece)] == ["met_provisional", "met_provisional"]
    waits = to_countersign(world.actor("AA2"))
    assert waits.filter(mapping=mappings_of(piece)[0]).get().standing == "qualified"


def test_r7_what_a_promoted_trainee_never_called_met_before_counts(world, opened):
    piece = opened("LA3", by="AT1", numbers=["4.1", "4.2"])
    decide(
        actor=world.actor("AT1"),
        evidence=piece,
        version_number=1,
        verdicts=verdicts(piece, "not_yet", "Look at the end.")[:1] + verdicts(piece)[1:],
        answers=GOOD,
        at=clock.now(),
    )
    Membership.objects.for_centre(piece.centre_id).filter(person=world.people["AT1"]).update(role=Role.ASSESSOR)
    given = verdicts(piece)[:1]
    decide(actor=world.actor("AT1"), evidence=piece, version_number=1, verdicts=given, answers=GOOD, at=clock.now())
    assert [c.state for c in mappings_of(piece)] == ["met", "met_provisional"]


def test_partly_decided_stays_with_the_assessor(world, opened):
    piece = opened(numbers=["4.1", "4.2"])
    first = verdicts(piece)[:1]
    decide(actor=world.actor("AA1"), evidence=piece, version_number=1, verdicts=first, answers=GOOD, at=clock.now())
    piece.refresh_from_db()
    assert piece.state == "in_review"


def test_all_not_yet_goes_back_to_the_learner(world, opened):
    piece = opened()
    judge(world, piece, verdict="not_yet")
    piece.refresh_from_db()
    assert piece.state == "returned"


def test_sending_back_keeps_verdicts_given(world, opened):
    piece = opened(numbers=["4.1", "4.2"])
    review = send_back(
        actor=world.actor("AA1"),
        evidence=piece,
        version_number=1,
        verdicts=verdicts(piece)[:1],
        answers=GOOD,
        at=clock.now(),
    )
    piece.refresh_from_db()
    assert (piece.state, review.kind) == ("returned", "returned")
    assert [c.state for c in mappings_of(piece)] == ["met", "offered"]


def test_a_decision_can_be_changed_and_both_stay(world, opened):
    piece = opened(numbers=["4.1", "4.2"])
    judge(world, piece)
    judge(world, piece, verdict="not_yet")
    assert [(j.round, j.verdict) for j in judgements(world)] == [(1, "met")] * 2 + [(2, "not_yet")] * 2


def test_an_event_names_version_and_verdicts(world, opened):
    judge(world, opened())
    event = Event.objects.get(action="evidence.decided")
    assert event.facts["version"] == 1
    assert list(event.facts["verdicts"].values()) == ["met"]


def test_the_draft_of_the_feedback_is_cleared(world, opened):
    piece = opened()
    actor = world.actor("AA1")
    save_feedback_draft(actor=actor, evidence=piece, content={"feedback": "You list"}, at=clock.now())
    judge(world, piece)
    assert not FeedbackDraft.objects.for_centre(actor.centre_id).exists()


def codes(call):
    with pytest.raises(Refused) as caught:
        call()
    return [r.code for r in caught.value.refusals]


def nothing_written(world):
    assert not judgements(world).exists()
    assert not Review.objects.across_centres(reason=REASON).exists()


def test_r69_unopened_evidence_is_not_judged(world, sent, opened):
    piece = opened()
    newer_assessor = world.people["AA2"]
    Allocation.objects.create(
        centre=piece.centre,
        learner=piece.learner,
        assessor=newer_assessor,
        starts_on=world.today,
        created_at=world.at,
    )
    assert codes(lambda: judge(world, piece, by="AA2")) == ["not-opened"]
    nothing_written(world)


def test_r13_outside_the_caseload(world, opened):
    piece = opened()
    assert codes(lambda: judge(world, piece, by="AA2")) == ["not-allocated"]
    nothing_written(world)


def test_r13_an_allocation_that_ended_yesterday(world, opened):
    piece = opened()
    rows = Allocation.objects.for_centre(piece.centre_id).filter(learner=piece.learner)
    rows.update(ends_on=world.today - dt.timedelta(days=1))
    assert codes(lambda: judge(world, piece)) == ["not-allocated"]
    nothing_written(world)


def test_r8_nobody_judges_their_own(world, opened):
    piece = opened()
    own = dataclasses.replace(world.actor("LA1"), roles=world.actor("AA1").roles | world.actor("LA1").roles)
    call = lambda: decide(  # noqa: E731 - one act, said once
        actor=own, evidence=piece, version_number=1, verdicts=verdicts(piece), answers=GOOD, at=clock.now()
    )
    assert codes(call) == ["own-evidence"]
    nothing_written(world)


def test_r61_simulation_and_competence(world, opened):
    piece = opened(setting="simulation")
    answers = dataclasses.replace(GOOD, setting_confirmed="real_work")
    assert codes(lambda: judge(world, piece, answers=answers)) == ["not-real-work"]
    nothing_written(world)


@pytest.mark.parametrize("offered", [("simulation", "real_work"), ("real_work", "classroom")])
def test_r61_is_held_by_the_database_too(world, opened, offered):
    """Whoever writes the row himself, past every rule, is refused (acceptance 4)."""
    piece = opened()
    judge(world, piece)
    row = Judgement.objects.for_centre(piece.centre_id).filter(kind="competence").first()
    row.pk, row.public_id, row.round = None, new_public_id(), row.round + 1
    row.learner_setting, row.setting = offered
    with pytest.raises(IntegrityError, match="simulation_meets_no_competence"), transaction.atomic():
        row.save(force_insert=True)
    row.verdict, row.reason = "not_yet", "It was a role-play."
    row.save(force_insert=True)


def test_r70_four_answers_are_not_five(world, opened):
    four = {name: True for name in ALL_FIVE if name != "reliable"}
    piece = opened()
    assert codes(lambda: judge(world, piece, answers=dataclasses.replace(GOOD, vacsr=four))) == ["vacsr"]
    nothing_written(world)


def test_a_registration_that_ended(world, opened):
    piece = opened()
    rows = Registration.objects.for_centre(piece.centre_id).filter(learner=piece.learner)
    rows.update(ends_on=world.today - dt.timedelta(days=1))
    assert codes(lambda: judge(world, piece)) == ["registration-ended"]
    nothing_written(world)


def test_a_withdrawn_piece(world, opened):
    piece = opened()
    given = verdicts(piece)
    withdraw_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    call = lambda: decide(  # noqa: E731 - see above
        actor=world.actor("AA1"), evidence=piece, version_number=1, verdicts=given, answers=GOOD, at=clock.now()
    )
    assert "withdrawn" in codes(call)
    nothing_written(world)


def test_a_recalled_piece(world, sent):
    piece = sent()
    recall_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    assert "not-with-you" in codes(lambda: judge_version_one(world, piece))
    nothing_written(world)


def judge_version_one(world, piece):
    return decide(
        actor=world.actor("AA1"),
        evidence=piece,
        version_number=1,
        verdicts=verdicts(piece),
        answers=GOOD,
        at=clock.now(),
    )


def test_a_returned_piece_that_is_being_revised(world, opened):
    piece = opened()
    judge(world, piece, verdict="not_yet")
    piece.refresh_from_db()
    revise_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    assert "not-with-you" in codes(lambda: judge_version_one(world, piece))


def test_a_mapping_of_another_piece_is_refused(world, opened):
    piece, other = opened(numbers=["4.1"]), opened(numbers=["4.2"])
    foreign = verdicts(other)
    call = lambda: decide(  # noqa: E731 - see above
        actor=world.actor("AA1"), evidence=piece, version_number=1, verdicts=foreign, answers=GOOD, at=clock.now()
    )
    assert codes(call) == ["foreign-mapping"]
    nothing_written(world)


def test_a_stale_page_is_told_who_was_faster_and_nothing_is_written(world, opened):
    piece = opened(numbers=["4.1", "4.2"])
    old = verdicts(piece)
    judge(world, piece)
    before = judgements(world).count()
    with pytest.raises(Stale) as caught:
        decide(actor=world.actor("AA1"), evidence=piece, version_number=1, verdicts=old, answers=GOOD, at=clock.now())
    assert caught.value.who == world.people["AA1"].full_name
    assert "4.1" in caught.value.refusals[0].sentence
    assert judgements(world).count() == before


def test_feedback_drafts_have_an_end(world, opened):
    piece = opened()
    call = lambda: save_feedback_draft(  # noqa: E731 - see above
        actor=world.actor("AA1"), evidence=piece, content={"feedback": "x" * 100_001}, at=clock.now()
    )
    assert codes(call) == ["too-long"]


@pytest.mark.django_db(transaction=True)
def test_t06_two_decide_at_once_and_exactly_one_wins():
    world = two_centres()
    piece = sender(world)(numbers=["4.1"])
    Allocation.objects.create(
        centre=piece.centre,
        learner=piece.learner,
        assessor=world.people["AA2"],
        starts_on=world.today,
        created_at=world.at,
    )
    for by in ("AA1", "AA2"):
        open_it(world, piece, by)
    mapping = mappings_of(piece)[0]
    barrier, outcomes = threading.Barrier(2), []

    def one(by, verdict):
        answers = ReviewAnswers(feedback=f"From {by}", vacsr=ALL_FIVE, setting_confirmed="real_work")
        given = [VerdictGiven(mapping.public_id, 0, verdict, "The end is missing.")]
        barrier.wait()
        try:
            decide(
                actor=world.actor(by),
                evidence=piece,
                version_number=1,
                verdicts=given,
                answers=answers,
                at=clock.now(),
            )
            outcomes.append("won")
        except Stale as lost:
            outcomes.append(lost.who)
        finally:
            connections[connection.alias].close()

    threads = [threading.Thread(target=one, args=pair) for pair in (("AA1", "met"), ("AA2", "not_yet"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(o == "won" for o in outcomes) == [False, True]
    winner = judgements(world).get()
    assert winner.assessor.full_name in outcomes
    assert Review.objects.across_centres(reason=REASON).count() == 1


def test_who_else_is_here_is_seen_for_two_minutes(world, opened):
    piece = opened()
    now = clock.now()
    assert enter(actor=world.actor("AA1"), evidence=piece, at=now) == []
    seen = enter(actor=world.actor("AA2"), evidence=piece, at=now)
    assert [view.name for view in seen] == [world.people["AA1"].full_name]
    later = now + dt.timedelta(minutes=3)
    assert enter(actor=world.actor("AA2"), evidence=piece, at=later) == []
    assert Presence.objects.for_centre(piece.centre_id).count() == 2


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_replies_have_words_and_an_end(world, opened, text):
    piece = opened()
    with pytest.raises(Refused):
        reply(actor=world.actor("AA1"), evidence=piece, text=text, at=clock.now())
    assert not piece.replies.exists()
