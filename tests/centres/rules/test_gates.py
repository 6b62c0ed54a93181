"""What has to be on record first: approval, identity, induction, the centre's policy (R1, R37, R41): both sides of each edge."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.enums import IdDocument, IdMethod
from centres.rules import gates
from centres.rules.gates import ApprovalFacts, ApprovalSaid, IdentitySeen, Policy
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
APPROVED = ApprovalFacts(asked=True, title="A diploma", status="approved", approved_on=TODAY - 9 * DAY)


@pytest.mark.parametrize(
    ("changed", "state", "expected"),
    [
        ({}, "active", ""),
        ({"status": ""}, "missing", "not-approved:qualification"),
        ({"approved_on": None}, "missing", "not-approved:qualification"),
        ({"approved_on": TODAY}, "active", ""),
        ({"approved_on": TODAY + DAY}, "later", "not-approved:qualification"),
        ({"status": "suspended"}, "suspended", "approval-ended:qualification"),
        ({"status": "withdrawn", "approved_on": TODAY + DAY}, "withdrawn", "approval-ended:qualification"),
        ({"lapses_on": TODAY - DAY}, "lapsed", "approval-lapsed:qualification"),
        ({"lapses_on": TODAY}, "ending", ""),
        ({"lapses_on": TODAY + 92 * DAY}, "ending", ""),
        ({"lapses_on": TODAY + 93 * DAY}, "active", ""),
    ],
)
def test_where_an_approval_stands(changed, state, expected):
    facts = replace(APPROVED, **changed)
    assert facts.state(TODAY) == state
    found = gates.why_not_approved(facts, TODAY, TODAY)
    assert said(found) == expected
    assert all("A diploma" in one.sentence for one in found)
    assert gates.why_not_approved(replace(facts, asked=False), TODAY, TODAY) == []


@pytest.mark.parametrize(
    ("starts_on", "lapses_on", "expected"),
    [
        (TODAY - 9 * DAY, None, ""),
        (TODAY - 10 * DAY, None, "approval-later:starts_on"),
        (TODAY + 3 * DAY, TODAY + 3 * DAY, ""),
        (TODAY + 4 * DAY, TODAY + 3 * DAY, "approval-ends-first:starts_on"),
    ],
)
def test_the_first_day_lies_within_the_approval(starts_on, lapses_on, expected):
    found = gates.why_not_approved(replace(APPROVED, lapses_on=lapses_on), starts_on, TODAY)
    assert said(found) == expected
    assert all("A diploma" in one.sentence for one in found)


LETTER = ApprovalSaid("C-12", "approved", TODAY, None, "We approve your centre.")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"number": ""}, "number-missing:number"),
        ({"number": "1" * 40}, ""),
        ({"number": "1" * 41}, "too-long:number"),
        ({"status": "lost"}, "status-unknown:status"),
        ({"approved_on": TODAY + DAY}, "approved-ahead:approved_on"),
        ({"lapses_on": TODAY}, ""),
        ({"lapses_on": TODAY - DAY}, "lapses-first:lapses_on"),
        ({"letter": ""}, "letter-missing:letter"),
        ({"letter": "x" * 4000}, ""),
        ({"letter": "x" * 4001}, "too-long:letter"),
    ],
)
def test_what_is_recorded_of_a_letter(changed, expected):
    assert said(gates.why_not_record_approval(replace(LETTER, **changed), TODAY)) == expected


SEEN = IdentitySeen(IdDocument.PASSPORT, IdMethod.FACE_TO_FACE, TODAY, matches=True)
BORN = dt.date(2000, 1, 1)


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"document": "bus pass"}, "document-unknown:document"),
        ({"method": "hearsay"}, "method-unknown:method"),
        ({"seen_on": TODAY + DAY}, "seen-ahead:seen_on"),
        ({"seen_on": BORN}, ""),
        ({"seen_on": BORN - DAY}, "seen-before-birth:seen_on"),
        ({"document": IdDocument.OTHER}, "note-missing:note"),
        ({"document": IdDocument.OTHER, "note": "Work pass"}, ""),
        ({"document": IdDocument.OTHER, "matches": False}, "note-missing:note"),
        ({"matches": False}, "note-missing:note"),
        ({"matches": False, "note": "Another photo"}, ""),
        ({"note": "x" * 500}, ""),
        ({"note": "x" * 501}, "too-long:note"),
    ],
)
def test_what_is_recorded_of_a_document(changed, expected):
    seen = replace(SEEN, **changed)
    assert said(gates.why_not_identify(seen, own=False, today=TODAY, born=BORN)) == expected
    assert said(gates.why_not_identify(seen, own=True, today=TODAY, born=BORN)) == "own-identity:"


def test_what_is_missing_is_asked_for_by_what_was_seen():
    for changed, words in (({"document": IdDocument.OTHER}, "which document"), ({}, "does not match")):
        (found,) = gates.why_not_identify(replace(SEEN, matches=False, **changed), own=False, today=TODAY)
        assert words in found.sentence


def test_each_part_of_the_induction_is_ticked():
    assert said(gates.why_not_acknowledge(["rest"])) == "not-acknowledged:appeals not-acknowledged:malpractice"
    assert said(gates.why_not_acknowledge(gates.PARTS)) == ""


@pytest.mark.parametrize(
    ("wanted", "reason", "expected"),
    [
        (Policy(currency_days=30), "x" * 10, ""),
        (Policy(currency_days=3650), "x" * 500, ""),
        (Policy(currency_days=29), "x" * 9, "currency-range:currency_days reason-missing:reason"),
        (Policy(currency_days=3651), "x" * 501, "currency-range:currency_days too-long:reason"),
        (Policy(), "x" * 10, "policy-same:"),
        (Policy(asks_approval=False), "x" * 10, ""),
    ],
)
def test_a_policy_changes_with_a_reason(wanted, reason, expected):
    assert said(gates.why_not_change_policy(Policy(), wanted, reason)) == expected
