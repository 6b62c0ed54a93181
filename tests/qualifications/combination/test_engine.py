"""Each part of a rule, one at a time: what is missing, what does not count, what would complete it."""

import pytest

from qualifications.rules.combination import AtLevel, Choice, Member, Rule, RuleGroup, evaluate

FOUR = tuple(
    Member(f"u{n}", level, credit, f"Unit {n}") for n, level, credit in [(1, 2, 3), (2, 2, 4), (3, 3, 5), (4, 3, 6)]
)
ONE, TWO, THREE, FOUR_ = FOUR


def group(code="A", members=FOUR, *, mandatory=False, **limits):
    return RuleGroup(code, mandatory, tuple(members), **limits)


def rule(*groups, credit=0, **parts):
    return Rule(credit, groups, **parts)


def said(found):
    return [(part.code, part.sentence) for part in found.unmet]


def keys(members):
    return [m.key for m in members]


@pytest.mark.parametrize(
    ("given", "chosen", "code", "sentence", "suggestion"),
    [
        (
            rule(group(mandatory=True)),
            "u1 u3",
            "mandatory-missing",
            "Group A: 2 units are missing: Unit 2; Unit 4.",
            ["u2", "u4"],
        ),
        (
            rule(group(mandatory=True, members=[ONE, TWO], exact_credit=7)),
            "u1",
            "mandatory-missing",
            "Group A: 1 unit is missing: Unit 2.",
            ["u2"],
        ),
        (
            rule(group(mandatory=True, exact_credit=8)),
            "u1",
            "group-credit",
            "Group A: 8 credits are needed, 3 count. 5 more are missing.",
            ["u3"],
        ),
        (
            rule(group(min_credit=4)),
            "u1",
            "group-credit",
            "Group A: 4 credits are needed, 3 count. 1 more is missing.",
            ["u2"],
        ),
        (
            rule(group(mandatory=True, min_units=2)),
            "u1",
            "group-units",
            "Group A: at least 2 units are needed, 1 count.",
            ["u2"],
        ),
        (rule(group(min_units=1)), "", "group-units", "Group A: at least 1 unit is needed, 0 counts.", ["u1"]),
        (
            rule(group(), credit=10),
            "u4",
            "total-credit",
            "The award needs 10 credits, 6 count. 4 more are missing.",
            ["u2"],
        ),
        (
            rule(group(), credit=4),
            "u1",
            "total-credit",
            "The award needs 4 credits, 3 count. 1 more is missing.",
            ["u2"],
        ),
        (
            rule(group(), at_level=AtLevel(3, 6)),
            "u2 u3",
            "level-credit",
            "6 credits at level 3 or above are needed, 5 count. 1 more is missing.",
            ["u4"],
        ),
        (
            rule(group(), at_level=AtLevel(3, 7)),
            "u3",
            "level-credit",
            "7 credits at level 3 or above are needed, 5 count. 2 more are missing.",
            ["u4"],
        ),
    ],
)
def test_what_is_missing_is_said_and_mended(given, chosen, code, sentence, suggestion):
    found = evaluate(given, Choice.of(chosen.split()))
    assert said(found) == [(code, sentence)]
    assert {part.field for part in found.unmet} == {"units"}
    assert {part.target for part in found.unmet} <= {("group", "A"), ("group", "B"), ("", "")}
    assert not found.satisfied
    assert found.completable
    assert keys(found.suggestion) == suggestion


def test_a_rule_that_is_met_has_nothing_to_say():
    found = evaluate(rule(group(min_credit=7), credit=7), Choice.of(["u1", "u2"]))
    assert (found.satisfied, found.credit, found.unmet, found.surplus, found.suggestion) == (True, 7, (), (), ())


def test_what_cannot_be_completed_is_said():
    found = evaluate(rule(group(), credit=30), Choice.of(["u4"]))
    assert not found.completable
    assert found.suggestion == ()
    assert said(found)[-1] == (
        "cannot-complete",
        "This cannot be completed: its units do not add up to the award.",
    )


def test_a_list_that_may_not_be_whole_is_not_called_impossible():
    found = evaluate(rule(group(complete=False), credit=30), Choice())
    assert said(found)[-1] == (
        "cannot-complete-here",
        "This cannot be completed from the units listed here. Ask the awarding body for its whole list.",
    )


def test_a_mandatory_group_whose_listed_units_are_too_few_is_short_of_credit():
    found = evaluate(rule(group(mandatory=True, exact_credit=19, complete=False)), Choice.of(keys(FOUR)))
    assert [code for code, _ in said(found)] == ["group-credit", "cannot-complete-here"]


# --- what does not count ----------------------------------------------------------------------------------------------


def test_credit_above_a_cap_does_not_count():
    found = evaluate(rule(group(max_credit=7), group("B", [Member("b", 2, 2)]), credit=9), Choice.of(["u2", "u3"]))
    assert (found.credit, [g.credit for g in found.groups]) == (7, [7, 0])
    assert [(s.code, s.sentence, s.credit) for s in found.surplus] == [
        ("over-credit", "Group A: at most 7 credits count. 2 credits of what is taken do not count.", 2)
    ]
    assert keys(found.suggestion) == ["b"]


def test_credit_at_the_level_is_kept_below_a_cap():
    found = evaluate(rule(group(max_credit=6), at_level=AtLevel(3, 6)), Choice.of(["u1", "u2", "u4"]))
    assert found.satisfied
    assert found.at_level == 6


def test_of_a_barred_pair_one_counts():
    given = rule(group(), credit=9, barred=(frozenset({"u3", "u4"}),))
    found = evaluate(given, Choice.of(["u3", "u4"]))
    assert found.credit == 6
    assert [(s.code, s.keys, s.sentence) for s in found.surplus] == [
        ("barred", ("u3",), "“Unit 3” does not count beside “Unit 4”: only one of them counts.")
    ]
    assert keys(found.suggestion) == ["u1"]


def test_a_better_unit_may_take_the_place_of_a_barred_one():
    found = evaluate(rule(group(), credit=6, barred=(frozenset({"u1", "u4"}),)), Choice.of(["u1"]))
    assert keys(found.suggestion) == ["u2"]
    found = evaluate(
        rule(group(min_units=1), at_level=AtLevel(3, 6), barred=(frozenset({"u1", "u4"}),)), Choice.of(["u1"])
    )
    assert keys(found.suggestion) == ["u4"]


def test_of_a_group_of_which_one_unit_counts_the_better_one_does():
    found = evaluate(rule(group(min_units=1, max_units=1), credit=6), Choice.of(["u1", "u4"]))
    assert found.satisfied
    assert [(s.code, s.keys, s.sentence) for s in found.surplus] == [
        ("over-units", ("u1",), "Group A: only 1 unit counts. “Unit 1” does not count.")
    ]


def test_what_is_achieved_counts_before_what_is_only_chosen():
    given = rule(group(max_units=1), credit=3)
    found = evaluate(given, Choice(frozenset({"u2"}), achieved=frozenset({"u1"})))
    assert found.groups[0].keys == {"u1"}
    found = evaluate(given, Choice(frozenset({"u2"}), exempt=frozenset({"u1"})))
    assert found.groups[0].keys == {"u1"}


def test_a_unit_of_another_qualification_does_not_count():
    found = evaluate(rule(group(), credit=3), Choice.of(["u1", "elsewhere"]))
    assert found.satisfied
    assert [(s.code, s.keys) for s in found.surplus] == [("not-listed", ("elsewhere",))]


# --- where a unit helps most ------------------------------------------------------------------------------------------


def test_a_unit_in_two_groups_counts_once_where_it_helps():
    given = rule(group(members=[ONE, TWO], min_credit=3), group("B", [TWO, THREE], min_credit=4), credit=7)
    found = evaluate(given, Choice.of(["u1", "u2"]))
    assert found.satisfied
    assert [g.keys for g in found.groups] == [{"u1"}, {"u2"}]


def test_the_suggestion_counts_on_where_a_unit_helps_most():
    given = rule(group(members=[ONE, TWO], min_credit=3), group("B", [TWO, THREE], min_credit=4))
    found = evaluate(given, Choice.of(["u2"]))
    assert keys(found.suggestion) == ["u1"]
    assert [g.credit for g in found.groups] == [0, 4]
    assert said(found) == [("group-credit", "Group A: 3 credits are needed, 0 count. 3 more are missing.")]


def test_the_smallest_set_is_not_what_taking_the_largest_first_would_find():
    members = [Member(f"u{n}", 2, credit) for n, credit in enumerate([9, 6, 6, 5])]
    found = evaluate(rule(group(members=members), credit=12), Choice())
    assert [m.credit for m in found.suggestion] == [6, 6]


def test_of_equally_good_sets_the_earliest_in_the_structure_is_suggested():
    members = [Member(f"u{n}", 2, 3) for n in range(5)]
    found = evaluate(rule(group(members=members), credit=6), Choice.of(["u1"]))
    assert keys(found.suggestion) == ["u0"]
