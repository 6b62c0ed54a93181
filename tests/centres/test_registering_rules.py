"""What decides about a registration and about a change of its units, by facts alone (R16, R25, R43, R83)."""

import datetime as dt

import pytest

from centres.enums import UnitState
from centres.rules.registering import REACH, RegisterFacts, UnitsFacts, why_not_change_units, why_not_register
from qualifications.rules import LifecycleFacts

DAY = dt.date(2026, 11, 30)
OPEN = LifecycleFacts(
    title="A diploma", last_registration_on=dt.date(2028, 8, 31), last_certification_on=dt.date(2031, 8, 31)
)


def codes(found):
    return [(refusal.code, refusal.field) for refusal in found]


def facts(**changed):
    given = {
        "email": "maya@example.org",
        "lifecycle": OPEN,
        "starts_on": DAY,
        "today": DAY,
        "chosen": frozenset({1}),
        "places": frozenset({1, 2}),
        "mandatory": frozenset(),
        "entry_confirmed": "Rang the awarding body on Monday.",
    }
    return RegisterFacts(**given | changed)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"chosen": frozenset()}, [("no-unit", "units")]),
        ({"chosen": frozenset(), "mandatory": frozenset({2})}, []),
        ({"chosen": frozenset({3})}, [("unit-elsewhere", "units")]),
        ({"lifecycle": None}, [("qualification-missing", "qualification")]),
        ({"starts_on": DAY + REACH}, []),
        ({"starts_on": DAY - REACH}, []),
        ({"starts_on": DAY + REACH + dt.timedelta(days=1)}, [("start-far", "starts_on")]),
        ({"starts_on": DAY - REACH - dt.timedelta(days=1)}, [("start-far", "starts_on")]),
        ({"registered": True}, [("registered", "qualification")]),
    ],
)
def test_who_can_be_registered(changed, expected):
    assert codes(why_not_register(facts(**changed))) == expected


def change(**changed):
    given = {
        "active": True,
        "chosen": frozenset({1, 2}),
        "places": frozenset({1, 2, 3}),
        "mandatory": frozenset(),
        "states": {1: UnitState.SELECTED},
        "reason": "The job has changed since.",
    }
    return UnitsFacts(**given | changed)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"active": False}, ["registration-over"]),
        ({"chosen": frozenset()}, ["no-unit"]),
        ({"chosen": frozenset({4})}, ["unit-elsewhere"]),
        ({"chosen": frozenset({2}), "states": {1: UnitState.ASSESSOR_SIGNED}}, ["unit-signed"]),
        ({"chosen": frozenset({1}), "reason": ""}, []),
    ],
)
def test_how_units_can_change(changed, expected):
    assert [code for code, _field in codes(why_not_change_units(change(**changed)))] == expected
