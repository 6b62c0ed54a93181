"""Rules of combination in words (R20)."""

import pytest

from qualifications.rules import GroupRule, group_in_words, total_in_words


def rule(*, mandatory=False, complete=True, units=5, credit=19, **limits):
    return GroupRule(mandatory=mandatory, complete=complete, units=units, credit=credit, **limits)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (rule(mandatory=True), ["All 5 units, 19 credits."]),
        (rule(mandatory=True, exact_credit=19), ["All 5 units, 19 credits."]),
        (rule(mandatory=True, units=1, credit=3), ["The one unit, 3 credits."]),
        (rule(mandatory=True, complete=False), ["All 5 units listed, 19 credits."]),
        (rule(mandatory=True, complete=False, units=1, credit=3), ["The unit listed, 3 credits."]),
        (rule(mandatory=True, complete=False, exact_credit=19), ["All 5 units listed, 19 credits."]),
        (rule(mandatory=True, complete=False, exact_credit=8), ["Exactly 8 credits."]),
        (rule(mandatory=True, min_units=2), ["At least 2 units."]),
        (rule(mandatory=True, exact_credit=8), ["Exactly 8 credits."]),
        (rule(min_credit=1), ["At least 1 credit."]),
        (rule(min_credit=16), ["At least 16 credits."]),
        (rule(max_credit=7), ["At most 7 credits."]),
        (rule(min_credit=3, max_credit=7), ["From 3 to 7 credits."]),
        (rule(min_units=1), ["At least 1 unit."]),
        (rule(max_units=2), ["At most 2 units."]),
        (rule(max_units=1), ["Only one of these units counts."]),
        (rule(min_units=1, max_units=1), ["One of these units."]),
        (rule(min_units=1, max_units=2), ["From 1 to 2 units."]),
        (rule(min_credit=4, min_units=2), ["At least 4 credits.", "At least 2 units."]),
        (rule(), ["This group sets no limit of its own."]),
    ],
)
def test_a_groups_rule(given, words):
    assert group_in_words(given) == words


def test_the_whole_award():
    assert total_in_words(20, None, None) == "20 credits"
    assert total_in_words(45, 2, 45) == "45 credits, all at level 2 or above"
    assert total_in_words(50, 4, 38) == "50 credits, at least 38 of them at level 4 or above"
