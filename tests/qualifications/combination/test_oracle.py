"""The engine against the oracle, on thousands of small catalogues (a few hundred in the suite)."""

from hypothesis import given
from hypothesis import strategies as st

from qualifications.rules.combination import Choice, evaluate
from tests.qualifications.combination.oracle import CASES, cases, completion, cost, satisfied


@CASES
@given(cases())
def test_the_engine_says_what_trying_everything_says(case):
    rule, choice = case
    found = evaluate(rule, choice)
    best = completion(rule, choice.taken, choice.exempt)
    assert found.satisfied == satisfied(rule, choice.taken, choice.exempt)
    assert found.completable == (best is not None)
    if not choice.exempt or rule.assessed.units + rule.assessed.credit < 2:
        assert tuple(m.key for m in found.suggestion) == (best or ())


@CASES
@given(cases())
def test_taking_what_is_suggested_satisfies_the_rule(case):
    rule, choice = case
    found = evaluate(rule, choice)
    more = choice.chosen | {m.key for m in found.suggestion}
    after = evaluate(rule, Choice(more, choice.achieved, choice.exempt))
    assert after.satisfied == found.completable


@CASES
@given(cases(), st.data())
def test_more_units_never_lose_the_award(case, data):
    rule, choice = case
    more = data.draw(st.frozensets(st.sampled_from(list(rule.units)))) - choice.exempt
    before, after = evaluate(rule, choice), evaluate(rule, Choice(choice.chosen | more, choice.achieved, choice.exempt))
    assert after.satisfied >= before.satisfied
    assert after.completable == before.completable
    if not choice.exempt:
        assert cost(rule, [m.key for m in after.suggestion])[:2] <= cost(rule, [m.key for m in before.suggestion])[:2]


@CASES
@given(cases())
def test_the_counts_are_a_way_of_counting(case):
    rule, choice = case
    found = evaluate(rule, choice)
    counted = [key for one in found.groups for key in one.keys]
    assert len(counted) == len(set(counted))
    assert set(counted) <= choice.taken
    assert all(len(bars & set(counted)) <= 1 for bars in rule.barred)
    for one in found.groups:
        taken = sum(m.credit for m in one.group.members if m.key in one.keys)
        assert one.credit == one.group.counted(taken)
        assert one.over == taken - one.credit
        assert one.group.max_units is None or one.units <= one.group.max_units
    assert found.credit == sum(one.credit for one in found.groups)
    left_out = {key for s in found.surplus for key in s.keys}
    assert left_out == choice.taken - set(counted)


@CASES
@given(cases())
def test_each_unmet_part_has_a_sentence_of_its_own(case):
    rule, choice = case
    found = evaluate(rule, choice)
    assert all(part.sentence.endswith(".") and "%" not in part.sentence for part in found.unmet)
    assert len({(part.code, part.target) for part in found.unmet}) == len(found.unmet)
    assert any(part.code.startswith("cannot-") for part in found.unmet) == (not found.completable)
