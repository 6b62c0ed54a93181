"""What does it show: nothing ticked by itself, places, more than forty, and the honest "I am not sure"."""

import pytest

from common import clock
from portfolio.models import EvidenceMapping
from portfolio.rules import LONGEST_NOTE
from portfolio.services import revise_evidence
from tests.factories import portfolio as made
from tests.web.learner.conftest import MY, judge, url


def mappings(piece):
    return EvidenceMapping.objects.for_centre(piece.centre_id).filter(evidence=piece).exclude(state="closed")


def value(world, number, unit=made.UNIT, who="LA1"):
    return f"{world.unit(who, unit).public_id}:{world.criterion(unit, number).public_id}"


def test_suggestions_have_a_reason_and_no_tick(world, learner):
    piece = made.draft(world, description="The customer was angry and complained about a promise")
    page = learner.get(url(piece, "shows/")).content.decode()
    assert "It may show" in page
    assert "Your words mention" in page
    assert page.count('name="thing"') >= 3
    assert " checked" not in page
    assert mappings(piece).count() == 0


def test_ticks_are_kept_with_their_place_and_origin(world, learner):
    piece, one = made.draft(world), value(world, "1.1")
    answer = learner.post(
        url(piece, "shows/"),
        {
            "thing": one,
            f"from-{one}": "suggestion",
            f"page-{one}": "2",
            f"time-{one}": "1:30",
            f"note-{one}": "at the desk",
            "action": "next",
        },
    )
    assert answer["Location"] == url(piece, "send/")
    mapping = mappings(piece).get()
    assert (mapping.page, mapping.seconds, mapping.note, mapping.origin) == (2, 90, "at the desk", "suggestion")
    page = learner.get(url(piece, "shows/")).content.decode()
    assert " checked" in page
    assert 'value="1:30"' in page


def test_the_same_thing_in_two_lists_counts_once(world, learner):
    piece, one = made.draft(world), value(world, "1.1")
    learner.post(url(piece, "shows/"), {"thing": [one, one], f"page-{one}": ["", "4"], "action": "next"})
    assert mappings(piece).get().page == 4


def test_a_note_is_kept_whole_or_not_at_all(world, learner):
    piece, one = made.draft(world), value(world, "1.1")
    long = "x" * (LONGEST_NOTE + 1)
    answer = learner.post(url(piece, "shows/"), {"thing": one, f"note-{one}": long, "action": "next"})
    assert answer.status_code == 422
    assert f"is {LONGEST_NOTE + 1} characters long. Keep it to {LONGEST_NOTE}." in answer.content.decode()
    assert f'value="{long}"' in answer.content.decode()
    assert mappings(piece).count() == 0
    learner.post(url(piece, "shows/"), {"thing": one, f"note-{one}": long[1:], "action": "next"})
    assert mappings(piece).get().note == long[1:]


@pytest.mark.parametrize(("name", "text"), [("page", "two"), ("page", "-1"), ("time", "ninety"), ("time", "1:7")])
def test_a_place_that_cannot_be_read_keeps_everything_typed(world, learner, name, text):
    piece, one = made.draft(world), value(world, "1.1")
    given = {"thing": one, f"{name}-{one}": text, f"note-{one}": "my note", "action": "next"}
    answer = learner.post(url(piece, "shows/"), given)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert f'value="{text}"' in page
    assert 'value="my note"' in page
    assert " checked" in page
    assert mappings(piece).count() == 0


def test_nothing_ticked_is_answered_in_words(world, learner):
    piece = made.draft(world)
    answer = learner.post(url(piece, "shows/"), {"action": "next"})
    assert answer.status_code == 422
    assert "Tick one thing, or let Dev choose." in answer.content.decode()


def test_not_being_sure_is_an_answer(world, learner):
    piece = made.draft(world)
    answer = learner.post(url(piece, "shows/"), {"action": "unsure"})
    assert answer["Location"] == url(piece, "send/")
    assert made.again(piece).unsure
    assert "Dev chooses what else it shows." in learner.get(url(piece, "send/")).content.decode()


def test_ticking_after_all_takes_the_doubt_away(world, learner):
    piece = made.draft(world)
    learner.post(url(piece, "shows/"), {"action": "unsure"})
    learner.post(url(piece, "shows/"), {"thing": value(world, "1.1"), "action": "next"})
    assert not made.again(piece).unsure


def test_search_without_script_keeps_the_ticks(world, learner):
    piece, one = made.draft(world), value(world, "1.1")
    answer = learner.post(url(piece, "shows/"), {"thing": one, "q": "listen", "action": "look"})
    assert answer["Location"] == url(piece, "shows/?q=listen#results")
    assert mappings(piece).count() == 1
    page = learner.get(url(piece, "shows/"), {"q": "listen"}).content.decode()
    assert "Found for “listen”" in page
    assert "Listen actively" in page.split('id="results"')[1]
    assert "You ticked" in page


def test_search_by_code(world, learner):
    piece = made.draft(world)
    page = learner.get(url(piece, "shows/"), {"q": "6.2.3"}).content.decode().split('id="results"')[1]
    assert page.count('name="thing"') == 1
    assert "6.2.3" in page


def test_search_by_script_gets_the_results_alone(world, learner):
    piece = made.draft(world)
    answer = learner.get(url(piece, "shows/"), {"q": "listen"}, headers={"HX-Target": "results"})
    assert "<main" not in answer.content.decode()
    assert "Found for" in answer.content.decode()


def test_a_unit_and_a_theme_can_be_opened(world, learner):
    piece, unit = made.draft(world), world.unit("LA1", made.UNIT)
    by_unit = learner.get(url(piece, "shows/"), {"unit": unit.public_id}).content.decode().split('id="results"')[1]
    assert by_unit.count('name="thing"') == 20
    by_theme = learner.get(url(piece, "shows/"), {"theme": "complaints"}).content.decode().split('id="results"')[1]
    assert 1 <= by_theme.count('name="thing"') < 20
    foreign = world.unit("LA2", made.UNIT).public_id
    nothing = learner.get(url(piece, "shows/"), {"unit": foreign}).content.decode().split('id="results"')[1]
    assert 'name="thing"' not in nothing


def test_more_than_forty_warns_and_goes_on(world, learner):
    piece = made.draft(world)
    wanted = [
        value(world, row.number, key)
        for key in (made.UNIT, "F-506-2131", "J-506-2132")
        for row in world.unit("LA1", key).unit.criteria.all()
    ]
    assert len(wanted) > 40
    page = learner.post(url(piece, "shows/"), {"thing": wanted, "action": "next"}, follow=True).content.decode()
    assert mappings(piece).count() == len(wanted)
    assert "That is a lot for one piece." in page


def test_another_learners_criterion_is_refused_and_nothing_is_written(world, learner):
    piece = made.draft(world)
    answer = learner.post(
        url(piece, "shows/"), {"thing": [value(world, "1.1"), value(world, "1.1", who="LA2")], "action": "next"}
    )
    assert answer.status_code == 422
    assert "One of these things is not in your units." in answer.content.decode()
    assert mappings(piece).count() == 0


@pytest.mark.parametrize("odd", ["", ":", "x:y", "a" * 500, "\x00:\x00"])
def test_an_odd_tick_is_refused(world, learner, odd):
    piece = made.draft(world)
    assert learner.post(url(piece, "shows/"), {"thing": odd, "action": "next"}).status_code == 422
    assert mappings(piece).count() == 0


def test_what_is_met_stays_ticked_in_the_next_version(world, learner):
    version = made.sent(world, numbers=("1.1", "1.2"))
    piece = judge(world, version, not_yet=("1.2",))
    piece = revise_evidence(actor=world.actor("LA1"), evidence=piece, at=clock.now())
    page = learner.get(url(piece, "shows/")).content.decode()
    assert "Done with this piece" in page
    learner.post(url(piece, "shows/"), {"thing": value(world, "1.2"), "action": "next"})
    assert mappings(piece).count() == 2
    learner.post(url(piece, "shows/"), {"action": "save"})
    assert [mapping.criterion.number for mapping in mappings(piece)] == ["1.1"]


def test_a_sent_piece_is_looked_at_not_ticked(world, learner):
    piece = made.again(made.sent(world).evidence)
    assert learner.get(url(piece, "shows/"))["Location"] == url(piece)
    late = learner.post(url(piece, "shows/"), {"thing": value(world, "1.2")})
    assert late.status_code == 409
    assert f'href="{url(piece)}"' in late.content.decode()
    assert mappings(piece).count() == 1


def test_a_double_click_ticks_once(world, learner):
    piece = made.draft(world)
    given = {"thing": value(world, "1.1"), "action": "next", "idempotency_key": "k" * 30}
    assert (
        learner.post(url(piece, "shows/"), given)["Location"] == learner.post(url(piece, "shows/"), given)["Location"]
    )
    assert mappings(piece).count() == 1


@pytest.mark.parametrize("numbers", [("1.1",), ("1.1", "1.2", "1.3", "1.4", "1.5", "2.1", "2.2", "2.3", "2.4", "3.1")])
def test_queries_are_few_and_constant(world, counted, numbers):
    piece = made.draft(world)
    made.choose(world, piece, numbers=numbers)
    counted(16, f"evidence/{piece.public_id}/shows/")
    made.with_file(world, piece)
    counted(16, f"evidence/{piece.public_id}/shows/")
    assert MY


def test_plain_words_of_the_centre_stand_where_a_thing_is_chosen_and_looked_at(world, learner):
    from qualifications.services import write_note

    row = world.criterion(made.UNIT, "1.1")
    write_note(
        actor=world.actor("AA1"), criterion=row, words="What you <b>sell</b>.", examples="", seen=0, at=clock.now()
    )
    piece, unit = made.draft(world), world.unit("LA1", made.UNIT)
    for path in (url(piece, f"shows/?unit={unit.public_id}"), f"{MY}units/{unit.public_id}/"):
        page = learner.get(path).content.decode()
        assert "In plain words" in page
        assert "What you &lt;b&gt;sell&lt;/b&gt;." in page
        assert "Dev Singh-AA1" in page
