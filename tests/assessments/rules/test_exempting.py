"""A certificate instead of a unit, what stands on it, and when a decision counts: each edge on both sides (R6, R19, R79)."""

import datetime as dt
from dataclasses import replace

import pytest

from assessments.enums import ExemptionState, StandsBy, Verdict
from assessments.rules import certificates, exempting, provisional
from assessments.rules.certificates import Certificate, Reuse, Standing, UnitFacts
from assessments.rules.exempting import DecideFacts, RecordFacts, RevokeFacts
from assessments.rules.provisional import Before
from centres.enums import OPEN_UNITS, UnitState
from centres.enums import Standing as Worth
from common.refusals import Refusal
from portfolio.enums import MappingState
from qualifications.rules.sameness import Equivalent
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
SHOWN = Certificate("City & Guilds", "A/506/2130", "Deal with customers", TODAY, "EX-1", "seen")
UNIT = UnitFacts("A/506/2130", (Equivalent("A/506/2130", ""), Equivalent("L/502/1234", "the order of 2011")),
                 born_on=dt.date(2000, 1, 1), ends_on=None, today=TODAY)  # fmt: skip
FEW = Refusal("few-assessed", "Too little would be assessed.")


@pytest.mark.parametrize(
    ("shown", "unit", "expected"),
    [
        ({}, {}, ""),
        ({}, {"accepted": ()}, "reference-unknown:"),
        ({"unit_reference": "A/506/2131"}, {}, "reference-letter:unit_reference"),
        ({"unit_reference": "unit 6"}, {}, "reference-form:unit_reference"),
        ({"unit_reference": "D/601/0001"}, {}, "other-unit:unit_reference"),
        ({"awarded_on": TODAY + DAY}, {}, "awarded-to-come:awarded_on"),
        ({"awarded_on": TODAY + DAY}, {"ends_on": TODAY}, "awarded-to-come:awarded_on"),
        ({}, {"ends_on": TODAY}, ""),
        ({}, {"ends_on": TODAY - DAY}, "awarded-too-late:awarded_on"),
        ({"awarded_on": dt.date(2006, 1, 1)}, {}, ""),
        ({"awarded_on": dt.date(2005, 12, 31)}, {}, "awarded-too-early:awarded_on"),
        ({"awarded_on": dt.date(2010, 1, 1)}, {"born_on": dt.date(2010, 1, 1)}, "awarded-before-birth:awarded_on"),
        ({"awarded_on": dt.date(2010, 1, 2)}, {"born_on": dt.date(2010, 1, 1)}, ""),
        ({"awarded_on": dt.date(1999, 1, 1)}, {}, "awarded-before-birth:awarded_on"),
        ({"certificate_number": " -/ "}, {}, "no-number:certificate_number"),
        ({"certificate_number": "ЕХ-1"}, {}, "number-signs:certificate_number"),
    ],
)
def test_what_stands_on_a_certificate(shown, unit, expected):
    assert said(certificates.why_not_fit(replace(SHOWN, **shown), replace(UNIT, **unit))) == expected


def test_how_a_reference_stands_for_a_unit():
    assert certificates.standing_of("a/506/2130", UNIT) == Standing(StandsBy.OWN)
    assert certificates.standing_of("L/502/1234", UNIT) == Standing(StandsBy.EQUIVALENT, "the order of 2011")
    assert certificates.standing_of("M/502/8593", UNIT) == Standing(StandsBy.NOT_COMPARED, "")
    nameless = replace(UNIT, own="", accepted=())
    assert certificates.standing_of("", nameless) == Standing()
    assert certificates.references_in_words(UNIT.accepted) == "A/506/2130 or L/502/1234"


@pytest.mark.parametrize(
    ("number", "key"),
    [("EX-2024/07 12", "EX20240712"), ("ｅｘ１", "EX1"), ("é1", "E1"), ("x" * 61, "X" * 60), ("--", "")],
)
def test_by_what_numbers_are_compared(number, key):
    assert certificates.number_key(number) == key


@pytest.mark.parametrize(
    ("reuse", "expected"),
    [
        (Reuse(), ""),
        (Reuse(0, "x"), ""),
        (Reuse(1, " " + "x" * 9), "number-used:reused"),
        (Reuse(1, "x" * 10), ""),
        (Reuse(1, "x" * 300), ""),
        (Reuse(1, "x" * 301), "long-reason:reused"),
    ],
)
def test_a_number_used_before(reuse, expected):
    assert said(certificates.why_not_again(reuse)) == expected


def test_how_often_it_was_used_is_said():
    assert "already. Look where" in certificates.why_not_again(Reuse(1))[0].sentence
    assert "2 times already" in certificates.why_not_again(Reuse(2))[0].sentence


# --- recording, deciding, withdrawing


RECORD = RecordFacts(UnitState.SELECTED, True, own=False, waiting=False, certificate=SHOWN, unit=UNIT)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own": True}, "own-unit:"),
        ({"registration_active": False}, "registration-over:"),
        ({"waiting": True, "unit_state": UnitState.EXEMPT}, "recorded:"),
        ({"unit_state": UnitState.EXEMPT}, "unit-done:"),
        ({"certificate": replace(SHOWN, unit_reference="x")}, "reference-form:unit_reference"),
        ({"reuse": Reuse(1)}, "number-used:reused"),
        ({"few": (FEW,)}, "few-assessed:"),
    ],
)
def test_a_certificate_is_recorded(changed, expected):
    assert said(exempting.why_not_record(replace(RECORD, **changed))) == expected


DECIDE = DecideFacts(
    ExemptionState.WAITING, UnitState.SELECTED, registration_active=True, recorded_it=False, is_learner=False,
    may_decide=True, involved=False, approves=True, reason="", reauthenticated=True, certificate=SHOWN, unit=UNIT,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"is_learner": True}, "own-unit:"),
        ({"recorded_it": True}, "same-person:"),
        ({"involved": True}, "assesses-them:"),
        ({"may_decide": False}, "not-yours:"),
        ({"state": ExemptionState.REFUSED, "reauthenticated": False}, "decided:"),
        ({"state": ExemptionState.APPROVED, "may_decide": False}, "not-yours: decided:"),
        ({"registration_active": False}, "unit-done:"),
        ({"disputed": True}, "disputed:"),
        ({"disputed": True, "approves": False, "reason": "x" * 10}, ""),
        ({"reauthenticated": False}, "prove-again:reauthenticate"),
        ({"few": (FEW,)}, "few-assessed:"),
        ({"reuse": Reuse(1)}, "number-used:reused"),
        ({"certificate": replace(SHOWN, unit_reference="x")}, "reference-form:unit_reference"),
        ({"approves": False}, "no-reason:reason"),
        ({"approves": False, "reason": " " + "x" * 9}, "no-reason:reason"),
        ({"approves": False, "reason": "x" * 10, "few": (FEW,), "reauthenticated": False}, ""),
        ({"approves": False, "reason": "x" * 300}, ""),
        ({"approves": False, "reason": "x" * 301}, "long-reason:reason"),
    ],
)
def test_a_second_person_decides(changed, expected):
    assert said(exempting.why_not_settle(replace(DECIDE, **changed))) == expected


@pytest.mark.parametrize("state", UnitState)
def test_only_an_open_unit_becomes_exempt(state):
    expected = "" if state in OPEN_UNITS else "unit-done:"
    assert said(exempting.why_not_settle(replace(DECIDE, unit_state=state))) == expected
    assert said(exempting.why_not_record(replace(RECORD, unit_state=state))) == expected


REVOKE = RevokeFacts(
    ExemptionState.APPROVED, moved=False, recorded_it=False, is_learner=False, may_decide=True, involved=False,
    reason="x" * 10, reauthenticated=True,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"recorded_it": True}, "same-person:"),
        ({"state": ExemptionState.WAITING}, "not-approved:"),
        ({"moved": True, "active": False}, "registration-moved:"),
        ({"active": False}, "registration-over:"),
        ({"counts_in": ("A", "B")}, "counts-elsewhere:"),
        ({"reauthenticated": False}, "prove-again:reauthenticate"),
        ({"reason": ""}, "no-reason:reason"),
        ({"reason": "x" * 301}, "long-reason:reason"),
    ],
)
def test_an_exemption_is_withdrawn(changed, expected):
    found = exempting.why_not_revoke(replace(REVOKE, **changed))
    assert said(found) == expected
    assert all("counts in: A; B." in one.sentence for one in found if one.code == "counts-elsewhere")


# --- does a decision count at once?


S, V, M = Worth, Verdict, MappingState


@pytest.mark.parametrize(
    ("standing", "verdict", "before", "waits"),
    [
        (S.QUALIFIED, V.MET, Before(M.OFFERED), False),
        (S.QUALIFIED, V.MET, Before(M.OFFERED, own_waits=True), True),
        (S.QUALIFIED, V.NOT_YET, Before(M.OFFERED, own_waits=True), False),
        (S.TRAINEE, V.MET, Before(M.OFFERED), True),
        (S.TRAINEE, V.NOT_YET, Before(M.OFFERED), False),
        (S.TRAINEE, V.NOT_YET, Before(M.MET, V.MET, counts=True), True),
        (S.TRAINEE, V.NOT_YET, Before(M.MET, V.MET), False),
        (S.TRAINEE, V.NOT_YET, Before(M.OFFERED, V.MET, counts=True), False),
        (S.TRAINEE, V.NOT_YET, Before(M.NOT_YET, V.NOT_YET, counts=True), False),
        (S.TRAINEE, V.NOT_RELEVANT, Before(M.NOT_YET, V.NOT_YET, counts=True), True),
    ],
)
def test_whose_decision_waits(standing, verdict, before, waits):
    assert provisional.is_provisional(standing=standing, verdict=verdict, before=before) is waits


@pytest.mark.parametrize(
    ("verdict", "waits", "before", "after"),
    [
        (V.MET, False, M.OFFERED, M.MET),
        (V.NOT_YET, False, M.MET, M.NOT_YET),
        (V.MET, True, M.OFFERED, M.MET_PROVISIONAL),
        (V.MET, True, M.NOT_YET, M.MET_PROVISIONAL),
        (V.MET, True, M.MET, M.MET),
        (V.NOT_YET, True, M.MET, M.MET),
    ],
)
def test_where_the_mapping_goes(verdict, waits, before, after):
    found = provisional.state_after_decision(verdict=verdict, provisional=waits, before=Before(before))
    assert found == after


@pytest.mark.parametrize("state", MappingState)
def test_where_it_goes_when_nobody_countersigns(state):
    assert provisional.state_after_refusal(state) == (M.OFFERED if state == M.MET_PROVISIONAL else state)


def test_an_answer_stands_until_it_is_offered_again():
    assert Before(M.MET, V.MET).answer == V.MET
    assert Before(M.OFFERED, V.MET).answer == Before(M.MET).answer == ""
