"""Every reason against a verdict, one at a time: the facts are right but for one."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.enums import Vacsr
from assessments.rules.judging import (
    LONGEST_FEEDBACK,
    LONGEST_REASON,
    Asked,
    CountersignFacts,
    Facts,
    state_after,
    why_not_countersign,
    why_not_decide,
)
from portfolio.enums import EvidenceState, MappingState

TODAY = dt.date(2026, 11, 23)
ALL_FIVE = dict.fromkeys(Vacsr.values, True)


def asked(**changes):
    base = Asked(
        mapping="c1",
        code="6.2.3",
        verdict="met",
        reason="",
        kind="competence",
        unit_frozen=False,
        state=MappingState.OFFERED,
    )
    return dataclasses.replace(base, **changes)


def facts(**changes):
    base = Facts(
        own_evidence=False,
        allocated=True,
        registration_active=True,
        state=EvidenceState.IN_REVIEW,
        is_latest_version=True,
        opened=True,
        files_open=True,
        in_situ=False,
        today=TODAY,
        learner_setting="real_work",
        confirmed_setting="real_work",
        vacsr=ALL_FIVE,
        feedback="Good pace.",
        asked=(asked(),),
    )
    return dataclasses.replace(base, **changes)


def codes(given_facts):
    return [r.code for r in why_not_decide(given_facts)]


def test_six_criteria_met_in_one_save_need_one_word_to_the_learner():
    six = tuple(asked(mapping=f"c{n}", code=f"6.2.{n}") for n in range(6))
    assert why_not_decide(facts(asked=six)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"own_evidence": True}, ["own-evidence"]),
        ({"allocated": False}, ["not-allocated"]),
        ({"registration_active": False}, ["registration-ended"]),
        ({"state": EvidenceState.WITHDRAWN}, ["withdrawn"]),
        ({"state": EvidenceState.DRAFT}, ["not-with-you"]),
        ({"state": EvidenceState.SUBMITTED}, ["not-with-you"]),
        ({"state": EvidenceState.RETURNED}, ["not-with-you"]),
        ({"state": EvidenceState.ACCEPTED}, []),
        ({"is_latest_version": False}, ["old-version"]),
        ({"opened": False}, ["not-opened"]),
        ({"files_open": False}, ["files-closed"]),
        ({"asked": ()}, ["nothing-decided"]),
        ({"in_situ": True}, ["not-inspected"]),
        ({"in_situ": True, "inspected_on": TODAY + dt.timedelta(days=1)}, ["inspected-later"]),
        ({"in_situ": True, "inspected_on": TODAY}, []),
        ({"in_situ": True, "asked": (asked(verdict="not_relevant"),)}, []),
        ({"asked": (asked(unit_frozen=True),)}, ["unit-signed"]),
        ({"asked": (asked(state=MappingState.CLOSED),)}, ["mapping-closed"]),
        ({"asked": (asked(state=MappingState.PROPOSED),)}, ["mapping-closed"]),
        ({"asked": (asked(verdict="not_yet"),), "feedback": "Film the end."}, ["no-reason"]),
        ({"asked": (asked(verdict="not_yet", reason="No end"),), "feedback": ""}, ["no-feedback"]),
        ({"feedback": ""}, ["no-feedback"]),
        ({"feedback": " …\n"}, ["no-feedback"]),
        ({"feedback": "", "answered_before": True}, []),
        (
            {"feedback": "", "answered_before": True, "asked": (asked(verdict="not_yet", reason="No end"),)},
            ["no-feedback"],
        ),
        ({"asked": (asked(verdict="not_yet", reason="No end"),), "feedback": " \n"}, ["no-feedback"]),
        ({"asked": (asked(verdict="not_yet", reason="No end"),), "feedback": "Film the end."}, []),
        ({"asked": (asked(reason="x" * (LONGEST_REASON + 1)),)}, ["long-reason"]),
        ({"feedback": "x" * (LONGEST_FEEDBACK + 1)}, ["long-feedback"]),
        ({"next_by": TODAY - dt.timedelta(days=1)}, ["past-date"]),
        ({"next_by": TODAY}, []),
        ({"confirmed_setting": ""}, ["setting"]),
        ({"vacsr": {}}, ["vacsr"]),
        ({"vacsr": {**ALL_FIVE, "extra": True}}, ["vacsr"]),
        ({"vacsr": {**ALL_FIVE, "current": False}}, ["vacsr-off", "vacsr-note"]),
        ({"vacsr": {**ALL_FIVE, "current": False}, "vacsr_note": "x"}, ["vacsr-off", "vacsr-note"]),
        ({"vacsr": {**ALL_FIVE, "current": False}, "vacsr_note": "Same till since 2023."}, ["vacsr-off"]),
        ({"vacsr": dict.fromkeys(Vacsr.values, False), "vacsr_note": "x"}, [*["vacsr-off"] * 5, "vacsr-note"]),
        ({"vacsr": {"valid": False}, "asked": (asked(verdict="not_yet", reason="No end"),)}, ["vacsr-note"]),
        ({"vacsr": {}, "asked": (asked(verdict="not_yet", reason="No end"),)}, []),
        ({"sending_back": True, "asked": (), "feedback": ""}, ["no-feedback"]),
        ({"unseen": ("film.mp4", "two.jpg")}, ["not-opened", "not-opened"]),
        ({"unseen": ("film.mp4",), "asked": (asked(verdict="not_yet", reason="No end"),)}, []),
        ({"sending_back": True, "asked": (), "feedback": "Hide the name."}, []),
    ],
)
def test_each_reason_alone(changes, expected):
    assert codes(facts(**changes)) == expected


@pytest.mark.parametrize("learner", ["real_work", "realistic", "simulation", "classroom"])
@pytest.mark.parametrize("confirmed", ["real_work", "realistic", "simulation", "classroom"])
@pytest.mark.parametrize("kind", ["competence", "knowledge"])
def test_r61_simulation_never_meets_competence_whoever_says_so(learner, confirmed, kind):
    given_facts = facts(learner_setting=learner, confirmed_setting=confirmed, asked=(asked(kind=kind),))
    unreal = {learner, confirmed} != {"real_work"}
    assert codes(given_facts) == (["not-real-work"] if unreal and kind == "competence" else [])


@pytest.mark.parametrize("learner", ["real_work", "realistic", "simulation", "classroom"])
@pytest.mark.parametrize("confirmed", ["real_work", "realistic", "simulation", "classroom"])
def test_r61_a_realistic_environment_counts_where_the_qualification_says_so(learner, confirmed):
    one = asked(allowed=frozenset({"real_work", "realistic"}))
    unreal = {learner, confirmed} & {"simulation", "classroom"}
    found = codes(facts(learner_setting=learner, confirmed_setting=confirmed, asked=(one,)))
    assert found == (["not-real-work"] if unreal else [])


def test_r61_simulation_can_be_judged_not_yet():
    one = asked(verdict="not_yet", reason="Do it at the till.")
    assert codes(facts(learner_setting="simulation", asked=(one,), feedback="Do it at work.")) == []


def test_who_may_not_judge_hears_only_that():
    assert codes(facts(own_evidence=True, opened=False, asked=())) == ["own-evidence"]


def test_refusals_name_the_field_they_belong_to():
    found = why_not_decide(facts(asked=(asked(verdict="not_yet", mapping="abc", code="8.2.2"),), feedback=""))
    assert {r.field for r in found} == {"reason-abc", "feedback"}
    assert found[0].params == {"code": "8.2.2"}
    assert "8.2.2" in found[0].sentence


@pytest.mark.parametrize(
    ("mappings", "expected"),
    [
        (["met", "met"], EvidenceState.ACCEPTED),
        (["met", "not_yet"], EvidenceState.ACCEPTED),
        (["met_provisional"], EvidenceState.ACCEPTED),
        (["met", "offered"], EvidenceState.IN_REVIEW),
        (["not_yet", "not_relevant"], EvidenceState.RETURNED),
        (["closed", "not_yet"], EvidenceState.RETURNED),
        (["closed"], EvidenceState.IN_REVIEW),
        ([], EvidenceState.IN_REVIEW),
    ],
)
def test_where_the_evidence_goes(mappings, expected):
    assert state_after(mappings, sending_back=False) == expected


@given(st.lists(st.sampled_from(MappingState.values)))
def test_sending_back_always_returns_and_acceptance_always_has_a_met(mappings):
    assert state_after(mappings, sending_back=True) == EvidenceState.RETURNED
    if state_after(mappings, sending_back=False) == EvidenceState.ACCEPTED:
        assert {"met", "met_provisional"} & set(mappings)
        assert "offered" not in mappings


GOOD = CountersignFacts(
    own_decision=False,
    own_evidence=False,
    is_countersigner=True,
    is_trainee=False,
    opened=True,
    still_open=True,
    agrees=True,
    reason="",
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"own_decision": True}, ["own-decision"]),
        ({"own_evidence": True}, ["own-evidence"]),
        ({"is_countersigner": False}, ["not-countersigner"]),
        ({"is_trainee": True}, ["not-countersigner"]),
        ({"still_open": False}, ["not-open"]),
        ({"opened": False}, ["not-opened"]),
        ({"unseen": ("film.mp4",)}, ["not-opened"]),
        ({"unseen": ("film.mp4",), "agrees": False, "reason": "The end is missing."}, []),
        ({"agrees": False}, ["no-reason"]),
        ({"agrees": False, "reason": "  "}, ["no-reason"]),
        ({"agrees": False, "reason": "The end is missing."}, []),
    ],
)
def test_countersigning(changes, expected):
    assert [r.code for r in why_not_countersign(dataclasses.replace(GOOD, **changes))] == expected
