"""The page of a signed unit for who runs the centre or leads quality assurance: reopening, and leavers (R83, R84)."""

import pytest

from assessments.models import LedgerEntry, SignOffNote
from centres.services import end_access
from common import clock
from tests.assessments.test_sign_off import complete, sign, state
from tests.assessments.test_undoing import lead
from tests.factories import portfolio as made
from tests.web.assessor.conftest import text_of
from tests.web.assessor.test_sign_off import prove

WHY = "The assessor has left, and the film shows somebody else."


@pytest.fixture
def url(world):
    complete(world)
    sign(world)
    return f"/c/10001/centre/signed/{world.unit('LA1', made.UNIT).public_id}/"


@pytest.fixture
def admin(as_client):
    return as_client("CA")


def test_the_page_says_who_signed(url, admin):
    text = text_of(admin.get(url))
    assert "Signed by the assessor" in text
    assert "Reopen the unit" in text
    assert "who has left" not in text


def test_the_reason_outlives_the_proof_of_who_one_is(world, url, admin):
    answer = admin.post(url, {"act": "reopen", "reason": WHY})
    assert "reauthenticate" in answer["Location"]
    assert state(world) == "assessor_signed"
    prove(admin)
    assert f"{WHY}</textarea>" in text_of(admin.get(url))
    assert admin.post(url, {"act": "reopen", "reason": WHY}).status_code == 303
    assert state(world) == "in_progress"


def test_no_act_and_no_reason_are_refused_with_the_words_kept(world, url, admin):
    prove(admin)
    nothing = admin.post(url, {"reason": WHY})
    assert nothing.status_code == 422
    assert "Choose what to do with this unit." in text_of(nothing)
    assert f"{WHY}</textarea>" in text_of(nothing)
    short = admin.post(url, {"act": "reopen", "reason": "left"})
    assert short.status_code == 422
    assert "Say why the unit is reopened" in text_of(short)
    assert state(world) == "assessor_signed"


def test_no_word_of_a_long_reason_is_lost(world, url, admin):
    prove(admin)
    lines = "\r\n".join(["x" * 99] * 20)  # 1,999 characters, as a browser counts and sends them
    found = admin.post(url, {"act": "reopen", "reason": lines + "y" * 5})
    assert found.status_code == 422
    assert "2,004 characters long" in text_of(found)
    assert "yyyyy</textarea>" in text_of(found)
    assert state(world) == "assessor_signed"
    assert admin.post(url, {"act": "reopen", "reason": lines}).status_code == 303
    entry = LedgerEntry.objects.for_centre(world.centres["10001"].pk).order_by("-sequence").first()
    assert len(SignOffNote.objects.for_centre(entry.centre_id).get(entry=entry).text) == 1999


def test_a_unit_is_confirmed_for_a_learner_who_left(world, url, admin):
    end_access(actor=world.actor("CA"), person=world.people["LA1"], at=clock.now())
    prove(admin)
    assert "who has left" in text_of(admin.get(url))
    assert admin.post(url, {"act": "absent", "reason": WHY}).status_code == 303
    assert state(world) == "achieved"


def test_a_lead_quality_assurer_reopens_and_others_do_not(world, url, as_client):
    assert as_client("QA").get(url).status_code == 403
    assert as_client("EA").get(url).status_code == 403
    lead(world)
    leading = as_client("QA")
    prove(leading)
    assert leading.post(url, {"act": "reopen", "reason": WHY}).status_code == 303
    assert state(world) == "in_progress"
