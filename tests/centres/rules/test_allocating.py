"""Who may look after which learner, when nobody would, and who countersigns for whom: every refusal with its field."""

import datetime as dt
from dataclasses import replace

import pytest

from centres.rules import allocating as rules
from centres.rules.people import FARTHEST
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
ANNE = rules.AssessorFacts(person_id=7, name="Anne Archer", assesses=True)
FACTS = rules.AllocateFacts(
    learner_person_id=3, learner_name="Ella", assessor=ANNE, starts_on=TODAY, ends_on=None, today=TODAY, reason=""
)


def assessor(**changed):
    return {"assessor": replace(ANNE, **changed)}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own": True}, "own-registration:"),
        ({"assessor": None}, "assessor-missing:assessor"),
        ({"assessor": None, "registered_by": frozenset({7}), "assures": frozenset({"A"})}, "assessor-missing:assessor"),
        (assessor(person_id=3), "own-assessor:assessor"),
        (assessor(assesses=False), "not-an-assessor:assessor"),
        (assessor(assesses=False) | {"assures": frozenset({"A"})}, "not-an-assessor:assessor"),
        ({"current": frozenset({7}), "reason": "x"}, "same-assessor:assessor"),
        ({"current": frozenset({8}), "reason": "x"}, ""),
        (assessor(trainee=True), "trainee-alone:assessor"),
        (assessor(trainee=True, countersigned=True), ""),
        ({"registration_open": False}, "registration-over:registration"),
        ({"starts_on": TODAY - DAY}, "starts-in-past:starts_on"),
        ({"current": frozenset({8})}, "reason-missing:reason"),
        ({"current": frozenset({8}), "alongside": True}, ""),
        ({"reason": "x" * 300}, ""),
        ({"reason": "x" * 301}, "too-long:reason"),
        ({"assures": frozenset({"A diploma"})}, "assurer-apart:assessor"),
    ],
)
def test_who_looks_after_a_learner(changed, expected):
    assert said(rules.why_not_allocate(replace(FACTS, **changed))) == expected


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "registrar-apart:assessor"),
        ({"acting": 7}, "registrar-apart:assessor"),
        ({"acting": 9}, "registrar-exception:exception"),
        ({"acting": 9, "exception": "x" * 9}, "registrar-exception:exception"),
        ({"acting": 9, "exception": "x" * 10}, ""),
        ({"acting": 9, "exception": "x" * 300}, ""),
        ({"acting": 9, "exception": "x" * 301}, "registrar-exception:exception"),
        ({"acting": 7, "exception": "x" * 10}, "registrar-apart:assessor"),
        ({"acting": 9, "assures": frozenset({"A"})}, "registrar-exception:exception"),
        ({"registered_by": frozenset({8})}, ""),
    ],
)
def test_who_registered_a_learner_looks_after_them_only_where_another_says_why(changed, expected):
    facts = replace(FACTS, registered_by=frozenset({7}))
    assert said(rules.why_not_allocate(replace(facts, **changed))) == expected


def test_the_names_stand_in_the_sentences():
    sentences = {
        "not-an-assessor": assessor(assesses=False),
        "same-assessor": {"current": frozenset({7}), "reason": "x"},
        "trainee-alone": assessor(trainee=True),
        "registrar-apart": {"registered_by": frozenset({7})},
        "registrar-exception": {"registered_by": frozenset({7}), "acting": 9},
        "assurer-apart": {"assures": frozenset({"B diploma", "A diploma"})},
        "registration-over": {"registration_open": False},
    }
    for code, changed in sentences.items():
        (found,) = rules.why_not_allocate(replace(FACTS, **changed))
        assert found.code == code
        assert ("Ella" if code == "registration-over" else "Anne Archer") in found.sentence
        assert ("A diploma" in found.sentence) is (code == "assurer-apart")


def day(n):
    return TODAY + n * DAY


@pytest.mark.parametrize(
    ("spans", "gap"),
    [
        ([], (0, None)),
        ([(0, None)], None),
        ([(1, None)], (0, 0)),
        ([(-3, -1)], (0, None)),
        ([(-3, 0)], (1, None)),
        ([(-3, 4), (5, None)], None),
        ([(-3, 4), (6, None)], (5, 5)),
        ([(6, None), (-3, 4)], (5, 5)),
        ([(-3, 9), (-2, 2), (10, None)], None),
        ([(-3, 9), (-2, 2)], (10, None)),
    ],
)
def test_the_first_days_on_which_nobody_looks_after_a_learner(spans, gap):
    given = [(day(first), None if last is None else day(last)) for first, last in spans]
    expected = None if gap is None else rules.Gap(day(gap[0]), None if gap[1] is None else day(gap[1]))
    assert rules.first_gap(given, TODAY) == expected


LINK = rules.CountersignerFacts(
    trainee_id=1, countersigner_id=2, trainee_name="Tom", countersigner_name="Anne", trainee_in_training=True,
    countersigner_qualified=True, starts_on=TODAY, today=TODAY,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"countersigner_id": 1}, "own-countersigner:countersigner"),
        ({"trainee_in_training": False}, "not-a-trainee:countersigner"),
        ({"reverse": True}, "each-other:countersigner"),
        ({"countersigner_qualified": False}, "not-qualified:countersigner"),
        ({"already": True}, "already-countersigns:countersigner"),
        ({"countersigner_id": 1, "trainee_in_training": False}, "own-countersigner:countersigner"),
        ({"reverse": True, "countersigner_qualified": False}, "each-other:countersigner"),
    ],
)
def test_who_countersigns_for_whom(changed, expected):
    facts = replace(LINK, **changed)
    assert said(rules.why_not_countersign_for(facts)) == expected
    back_dated = replace(facts, starts_on=TODAY - DAY)
    assert said(rules.why_not_countersign_for(back_dated)) == f"{expected} starts-in-past:starts_on".strip()


@pytest.mark.parametrize("changed", [{"trainee_in_training": False}, {"reverse": True}, {"already": True}])
def test_the_trainee_is_named(changed):
    (found,) = rules.why_not_countersign_for(replace(LINK, **changed))
    assert "Tom" in found.sentence
    assert ("Anne" in found.sentence) is ("trainee_in_training" not in changed)


@pytest.mark.parametrize(
    ("starts", "ends", "on", "expected"),
    [
        (-5, None, 0, ""),
        (-5, None, -1, ""),
        (-5, None, -2, "ends-in-past:on"),
        (5, None, 4, ""),
        (5, None, 3, "ends-in-past:on"),
        (-5, 0, 0, ""),
        (-5, -1, -1, "already-over:on"),
        (-5, 3, 3, ""),
        (-5, 3, 4, "ends-later:on"),
    ],
)
def test_the_last_day_of_a_link(starts, ends, on, expected):
    last = None if ends is None else day(ends)
    assert said(rules.why_not_end_link(day(starts), last, day(on), TODAY)) == expected


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        (TODAY + FARTHEST, None, ""),
        (TODAY + FARTHEST + DAY, None, "starts-too-late:starts_on"),
        (TODAY, TODAY, ""),
        (TODAY, TODAY - DAY, "ends-before-start:ends_on"),
    ],
)
def test_the_days_of_an_allocation(starts_on, ends_on, expected):
    assert said(rules.why_not_allocate(replace(FACTS, starts_on=starts_on, ends_on=ends_on))) == expected
