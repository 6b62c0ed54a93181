"""Signing, confirming, reopening, answering and carrying over a unit: every refusal with field and target (R82 to R85)."""

from dataclasses import replace

import pytest

from assessments.rules import carrying, signing
from assessments.rules.signing import (
    AbsentFacts,
    AnswerFacts,
    CriterionFacts,
    Facts,
    PieceFacts,
    ReopenFacts,
    StepFacts,
)
from centres.enums import DONE_UNITS, FROZEN_UNITS, OPEN_UNITS, UnitState
from common.refusals import Refusal
from tests.saying import said

U = UnitState
UNIT = Facts("u1", "l1", U.IN_PROGRESS, False, True, True, criteria=(), learner_name="Ella")
SHORT = Refusal("few-pieces", "1.1 needs two.", params={"code": "1.1"})


@pytest.mark.parametrize(
    ("changed", "expected", "target", "params"),
    [
        ({"disputed": "Not my work"}, "disputed:", ("answer", "u1"), {}),
        ({"state": U.ACHIEVED}, "already-signed:", ("unit", "u1"), {}),
        ({"state": U.DROPPED}, "dropped:", ("", ""), {}),
        ({"identity_missing": True}, "identity-missing:", ("identity", "l1"), {"name": "Ella"}),
        ({"criteria": (CriterionFacts("1.1", True, ("j9",)),)}, "to-countersign:", ("countersign", "j9"), {"code": "1.1"}),
        ({"criteria": (CriterionFacts("1.1", False),)}, "not-met:", ("unit", "u1"), {"code": "1.1"}),
        ({"criteria": (CriterionFacts("1.1", False, waits="e1"),)}, "not-met:", ("evidence", "e1"), {"code": "1.1"}),
        (
            {"criteria": (CriterionFacts("1.1", True, public_id="c1", short=(SHORT,)),)},
            "few-pieces:", ("criterion", "u1"), {"code": "1.1", "criterion": "c1"},
        ),
        ({"pieces": (PieceFacts("e1", "Till", waiting=True),)}, "to-assess:", ("evidence", "e1"), {"title": "Till"}),
        ({"pieces": (PieceFacts("e1", "Till", returned=True),)}, "sent-back:", ("evidence", "e1"), {"title": "Till"}),
        ({"pieces": (PieceFacts("e1", "Till", removed=True),)}, "rests-on-removed:", ("evidence", "e1"), {"title": "Till"}),
        ({"pieces": (PieceFacts("e1", "Till", unsafe=True),)}, "unsafe-file:", ("evidence", "e1"), {"title": "Till"}),
    ],
)  # fmt: skip
def test_what_keeps_a_unit_from_being_signed_says_where_to_go(changed, expected, target, params):
    found = signing.why_not_sign_off(replace(UNIT, **changed))
    assert said(found) == expected
    assert (found[0].target, found[0].params) == (target, params)


def test_what_the_learner_wrote_is_in_the_sentence():
    (found,) = signing.why_not_sign_off(replace(UNIT, disputed="Not my work"))
    assert found.sentence == "Ella did not agree: “Not my work” Answer first; then the unit can be signed."


def test_a_criterion_that_is_met_by_too_little_is_not_enough():
    assert CriterionFacts("1.1", met=True).enough
    assert not CriterionFacts("1.1", met=False).enough
    assert not CriterionFacts("1.1", met=True, short=(SHORT,)).enough
    unmet = CriterionFacts("1.1", met=False, short=(SHORT,))
    assert said(signing.why_not_sign_off(replace(UNIT, criteria=(unmet,)))) == "not-met:"
    waiting = CriterionFacts("1.1", met=False, provisional=("j9",))
    assert said(signing.why_not_sign_off(replace(UNIT, criteria=(waiting,)))) == "to-countersign:"


@pytest.mark.parametrize(
    ("declared", "proved", "expected"),
    [
        (True, True, ""),
        (False, True, "not-declared:declared"),
        (True, False, "prove-again:reauthenticate"),
        (False, False, "not-declared:declared prove-again:reauthenticate"),
    ],
)
def test_how_a_signature_is_given(declared, proved, expected):
    assert said(signing.why_not_sign(signing.SigningFacts(declared, proved))) == expected


STEP = StepFacts(U.ASSESSOR_SIGNED, needs_countersign=True, allowed_person=True)


@pytest.mark.parametrize(
    ("changed", "countersign", "confirm"),
    [
        ({}, "", "not-open:"),
        ({"needs_countersign": False}, "not-open:", ""),
        ({"state": U.COUNTERSIGNED}, "not-open:", ""),
        ({"state": U.COUNTERSIGNED, "needs_countersign": False}, "not-open:", "not-open:"),
        ({"allowed_person": False}, "not-countersigner:", "not-learner: not-open:"),
        ({"agrees": False, "reason": " Not yet a "}, "no-reason:reason", "no-reason:reason not-open:"),
        ({"agrees": False, "reason": "Not yet all"}, "", "not-open:"),
        ({"agrees": False, "reason": "x" * 10}, "", "not-open:"),
    ],
)
def test_the_steps_after_the_assessors_signature(changed, countersign, confirm):
    facts = replace(STEP, **changed)
    assert said(signing.why_not_countersign_unit(facts)) == countersign
    assert said(signing.why_not_confirm(facts)) == confirm


REOPEN = ReopenFacts(U.ACHIEVED, "x" * 10, reauthenticated=True, is_signer=True, allocated=True)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"reason": " " + "x" * 9}, "no-reason:reason"),
        ({"own_unit": True, "is_signer": False}, "own-unit:"),
        ({"is_signer": False}, "not-signer:"),
        ({"allocated": False}, "not-signer:"),
        ({"is_signer": False, "leads": True}, ""),
        ({"allocated": False, "manages": True}, ""),
        ({"state": U.EXEMPT}, "not-signed:"),
        ({"state": U.EXEMPT, "carried": True}, ""),
        ({"state": U.IN_PROGRESS, "carried": True}, "not-signed:"),
        ({"counts_in": ("A", "B")}, "counts-elsewhere:"),
        ({"reauthenticated": False}, "prove-again:reauthenticate"),
    ],
)
def test_who_reopens_a_unit(changed, expected):
    assert said(signing.why_not_reopen(replace(REOPEN, **changed))) == expected


@pytest.mark.parametrize("state", UnitState)
def test_only_what_is_signed_is_reopened(state):
    found = said(signing.why_not_reopen(replace(REOPEN, state=state, carried=True)))
    assert found == ("" if state in FROZEN_UNITS else "not-signed:")


def test_why_they_cannot_reopen_is_said_in_their_words():
    left = signing.why_not_reopen(replace(REOPEN, allocated=False))[0].sentence
    other = signing.why_not_reopen(replace(REOPEN, is_signer=False))[0].sentence
    assert left.startswith("You do not look after this learner today.")
    assert other.startswith("Only the assessor who signed this unit")
    assert "counts in: A; B." in signing.why_not_reopen(replace(REOPEN, counts_in=("A", "B")))[0].sentence


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"disputed": False}, "not-disputed:"),
        ({"allowed": False}, "not-yours:"),
        ({"own_unit": True}, "not-yours:"),
        ({"answer": "x" * 9 + " "}, "no-answer:answer"),
    ],
)
def test_who_answers_a_learner_who_did_not_agree(changed, expected):
    facts = AnswerFacts(disputed=True, allowed=True, own_unit=False, answer="x" * 10)
    assert said(signing.why_not_answer(replace(facts, **changed))) == expected


ABSENT = AbsentFacts(
    U.ASSESSOR_SIGNED, needs_countersign=False, learner_here=False, may=True, took_part=False, own_unit=False,
    reason="x" * 10, reauthenticated=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"learner_here": True}, "learner-here:"),
        ({"may": False}, "not-manager:"),
        ({"own_unit": True}, "not-manager:"),
        ({"took_part": True}, "took-part:"),
        ({"needs_countersign": True}, "not-open:"),
        ({"needs_countersign": True, "state": U.COUNTERSIGNED}, ""),
        ({"state": U.COUNTERSIGNED}, "not-open:"),
        ({"reason": " " + "x" * 9}, "no-reason:reason"),
        ({"reauthenticated": False}, "prove-again:reauthenticate"),
    ],
)
def test_who_confirms_for_a_learner_who_left(changed, expected):
    assert said(signing.why_not_confirm_absent(replace(ABSENT, **changed))) == expected


@pytest.mark.parametrize(
    ("met", "total", "words"),
    [(0, 1, "0 of 1 criterion met"), (1, 1, "1 of 1 criterion met"), (9, 16, "9 of 16 criteria met")],
)
def test_how_far_a_unit_is(met, total, words):
    assert signing.progress_words(met, total) == words
    assert signing.progress_words(met, total, exempt=True) == "A certificate stands for this unit."


# --- a unit that counts in another registration


CARRY = carrying.CarryFacts(
    state=U.SELECTED, source_state=U.ACHIEVED, same_text=True, qualified=True, own_unit=False, allocated=True,
    registration_active=True, reauthenticated=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"source_state": "", "same_text": False}, "no-source:"),
        ({"same_text": False, "source_state": U.IN_PROGRESS}, "other-words:"),
        ({"source_state": U.IN_PROGRESS}, "source-open:"),
        ({"own_unit": True}, "own-unit:"),
        ({"allocated": False, "qualified": False}, "not-allocated:"),
        ({"qualified": False}, "trainee:"),
        ({"registration_active": False}, "registration-ended:"),
        ({"declined": True}, "declined:"),
    ],
)
def test_a_unit_counts_in_another_registration(changed, expected):
    facts = replace(CARRY, **changed)
    assert said(carrying.why_not_carry(facts)) == said(carrying.why_not_decline(facts, "x" * 10)) == expected


@pytest.mark.parametrize("state", UnitState)
def test_from_which_state_and_into_which(state):
    assert said(carrying.why_not_carry(replace(CARRY, state=state))) == (
        "" if state in OPEN_UNITS else "already-signed:"
    )
    source = replace(CARRY, source_state=state)
    assert said(carrying.why_not_carry(source)) == ("" if state in DONE_UNITS else "source-open:")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"disputed": True}, "disputed:"),
        ({"reauthenticated": False}, "prove-again:reauthenticate"),
        ({"few": (SHORT,)}, "few-pieces:"),
    ],
)
def test_what_only_approving_asks(changed, expected):
    facts = replace(CARRY, **changed)
    assert said(carrying.why_not_carry(facts)) == expected
    assert carrying.why_not_decline(facts, "x" * 300) == []


@pytest.mark.parametrize("reason", ["", " " + "x" * 9, "x" * 301])
def test_to_decline_asks_for_a_reason(reason):
    assert said(carrying.why_not_decline(CARRY, reason)) == "no-reason:reason"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((1, "A", "x"), (1, "B", "y"), True),
        ((1, "A", "x"), (2, "A", "x"), True),
        ((1, "A", "x"), (2, "A", "y"), False),
        ((1, "A", "x"), (2, "B", "x"), False),
        ((1, "", "x"), (2, "", "x"), False),
    ],
)
def test_when_two_units_are_one_text(one, other, same):
    assert carrying.same_text(carrying.Text(*one), carrying.Text(*other)) is same
