"""The learner's signature: asked again who it is, agreed or disputed, once (R82–R85)."""

import pytest

from assessments.models import LedgerEntry
from tests.factories import portfolio as made
from tests.factories.world import PASSWORD
from tests.web.learner.conftest import MY, signed_unit


@pytest.fixture
def unit(world):
    return signed_unit(world)


def at(unit):
    return f"{MY}units/{unit.public_id}/confirm/"


def prove(browser):
    """Give the password again, as the page asks for it."""
    assert browser.post("/accounts/reauthenticate/", {"password": PASSWORD}).status_code == 302


def acts(unit):
    return list(LedgerEntry.objects.for_centre(unit.centre_id).filter(learner_unit=unit).values_list("act", flat=True))


def test_first_it_asks_who_it_is(unit, learner):
    page = learner.get(at(unit)).content.decode()
    assert "First show that it is you" in page
    assert 'name="agrees"' not in page
    answer = learner.get(at(unit), {"prove": "yes"})
    assert answer.status_code == 303
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")


def test_agreeing_signs_the_unit_off(world, unit, learner):
    prove(learner)
    page = learner.get(at(unit)).content.decode()
    assert "Dev Singh-AA1 signed this unit on" in page
    answer = learner.post(at(unit), {"agrees": "yes"})
    assert answer["Location"] == f"{MY}units/{unit.public_id}/"
    assert acts(unit) == ["assessor_signed", "learner_confirmed"]
    assert world.unit("LA1", made.UNIT).state == "achieved"
    assert "You confirmed this unit." in learner.get(answer["Location"]).content.decode()


def test_disputing_needs_words_and_opens_the_unit(world, unit, learner):
    prove(learner)
    answer = learner.post(at(unit), {"agrees": "no", "reason": "No"})
    assert answer.status_code == 422
    assert "Say in a sentence what is not right." in answer.content.decode()
    assert ">No</textarea>" in answer.content.decode().replace("\n", "")
    answer = learner.post(at(unit), {"agrees": "no", "reason": "I never did 4.1 on my own."})
    assert acts(unit) == ["assessor_signed", "learner_disputed"]
    assert world.unit("LA1", made.UNIT).state == "in_progress"


def test_no_answer_is_asked_for(unit, learner):
    prove(learner)
    answer = learner.post(at(unit), {})
    assert answer.status_code == 422
    assert "Choose yes or no." in answer.content.decode()
    assert acts(unit) == ["assessor_signed"]


def test_an_answer_given_too_late_waits_for_the_proof(unit, learner):
    answer = learner.post(at(unit), {"agrees": "no", "reason": "I never did 4.1 on my own."})
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert acts(unit) == ["assessor_signed"]
    prove(learner)
    page = learner.get(at(unit)).content.decode()
    assert "I never did 4.1 on my own." in page
    assert 'value="no" checked' in page


def test_a_double_click_signs_once(unit, learner):
    prove(learner)
    given = {"agrees": "yes", "idempotency_key": "k" * 30}
    assert learner.post(at(unit), given)["Location"] == learner.post(at(unit), given)["Location"]
    assert acts(unit) == ["assessor_signed", "learner_confirmed"]


def test_back_after_confirming_shows_the_unit(unit, learner):
    prove(learner)
    learner.post(at(unit), {"agrees": "yes"})
    assert learner.get(at(unit))["Location"] == f"{MY}units/{unit.public_id}/"
    late = learner.post(at(unit), {"agrees": "no", "reason": "Changed my mind."})
    assert late.status_code == 409
    assert "Changed my mind." in late.content.decode()  # F8: to copy, not lost
    assert acts(unit) == ["assessor_signed", "learner_confirmed"]


def test_a_unit_that_is_not_signed_has_nothing_to_confirm(world, learner):
    open_unit = world.unit("LA1", "F-506-2131")
    prove(learner)
    assert learner.get(at(open_unit)).status_code == 303
    late = learner.post(at(open_unit), {"agrees": "yes"}, follow=True)
    assert "does not wait for your answer any more" in late.content.decode()
    assert acts(open_unit) == []


def test_nobody_confirms_for_somebody_else(world, unit, as_client):
    for who, status in {"LA2": 404, "AA1": 403, "CA": 403, "LB1": 404}.items():
        browser = as_client(who)
        prove(browser)
        assert browser.post(at(unit), {"agrees": "yes"}).status_code == status, who
    assert acts(unit) == ["assessor_signed"]


def test_queries_are_few(unit, counted):
    counted(10, f"units/{unit.public_id}/confirm/")
