"""Who can be registered, for which units, and moved elsewhere: every refusal with its field (R16, R25, R34, R43, R83)."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.enums import FROZEN_UNITS, RegistrationState, UnitState
from centres.rules import scheduling
from centres.rules.gates import ApprovalFacts
from centres.rules.registering import Known, RegisterFacts, UnitsFacts, why_not_change_units, why_not_register
from centres.rules.transferring import MoveFacts, why_not_move
from qualifications.rules import LifecycleFacts
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
ELLA = Known("pub", "Ella Fernwick")
NEW = RegisterFacts(
    email="maya@example.org", lifecycle=LifecycleFacts("A diploma", TODAY, None), starts_on=TODAY,
    today=TODAY, chosen=frozenset({1}), places=frozenset({1, 2}), mandatory=frozenset(),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"registered": True, "same_email": ELLA}, "registered:qualification"),
        ({"same_email": ELLA, "same_uln": ELLA}, "same-email:email"),
        ({"same_uln": ELLA}, "same-uln:uln"),
        ({"same_name": ELLA}, "same-name:family_name"),
        ({"same_name": ELLA, "another_person": True}, ""),
        ({"same_uln": ELLA, "same_name": ELLA}, "same-uln:uln same-name:family_name"),
        ({"email": "maya"}, "email:email"),
        ({"lifecycle": None}, "qualification-missing:qualification"),
        ({"superseded": True}, "superseded:qualification"),
        ({"approval": ApprovalFacts(asked=True, title="A")}, "not-approved:qualification"),
        ({"chosen": frozenset({3})}, "unit-elsewhere:units"),
        ({"chosen": frozenset()}, "no-unit:units"),
        ({"starts_on": TODAY + 367 * DAY}, "start-far:starts_on"),
    ],
)
def test_who_can_be_registered(changed, expected):
    found = why_not_register(replace(NEW, **changed))
    assert said(found) == expected
    for one in found:
        if one.code in {"same-email", "same-uln", "same-name"}:
            assert one.target == ("learner", "pub")
            assert "Ella Fernwick" in one.sentence
        if one.code == "superseded":
            assert "version of A diploma counts" in one.sentence


def test_a_closed_version_is_not_asked_about_twice():
    closed = LifecycleFacts("A diploma", None, TODAY - DAY)
    assert said(why_not_register(replace(NEW, lifecycle=closed))) == "closed-to-certification:qualification"
    unknown = LifecycleFacts("A diploma", None, None)
    assert said(why_not_register(replace(NEW, lifecycle=unknown))) == "entry-unknown:entry_confirmed"


UNITS = UnitsFacts(
    active=True, chosen=frozenset({2}), places=frozenset({1, 2, 3}), mandatory=frozenset(),
    states={1: UnitState.SELECTED}, reason="x" * 300,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"active": False}, "registration-over:"),
        ({"chosen": frozenset({4})}, "unit-elsewhere:units"),
        ({"chosen": frozenset()}, "no-unit:units"),
        ({"chosen": frozenset(), "mandatory": frozenset({3})}, ""),
        ({"reason": ""}, "reason-missing:reason"),
        ({"reason": "", "chosen": frozenset(), "mandatory": frozenset({1})}, ""),
        ({"reason": "x" * 301}, "too-long:reason"),
        ({"accepted": frozenset({1})}, "accepted-work:confirmed"),
        ({"accepted": frozenset({1}), "reason": ""}, "reason-missing:reason accepted-work:confirmed"),
        ({"accepted": frozenset({1}), "confirmed": True}, ""),
        ({"accepted": frozenset({2})}, ""),
        ({"disputed": frozenset({1}), "reason": ""}, "open-dispute:units"),
        ({"disputed": frozenset({2})}, ""),
        ({"disputed": frozenset({1}), "chosen": frozenset({1, 2})}, ""),
    ],
)
def test_another_choice_of_units(changed, expected):
    assert said(why_not_change_units(replace(UNITS, **changed))) == expected


@pytest.mark.parametrize("state", UnitState)
def test_what_is_signed_off_stays_chosen(state):
    facts = replace(UNITS, states={1: state, 2: UnitState.ACHIEVED})
    assert said(why_not_change_units(facts)) == ("unit-signed:units" if state in FROZEN_UNITS else "")


# --- a move


MOVE = MoveFacts(state=RegistrationState.ACTIVE, same=False, reason="Fives")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"reason": "x" * 300}, ""),
        ({"reason": "x" * 301}, "no-reason:reason"),
        ({"reason": " Four "}, "no-reason:reason"),
        ({"same": True}, "same-version:qualification"),
        ({"complete": True}, "award-complete:confirmed"),
        ({"complete": True, "confirmed": True}, ""),
    ],
)
def test_a_registration_is_moved(changed, expected):
    assert said(why_not_move(replace(MOVE, **changed))) == expected


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (RegistrationState.TRANSFERRED, "Move the one it led to."),
        (RegistrationState.ON_BREAK, "End the break, then move it."),
        (RegistrationState.SUSPENDED, "It stays readable as it is."),
        (RegistrationState.COMPLETED, "It stays readable as it is."),
    ],
)
def test_only_one_at_work_is_moved(state, words):
    (found,) = why_not_move(replace(MOVE, state=state))
    assert (found.code, found.field) == ("not-active", "")
    assert found.sentence.endswith(words)


# --- the order of units


A, B = scheduling.Planned("a"), scheduling.Planned("b")
PLAN = scheduling.ScheduleFacts(active=True, starts_on=TODAY, stands=(A, B), wanted=(B, A))


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"active": False}, "not-active:"),
        ({"wanted": (A,)}, "other-units:"),
        ({"wanted": (A, A)}, "other-units:"),
        ({"wanted": (replace(A, target_on=TODAY), B)}, ""),
        ({"wanted": (replace(A, target_on=TODAY - DAY), B)}, "odd-date:target-a"),
        ({"wanted": (replace(A, target_on=TODAY + 3650 * DAY), B)}, ""),
        ({"wanted": (A, replace(B, target_on=TODAY + 3651 * DAY))}, "odd-date:target-b"),
    ],
)
def test_an_order_with_target_dates(changed, expected):
    assert said(scheduling.why_not_schedule(replace(PLAN, **changed))) == expected


@pytest.mark.parametrize(
    ("unit", "step", "order"),
    [
        *[("a", 1, "bac"), ("b", 1, "acb"), ("c", 1, "abc"), ("x", 1, "abc")],
        *[("a", -1, "abc"), ("b", -1, "bac"), ("c", -1, "acb")],
    ],
)
def test_a_unit_moves_one_place(unit, step, order):
    rows = [scheduling.Planned(name) for name in "abc"]
    assert "".join(row.unit_id for row in scheduling.moved(rows, unit, step)) == order
    assert [row.unit_id for row in rows] == ["a", "b", "c"]
