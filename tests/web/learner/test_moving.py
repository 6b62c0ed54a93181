"""What a learner brings along: offers to tick, in their words; what could come next."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.queries.transferring import offers_of
from centres.models import LearnerUnit
from portfolio.models import EvidenceMapping
from portfolio.queries.learner import programmes
from tests.factories import moving as made
from tests.factories.world import A

MY = f"/c/{A}/my"


@pytest.fixture
def new(world):
    """LA1 moved from the legacy certificate to level 3, with one piece that was accepted before."""
    made.publish_more(world.at)
    old = made.register(world, made.LEGACY, "LA1")
    made.judged(world, made.unit_of(old, made.PHONE), ["1.2", "1.3", "2.1"], "LA1", "AA1", title="Calls at the desk")
    return made.move(world, old, made.HIGHER)


def url(new):
    return f"{MY}/moved/{new.public_id}/"


def test_both_registrations_are_there_and_the_old_one_says_where_it_went(new, as_client):
    text = as_client("LA1").get(f"{MY}/units/").content.decode()
    assert "Moved to OCR Level 3" in text
    assert url(new) in text


def test_what_was_moved_away_asks_for_nothing(world, new, as_client):
    LearnerUnit.objects.for_centre(new.centre_id).filter(registration=new.moved_from).update(target_on=world.today)
    old = {
        unit.unit.title for unit in LearnerUnit.objects.for_centre(new.centre_id).filter(registration=new.moved_from)
    }
    plans = {plan.public_id: plan for plan in programmes(world.actor("LA1"))}
    assert plans[new.moved_from.public_id].next_unit is None
    assert plans[new.public_id].next_unit is not None
    text = as_client("LA1").get(f"{MY}/units/").content.decode()
    assert text.count("Next unit") == len(plans) - 1
    assert text.count("credits so far") == len(plans) - 1
    today = as_client("LA1").get(f"{MY}/").content.decode()
    assert not [title for title in old if f">{title}<" in today]


def test_nobody_is_told_that_nothing_counts_elsewhere(world, as_client):
    text = as_client("LA1").get(f"{MY}/next/").content.decode()
    assert "No unit is signed off yet." in text
    assert "0 units" not in text


def test_each_offer_shows_both_texts_and_why(world, new, as_client):
    text = as_client("LA1").get(url(new)).content.decode()
    offer = offers_of(world.actor("LA1"), new)[0].offers[0]
    for words in ("Calls at the desk", offer.value, "it is judged again", "Before:"):
        assert words in text
    assert "checked" not in text


def test_ticked_offers_go_to_the_assessor(world, new, as_client):
    client = as_client("LA1")
    values = [o.value for o in offers_of(world.actor("LA1"), new)[0].offers][:2]
    answer = client.post(url(new), {"offers": values})
    assert answer.status_code == 303
    assert EvidenceMapping.objects.for_centre(new.centre_id).filter(learner_unit__registration=new).count() == len(
        values
    )
    assert "Calls at the desk" in as_client("AA1").get(f"/c/{A}/assess/").content.decode()


@pytest.mark.parametrize("values", [[], ["a:b:c"], ["strange"]])
def test_nothing_or_nonsense_is_said_in_words(new, as_client, values):
    answer = as_client("LA1").post(url(new), {"offers": values})
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_what_follows_nothing_has_no_such_page(world, as_client):
    assert as_client("LA1").get(f"{MY}/moved/{world.registrations['LA1'].public_id}/").status_code == 404


def test_it_costs_the_same_for_one_piece_and_for_many(world, as_client):
    made.publish_more(world.at)
    old = made.register(world, made.LEGACY, "LA1")
    unit = made.unit_of(old, made.PHONE)
    made.piece(world, unit, ["1.2", "1.3"], "LA1")
    for n in range(6):
        made.piece(world, unit, ["1.2", "1.3", "2.1"], "LA1", title=f"Call {n}")
    new = made.move(world, old, made.HIGHER)
    client = as_client("LA1")
    client.get(url(new))
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url(new)).status_code == 200
    assert len(caught) == 14


def test_an_old_unit_stays_readable(world, new, as_client):
    unit = made.unit_of(new.moved_from, made.PHONE)
    text = as_client("LA1").get(f"{MY}/units/{unit.public_id}/").content.decode()
    assert "From before you moved" in text
    assert "add/?unit=" not in text


def test_what_could_come_next_is_a_talk_with_the_centre(world, as_client):
    made.publish_more(world.at)
    made.achieved(world, made.unit_of(world.registrations["LA1"], made.SHARED[0]), "LA1", "AA1")
    client = as_client("LA1")
    assert f"{MY}/next/" in client.get(f"{MY}/units/").content.decode()
    text = client.get(f"{MY}/next/").content.decode()
    for words in ("Ask your centre", "OCR Level 3", "signs you up for nothing"):
        assert words in text
