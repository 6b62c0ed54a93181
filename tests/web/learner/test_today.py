"""Today shows one next thing, and little else."""

import pytest

from common import clock
from portfolio.services import revise_evidence
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY, judge, signed_unit


def test_a_new_learner_is_asked_to_show_something(world, learner):
    page = learner.get(MY).content.decode()
    assert "Hello, Amina" in page
    assert "Show something you did today" in page
    assert "For Dev. A photo is enough to start." in page
    assert page.count("at-next__title") == 1
    assert "%" not in page.split("<main", 1)[1].split("</main>")[0]


def test_a_draft_is_offered_to_go_on_with(world, learner):
    piece = made.draft(world, title="Till count")
    page = learner.get(MY).content.decode()
    assert "Not sent yet" in page
    assert "Till count" in page
    assert f"{MY}evidence/{piece.public_id}/" in page


def test_a_signed_unit_comes_before_a_draft(world, learner):
    made.draft(world, title="Till count")
    unit = signed_unit(world)
    page = learner.get(MY).content.decode()
    assert f"{MY}units/{unit.public_id}/confirm/" in page
    assert "Signed by Dev" in page
    assert "Till count" in page  # still there, as a row


def test_what_was_sent_back_comes_first(world, learner):
    signed_unit(world, "J-506-2132")
    piece = judge(world, made.sent(world, title="Late delivery"), back=True)
    page = learner.get(MY).content.decode()
    assert "Sent back by Dev" in page
    assert f"{MY}feedback/{piece.public_id}/" in page
    assert page.count("Late delivery") == 1  # the card says it; it is not news as well


def test_a_signed_unit_is_a_row_while_something_else_is_the_card(world, learner):
    unit = signed_unit(world, "J-506-2132")
    judge(world, made.sent(world, title="Late delivery"), back=True)
    page = learner.get(MY).content.decode()
    rows = page.split('aria-label="New for you"', 1)[1].split("</section>", 1)[0]
    assert f"{MY}units/{unit.public_id}/confirm/" in rows
    assert "Signed by Dev. Check and confirm." in rows
    assert page.count(f"{MY}units/{unit.public_id}/confirm/") == 1


def test_feedback_is_news_until_it_was_read(world, learner):
    piece = judge(world, made.sent(world, title="Till count"))
    assert "Dev sent you feedback" in learner.get(MY).content.decode()
    learner.get(f"{MY}feedback/{piece.public_id}/")
    assert "Dev sent you feedback" in learner.get(MY).content.decode()  # a look alone, by whatever, is no reading
    learner.post(f"{MY}feedback/{piece.public_id}/read/")
    assert "Dev sent you feedback" not in learner.get(MY).content.decode()


def test_the_one_unit_is_the_furthest_that_is_open(world, learner):
    judge(world, made.sent(world, numbers=("1.1", "1.2")))
    page = learner.get(MY).content.decode()
    assert "Deliver customer service" in page
    assert 'aria-label="Deliver customer service: 2 done, 18 to do"' in page


def test_without_an_assessor_nobody_is_named(world, as_client):
    from centres.models import Allocation

    Allocation.objects.across_centres(reason="a learner between two assessors").update(
        starts_on=world.today.replace(year=2020, day=1), ends_on=world.today.replace(year=2020, day=1)
    )
    page = as_client("LA1").get(MY).content.decode()
    assert "A photo is enough to start." in page
    assert "For " not in page.split("at-next__note")[1][:80]


def test_a_mended_piece_is_no_longer_sent_back(world, learner):
    piece = judge(world, made.sent(world, title="Late delivery"), back=True)
    revise_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    assert "Sent back by" not in learner.get(MY).content.decode()


@pytest.mark.parametrize("many", [1, 30])
def test_queries_are_few_and_constant(world, counted, many):
    for _ in range(many):
        made.draft(world)
    made.sent(world)
    counted(16, "")  # one of them: was my record corrected lately
