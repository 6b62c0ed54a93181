"""Countersigning: decisions one by one beside their evidence, and units that rest on a trainee."""

import re

import pytest

from assessments.enums import Act
from assessments.models import Countersignature, Judgement, LedgerEntry
from assessments.queries.countersigning import UNITS
from assessments.services import sign_off
from centres.enums import Standing, UnitState
from centres.models import LearnerUnit
from common import clock
from portfolio.models import Opening
from tests.factories import portfolio as made
from tests.web.assessor.conftest import ASSESS, judged, look, mappings, page, statements, text_of
from tests.web.assessor.test_sign_off import complete, entries, prove, state

LIST = f"{ASSESS}countersign/"


@pytest.fixture
def countersigner(as_client):
    """AA2 countersigns what trainee AT1 decides about LA3."""
    return as_client("AA2")


def decided(world, numbers=("1.1",), **more):
    """A trainee's piece, all met for now, with its decisions in order."""
    piece = judged(world, made.sent(world, "LA3", numbers=numbers, **more), by="AT1")
    rows = Judgement.objects.for_centre(piece.centre_id).filter(mapping__evidence=piece)
    return piece, list(rows.order_by("pk"))


def item(decision):
    return f"{LIST}{decision.public_id}/"


def test_decisions_wait_oldest_first_and_lead_to_the_evidence(world, countersigner):
    piece, rows = decided(world, ("1.1", "1.2"), title="Queue at lunch", body="The queue was long.")
    text = text_of(countersigner.get(LIST))
    assert "Queue at lunch" in text
    assert all(item(row) in text for row in rows)
    text = text_of(countersigner.get(item(rows[0])))
    assert "The queue was long." in text
    assert "Save and next" in text
    opened = Opening.objects.for_centre(piece.centre_id).filter(person=world.people["AA2"])
    assert opened.count() == 0, "a page that came says nothing about a person"
    assert look(countersigner, item(rows[0])).json() == {"waits": [], "seen": True}
    assert opened.get().file is None


def test_agreeing_makes_it_stand_and_goes_on(world, countersigner):
    piece, rows = decided(world, ("1.1", "1.2"))
    look(countersigner, item(rows[0]))
    answer = countersigner.post(item(rows[0]), {"agrees": "yes", "idempotency_key": "a"})
    assert answer.headers["Location"] == item(rows[1])
    assert countersigner.post(item(rows[0]), {"agrees": "yes", "idempotency_key": "a"}).status_code == 303, "again"
    assert countersigner.post(item(rows[1]), {"agrees": "yes"}).headers["Location"] == LIST
    assert [c.state for c in mappings(piece)] == ["met", "met"]
    assert Countersignature.objects.for_centre(piece.centre_id).count() == 2
    assert "Nothing to countersign" in text_of(countersigner.get(LIST))


def test_not_agreeing_needs_a_reason_and_puts_it_back(world, countersigner, as_client):
    piece, rows = decided(world)
    look(countersigner, item(rows[0]))
    answer = countersigner.post(item(rows[0]), {"agrees": "no", "reason": ""})
    assert answer.status_code == 422
    assert "Say why you do not agree" in text_of(answer)
    answer = countersigner.post(item(rows[0]), {"agrees": "no", "reason": "The steps are missing."})
    assert answer.status_code == 303
    assert [c.state for c in mappings(piece)] == ["offered"]
    trainee = text_of(as_client("AT1").get(page(piece, "?tab=versions")))
    assert "countersigner does not agree" in trainee


def test_an_answer_is_compulsory(world, countersigner):
    _piece, rows = decided(world)
    countersigner.get(item(rows[0]))
    answer = countersigner.post(item(rows[0]), {"reason": "Half a thought"})
    assert answer.status_code == 422
    assert "Choose whether you agree." in text_of(answer)
    assert "Half a thought" in text_of(answer)


def test_unopened_evidence_is_not_countersigned(world, countersigner):
    piece, rows = decided(world)
    assert countersigner.post(item(rows[0]), {"agrees": "yes"}).status_code == 422
    assert [c.state for c in mappings(piece)] == ["met_provisional"]


def test_a_decision_taken_back_meanwhile_is_refused(world, countersigner):
    piece, rows = decided(world)
    look(countersigner, item(rows[0]))
    countersigner.post(item(rows[0]), {"agrees": "yes"})
    answer = countersigner.post(item(rows[0]), {"agrees": "no", "reason": "Too late, as it seems."})
    assert answer.status_code == 422
    assert "no longer waits" in text_of(answer)
    assert [c.state for c in mappings(piece)] == ["met"]


def test_parts_of_the_page_come_alone(world, countersigner):
    _piece, rows = decided(world, description="What the trainee saw.")
    part = countersigner.get(f"{item(rows[0])}?tab=note", headers={"HX-Request": "true", "HX-Target": "about"})
    assert "What the trainee saw." in text_of(part)
    assert "<html" not in text_of(part)


@pytest.mark.parametrize(
    ("who", "listed", "one"),
    [("AA1", 200, 404), ("AT1", 403, 403), ("QA", 403, 403), ("LA3", 403, 403), ("CA", 403, 403), ("AB1", 404, 404)],
)
def test_countersigning_has_walls(world, as_client, who, listed, one):
    piece, rows = decided(world)
    client = as_client(who)
    assert client.get(LIST).status_code == listed
    assert client.get(item(rows[0])).status_code == one
    assert client.post(item(rows[0]), {"agrees": "yes"}).status_code == one
    assert [c.state for c in mappings(piece)] == ["met_provisional"]


def signed_by_trainee(world, countersigner):
    """The whole unit: decided and signed by the trainee, each decision countersigned."""
    piece = complete(world, "LA3", "AT1")
    first = Judgement.objects.for_centre(piece.centre_id).filter(mapping__evidence=piece).order_by("pk").first()
    url = item(first)
    while url != LIST:
        look(countersigner, url)
        url = countersigner.post(url, {"agrees": "yes"}).headers["Location"]
    unit = world.unit("LA3", made.UNIT)
    sign_off(actor=world.actor("AT1"), learner_unit=unit, declared=True, reauthenticated=True, at=clock.now())
    return f"{ASSESS}units/{unit.public_id}/countersign/"


def test_a_unit_is_countersigned_after_saying_again_who_it_is(world, countersigner):
    url = signed_by_trainee(world, countersigner)
    assert "Signed units" in text_of(countersigner.get(LIST))
    assert countersigner.post(url, {"agrees": "yes"}).headers["Location"].startswith("/accounts/reauthenticate/")
    assert state(world, "LA3") == "assessor_signed"
    prove(countersigner)
    answer = countersigner.post(url, {"agrees": "no", "reason": "No"})
    assert answer.status_code == 422
    assert 'value="No"' in text_of(answer)
    assert countersigner.post(url, {}).status_code == 422
    assert countersigner.post(url, {"agrees": "yes"}).status_code == 303
    assert state(world, "LA3") == "countersigned"
    assert entries(world, "LA3") == ["assessor_signed", "countersigned"]


def test_a_unit_not_agreed_with_is_open_again(world, countersigner):
    url = signed_by_trainee(world, countersigner)
    prove(countersigner)
    assert countersigner.post(url, {"agrees": "no", "reason": "Criterion 4.1 is not there."}).status_code == 303
    assert state(world, "LA3") == "in_progress"


def test_the_pages_stay_within_their_budget(world, countersigner):
    _piece, rows = decided(world)
    for url in (LIST, item(rows[0])):
        countersigner.get(url)
    few = [len(statements(countersigner, url)) for url in (LIST, item(rows[0]))]
    decided(world, ("1.2", "1.3", "1.4", "2.1"))
    many = [len(statements(countersigner, url)) for url in (LIST, item(rows[0]))]
    assert few == many
    assert max(many) <= 15


def signed(world, many):
    """So many units that a trainee signed and a countersigner has to look at, in their order."""
    rows = LearnerUnit.objects.for_centre(world.centres["10001"].pk).order_by("changed_at", "pk")
    rows.update(state=UnitState.SELECTED, rests_on_trainee=None)
    chosen = list(rows[:many])
    assert len(chosen) == many
    trainee = world.people["AT1"]
    rows.filter(pk__in=[one.pk for one in chosen]).update(state=UnitState.ASSESSOR_SIGNED, rests_on_trainee=trainee)
    said = {"act": Act.ASSESSOR_SIGNED, "standing": Standing.TRAINEE, "person": trainee, "at": world.at}
    LedgerEntry.objects.bulk_create(
        LedgerEntry(
            centre_id=one.centre_id,
            registration_id=one.registration_id,
            learner_unit=one,
            sequence=one.pk,
            payload="{}",
            previous=f"before {one.pk}",
            digest=f"of {one.pk}",
            **said,
        )
        for one in chosen
        if not one.ledger.for_centre(one.centre_id).exists()
    )
    return [one.public_id for one in chosen]


def forms(client, query=""):
    """The units whose forms stand on a page of the list, in their order."""
    text = text_of(client.get(LIST + query))
    return re.findall(r'id="reason-([^"]+)"', text)


def test_signed_units_come_in_pages(world, countersigner):
    names = signed(world, UNITS + 2)
    assert forms(countersigner) == names[:UNITS]
    assert 'href="?units=2"' in text_of(countersigner.get(LIST))
    assert forms(countersigner, "?units=2") == names[UNITS:]
    assert forms(countersigner, "?units=99") == names[UNITS:], "the last page"
    signed(world, UNITS)
    assert "?units=" not in text_of(countersigner.get(LIST)), "one page needs no pager"


def test_both_lists_turn_their_pages_apart(world, countersigner, monkeypatch):
    monkeypatch.setattr("assessments.queries.countersigning.ROWS", 1)
    decided(world, ("1.1", "1.2", "1.3"))
    names = signed(world, UNITS + 2)
    text = text_of(countersigner.get(f"{LIST}?units=2&page=2"))
    assert 'href="?units=2&amp;page=3"' in text
    assert 'href="?page=2&amp;units=1"' in text
    assert names[-1] in text


def test_a_refused_unit_of_a_later_page_keeps_its_page_and_its_words(world, countersigner):
    name = signed(world, UNITS + 2)[-1]
    prove(countersigner)
    answer = countersigner.post(f"{ASSESS}units/{name}/countersign/", {"agrees": "no", "reason": "No"})
    assert answer.status_code == 422
    assert f'id="reason-{name}"' in text_of(answer)
    assert 'value="No"' in text_of(answer)


def test_a_full_page_of_units_takes_the_queries_of_one(world, countersigner, django_assert_num_queries):
    countersigner.get(LIST)
    for many in (1, UNITS + 2):
        signed(world, many)
        with django_assert_num_queries(8):
            countersigner.get(LIST)
