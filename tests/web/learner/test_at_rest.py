"""Where no registration runs, the learner's pages only read: none offers to add, and each says why (R34, R82)."""

import pytest

from accounts.enums import PortfolioView
from accounts.services import keep_view
from centres.enums import RegistrationState, UnitState
from centres.models import LearnerUnit, Registration
from common import clock
from portfolio.models import Evidence
from tests.factories import portfolio as made
from tests.web.assessor.conftest import text_of
from tests.web.learner.conftest import MY, judge, url

ADD = f"{MY}evidence/add/"
WHY = "Your registration is not running now, so you can read everything but change nothing. Ask your centre."
RESTS = [
    RegistrationState.ON_BREAK,
    RegistrationState.SUSPENDED,
    RegistrationState.WITHDRAWN,
    RegistrationState.COMPLETED,
]
PAGES = ["", "units/", "evidence/", "feedback/", "record/", "induction/"]


def stop(world, state=RegistrationState.ON_BREAK, who="LA1"):
    """Their registration stands still, however it came to that."""
    rows = Registration.objects.for_centre(world.centres["10001"].pk)
    rows.filter(pk=world.registrations[who].pk).update(state=state)


@pytest.mark.parametrize("state", RESTS)
def test_no_page_offers_to_add(world, learner, state):
    assert [page for page in PAGES if ADD not in learner.get(MY + page).content.decode()] == []
    stop(world, state)
    assert [page for page in PAGES if ADD in learner.get(MY + page).content.decode()] == []


def test_nor_does_today_of_somebody_without_a_registration(world, learner):
    rows = LearnerUnit.objects.for_centre(world.centres["10001"].pk)
    rows.filter(learner=world.learners["LA1"]).update(state=UnitState.DROPPED)
    assert "Show something you did today" in text_of(learner.get(MY)), "no unit yet, but a registration"
    stop(world, RegistrationState.SUSPENDED)
    page = text_of(learner.get(MY))
    assert "Show something you did today" not in page
    assert "Your registration does not run at the moment" in page


def test_the_empty_shelf_says_why_instead_of_the_button(world, learner):
    assert "Add evidence" in text_of(learner.get(f"{MY}evidence/"))
    stop(world)
    page = text_of(learner.get(f"{MY}evidence/"))
    assert WHY in page
    assert "Add evidence" not in page


def test_activities_say_why_instead_of_the_button(world, learner):
    keep_view(person=world.people["LA1"], view=PortfolioView.ACTIVITIES, at=clock.now())
    assert "Add an activity" in text_of(learner.get(f"{MY}units/"))
    stop(world)
    page = text_of(learner.get(f"{MY}units/"))
    assert WHY in page
    assert "Add an activity" not in page


def test_the_page_to_add_says_why_and_has_no_form(world, learner):
    assert 'id="draft"' in learner.get(ADD).content.decode()
    stop(world)
    answer = learner.get(ADD)
    assert answer.status_code == 200
    assert WHY in text_of(answer)
    assert 'id="draft"' not in answer.content.decode()


def test_what_was_typed_when_it_stopped_meanwhile_is_kept(world, learner):
    stop(world)
    answer = learner.post(ADD, {"kind": "writing", "title": "A kettle", "body": "I let her finish."})
    assert answer.status_code == 422
    assert WHY in text_of(answer)
    assert "I let her finish." in answer.content.decode()


def test_the_things_of_a_unit_are_read_and_not_aimed_at(world, learner):
    page = f"{MY}units/{world.unit('LA1', made.UNIT).public_id}/"
    assert f"{ADD}?unit=" in learner.get(page).content.decode()
    stop(world)
    after = learner.get(page)
    assert ADD not in after.content.decode()
    assert WHY in text_of(after)


@pytest.mark.parametrize("state", [RegistrationState.WITHDRAWN, RegistrationState.COMPLETED])
def test_a_unit_says_so_once(world, learner, state):
    stop(world, state)
    page = text_of(learner.get(f"{MY}units/{world.unit('LA1', made.UNIT).public_id}/"))
    assert "Everything stays here to read." in page
    assert WHY not in page


@pytest.mark.parametrize("tail", ["", "shows/", "send/"])
def test_a_draft_is_read_and_not_written(world, learner, tail):
    piece = made.draft(world, title="Till count", description="I counted it twice.")
    stop(world)
    answer = learner.get(url(piece, tail), follow=True)
    page = answer.content.decode()
    assert WHY in text_of(answer)
    assert "Till count" in page
    assert "I counted it twice." in page
    assert "<form" not in page.split("<main", 1)[1].split("</main>")[0]
    assert Evidence.objects.for_centre(piece.centre_id).get(pk=piece.pk).title == "Till count"


def test_what_came_back_is_read_and_not_begun_again(world, learner):
    piece = judge(world, made.sent(world, title="Late delivery"), back=True)
    revise = url(piece, "revise/")
    pages = [url(piece), f"{MY}feedback/{piece.public_id}/"]
    assert all(revise in learner.get(page).content.decode() for page in pages)
    stop(world)
    for page in pages:
        answer = learner.get(page)
        assert revise not in answer.content.decode()
        assert url(piece, "withdraw/") not in answer.content.decode()
        assert WHY in text_of(answer)


def test_what_was_not_yet_is_not_asked_for_again(world, learner):
    piece = judge(world, made.sent(world, numbers=("1.1", "1.2")), not_yet=("1.2",))
    page = f"{MY}feedback/{piece.public_id}/"
    assert f"{ADD}?" in learner.get(page).content.decode()
    stop(world)
    assert ADD not in learner.get(page).content.decode()


def test_what_was_sent_is_not_recalled(world, learner):
    piece = made.sent(world, title="Late delivery").evidence
    assert url(piece, "recall/") in learner.get(url(piece)).content.decode()
    stop(world)
    page = learner.get(url(piece)).content.decode()
    assert url(piece, "recall/") not in page
    assert url(piece, "withdraw/") not in page
