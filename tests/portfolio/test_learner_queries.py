"""The reads behind the learner's pages: only one's own, few queries, honest statuses."""

import pytest

from assessments.queries.learner import feedback_list, newest_feedback, reasons, signatures, talk, to_confirm
from common import clock
from common.refusals import Forbidden, NotFound
from portfolio.queries import learner as reads
from portfolio.queries.learner.library import piece_key
from portfolio.services import revise_evidence
from tests.factories import portfolio as made
from tests.web.learner.conftest import judge, signed_unit


@pytest.mark.parametrize(
    ("state", "met", "provisional", "not_yet", "key"),
    [
        ("draft", 0, 0, 0, "draft"),
        ("submitted", 3, 0, 0, "sent"),
        ("in_review", 0, 0, 1, "sent"),
        ("returned", 2, 0, 1, "back"),
        ("withdrawn", 2, 0, 0, "hold"),
        ("accepted", 2, 0, 0, "met"),
        ("accepted", 2, 1, 1, "notyet"),
        ("accepted", 0, 2, 0, "provisional"),
        ("accepted", 1, 2, 0, "met"),
    ],
)
def test_a_piece_has_one_status(state, met, provisional, not_yet, key):
    assert piece_key(state, met, provisional, not_yet) == key


def test_who_helps_is_the_latest_assessor_of_today(world):
    from centres.models import Allocation

    assert reads.my_assessor(world.actor("LA1")) == reads.Helper("Dev", "Dev Singh-AA1")
    rows = Allocation.objects.across_centres(reason="a test moves a learner")
    old = rows.get(learner=world.learners["LA1"])
    rows.create(
        centre=old.centre,
        learner=old.learner,
        assessor=world.people["AA2"],
        starts_on=world.today,
        created_at=clock.now(),
    )
    assert reads.my_assessor(world.actor("LA1")).name == world.people["AA2"].given_name
    rows.update(starts_on=old.starts_on, ends_on=old.starts_on)
    assert reads.my_assessor(world.actor("LA1")) == reads.Helper()


def test_nobody_but_a_learner_has_own_rows(world):
    for read in (reads.programmes, reads.sent_back, reads.unfinished, to_confirm, newest_feedback):
        with pytest.raises(Forbidden):
            read(world.actor("AA1"))


def test_other_peoples_rows_are_not_found(world):
    piece, unit = made.draft(world, "LA2"), world.unit("LA2", made.UNIT)
    with pytest.raises(NotFound):
        reads.own_evidence(world.actor("LA1"), piece.public_id)
    with pytest.raises(NotFound):
        reads.my_unit(world.actor("LA1"), unit.public_id)


def test_dropped_units_are_not_shown_and_a_withdrawn_registration_asks_for_nothing(world):
    actor = world.actor("LA1")
    assert len(reads.programmes(actor)[0].units) == 6
    dropped = world.unit("LA1", made.UNIT)
    type(dropped).objects.for_centre(dropped.centre_id).filter(pk=dropped.pk).update(state="dropped")
    assert len(reads.programmes(actor)[0].units) == 5
    row = world.registrations["LA1"]
    type(row).objects.for_centre(row.centre_id).filter(pk=row.pk).update(state="withdrawn")
    [left] = reads.programmes(actor)
    assert (left.active, left.state, left.to_do, left.next_unit) == (False, "withdrawn", [], None)
    assert len(left.units) == 5, "what was done stays readable"


def test_credits_count_signed_off_units_only(world):
    from assessments.services import confirm_unit

    unit = signed_unit(world)
    made.sent(world, unit="F-506-2131", numbers=("1.1",))
    before = reads.programmes(world.actor("LA1"))[0]
    assert (before.signed_off, before.started) == (0, 5 + 2)
    confirm_unit(actor=world.actor("LA1"), learner_unit=unit, agrees=True, reauthenticated=True, at=clock.now())
    after = reads.programmes(world.actor("LA1"))[0]
    assert (after.signed_off, after.started, after.needed) == (5, 2, 45)


def test_a_unit_page_sorts_knowing_from_doing(world):
    judge(world, made.sent(world, numbers=("1.1", "4.1")), not_yet=("4.1",))
    page = reads.unit_page(reads.my_unit(world.actor("LA1"), world.unit("LA1", made.UNIT).public_id))
    assert [thing.number for thing in page.with_status("met")] == ["1.1"]
    assert [thing.number for thing in page.with_status("notyet")] == ["4.1"]
    assert {thing.number for thing in page.know} | {thing.number for thing in page.do} == {
        t.number for t in page.things
    }
    assert page.with_status("met")[0].latest.title == "Refund for a broken kettle"
    said = reasons(world.actor("LA1"), world.unit("LA1", made.UNIT))
    assert said == {world.criterion(made.UNIT, "4.1").pk: "Show the steps in order."}


def test_aiming_takes_criteria_of_that_unit_only(world):
    unit = world.unit("LA1", made.UNIT)
    mine, other = world.criterion(made.UNIT, "4.1"), world.criterion("F-506-2131", "1.1")
    assert reads.aim(unit, [other.public_id, mine.public_id, "\x00", "nonsense"]) == [mine]


def test_linking_leaves_out_signed_units_and_never_ticks(world):
    signed_unit(world)
    found = reads.linking(made.again(made.draft(world, description="The customer complained on the phone")))
    assert world.unit("LA1", made.UNIT).public_id not in {row.learner_unit_id for row in found.rows}
    assert found.suggested
    assert found.ticked == {}
    assert [choice.ticked for choice in found.choices] == [0] * 5


def test_linking_counts_ticks_by_unit(world):
    piece = made.draft(world)
    made.choose(world, piece, numbers=("1.1", "1.2"))
    found = reads.linking(made.again(piece))
    assert {choice.title: choice.ticked for choice in found.choices if choice.ticked} == {"Deliver customer service": 2}
    assert [row.thing.code for row in found.ticked.values()] == ["1.1.1", "1.1.2"]
    assert not any(row.settled for row in found.ticked.values())


def test_the_latest_version_and_the_draft_have_their_own_files(world):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece, name="first.jpg")
    made.choose(world, piece)
    judge(world, made.send(world, made.again(piece)), back=True)
    again = revise_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())
    made.with_file(world, again, name="second.jpg", content=made.files.jpeg(seed=5), checked=False)
    assert [file.name for file in reads.item_files(made.again(piece))] == ["first.jpg", "second.jpg"]
    version, files = reads.item_version(made.again(piece), 1)
    assert (version.number, [file.name for file in files]) == (1, ["first.jpg"])
    assert reads.item_version(made.again(piece), 7) is None


def test_an_undecided_thing_on_a_returned_piece_came_back(world):
    piece = judge(world, made.sent(world), back=True)
    assert [mapping.key for mapping in reads.item(piece).mappings] == ["back"]


def test_what_is_said_is_in_order(world):
    actor = world.actor("LA1")
    piece = judge(world, made.sent(world), back=True, feedback="First word.")
    again = revise_evidence(actor=actor, evidence=piece, at=clock.now())
    judge(world, made.send(world, again), feedback="Last word.")
    said = talk(actor, made.again(piece))
    assert [review.feedback for review in said.reviews] == ["Last word.", "First word."]
    assert (said.latest.all_good, said.latest.version, said.latest.new) == (True, 2, True)
    rows = feedback_list(actor, 1).rows
    assert [(row.returned, row.met, row.new) for row in rows] == [(False, 1, True)]


def test_signatures_begin_with_the_assessors_latest(world):
    from assessments.services import answer_dispute, confirm_unit, sign_off

    unit, actor = signed_unit(world), world.actor("LA1")
    assert [one.public_id for one in to_confirm(actor)] == [unit.public_id]
    confirm_unit(
        actor=actor, learner_unit=unit, agrees=False, reason="Not done alone.", reauthenticated=True, at=clock.now()
    )
    assert to_confirm(actor) == []
    disputed = signatures(actor, unit)
    assert [(one.act, one.note) for one in disputed] == [
        ("assessor_signed", ""),
        ("learner_disputed", "Not done alone."),
    ]
    fresh = world.unit("LA1", made.UNIT)
    answer_dispute(actor=world.actor("AA1"), learner_unit=fresh, answer="We talked about it.", at=clock.now())
    sign_off(actor=world.actor("AA1"), learner_unit=fresh, declared=True, reauthenticated=True, at=clock.now())
    assert [one.act for one in signatures(actor, unit)] == ["assessor_signed"]


@pytest.mark.parametrize("many", [1, 30])
def test_reads_take_the_same_queries_for_one_and_thirty(world, django_assert_num_queries, many):
    actor = world.actor("LA1")
    for _ in range(many):
        made.draft(world)
    with django_assert_num_queries(1):
        reads.unfinished(actor)
    with django_assert_num_queries(4):
        reads.programmes(actor)
    with django_assert_num_queries(4):
        reads.library(actor, where="all", kind="", words="", page=1)
    piece = reads.own_evidence(actor, reads.unfinished(actor)[0].public_id)
    with django_assert_num_queries(5):
        assert reads.linking(piece).suggested is not None
