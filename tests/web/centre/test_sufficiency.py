"""The screens about how much evidence is enough: list, proposal, exception, a second person's answer (R71)."""

import pytest

from centres.models import SufficiencyRule
from tests.factories import rules as made
from tests.factories.portfolio import UNIT
from tests.web.assessor.conftest import statements, text_of

RULES = "/c/10001/centre/rules/"
LOOK = "a test looks"
TYPED = {
    "unit": "",
    "kind": "competence",
    "pieces": "2",
    "occasions": "2",
    "starts_on": "2026-11-01",
    "reason": "Two of three samples in spring rested on one piece.",
}


def typed(world, **changed):
    return {**TYPED, "starts_on": world.today.isoformat(), "idempotency_key": "one", **changed}


def rows():
    return SufficiencyRule.objects.across_centres(reason=LOOK)


def exception_url(world, who="LA1"):
    learner, unit = world.learners[who].public_id, world.unit(who, UNIT).public_id
    return f"/c/10001/centre/learners/{learner}/exceptions/{unit}/"


@pytest.fixture
def admin(as_client):
    return as_client("CA")


def test_an_empty_list_says_what_counts_all_the_same(world, admin):
    assert "One accepted piece is enough" in text_of(admin.get(RULES))
    assert "Nothing waits" in text_of(admin.get(RULES, {"show": "waiting"}))
    assert admin.get(RULES, {"show": "x", "page": "999"}).status_code == 200


def test_a_rule_is_proposed_once_and_agreed_by_another(world, admin, as_client):
    assert "Nobody else here can agree" in text_of(admin.get(f"{RULES}new/"))
    for _ in range(2):
        assert admin.post(f"{RULES}new/", typed(world)).status_code == 303
    row = rows().get()
    page = text_of(admin.get(f"{RULES}{row.public_id}/"))
    assert "Needs two pieces from different days." in page
    assert "Waits for a second person" in page
    assert 'name="agrees"' not in page
    assert admin.post(f"{RULES}{row.public_id}/", {"agrees": "yes"}).status_code == 422
    made.lead(world, "QA")
    lead = as_client("QA")
    assert 'name="agrees"' in text_of(lead.get(f"{RULES}{row.public_id}/"))
    assert lead.post(f"{RULES}{row.public_id}/", {"agrees": "no", "note": ""}).status_code == 422
    assert lead.post(f"{RULES}{row.public_id}/", {"agrees": "yes", "idempotency_key": "two"}).status_code == 303
    assert lead.post(f"{RULES}{row.public_id}/", {"agrees": "yes"}).status_code == 422
    for who in ("CA", "EA", "AA1"):
        page = text_of(as_client(who).get(RULES))
        assert "Every unit, competence only" in page
        assert "Counts now" in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"pieces": "0"}, "Type a whole number from 1 to 20."),
        ({"pieces": "many"}, "Type a whole number from 1 to 20."),
        ({"occasions": "99"}, "Type a whole number from 1 to 20."),
        ({"methods": ["telepathy"]}, "Choose from the list."),
        ({"unit": "nothing"}, "Choose a unit from the list."),
        ({"reason": "So"}, "Say why, in a sentence."),
        ({"starts_on": "2020-01-01"}, "A rule counts from today on at the earliest."),
        ({"pieces": "1", "occasions": "1"}, "This asks for nothing beyond one accepted piece."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(world, admin, changed, sentence):
    answer = admin.post(f"{RULES}new/", typed(world, **{"reason": "A reason worth keeping.", **changed}))
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    if "reason" not in changed:
        assert "A reason worth keeping." in text_of(answer)
    assert not rows().exists()


def test_an_exception_is_asked_for_from_the_learner_and_shown_there(world, admin):
    page = f"/c/10001/centre/learners/{world.learners['LA1'].public_id}/"
    assert exception_url(world) in text_of(admin.get(page))
    criterion = world.criterion(UNIT, "4.1").public_id
    said = typed(world, criterion=criterion, eases="less", pieces="1", occasions="1")
    assert admin.post(exception_url(world), said).status_code == 303
    text = text_of(admin.get(page))
    assert "Exceptions about evidence" in text
    assert "Less is asked: one accepted piece is enough." in text
    assert admin.post(exception_url(world), {**said, "idempotency_key": "x"}).status_code == 422
    assert admin.post(exception_url(world), typed(world, eases="", idempotency_key="y")).status_code == 422
    assert (
        admin.post(
            exception_url(world), typed(world, criterion="0" * 26, eases="less", idempotency_key="z")
        ).status_code
        == 422
    )


def test_somebody_elses_unit_under_a_learner_is_not_found(world, admin):
    learner, unit = world.learners["LA2"].public_id, world.unit("LA1", UNIT).public_id
    assert admin.get(f"/c/10001/centre/learners/{learner}/exceptions/{unit}/").status_code == 404


@pytest.mark.parametrize("many", [1, 30])
def test_queries_are_few_and_constant(world, admin, many):
    made.rule(world, unit_key=UNIT, kind="knowledge")
    for number in range(many - 1):
        made.rule(world, unit_key=UNIT, asked={"pieces": 2 + number % 5})
    made.exception(world)
    learner = f"/c/10001/centre/learners/{world.learners['LA1'].public_id}/"
    admin.get(learner)  # the session knows the area after the first page
    budgets = {
        f"{RULES}?show=all": 8,
        f"{RULES}new/": 6,
        f"{RULES}{rows().order_by('pk').first().public_id}/": 7,
        exception_url(world): 8,
        learner: 15,
    }
    assert {url: len(statements(admin, url)) for url in budgets} == budgets
