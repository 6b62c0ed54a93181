"""Registering for a qualification whose last day of entry is not known: asked, answered, kept (R16); and T18's cautions."""

import re

import pytest

from centres import services
from centres.models import Registration
from common import clock
from common.refusals import Refused
from qualifications.models import Qualification
from qualifications.services import publish_catalogue, read_catalogue
from tests.factories import moving
from tests.factories.catalogue import FOLDER
from tests.factories.world import A, approve_all, found
from tests.web.centre.forms import registration

BASE = f"/c/{A}/centre"
SAID = "OCR’s entry team by telephone on 27 November: still open."


@pytest.fixture
def whole(world):
    """The seven as they are shipped, beside the small ones."""
    publish_catalogue(read_catalogue(FOLDER), at=clock.now())
    approve_all(clock.now())
    return world


def newest(code):
    return Qualification.objects.filter(entry_code=code).latest("version")


def page_of(client, code, **more):
    return client.get(f"{BASE}/learners/register/", {"qualification": newest(code).public_id, **more}).content.decode()


def post(client, world, code, **more):
    typed = registration(world, qualification=newest(code).public_id, **more)
    typed.pop("units", None)
    return client.post(f"{BASE}/learners/register/", typed)


def latest():
    return Registration.objects.across_centres(reason="a test looks").latest("pk")


@pytest.mark.parametrize("code", ["03455", "10378", "10379", "10380", "10381"])
def test_the_page_says_that_the_last_entry_is_not_known_and_asks(whole, as_client, code):
    page = page_of(as_client("CA"), code)
    assert "The last day of entry is not known" in page
    assert 'name="entry_confirmed"' in page
    assert re.search(rf"\({code}\), last entry not known", page)
    assert ("31 December 2019" in page) == (code == "03455")


def test_closed_ones_are_not_offered(whole, as_client):
    page = as_client("CA").get(f"{BASE}/learners/register/").content.decode()
    assert "(03454)" not in page
    assert "(03456)" not in page


def test_without_a_word_nobody_is_registered_and_with_one_it_is_kept(whole, as_client):
    client, before = as_client("CA"), Registration.objects.across_centres(reason="a test counts").count()
    refused = post(client, whole, "10379")
    assert refused.status_code == 422
    assert "Say how you know that it still takes learners, and where that is written." in refused.content.decode()
    assert Registration.objects.across_centres(reason="a test counts").count() == before
    done = post(client, whole, "10379", entry_confirmed=SAID)
    assert done.status_code == 303, done.content.decode()
    assert latest().entry_confirmed == SAID
    assert SAID in client.get(done["Location"]).content.decode()


def test_what_was_not_asked_is_not_kept(world, as_client):
    assert "The last day of entry is not known" not in page_of(as_client("CA"), "10379")
    done = post(as_client("CA"), world, "10379", entry_confirmed=SAID)
    assert done.status_code == 303
    assert latest().entry_confirmed == ""


def test_adding_and_moving_ask_the_same(whole):
    actor, learner = whole.actor("CA"), whole.learners["LA1"]
    asked = {
        "actor": actor,
        "learner": learner,
        "qualification_id": newest("10380").pk,
        "place_ids": (),
        "initial": found(whole, 3),
    }
    with pytest.raises(Refused) as refused:
        services.add_registration(**asked, starts_on=whole.today, at=clock.now())
    assert [r.code for r in refused.value.refusals] == ["entry-unknown"]
    row = services.add_registration(**asked, starts_on=whole.today, entry_confirmed=f" {SAID} ", at=clock.now())
    assert row.entry_confirmed == SAID
    with pytest.raises(Refused) as refused:
        moving.move(whole, row, "10381")
    assert [r.code for r in refused.value.refusals] == ["entry-unknown"]
    assert moving.move(whole, row, "10381", entry_confirmed=SAID).entry_confirmed == SAID


# --- T18 on the page --------------------------------------------------------------------------------------------------


def suggested(client, world, code):
    typed = registration(world, qualification=newest(code).public_id)
    typed.pop("units", None)
    return client.post(f"{BASE}/learners/register/", {**typed, "action": "suggest"}).content.decode()


@pytest.mark.parametrize("code", ["10378", "10379", "10380", "10381"])
def test_tick_these_ticks_only_what_is_confirmed(whole, as_client, code):
    page = suggested(as_client("CA"), whole, code)
    assert "These units make the award." in page
    assert "data-cautions" not in page
    assert "not everything is confirmed" not in page


def test_03455_adds_up_only_with_its_caution(whole, as_client):
    page = suggested(as_client("CA"), whole, "03455")
    assert "It adds up, but not everything is confirmed" in page
    assert not re.search(r"It adds up[.<]", page)
    assert "data-cautions" in page
    assert "Use questioning techniques when delivering customer service: " in page
    assert "These units make the award." not in page


def test_a_place_in_a_list_is_shown_as_one_and_a_doubt_beside_its_unit(whole, as_client):
    page = page_of(as_client("CA"), "10379")
    assert "A number in brackets is not printed by the awarding body" in page
    assert re.search(r'<span class="at-code">6</span>', page)
    assert re.search(r'title="17 is its place in a list, not the awarding body’s number.">\(17\)</span>', page)
    assert "That it belongs here is recalled, not read." in page


def test_the_record_page_shows_a_missing_reference_as_missing(whole, as_client):
    url = f"/c/{A}/catalogue/qualifications/{newest('10380').public_id}/"
    page = as_client("CA").get(url).content.decode()
    assert "Its Ofqual reference is not known." in page
    assert "Last entry not known" in page
    assert "Real work only." in page
    assert "another awarding body prints this" in page
    learner = as_client("LA1").get(url).content.decode()
    assert "reference not known" in learner
