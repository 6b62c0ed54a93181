"""Feedback: what to do next, what was good, each thing, the talk."""

import pytest

from assessments.models import Reply
from assessments.services import ReviewAnswers, VerdictGiven, decide, reply
from common import clock
from portfolio.models import Opening
from portfolio.services import revise_evidence
from tests.factories import portfolio as made
from tests.web.learner.conftest import GOOD, MY, judge


def at(piece, tail=""):
    return f"{MY}feedback/{piece.public_id}/{tail}"


def main_of(page):
    return page.split("<main", 1)[1].split("</main>")[0]


def test_nothing_yet_says_who_answers(world, learner):
    page = learner.get(f"{MY}feedback/").content.decode()
    assert "Dev answers here when you have sent something." in page


def test_the_list_has_the_latest_word_on_each_piece(world, learner):
    judge(world, made.sent(world, title="Till count"))
    piece = judge(world, made.sent(world, title="Late delivery"), back=True)
    again = revise_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    judge(world, made.send(world, again), feedback="Now it is fine.")
    page = learner.get(f"{MY}feedback/").content.decode()
    assert page.count(">Late delivery</a>") == 1
    assert page.index("Late delivery") < page.index("Till count")
    assert main_of(page).count("at-dot") == 2  # both are new


def test_good_news_stands_under_what_was_good(world, learner):
    piece = judge(world, made.sent(world), feedback="You let her finish.")
    page = learner.get(at(piece)).content.decode()
    assert "What was good" in page
    assert "You let her finish." in page
    assert "What to do next" not in page


def test_the_order_is_next_then_words_then_each_thing(world, learner):
    piece = judge(
        world,
        made.sent(world, numbers=("1.1", "1.2")),
        not_yet=("1.2",),
        feedback="You spoke clearly.",
        next_action="Film one more short talk.",
        next_by=world.today,
    )
    page = learner.get(at(piece)).content.decode()
    places = [
        page.index(text) for text in ("Film one more short talk.", "You spoke clearly.", "Each thing", "Talk about it")
    ]
    assert places == sorted(places)
    assert "What Dev wrote" in page  # not everything in it is good news
    unit, thing = world.unit("LA1", made.UNIT), world.criterion(made.UNIT, "1.2")
    assert f"?unit={unit.public_id}&amp;thing={thing.public_id}" in page
    assert main_of(page).count("at-next__title") == 1


def test_words_without_a_step_are_the_next_thing_to_do(world, learner):
    piece = judge(world, made.sent(world), back=True, feedback="Cover the name in line 2.")
    page = main_of(learner.get(at(piece)).content.decode())
    assert page.count("Cover the name in line 2.") == 1
    assert "Change it and send it again" in page


def test_reading_it_is_noted_once_and_never_by_a_page_that_came(world, learner):
    piece = judge(world, made.sent(world))
    mine = Opening.objects.for_centre(piece.centre_id).filter(person=world.people["LA1"])
    assert "data-read" in learner.get(at(piece)).content.decode()
    learner.get(at(piece), headers={"Sec-Purpose": "prefetch"})
    learner.head(at(piece))
    assert learner.post(at(piece, "read/"), headers={"Sec-Purpose": "prefetch;prerender"}).status_code == 400
    assert mine.count() == 0
    assert learner.post(at(piece, "read/"), headers={"X-Requested-With": "fetch"}).status_code == 204
    assert learner.post(at(piece, "read/")).status_code == 303, "the button, where there is no script"
    assert mine.count() == 1
    assert "data-read" not in learner.get(at(piece)).content.decode()


def test_an_answer_that_came_after_a_look_is_new_all_the_same(world, learner):
    piece = judge(world, made.sent(world, numbers=("1.1", "1.2")), not_yet=("1.2",))
    learner.post(at(piece, "read/"))
    judge_again(world, piece)
    assert "data-read" in learner.get(at(piece)).content.decode()
    learner.post(at(piece, "read/"))
    assert "data-read" not in learner.get(at(piece)).content.decode()


def judge_again(world, piece):
    """The assessor comes back to what was not yet, within the hour."""
    mapping = piece.mappings.get(state="not_yet")
    decide(
        actor=world.actor("AA1"),
        evidence=made.again(piece),
        version_number=1,
        verdicts=[VerdictGiven(mapping.public_id, mapping.round, "met")],
        answers=ReviewAnswers(feedback="Now it is clear.", **GOOD),
        at=clock.now(),
    )


def test_the_talk_goes_both_ways(world, learner):
    piece = judge(world, made.sent(world))
    answer = learner.post(at(piece, "reply/"), {"text": "Can it be at the till too?"})
    assert (answer.status_code, answer["Location"]) == (303, at(piece) + "#talk")
    reply(actor=world.actor("AA1"), evidence=piece, text="Yes. The till is fine.", at=clock.now())
    page = learner.get(at(piece)).content.decode()
    assert page.index("Can it be at the till too?") < page.index("Yes. The till is fine.")
    assert "at-say--mine" in page


def test_an_empty_answer_is_asked_for_again(world, learner):
    piece = judge(world, made.sent(world))
    answer = learner.post(at(piece, "reply/"), {"text": "   "})
    assert answer.status_code == 422
    assert "Write something first." in answer.content.decode()
    assert Reply.objects.for_centre(piece.centre_id).count() == 0


def test_an_endless_answer_stays_in_the_field(world, learner):
    piece = judge(world, made.sent(world))
    answer = learner.post(at(piece, "reply/"), {"text": "x" * 5000})
    assert answer.status_code == 422
    assert "x" * 5000 in answer.content.decode()
    assert Reply.objects.for_centre(piece.centre_id).count() == 0


def test_a_double_click_answers_once(world, learner):
    piece = judge(world, made.sent(world))
    given = {"text": "Thank you!", "idempotency_key": "k" * 30}
    learner.post(at(piece, "reply/"), given)
    learner.post(at(piece, "reply/"), given)
    assert Reply.objects.for_centre(piece.centre_id).count() == 1


def test_words_of_an_assessor_run_nothing(world, learner):
    nasty = "<img src=x onerror=alert(1)>"
    piece = judge(world, made.sent(world), feedback=nasty, next_action=nasty)
    reply(actor=world.actor("AA1"), evidence=piece, text=nasty, at=clock.now())
    for page in (at(piece), MY, f"{MY}feedback/"):
        assert "<img src=x" not in learner.get(page).content.decode()


def test_nobody_else_reads_it(world, learner, as_client):
    theirs = judge(world, made.sent(world, "LA2"), by="AA2")
    assert learner.get(at(theirs)).status_code == 404
    assert learner.post(at(theirs, "reply/"), {"text": "Hi"}).status_code == 404
    assert as_client("AA2").get(at(theirs)).status_code == 403
    assert Reply.objects.for_centre(theirs.centre_id).count() == 0


@pytest.mark.parametrize("many", [1, 30])
def test_the_list_takes_few_and_constant_queries(world, counted, many):
    for _ in range(many):
        judge(world, made.sent(world))
    counted(7, "feedback/")


@pytest.mark.parametrize("many", [1, 10])
def test_one_takes_few_and_constant_queries(world, counted, learner, many):
    numbers = ("1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "3.1")[:many]
    piece = judge(world, made.sent(world, numbers=numbers))
    for number in range(many):
        reply(actor=world.actor("AA1"), evidence=piece, text=f"Line {number}", at=clock.now())
    learner.get(at(piece))  # the first look writes the opening
    counted(12, f"feedback/{piece.public_id}/")
