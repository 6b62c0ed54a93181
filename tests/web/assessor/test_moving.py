"""What an assessor sees of a move: units to let count, one by one, and pieces to judge again."""

import pytest

from assessments.queries.transferring import offers_of
from centres.enums import UnitState
from centres.models import Assurance
from tests.factories import moving as made
from tests.factories.world import PASSWORD, A

ASSESS = f"/c/{A}/assess"


@pytest.fixture
def new(world):
    made.publish_more(world.at)
    old = world.registrations["LA1"]
    made.achieved(world, made.unit_of(old, made.SHARED[0]), "LA1", "AA1")
    made.judged(world, made.unit_of(old, "A-506-2130"), ["1.1", "1.3", "4.1"], "LA1", "AA1", title="The loud customer")
    made.piece(world, made.unit_of(old, "A-506-2130"), ["1.2"], "LA1", send=False, title="A secret draft")
    return made.move(world, old, made.HIGHER)


def url(new):
    return f"{ASSESS}/moved/{new.public_id}/"


@pytest.fixture
def client(as_client):
    """AA1, who has just proved again who they are."""
    found = as_client("AA1")
    found.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return found


def test_the_learners_page_leads_there_and_keeps_the_old_units_apart(world, new, as_client):
    text = as_client("AA1").get(f"{ASSESS}/learners/{world.learners['LA1'].public_id}/").content.decode()
    for words in (url(new), "Earlier registrations", "moved to 10380"):
        assert words in text


def test_units_and_pieces_stand_with_their_reasons_and_no_draft(new, as_client):
    text = as_client("AA1").get(url(new)).content.decode()
    assert "Let it count" in text
    assert "Refund for a broken kettle" in text
    assert "A secret draft" not in text


def test_a_unit_counts_after_the_assessor_proved_who_they_are(world, new, as_client, client):
    unit = made.unit_of(new, made.SHARED[0])
    address = f"{ASSESS}/units/{unit.public_id}/carry/"
    first = as_client("AA1").post(address)
    assert first["Location"].startswith("/accounts/reauthenticate/")
    assert made.unit_of(new, made.SHARED[0]).state == UnitState.SELECTED
    assert client.post(address)["Location"] == url(new)
    assert made.unit_of(new, made.SHARED[0]).state == UnitState.ACHIEVED
    again = client.post(address)
    assert again.status_code == 422
    assert "already signed" in again.content.decode()


def test_a_unit_with_other_words_is_refused_in_a_sentence(new, client):
    answer = client.post(f"{ASSESS}/units/{made.unit_of(new, made.HIGHER_UNITS[2]).public_id}/carry/")
    assert answer.status_code == 422
    assert "It is judged again." in answer.content.decode()


def test_an_assessor_offers_a_piece_and_it_waits_for_them(world, new, as_client):
    values = [o.value for p in offers_of(world.actor("AA1"), new) for o in p.offers][:1]
    assert values
    answer = as_client("AA1").post(url(new), {"offers": values})
    assert answer.status_code == 303
    assert "Refund for a broken kettle" in as_client("AA1").get(f"{ASSESS}/").content.decode()


def test_a_quality_assurer_looks_and_does_nothing(world, new, as_client):
    client = as_client("QA")
    assert client.get(url(new)).status_code == 404  # they look after the qualification it was moved from
    Assurance.objects.for_centre(new.centre_id).filter(membership__person=world.people["QA"]).update(
        entry_code=made.HIGHER
    )
    text = client.get(url(new)).content.decode()
    assert "To approve" in text
    assert "Let it count" not in text
    assert client.post(url(new), {"offers": ["a:b:c"]}).status_code == 403


WHY = "The till here is another one; show me that you know it."


def test_a_unit_is_declined_with_a_reason_that_the_learner_reads(world, new, as_client):
    unit, client = made.unit_of(new, made.SHARED[0]), as_client("AA1")
    address = f"{ASSESS}/units/{unit.public_id}/carry/decline/"
    assert address in client.get(url(new)).content.decode()
    short = client.post(address, {"reason": "no <b>"})
    assert short.status_code == 422
    text = short.content.decode()
    assert "Say in a sentence why the unit does not count here." in text
    assert ">no &lt;b&gt;</textarea>" in text  # what was typed is still there, and its box is open
    assert text.count('at-mt1" open') == 1
    done = client.post(address, {"reason": WHY}, follow=True)
    assert done.redirect_chain == [(url(new), 303)]
    text = done.content.decode()
    for words in ("is judged again.", WHY, "Judged again"):
        assert words in text
    assert "Let it count" not in text
    mine = as_client("LA1").get(f"/c/{A}/my/moved/{new.public_id}/").content.decode()
    for words in (WHY, "Judged again", f"{world.people['AA1'].full_name} looks at it again:"):
        assert words in mine


def test_a_double_click_declines_once_and_another_tab_is_told(new, as_client, client):
    unit = made.unit_of(new, made.SHARED[0])
    address = f"{ASSESS}/units/{unit.public_id}/carry/decline/"
    data = {"reason": WHY, "idempotency_key": "one"}
    assert [client.post(address, data).status_code for _click in range(2)] == [303, 303]
    for late in (client.post(address, {"reason": WHY}), client.post(f"{ASSESS}/units/{unit.public_id}/carry/")):
        assert late.status_code == 422
        assert "It was decided that this unit is judged again." in late.content.decode()
    assert made.unit_of(new, made.SHARED[0]).state == UnitState.SELECTED


def test_a_quality_assurer_declines_nothing(new, as_client):
    unit = made.unit_of(new, made.SHARED[0])
    answer = as_client("QA").post(f"{ASSESS}/units/{unit.public_id}/carry/decline/", {"reason": WHY})
    assert answer.status_code == 403
    assert "Judge it again instead" not in as_client("QA").get(url(new)).content.decode()
