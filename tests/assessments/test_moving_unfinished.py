"""A unit that is half signed, or disputed, is finished before its learner moves: afterwards nobody could (R34, R83)."""

import pytest

from assessments.queries import to_countersign
from assessments.services import countersign_unit
from centres.enums import RegistrationState, UnitState
from centres.models import Registration
from centres.rules import MoveFacts, why_not_move
from common import clock
from tests.assessments.conftest import KEY
from tests.assessments.test_sign_off import codes, complete, confirm, countersign, reopen, sign, state
from tests.assessments.test_undoing import answer, for_absent, gone, lead
from tests.factories import moving as made
from tests.web.centre.forms import learner_url

TITLE = "Deliver customer service"


@pytest.fixture
def signed(world):
    """LA1's unit is signed and waits for them; there is another qualification to move to."""
    made.publish_more(world.at)
    complete(world)
    sign(world)


def move(world, who="LA1"):
    return made.move(world, world.registrations[who], made.HIGHER)


def is_active(world, who="LA1"):
    row = Registration.objects.for_centre(world.registrations[who].centre_id).get(pk=world.registrations[who].pk)
    return row.state == RegistrationState.ACTIVE


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, []),
        ({"signed": ("One", "Two")}, ["waits-confirmation"]),
        ({"disputed": ("Two",)}, ["open-dispute"]),
        ({"signed": ("One",), "disputed": ("Two",)}, ["waits-confirmation", "open-dispute"]),
    ],
)
def test_what_is_half_finished_is_named(changed, found):
    refusals = why_not_move(MoveFacts(RegistrationState.ACTIVE, same=False, reason=made.WHY, **changed))
    assert [one.code for one in refusals] == found
    said = " ".join(one.sentence for one in refusals)
    assert all(title in said for titles in changed.values() for title in titles)


def test_a_signed_unit_is_confirmed_first(world, signed):
    assert codes(move, world) == ["waits-confirmation"]
    assert is_active(world)
    confirm(world)
    assert move(world)
    assert state(world) == UnitState.ACHIEVED


def test_or_it_is_reopened_by_the_office(world, signed):
    gone(world, "AA1")
    assert codes(move, world) == ["waits-confirmation"]
    reopen(world, by="CA")
    assert move(world)
    assert state(world) == UnitState.IN_PROGRESS


def test_or_it_is_confirmed_for_a_learner_who_left(world, signed):
    gone(world)
    assert codes(move, world) == ["waits-confirmation"]
    for_absent(world)
    assert move(world)
    assert state(world) == UnitState.ACHIEVED


def test_a_trainees_unit_waits_for_its_countersignature_and_then_for_the_learner(world):
    made.publish_more(world.at)
    complete(world, "LA3", "AT1")
    while to_countersign(world.actor("AA2")).exists():
        countersign(world)
    sign(world, "LA3", "AT1")
    assert codes(move, world, "LA3") == ["waits-confirmation"]
    countersign_unit(
        actor=world.actor("AA2"),
        learner_unit=world.unit("LA3", KEY),
        agrees=True,
        reauthenticated=True,
        at=clock.now(),
    )
    assert codes(move, world, "LA3") == ["waits-confirmation"]
    confirm(world, "LA3")
    assert move(world, "LA3")


def test_a_dispute_is_answered_first(world, signed):
    lead(world)
    confirm(world, agrees=False, reason="That was not me.")
    assert codes(move, world) == ["open-dispute"]
    answer(world, by="QA")
    assert move(world)


def test_the_page_says_it_before_anybody_confirms_and_leads_there(world, signed, as_client):
    url = learner_url(world, "LA1", f"move/{world.registrations['LA1'].public_id}/")
    target = made.qualification(made.HIGHER).public_id
    client = as_client("CA")
    page = client.get(f"{url}?qualification={target}").content.decode()
    assert "Finish this before the learner moves" in page
    assert f"/signed/{world.unit('LA1', KEY).public_id}/" in page
    posted = client.post(url, {"qualification": target, "units": [], "reason": made.WHY})
    assert posted.status_code == 422
    assert f"Signed, and not confirmed yet: {TITLE}." in posted.content.decode()
    confirm(world)
    assert "Finish this before" not in client.get(f"{url}?qualification={target}").content.decode()
