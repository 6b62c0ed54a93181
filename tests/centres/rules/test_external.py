"""Two people let an external quality assurer in, for a visit: every refusal with its field (R99, R100)."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.rules.external import AnswerFacts, ExternalFacts, why_not_decide_external, why_not_propose_external
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
VISIT = ExternalFacts(
    starts_on=TODAY, ends_on=TODAY, today=TODAY, own=False, entry_codes=frozenset({"A"}),
    known_codes=frozenset({"A", "B"}), proof="x" * 10,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own": True}, "own-role:"),
        ({"waiting": True}, "external-waiting:email"),
        ({"starts_on": TODAY - DAY}, "starts-in-past:starts_on"),
        ({"ends_on": None}, "external-undated:ends_on"),
        ({"ends_on": TODAY + 92 * DAY}, ""),
        ({"ends_on": TODAY + 93 * DAY}, "external-too-long:ends_on"),
        ({"entry_codes": frozenset()}, "assurance-missing:entry_codes"),
        ({"entry_codes": frozenset({"A", "C"})}, "assurance-unknown:entry_codes"),
        ({"proof": "x" * 9}, "proof-missing:proof"),
        ({"proof": "x" * 500}, ""),
        ({"proof": "x" * 501}, "proof-missing:proof"),
        ({"here": True}, "external-apart:email"),
        ({"elsewhere": True}, "external-elsewhere:email"),
    ],
)
def test_who_can_be_proposed(changed, expected):
    assert said(why_not_propose_external(replace(VISIT, **changed))) == expected


def test_how_long_a_visit_is():
    (found,) = why_not_propose_external(replace(VISIT, ends_on=TODAY + 93 * DAY))
    assert "at most 92 days" in found.sentence


ANSWER = AnswerFacts(asked_by_self=False, about_self=False, decided=False, agrees=True, note="")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"decided": True, "asked_by_self": True}, "external-decided:"),
        ({"asked_by_self": True, "about_self": True}, "own-proposal:"),
        ({"about_self": True, "over": True}, "own-role:"),
        ({"agrees": False}, "note-missing:note"),
        ({"agrees": False, "note": "x" * 9}, "note-missing:note"),
        ({"agrees": False, "note": "x" * 10, "over": True, "here": True}, ""),
        ({"agrees": False, "note": "x" * 500}, ""),
        ({"agrees": False, "note": "x" * 501}, "note-missing:note"),
        ({"over": True, "here": True}, "external-over:"),
        ({"here": True}, "external-apart:"),
        ({"elsewhere": True}, "external-elsewhere:"),
        ({"here": True, "elsewhere": True}, "external-apart: external-elsewhere:"),
    ],
)
def test_what_a_second_person_can_answer(changed, expected):
    assert said(why_not_decide_external(replace(ANSWER, **changed))) == expected
