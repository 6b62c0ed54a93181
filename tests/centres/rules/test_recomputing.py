"""What follows from the changes of a registration and of a choice of units, as tables (3.5, R43)."""

import datetime as dt

import pytest

from centres.rules.recomputing import choice_after, wrong_in_states

START, LATER, LAST = dt.date(2026, 9, 1), dt.date(2026, 10, 1), dt.date(2026, 11, 1)
BREAK = ("active", "on_break", LATER)
BACK = ("on_break", "active", LAST)
LEFT = ("active", "withdrawn", LAST)
DONE = ("active", "completed", LAST)
AGAIN = ("completed", "active", LAST)
MOVED = ("active", "transferred", LATER)


@pytest.mark.parametrize(
    ("state", "ends", "steps", "words"),
    [
        ("active", None, [], []),
        ("active", LAST, [], []),
        ("on_break", None, [BREAK], []),
        ("active", None, [BREAK, BACK], []),
        ("withdrawn", LAST, [LEFT], []),
        ("withdrawn", START, [("active", "withdrawn", dt.date(2026, 8, 1))], []),
        ("completed", LAST, [DONE], []),
        ("active", None, [DONE, AGAIN], []),
        ("transferred", LATER, [MOVED], []),
        ("withdrawn", None, [], ["it is withdrawn, and its changes lead to active"]),
        ("active", LAST, [LEFT], ["it is active, and its changes lead to withdrawn"]),
        ("withdrawn", None, [LEFT], ["its last day is open, and its changes say 2026-11-01"]),
        ("active", LAST, [DONE, AGAIN], ["its last day is 2026-11-01, and its changes say open"]),
        ("active", None, [BACK], ["a change goes from on_break to active where it was active"]),
        (
            "active",
            LAST,
            [LEFT, ("withdrawn", "active", LAST)],
            ["a change goes from withdrawn to active where it was withdrawn"],
        ),
    ],
)
def test_state_and_last_day_follow_from_the_changes(state, ends, steps, words):
    assert wrong_in_states(state, START, ends, steps) == words


def test_what_was_taken_out_last_and_not_put_back_is_out():
    assert choice_after([]) == set()
    assert choice_after([([], ["a", "b"]), (["a"], ["c"])]) == {"b", "c"}
    assert choice_after([(["a"], ["a"])]) == {"a"}
