"""From which state a registration may go where, and what keeps it (3.5)."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.enums import OVER, REGISTRATION_TRANSITIONS, RegistrationState
from centres.rules import Pending, StateFacts, what_it_means, why_not_change_state

S = RegistrationState
DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
BEGAN = dt.date(2026, 2, 1)
LEAVES = StateFacts(S.ACTIVE, S.WITHDRAWN, "Moved to another town.", TODAY, BEGAN, TODAY)
COMPLETES = StateFacts(S.ACTIVE, S.COMPLETED, "", TODAY, BEGAN, TODAY, complete=True)
STEPS = {
    (S.ACTIVE, S.ON_BREAK),
    (S.ACTIVE, S.SUSPENDED),
    (S.ACTIVE, S.TRANSFERRED),
    (S.ACTIVE, S.WITHDRAWN),
    (S.ACTIVE, S.COMPLETED),
    (S.ON_BREAK, S.ACTIVE),
    (S.ON_BREAK, S.SUSPENDED),
    (S.ON_BREAK, S.WITHDRAWN),
    (S.SUSPENDED, S.ACTIVE),
    (S.SUSPENDED, S.WITHDRAWN),
    (S.COMPLETED, S.ACTIVE),
}


def codes(facts):
    return [refusal.code for refusal in why_not_change_state(facts)]


@pytest.mark.parametrize("was", list(S))
@pytest.mark.parametrize("to", list(S))
def test_only_the_steps_of_3_5_are_there(was, to):
    facts = replace(LEAVES, was=was, to=to, complete=to == S.COMPLETED, reauthenticated=True)
    assert (codes(facts) == []) is ((was, to) in STEPS)
    assert ((was, to) in STEPS) is (to in REGISTRATION_TRANSITIONS[was])
    if (was, to) not in STEPS:
        assert codes(facts) == ["not-from-here"]


def test_nothing_follows_what_is_over_but_taking_back_that_it_was_completed():
    assert {state for state in S if not REGISTRATION_TRANSITIONS[state]} == OVER - {S.COMPLETED}
    assert REGISTRATION_TRANSITIONS[S.COMPLETED] == {S.ACTIVE}


@pytest.mark.parametrize(
    ("reason", "again", "found"),
    [
        ("The certificate was another person's.", True, []),
        ("The certificate was another person's.", False, ["prove-again"]),
        ("", True, ["no-reason"]),
        ("", False, ["no-reason", "prove-again"]),
    ],
)
def test_taking_back_is_a_signed_act_with_a_reason(reason, again, found):
    facts = replace(LEAVES, was=S.COMPLETED, to=S.ACTIVE, reason=reason, reauthenticated=again, complete=True)
    assert codes(facts) == found


@pytest.mark.parametrize(
    ("to", "reason", "found"),
    [
        (S.ON_BREAK, "Four", ["no-reason"]),
        (S.ON_BREAK, "Fives", []),
        (S.SUSPENDED, "    ", ["no-reason"]),
        (S.WITHDRAWN, "", ["no-reason"]),
        (S.WITHDRAWN, "x" * 300, []),
        (S.WITHDRAWN, "x" * 301, ["too-long"]),
        (S.COMPLETED, "", []),
        (S.COMPLETED, "x" * 301, ["too-long"]),
    ],
)
def test_why_is_asked_where_somebody_is_stopped(to, reason, found):
    assert codes(replace(LEAVES, to=to, reason=reason, complete=to == S.COMPLETED)) == found


def test_going_on_needs_no_reason():
    assert codes(replace(LEAVES, was=S.ON_BREAK, to=S.ACTIVE, reason="")) == []


@pytest.mark.parametrize("facts", [LEAVES, COMPLETES])
@pytest.mark.parametrize(
    ("on", "last", "found"),
    [
        (TODAY, None, []),
        (TODAY + DAY, None, ["day-ahead"]),
        (BEGAN, None, []),
        (BEGAN - DAY, None, ["day-before-start"]),
        (TODAY - DAY, TODAY - DAY, []),
        (TODAY - DAY, TODAY, ["day-before-signature"]),
        (BEGAN - DAY, TODAY, ["day-before-start"]),
    ],
)
def test_the_last_day_lies_where_it_can(facts, on, last, found):
    assert codes(replace(facts, on=on, last_act_on=last)) == found


@pytest.mark.parametrize("facts", [LEAVES, COMPLETES])
@pytest.mark.parametrize(
    ("pending", "found"),
    [
        (Pending(decisions=1), "waits-countersign"),
        (Pending(signed=1), "waits-confirmation"),
        (Pending(certificates=1), "waits-certificate"),
        (Pending(disputed=("Deal with customers",)), "open-dispute"),
    ],
)
def test_nothing_ends_while_a_result_is_on_its_way(facts, pending, found):
    assert codes(replace(facts, pending=pending)) == [found]
    assert codes(replace(facts, pending=Pending())) == []


def test_a_waiting_piece_keeps_an_award_open_and_nobody_in():
    waiting = Pending(pieces=2)
    assert codes(replace(COMPLETES, pending=waiting)) == ["waits-decision"]
    assert codes(replace(LEAVES, pending=waiting)) == []


@pytest.mark.parametrize("to", [S.ON_BREAK, S.SUSPENDED])
def test_a_stop_waits_for_nothing(to):
    everything = Pending(1, 1, 1, 1, ("Deal with customers",))
    assert codes(replace(LEAVES, to=to, pending=everything, complete=True, on=TODAY + DAY)) == []


def test_completed_needs_a_complete_award_and_a_complete_award_is_not_withdrawn():
    assert codes(replace(COMPLETES, complete=False)) == ["award-not-complete"]
    assert codes(replace(LEAVES, complete=True)) == ["award-complete"]
    for was in (S.ON_BREAK, S.SUSPENDED):
        stopped = replace(LEAVES, was=was, complete=True)
        assert codes(stopped) == ["award-complete"]
        assert "Let the registration go on first" in why_not_change_state(stopped)[0].sentence


def test_everything_that_is_wrong_is_said_at_once():
    facts = replace(COMPLETES, complete=False, on=TODAY + DAY, pending=Pending(3, 1, 1, 1, ("One", "Two")))
    assert set(codes(facts)) == {
        *("day-ahead", "waits-countersign", "waits-confirmation", "waits-certificate", "open-dispute"),
        *("award-not-complete", "waits-decision"),
    }
    sentences = [refusal.sentence for refusal in why_not_change_state(facts)]
    assert "The learner did not agree in: One; Two. Somebody has to answer first." in sentences
    assert (
        "3 pieces wait for a decision in it. They have to be decided, or taken back by the learner, first." in sentences
    )


def test_every_state_says_what_it_means():
    assert len({what_it_means(state) for state in S}) == len(S)


@pytest.mark.parametrize("on", [TODAY, TODAY - DAY])
def test_one_that_has_not_begun_can_be_left_today(on):
    """Registered by mistake for a day to come: else no day would be right, and nobody could register them again."""
    ahead = replace(LEAVES, starts_on=TODAY + 30 * DAY, on=on)
    assert codes(ahead) == ([] if on == TODAY else ["day-before-start"])
    assert codes(replace(ahead, on=TODAY + DAY)) == ["day-ahead"]
