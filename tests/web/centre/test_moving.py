"""The admin's page of a move, and what counts elsewhere: side by side, one post, a small number of queries."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.services import carry_over
from centres.enums import UnitState
from centres.models import LearnerUnit, Registration
from common import clock
from tests.factories import moving as made
from tests.factories.world import A
from tests.web.centre.forms import learner_url


@pytest.fixture
def url(world):
    made.publish_more(world.at)
    return learner_url(world, "LA1", f"move/{world.registrations['LA1'].public_id}/")


def compare(url, code=made.HIGHER):
    return f"{url}?qualification={made.qualification(code).public_id}"


def post(world, admin, url, **changed):
    data = {
        "qualification": made.qualification(made.HIGHER).public_id,
        "units": [p.unit.public_id for p in made.places(made.HIGHER)],
        "reason": made.WHY,
        **changed,
    }
    return admin.post(url, data)


def test_first_it_asks_where_to(url, admin):
    text = admin.get(url).content.decode()
    assert "Compare" in text
    assert "Move the learner" not in text


def test_then_old_and_new_stand_side_by_side(world, url, admin):
    made.achieved(world, made.unit_of(world.registrations["LA1"], made.SHARED[0]), "LA1", "AA1")
    made.achieved(world, made.unit_of(world.registrations["LA1"], "A-506-2130"), "LA1", "AA1")
    text = admin.get(compare(url)).content.decode()
    for words in ("Carries over", "Offered again", "Does not count there", "Move the learner", "1 signed unit"):
        assert words in text
    assert text.count("checked") == 2, "what both have is ticked, the rest is a person's choice"


def test_ticks_are_weighed_without_moving_anybody(world, url, admin):
    ticked = [p.unit.public_id for p in made.places(made.HIGHER)]
    data = {"qualification": made.qualification(made.HIGHER).public_id, "units": ticked, "reason": made.WHY}
    text = admin.post(url, data | {"action": "check"}).content.decode()
    assert made.WHY in text, "what was typed stays"
    assert text.count("checked") == text.count('name="units"'), "and so do the ticks"
    assert "There is a problem" not in text
    part = admin.post(url, data | {"action": "check"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert 'id="meter-line" hx-swap-oob="true"' in " ".join(part.split())
    assert Registration.objects.across_centres(reason="a test counts").filter(moved_from__isnull=False).count() == 0


def test_a_post_moves_and_leads_to_the_learner(world, url, admin):
    answer = post(world, admin, url)
    assert answer.status_code == 303
    text = admin.get(answer["Location"]).content.decode()
    assert "Moved to 10380" in text
    assert "Moved from 10379" in text
    assert made.WHY in text


def test_sent_twice_it_moves_once(world, url, admin):
    first, second = (post(world, admin, url, idempotency_key="k" * 20) for _ in range(2))
    assert first["Location"] == second["Location"]
    third = post(world, admin, url)
    assert third.status_code == 303
    assert (
        Registration.objects.for_centre(world.learners["LA1"].centre_id).filter(learner=world.learners["LA1"]).count()
        == 2
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"reason": ""}, "Say in a sentence why the learner moves."),
        ({"qualification": "nothing"}, "Choose a qualification from the list."),
        ({"units": ["strange"]}, "Choose units of this qualification only."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(world, url, admin, changed, words):
    answer = post(world, admin, url, **changed)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert changed.get("reason", made.WHY) in text or "Move the learner" not in text


def test_a_registration_that_was_moved_is_not_moved_again(world, url, admin):
    post(world, admin, url)
    answer = post(world, admin, url, qualification=made.qualification("10378").public_id, units=[])
    assert answer.status_code == 422
    assert "was moved before" in answer.content.decode()


def test_the_page_costs_the_same_for_one_piece_and_for_many(world, url, admin):
    unit = made.unit_of(world.registrations["LA1"], "A-506-2130")
    made.piece(world, unit, ["1.1"], "LA1")
    assert counted(admin, compare(url)) == 15
    for n in range(6):
        made.piece(world, unit, ["1.1", "1.2", "4.1"], "LA1", title=f"Piece {n}")
    assert counted(admin, compare(url)) == 15


def counted(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


# --- what counts elsewhere


def test_signed_units_count_where_they_stand_too(world, url, admin):
    page = learner_url(world, "LA1", "next/")
    assert counted(admin, page) == 7
    made.achieved(world, made.unit_of(world.registrations["LA1"], made.SHARED[0]), "LA1", "AA1")
    text = admin.get(page).content.decode()
    assert "OCR Level 3" in text
    assert "Suggestions only" in text
    assert counted(admin, page) == 9
    more = LearnerUnit.objects.for_centre(world.learners["LA1"].centre_id).filter(learner=world.learners["LA1"])
    more.update(state=UnitState.ACHIEVED)
    assert counted(admin, page) == 9


def test_a_carried_unit_is_shown_as_signed_off(world, url, admin, as_client):
    registration = world.registrations["LA1"]
    made.achieved(world, made.unit_of(registration, made.SHARED[0]), "LA1", "AA1")
    new = made.move(world, registration, made.HIGHER)
    unit = made.unit_of(new, made.SHARED[0])
    carry_over(actor=world.actor("AA1"), learner_unit=unit, reauthenticated=True, at=clock.now())
    assert "Signed off" in admin.get(learner_url(world, "LA1")).content.decode()
    learner = as_client("LA1").get(f"/c/{A}/my/units/{unit.public_id}/").content.decode()
    assert "let it count from before you moved" in learner
    assert "<b>16</b> of 16 done" in learner
    staff = as_client("AA1").get(f"/c/{A}/assess/units/{unit.public_id}/sign-off/").content.decode()
    assert "Carried over from an earlier registration" in staff
    assert "<b>16</b> of 16 met" in staff
