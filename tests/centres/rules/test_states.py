"""What keeps a registration from another state, a rule from counting, a level from being right: codes with their fields."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.enums import RegistrationState as S
from centres.rules import initial, sufficiency
from centres.rules.award import AwardFacts, next_for_learner, next_for_office, next_for_staff
from centres.rules.registration_states import Pending, StateFacts, why_not_change_state
from centres.rules.sufficiency import DecideFacts, ProposeFacts
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
LEAVES = StateFacts(S.ACTIVE, S.WITHDRAWN, "Moved away.", TODAY, TODAY - 9 * DAY, TODAY)
COMPLETES = replace(LEAVES, to=S.COMPLETED, complete=True)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (LEAVES, ""),
        (replace(LEAVES, to=S.ACTIVE), "not-from-here:act"),
        (replace(LEAVES, reason=""), "no-reason:reason"),
        (replace(LEAVES, reason="x" * 301), "too-long:reason"),
        (replace(LEAVES, on=TODAY + DAY), "day-ahead:on"),
        (replace(LEAVES, on=TODAY - 10 * DAY), "day-before-start:on"),
        (replace(LEAVES, on=TODAY - DAY, last_act_on=TODAY), "day-before-signature:on"),
        (replace(LEAVES, pending=Pending(1, 1, 1, 1, ("A",))),
         "waits-countersign:act waits-confirmation:act waits-certificate:act open-dispute:act"),
        (replace(LEAVES, complete=True), "award-complete:act"),
        (COMPLETES, ""),
        (replace(COMPLETES, complete=False, pending=Pending(pieces=1)), "award-not-complete:act waits-decision:act"),
    ],
)  # fmt: skip
def test_what_keeps_a_registration_where_it_is(facts, expected):
    assert said(why_not_change_state(facts)) == expected


@pytest.mark.parametrize(
    ("pending", "one"),
    [
        (Pending(decisions=1), "1 decision waits for"),
        (Pending(decisions=2), "2 decisions wait for"),
        (Pending(signed=1), "1 unit is signed"),
        (Pending(signed=2), "2 units are signed"),
        (Pending(certificates=1), "1 certificate waits"),
        (Pending(certificates=2), "2 certificates wait"),
        (Pending(pieces=1), "1 piece waits"),
        (Pending(pieces=2), "2 pieces wait"),
    ],
)
def test_how_many_wait_is_said(pending, one):
    (found,) = why_not_change_state(replace(COMPLETES, pending=pending))
    assert found.sentence.startswith(one)


def test_the_day_is_named():
    assert "“Active”" in why_not_change_state(replace(LEAVES, to=S.ACTIVE))[0].sentence
    ahead = replace(LEAVES, starts_on=TODAY + DAY, on=TODAY - DAY)
    assert "begins on 1 December 2026. The last" in why_not_change_state(ahead)[0].sentence
    begun = replace(LEAVES, starts_on=TODAY, on=TODAY - DAY)
    assert "began on 30 November 2026." in why_not_change_state(begun)[0].sentence
    signed = replace(LEAVES, on=TODAY - DAY, last_act_on=TODAY)
    assert "made on 30 November 2026." in why_not_change_state(signed)[0].sentence
    long = why_not_change_state(replace(LEAVES, reason="x" * 301))
    assert long[0].sentence == "This is 301 characters long. Keep it to 300."


# --- a complete award


ASKS = AwardFacts(S.ACTIVE, sure=True)


@pytest.mark.parametrize(
    ("facts", "learner", "staff", "office"),
    [
        (ASKS, "claims the certificate. You have nothing", "Nothing more", "Next: claim"),
        (replace(ASKS, sure=False), "asks the awarding body about", "Nothing more", "Next: ask"),
        (replace(ASKS, state=S.ON_BREAK), "once your registration goes on", "Nothing more", "Next: let"),
        (replace(ASKS, state=S.SUSPENDED, sure=False), "once your registration goes on", "Nothing more", "Next: let"),
        (replace(ASKS, state=S.TRANSFERRED), "after your move", "Nothing more", "has moved on"),
        (replace(ASKS, state=S.TRANSFERRED, ended_on=TODAY), "until 30 November 2026. Ask your", "until 30 November 2026. The",
         "until 30 November 2026. Ask the"),
        (replace(ASKS, state=S.COMPLETED, ended_on=TODAY), "closed it", "has closed the", "is closed as"),
    ],
)  # fmt: skip
def test_what_comes_after_a_complete_award(facts, learner, staff, office):
    assert learner in next_for_learner(facts)
    assert staff in next_for_staff(facts)
    assert office in next_for_office(facts)


# --- sufficiency


ASKED = ProposeFacts(
    {"pieces": 2}, eases=False, starts_on=TODAY, today=TODAY, reason="x" * 10, waiting=False, in_force=None
)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own_work": True}, "own-work:"),
        ({"frozen": True}, "unit-signed:"),
        ({"criterion_known": False}, "criterion:criterion"),
        ({"unit_known": False}, "unit:unit"),
        ({"waiting": True}, "waiting:"),
        ({"in_force": ({"pieces": 2}, False)}, "same:pieces"),
        ({"in_force": ({"pieces": 2}, True)}, ""),
        ({"in_force": ({"pieces": 3}, False)}, ""),
        ({"in_force": ({"pieces": 3}, False), "asked": {}}, ""),
        ({"asked": {}}, "nothing-asked:pieces"),
        ({"asked": {}, "eases": True, "for_learner": True}, ""),
        ({"eases": True}, "eased-for-all:"),
        ({"eases": True, "for_learner": True}, ""),
        ({"starts_on": TODAY - DAY}, "back-dated:starts_on"),
        ({"reason": " " + "x" * 9 + " "}, "no-reason:reason"),
        ({"reason": "x" * 500}, ""),
        ({"reason": "x" * 501}, "long-reason:reason"),
    ],
)
def test_who_can_ask_for_more_or_less(changed, expected):
    assert said(sufficiency.why_not_propose(replace(ASKED, **changed))) == expected


DECIDES = DecideFacts(is_author=False, decided=False, agrees=True, note="")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"is_author": True}, "own-rule:"),
        ({"own_work": True}, "own-work:"),
        ({"own_learner": True}, ""),
        ({"own_learner": True, "eases": True}, "own-learner:"),
        ({"eases": True}, ""),
        ({"agrees": False}, "no-reason:note"),
        ({"agrees": False, "note": "x" * 501}, "long-reason:note"),
        ({"agrees": False, "note": "x" * 10}, ""),
        ({"agrees": False, "decided": True}, "decided:"),
    ],
)
def test_a_second_person_decides(changed, expected):
    assert said(sufficiency.why_not_decide(replace(DECIDES, **changed))) == expected


# --- the initial assessment


MADE = initial.Initial(made_on=TODAY, outcome_level=4, manages_people=True)


@pytest.mark.parametrize(
    ("changed", "level", "expected"),
    [
        ({}, 4, ""),
        ({}, 3, "level-below:level_reason"),
        ({}, 5, "level-above:level_reason"),
        ({"manages_people": None}, 4, "nobody-to-manage:manages_people"),
        ({"manages_people": False, "outcome_level": 3}, 3, ""),
        ({"outcome_level": None}, 4, "no-initial:outcome_level"),
    ],
)
def test_what_speaks_against_a_level(changed, level, expected):
    found = initial.level_warnings(replace(MADE, **changed), level)
    assert said(found) == expected
    compared = [one.sentence for one in found if one.code.startswith("level-")]
    assert all(f"Level {level} is" in sentence and "level 4 that" in sentence for sentence in compared)


def test_what_is_known_about_the_people_they_lead_is_said():
    sentences = {initial.level_warnings(replace(MADE, manages_people=known), 4)[0].sentence for known in (None, False)}
    assert sentences == {
        "Level 4 suits people who manage others. Nothing is said about that yet.",
        "Level 4 suits people who manage others, and this learner does not.",
    }


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"made_on": None}, "initial-undated:initial_on"),
        ({"outcome_level": None, "reason": "Fives"}, "initial-open:outcome_level"),
        ({"made_on": TODAY + DAY}, "initial-to-come:initial_on"),
        ({"made_on": TODAY}, ""),
        ({"prior_learning": "x" * 2000, "role_fit": "x" * 500, "reason": "x" * 500}, ""),
        ({"prior_learning": "x" * 2001}, "too-long:prior_learning"),
        ({"role_fit": "x" * 501}, "too-long:role_fit"),
        ({"reason": "x" * 501}, "too-long:level_reason"),
        ({"manages_people": None, "reason": " Four "}, "nobody-to-manage:level_reason"),
        ({"manages_people": None, "reason": "Fives"}, ""),
    ],
)
def test_what_goes_on_record_of_an_initial_assessment(changed, expected):
    assert said(initial.why_not_initial(replace(MADE, **changed), 4, TODAY, TODAY)) == expected


def test_it_comes_before_the_first_day():
    assert said(initial.why_not_initial(MADE, 4, TODAY, TODAY - DAY)) == "initial-after-start:initial_on"
    ahead = replace(MADE, made_on=TODAY + DAY)
    assert said(initial.why_not_initial(ahead, 4, TODAY, TODAY - DAY)) == "initial-to-come:initial_on"
    assert initial.why_not_initial(replace(MADE, manages_people=None), 4, TODAY, TODAY)[0].sentence == (
        "Level 4 suits people who manage others. Nothing is said about that yet. Say why this level is right, then register."
    )
