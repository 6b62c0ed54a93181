"""The meter in words and numbers: what each kind of group needs, has, and lacks."""

import pytest

from qualifications.rules.combination import AtLevel, Choice, Member, Rule, RuleGroup, evaluate
from web.shared.combination_meter import meter

UNITS = tuple(Member(f"u{n}", level, credit, f"Unit {n}") for n, level, credit in [(1, 2, 3), (2, 2, 4), (3, 3, 5)])


def drawn(chosen, *, mandatory=False, complete=True, title="Optional group B", **limits):
    group = RuleGroup("B", mandatory, UNITS, complete, title, **limits)
    return meter(evaluate(Rule(0, (group,)), Choice.of(chosen.split()))).bars[0]


@pytest.mark.parametrize(
    ("chosen", "limits", "words"),
    [
        ("u1", {"mandatory": True, "exact_credit": 12}, ("12 needed", "notyet", "9 more to choose")),
        ("u1 u2 u3", {"mandatory": True, "exact_credit": 12}, ("12 needed", "met", "Complete")),
        ("u1", {"mandatory": True}, ("all 3 units", "notyet", "2 more units to choose")),
        ("u1 u2 u3", {"mandatory": True}, ("all 3 units", "met", "Complete")),
        ("u2 u3", {"mandatory": True, "exact_credit": 8}, ("8 needed", "met", "Complete")),
        ("u1", {"min_credit": 4}, ("4 or more", "notyet", "1 more to choose")),
        ("u2", {"min_credit": 4}, ("4 or more", "met", "Enough")),
        ("u1", {"min_credit": 2, "max_credit": 7}, ("2 to 7", "met", "Enough")),
        ("u3", {"max_credit": 7}, ("7 at most", "met", "Within the limit, 2 left")),
        ("u1 u2", {"max_credit": 7}, ("7 at most", "met", "At the limit")),
        ("", {"min_units": 1}, ("1 unit or more", "notyet", "1 more unit to choose")),
        ("u1", {"min_units": 1}, ("1 unit or more", "met", "Enough")),
        ("u1 u2", {"min_units": 2, "max_units": 2}, ("2 units", "met", "Enough")),
        ("u1", {"max_units": 2}, ("2 units at most", "met", "Counts")),
        ("u1", {}, ("no limit", "met", "Counts")),
        ("", {}, ("no limit", "todo", "Nothing needed here")),
    ],
)
def test_a_groups_bar(chosen, limits, words):
    bar = drawn(chosen, **limits)
    assert (bar.need, bar.status, bar.word) == words
    assert bar.label.endswith(bar.need)
    assert 0 <= float(bar.width) <= 100


def test_what_is_needed_is_a_line_in_the_bar():
    bar = drawn("u2", min_credit=4)
    assert (bar.width, bar.line) == ("80.0", "80.0")
    assert drawn("u1 u2 u3", mandatory=True).line == ""
    assert drawn("u1", max_credit=7).line == "99.6"


def test_credit_above_a_limit_is_said_at_its_bar():
    assert drawn("u2 u3", max_credit=8).over == "1 above the limit does not count"
    assert drawn("u2 u3", max_credit=7).over == "2 above the limit do not count"
    assert drawn("u2", max_credit=7).over == ""


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("Optional group B", "B · Optional"),
        ("Optional: delivery", "B · Delivery"),
        ("Optional", "B · Optional"),
        ("", "B"),
    ],
)
def test_a_groups_title_is_short(title, short):
    assert drawn("", title=title).title == short


def whole(chosen, credit=9, **parts):
    groups = (RuleGroup("A", True, UNITS[:1], title="Mandatory"), RuleGroup("B", False, UNITS[1:], title="Optional"))
    return meter(evaluate(Rule(credit, groups, **parts), Choice.of(chosen.split())), "Amina’s choice")


def test_a_choice_that_adds_up():
    found = whole("u1 u2 u3")
    assert (found.state, found.head, found.reasons, found.suggestion) == ("met", "It adds up", (), ())
    assert found.said == "12 of 9 credits. It adds up."
    assert found.label == "12 of 9 credits: 3 in A, 9 in B"
    assert [(s.code, s.credit, s.tone) for s in found.segments] == [("A", 3, "brand"), ("B", 9, "mid")]
    assert found.line == "75.0"


def test_a_choice_on_its_way_says_what_is_missing_and_the_shortest_way():
    found = whole("u2")
    assert (found.state, found.head, found.whose) == ("open", "5 credits to go", "Amina’s choice")
    assert found.reasons == ("Group A: 1 unit is missing: Unit 1.",)
    assert found.suggestion == ("Unit 1, 3 credits", "Unit 3, 5 credits")


def test_credit_at_a_level_has_a_bar_of_its_own_where_units_differ():
    found = whole("u1 u2", credit=7, at_level=AtLevel(3, 5))
    assert (found.head, found.bars[-1].title, found.bars[-1].word) == (
        "Not there yet",
        "Level 3 or above",
        "5 more to choose",
    )
    assert found.reasons == ("5 credits at level 3 or above are needed, 0 count. 5 more are missing.",)
    assert len(whole("u1", at_level=AtLevel(2, 5)).bars) == 2


def test_a_choice_that_cannot_be_completed_says_so_honestly():
    found = whole("u1", credit=99)
    assert (found.state, found.head) == ("stuck", "These units cannot make the award")
    groups = (RuleGroup("A", False, UNITS, complete=False),)
    found = meter(evaluate(Rule(99, groups), Choice()))
    assert found.head == "Not possible from the units listed here"
    assert found.reasons == ("The award needs 99 credits, 0 count. 99 more are missing.",)


DOUBTED = Member("u9", 2, 4, "Unit 9", doubts=("no-reference", "place-recalled"))
WHY = "Its Ofqual reference is not known. That it belongs here is recalled, not read."


def doubted(chosen, credit=7, members=(*UNITS[:1], DOUBTED), **parts):
    return meter(evaluate(Rule(credit, (RuleGroup("A", False, members),), **parts), Choice.of(chosen.split())))


def test_it_adds_up_never_stands_without_its_caution():
    found = doubted("u1 u9")
    assert (found.state, found.head) == ("unsure", "It adds up, but not everything is confirmed")
    assert found.said == "7 of 7 credits. It adds up, but not everything is confirmed."
    assert found.cautions == (("Unit 9", WHY),)
    recalled = doubted("u1", credit=3, members=UNITS[:1], known="recalled")
    assert (recalled.state, recalled.cautions) == ("unsure", ())
    assert recalled.rule_caution == "This rule is recalled, not read in a source. Ask the awarding body."
    assert doubted("u1", credit=3, members=UNITS[:1], known="mixed").rule_caution.startswith("Part of this rule")
    assert doubted("u1", credit=3, known="second_body").state == "met"


def test_a_suggested_unit_that_nobody_confirmed_says_so_and_why_it_is_there():
    found = doubted("u1")
    assert found.steps == (("Unit 9, 4 credits", WHY),)
    assert found.ahead == (
        "The award cannot be completed here without 1 unit that is not confirmed. Ask the awarding body first."
    )
    sure = doubted("u1", members=(*UNITS, DOUBTED))
    assert (sure.suggestion_doubts, sure.ahead) == (("",), "")


@pytest.mark.parametrize("chosen", ["u9", "u1 u9"])
def test_a_chosen_unit_is_named_whether_the_choice_adds_up_or_not(chosen):
    assert doubted(chosen).cautions == (("Unit 9", WHY),)
