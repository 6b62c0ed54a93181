"""Is the award complete: what is done is weighed alone, and exempt units alone are no award of the centre's (R20, R79)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualifications.models import Qualification
from qualifications.queries import rule_of
from qualifications.rules.combination import (
    Assessed,
    Choice,
    Member,
    Rule,
    RuleGroup,
    assessed_in_words,
    award_of,
    evaluate,
)
from qualifications.services import BrokenCatalogue, publish_catalogue, read_catalogue
from tests.qualifications.combination.oracle import CASES, cases, satisfied
from tests.qualifications.conftest import AT

UNITS = tuple(Member(f"u{n}", 2, 3, f"Unit {n}") for n in range(1, 5))
RULE = Rule(6, (RuleGroup("A", mandatory=False, members=UNITS),))
OURS = "This is our own rule: what the awarding body says of it is not entered."
WORDS = f"At least 1 unit has to be assessed by your centre, not exempt. {OURS}"


def codes(refusals):
    return [r.code for r in refusals]


# --- complete ---------------------------------------------------------------------------------------------------------


def test_chosen_units_complete_nothing():
    found = award_of(RULE, achieved=["u1"], chosen=["u1", "u2"])
    assert (found.complete, found.reachable) == (False, True)
    assert [r.sentence for r in found.missing] == ["The award needs 6 credits, 3 count. 3 more are missing."]
    assert [m.key for m in found.open] == ["u2"]


def test_achieved_and_exempt_units_do():
    found = award_of(RULE, achieved=["u1"], exempt=["u2"], chosen=["u1", "u2", "u3"])
    assert (found.complete, found.missing, found.sure) == (True, (), True)
    assert [m.key for m in found.open] == ["u3"]  # more than it needs


def test_units_that_the_rule_does_not_list_count_for_nothing():
    assert not award_of(RULE, achieved=["elsewhere", "u1"]).complete


def test_nothing_at_all_is_not_complete():
    found = award_of(RULE, achieved=())
    assert (found.complete, found.open, found.reachable) == (False, (), False)


def test_a_complete_award_that_rests_on_doubts_says_so():
    doubted = Rule(3, (RuleGroup("A", mandatory=False, members=(Member("u1", 2, 3, doubts=("no-reference",)),)),))
    found = award_of(doubted, achieved=["u1"])
    assert (found.complete, found.sure) == (True, False)
    recalled = Rule(3, RULE.groups, known="recalled")
    assert not award_of(recalled, achieved=["u1"]).sure


@CASES
@given(cases())
def test_complete_is_what_trying_everything_says_of_what_is_done(case):
    rule, choice = case
    found = award_of(rule, achieved=choice.achieved, exempt=choice.exempt, chosen=choice.chosen)
    assert found.complete == satisfied(rule, choice.settled, choice.exempt) == (not found.missing)
    assert found.reachable == satisfied(rule, choice.taken, choice.exempt)
    assert not {m.key for m in found.open} & choice.settled


@CASES
@given(cases(), st.data())
def test_achieving_more_never_undoes_a_complete_award(case, data):
    rule, choice = case
    more = data.draw(st.frozensets(st.sampled_from(list(rule.units)))) - choice.exempt
    before = award_of(rule, achieved=choice.achieved, exempt=choice.exempt)
    after = award_of(rule, achieved=choice.achieved | more, exempt=choice.exempt)
    assert after.complete >= before.complete


# --- exempt units alone -----------------------------------------------------------------------------------------------


def test_exempt_units_alone_are_no_award_and_it_is_said_whose_rule_that_is():
    found = award_of(RULE, achieved=(), exempt=["u1", "u2"])
    assert not found.complete
    assert [(r.code, r.sentence) for r in found.missing] == [("few-assessed", WORDS)]
    assert [m.key for m in found.done.suggestion] == ["u3"]


def test_one_assessed_unit_is_enough_by_our_own_rule():
    assert award_of(RULE, achieved=["u3"], exempt=["u1", "u2"]).complete
    assert award_of(RULE, achieved=["u2"], exempt=["u1"]).complete


def test_a_unit_that_is_both_is_exempt():
    assert not award_of(RULE, achieved=["u1", "u2"], exempt=["u1", "u2"]).complete


def test_what_is_chosen_to_be_assessed_plans_an_award():
    plan = evaluate(RULE, Choice(frozenset({"u3"}), frozenset(), frozenset({"u1", "u2"})))
    assert plan.satisfied


def test_where_every_listed_unit_is_exempt_nothing_is_left_to_assess():
    found = evaluate(RULE, Choice(exempt=frozenset(m.key for m in UNITS)))
    assert codes(found.unmet) == ["few-assessed", "cannot-assess"]
    assert (found.completable, found.suggestion) == (False, ())


@pytest.mark.parametrize(
    ("assessed", "achieved", "complete"),
    [
        (Assessed(0, 0, "OCR, centre handbook"), [], True),
        (Assessed(1, 0, "OCR"), [], False),
        (Assessed(2, 0, "OCR"), ["u3"], False),
        (Assessed(2, 0, "OCR"), ["u3", "u4"], True),
        (Assessed(0, 4, "OCR"), ["u3"], False),  # 3 credits of 4
        (Assessed(0, 3, "OCR"), ["u3"], True),
    ],
)
def test_an_awarding_bodys_own_limit_takes_the_place_of_ours(assessed, achieved, complete):
    rule = Rule(6, RULE.groups, assessed=assessed)
    assert award_of(rule, achieved=achieved, exempt=["u1", "u2"]).complete == complete


def test_a_suggestion_gathers_what_has_to_be_assessed():
    rule = Rule(6, RULE.groups, assessed=Assessed(0, 6, "OCR"))
    found = evaluate(rule, Choice(exempt=frozenset({"u1", "u2"})))
    assert [m.key for m in found.suggestion] == ["u3", "u4"]
    taken = evaluate(rule, Choice(frozenset({"u3", "u4"}), exempt=frozenset({"u1", "u2"})))
    assert taken.satisfied


@pytest.mark.parametrize(
    ("assessed", "words"),
    [
        (Assessed(), WORDS),
        (
            Assessed(2, 0, "OCR, 4.1."),
            "At least 2 units have to be assessed by your centre, not exempt. So says: OCR, 4.1.",
        ),
        (
            Assessed(1, 12, "OCR"),
            (
                "At least 1 unit has to be assessed by your centre, not exempt. At least 12 credits have to be assessed"
                " by your centre, not exempt. So says: OCR."
            ),
        ),
        (Assessed(0, 0, "OCR"), "Every unit may be exempt. So says: OCR."),
    ],
)
def test_it_is_said_in_words(assessed, words):
    assert assessed_in_words(assessed) == words


# --- stored -----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_limit_is_data_of_the_version(folder):
    folder.qualification["assessed"] = {"units": 2, "credit": 5, "source": "OCR, centre handbook"}
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    assert rule_of(Qualification.objects.get().pk).rule.assessed == Assessed(2, 5, "OCR, centre handbook")
    del folder.qualification["assessed"]
    publish_catalogue(read_catalogue(folder.write()), at=AT)
    stored = rule_of(Qualification.objects.get(version=2).pk)
    assert stored.rule.assessed == Assessed(1, 0, "")
    ids = list(stored.unit_ids.values())
    assert not stored.award(achieved=(), exempt=ids).complete
    assert stored.award(achieved=ids[:1], exempt=ids[1:]).complete
    assert codes(stored.weigh(ids, ids, ids).unmet) == ["few-assessed", "cannot-assess"]
    assert stored.weigh(ids, ids).satisfied


def test_a_limit_without_a_source_is_refused(folder):
    folder.qualification["assessed"] = {"units": 0, "credit": 0}
    with pytest.raises(BrokenCatalogue, match="assessed: “source” is missing"):
        read_catalogue(folder.write())
