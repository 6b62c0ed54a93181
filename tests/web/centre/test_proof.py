"""The page that says whether what was signed in a registration is unaltered, and the chain that is taken away from it."""

import json

import pytest
from django.db import connection

from assessments.models import LedgerEntry
from common.append_only import suspended
from tests.assessments.test_chain import verify_export
from tests.assessments.test_sign_off import WHY, complete, confirm, reopen, sign
from tests.web.assessor.conftest import text_of

ALL = "a test looks"


def page(world, who="LA1"):
    return f"/c/10001/signatures/{world.registrations[who].public_id}/"


@pytest.fixture
def signed(world):
    complete(world)
    sign(world)
    confirm(world)
    return world


def test_before_anything_is_signed_it_says_so(world, as_client):
    text = text_of(as_client("CA").get(page(world)))
    assert "Nothing is signed yet" in text
    assert "Take the chain away" not in text


@pytest.mark.parametrize("who", ["CA", "AA1", "QA", "EA"])
def test_staff_and_assurers_read_that_nothing_was_changed(signed, as_client, who):
    text = text_of(as_client(who).get(page(signed)))
    assert "Unaltered since the first act on" in text
    assert "2 acts. Decisions that they rest on: 20; versions of evidence: 1." in text
    assert "Confirmed by the learner" in text
    assert LedgerEntry.objects.across_centres(reason=ALL).latest("sequence").digest in text


def test_what_was_changed_is_named_and_nobody_is_told_that_all_is_well(signed, as_client):
    with suspended(connection), connection.cursor() as cursor:
        cursor.execute("UPDATE assessments_review SET feedback = 'Well done.'")
    text = text_of(as_client("EA").get(page(signed)))
    assert "20 things here are not what was signed" in text
    assert "Act 1: judgement" in text
    assert "Unaltered since" not in text


def test_an_odd_value_is_a_fault_and_no_error_page(signed, as_client):
    with suspended(connection), connection.cursor() as cursor:
        cursor.execute('UPDATE assessments_ledgerentry SET payload = \'{"v": 2, "decisions": 7}\'')
        cursor.execute("UPDATE assessments_ledgerentry SET roles = 'pirate'")
    answer = as_client("CA").get(page(signed))
    assert answer.status_code == 200
    assert "cannot be read" in text_of(answer)
    assert "pirate" in text_of(answer)


def test_the_chain_is_taken_away_and_checked_with_nothing_but_python(signed, as_client):
    answer = as_client("EA").get(page(signed) + "chain.jsonl")
    assert answer["Content-Disposition"].startswith("attachment")
    text = answer.content.decode()
    assert verify_export(text) == 1
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["sequence"] for line in lines] == [1, 2]
    names = {signed.people[who].family_name for who in ("LA1", "AA1")}
    assert not [name for name in names if name in text]


def test_it_costs_the_same_for_two_acts_and_for_many(signed, as_client, django_assert_num_queries):
    admin = as_client("CA")
    admin.get(page(signed))
    with django_assert_num_queries(COST):
        admin.get(page(signed))
    for _again in range(16):
        reopen(signed, reason=WHY)
        sign(signed)
        confirm(signed)
    with django_assert_num_queries(COST):
        text = text_of(admin.get(page(signed)))
    assert "50 acts" in text
    assert "Page 1 of 2" in text or "page=2" in admin.get(page(signed)).content.decode()


COST = 10


def test_the_pages_of_a_learner_lead_there(signed, as_client):
    learner = signed.learners["LA1"].public_id
    for who, area in (("CA", "centre"), ("AA1", "assess"), ("EA", "assess")):
        answer = as_client(who).get(f"/c/10001/{area}/learners/{learner}/")
        assert page(signed) in answer.content.decode(), who
