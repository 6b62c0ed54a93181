"""Check and send: what stands there first, every reason against it, one sending whatever the fingers do."""

import datetime as dt

import pytest

from common import clock
from portfolio.models import EvidenceVersion
from portfolio.services import revise_evidence, save_draft
from tests.assessments.conftest import judge
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY, url


def ready(world, **changed):
    piece = made.draft(world, **changed)
    made.choose(world, piece)
    return made.again(piece)


def answers(piece, **changed):
    return {
        "revision": piece.revision,
        "title": piece.title,
        "description": piece.description,
        "activity_date": "2026-11-20",
        "setting": "real_work",
        "ai_use": "none",
        "declared": "on",
        "action": "send",
        **changed,
    }


def versions(piece):
    return EvidenceVersion.objects.for_centre(piece.centre_id).filter(evidence=piece)


def test_sending_freezes_it_and_shows_the_sent_page(world, learner):
    piece = ready(world)
    answer = learner.post(url(piece, "send/"), answers(piece, place="Till 4", people="Dele"))
    assert answer.status_code == 303
    assert answer["Location"] == url(piece)
    version = versions(piece).get()
    assert (version.fields["place"], version.fields["people"]) == ("Till 4", "Dele")
    assert version.fields["no_customer_named"] is True
    page = learner.get(url(piece)).content.decode()
    assert "Sent to Dev" in page
    assert "You can recall it until Dev opens it." in page


def test_the_answers_of_last_time_stand_there_first(world, learner):
    made.sent(world, setting="realistic")
    piece = made.draft(world, title="", setting="", description="", activity_date=None)
    made.choose(world, piece)
    page = learner.get(url(piece, "send/")).content.decode()
    assert 'value="realistic" checked' in page
    assert 'name="ai_use"' in page
    assert 'value="none" checked' not in page  # a declaration: each piece has its own (R58)
    assert f'value="{world.today.isoformat()}"' in page
    assert 'value="My own words, ' in page
    assert "It shows: " in page  # a first sentence from what was ticked, for the learner to change
    assert 'name="declared" type="checkbox" checked' not in page


def test_the_answer_about_ai_tools_stays_with_its_draft_and_is_asked_again_for_the_next_version(world, learner):
    piece = made.draft(world, ai_use="none")
    made.choose(world, piece)
    assert 'value="none" checked' in learner.get(url(piece, "send/")).content.decode()
    version = made.open_it(world, made.send(world, made.again(piece)))
    judge(world, made.again(piece), verdict="not_yet")
    again = revise_evidence(actor=world.actor("LA1"), evidence=made.again(piece), at=clock.now())
    assert (again.ai_use, version.fields["ai_use"]) == ("", "none")
    assert 'value="none" checked' not in learner.get(url(again, "send/")).content.decode()


def test_the_first_piece_of_all_has_no_setting_yet(world, learner):
    piece = made.draft(world, setting="")
    page = learner.get(url(piece, "send/")).content.decode()
    assert 'value="real_work" checked' not in page


def test_the_button_names_the_assessor(world, learner):
    piece = ready(world)
    page = learner.get(url(piece, "send/")).content.decode()
    assert "Send to Dev" in page
    assert page.count('class="govuk-button at-button--wide"') == 1


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"declared": ""}, "Tick that this is your own work"),
        ({"setting": ""}, "Say where it happened"),
        ({"ai_use": ""}, "Say whether an AI tool helped"),
        ({"ai_use": "assisted", "ai_note": ""}, "Say in a few words how the AI tool helped."),
        ({"activity_date": ""}, "Say on which day it happened."),
        ({"activity_date": "2099-01-01"}, "That day has not come yet."),
        ({"activity_date": "soon"}, "This is not a day. Write it like 23/11/2026."),
        ({"title": ""}, "Give it a short title."),
        ({"description": ""}, "Say in a few words what happens in it."),
    ],
)
def test_every_reason_is_said_and_everything_typed_stays(world, learner, changed, sentence):
    piece = ready(world)
    answer = learner.post(url(piece, "send/"), answers(piece, people="Dele from stock", **changed))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert "There is a problem" in page
    assert sentence in page
    assert 'value="Dele from stock"' in page
    assert versions(piece).count() == 0
    assert made.again(piece).state == "draft"


def test_after_a_refusal_the_same_form_goes_through(world, learner):
    piece = ready(world)
    page = learner.post(url(piece, "send/"), answers(piece, declared="", people="Dele")).content.decode()
    revision = page.split('name="revision" value="')[1].split('"')[0]
    answer = learner.post(url(piece, "send/"), answers(piece, people="Dele", revision=revision))
    assert answer.status_code == 303
    assert versions(piece).get().fields["people"] == "Dele"


def test_what_is_missing_elsewhere_links_there(world, learner):
    piece = made.again(made.draft(world, kind="media"))
    page = learner.post(url(piece, "send/"), answers(piece)).content.decode()
    assert f'<a href="{url(piece)}">Add a file: there is nothing in it yet.</a>' in page
    assert f'<a href="{url(piece, "shows/")}">Tick one thing it shows, or let your assessor choose.</a>' in page
    assert "criterion" not in page.split("<main", 1)[1].split("</main>")[0]


def test_a_file_still_being_checked_holds_it_back_in_words(world, learner):
    piece = ready(world, kind="media")
    made.with_file(world, piece, checked=False)
    answer = learner.post(url(piece, "send/"), answers(piece))
    assert answer.status_code == 422
    assert "is still being checked" in answer.content.decode()


def test_a_double_click_sends_once(world, learner):
    piece = ready(world)
    given = answers(piece, idempotency_key="k" * 30)
    first, second = learner.post(url(piece, "send/"), given), learner.post(url(piece, "send/"), given)
    assert first["Location"] == second["Location"] == url(piece)
    assert versions(piece).count() == 1


def test_back_and_send_again_shows_the_sent_page(world, learner):
    piece = ready(world)
    given = answers(piece)
    learner.post(url(piece, "send/"), given)
    assert learner.get(url(piece, "send/"))["Location"] == url(piece)
    again = learner.post(url(piece, "send/"), given)
    assert (again.status_code, again["Location"]) == (303, url(piece))
    assert versions(piece).count() == 1


def test_two_tabs_show_both_texts_and_send_nothing(world, learner):
    piece = ready(world)
    save_draft(
        actor=world.actor("LA1"), evidence=piece, revision=piece.revision, fields={"place": "Aisle 9"}, at=clock.now()
    )
    answer = learner.post(url(piece, "send/"), answers(piece, place="Till 4"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Aisle 9" in page
    assert 'value="Till 4"' in page
    assert versions(piece).count() == 0


def test_save_keeps_it_a_draft(world, learner):
    piece = ready(world)
    learner.post(url(piece, "send/"), answers(piece, place="Till 4", action="save", declared=""))
    fresh = made.again(piece)
    assert (fresh.state, fresh.place) == ("draft", "Till 4")


def test_an_old_day_is_pointed_out_and_not_refused(world, learner):
    piece = ready(world, activity_date=world.today - dt.timedelta(days=900))
    assert "This is more than 2 years old." in learner.get(url(piece, "send/")).content.decode()


def test_your_own_workplace_is_asked_for_where_something_is_to_know(world, learner):
    knows, does = made.draft(world), made.draft(world)
    made.choose(world, knows, numbers=(made.KNOWLEDGE,))
    made.choose(world, does, numbers=(made.COMPETENCE,))
    question = "How is it done where you work?"
    assert question in learner.get(url(knows, "send/")).content.decode()
    assert question not in learner.get(url(does, "send/")).content.decode()


def test_words_of_a_learner_run_nothing(world, learner):
    nasty = "<script>alert(1)</script>"
    piece = ready(world, title=nasty, description=nasty, body=nasty)
    assert nasty not in learner.get(url(piece, "send/")).content.decode()
    learner.post(url(piece, "send/"), answers(piece, place=nasty, people=nasty))
    assert nasty not in learner.get(url(piece)).content.decode()


@pytest.mark.parametrize("numbers", [("1.1",), ("1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "3.1")])
def test_queries_are_few_and_constant(world, counted, numbers):
    piece = made.draft(world, kind="media")
    made.with_file(world, piece, checked=False)
    made.choose(world, piece, numbers=numbers)
    counted(10, f"evidence/{piece.public_id}/send/")
    assert MY
