"""Why verdicts cannot be given, or countersigned: every refusal with its field and what its sentence is made of."""

import datetime as dt
from dataclasses import replace

import pytest

from assessments.enums import SettingDoubt, Vacsr
from assessments.rules import confirming
from assessments.rules.asked import Asked, Facts
from assessments.rules.judging import CountersignFacts, state_after, why_not_countersign, why_not_decide
from portfolio.enums import EvidenceState, MappingState
from tests.saying import said

DAY = dt.timedelta(days=1)
TODAY = dt.date(2026, 11, 30)
FIVE = dict.fromkeys(Vacsr.values, True)
ONE = Asked("c1", "6.2.3", "met", "", "competence", unit_frozen=False, state=MappingState.OFFERED)
NOT_YET = replace(ONE, verdict="not_yet", reason="One more call.")
FACTS = Facts(
    own_evidence=False, allocated=True, registration_active=True, state=EvidenceState.IN_REVIEW, is_latest_version=True,
    opened=True, files_open=True, in_situ=False, today=TODAY, learner_setting="real_work", confirmed_setting="real_work",
    vacsr=FIVE, feedback="Good pace.", asked=(ONE,),
)  # fmt: skip


def asked(**changed):
    return {"asked": (replace(ONE, **changed),)}


def later(**changed):
    """Return facts of a piece on which nothing is met."""
    return {"asked": (NOT_YET,), "vacsr": {}, "confirmed_setting": "", **changed}


@pytest.mark.parametrize(
    ("changed", "expected", "params"),
    [
        ({}, "", {}),
        ({"own_evidence": True, "opened": False}, "own-evidence:", {}),
        ({"allocated": False}, "not-allocated:", {}),
        ({"registration_active": False, "files_open": False}, "registration-ended:", {}),
        ({"state": EvidenceState.WITHDRAWN, "is_latest_version": False}, "withdrawn:", {}),
        ({"state": EvidenceState.RETURNED, "is_latest_version": False}, "old-version:", {}),
        ({"state": EvidenceState.RETURNED}, "not-with-you:", {}),
        ({"sending_back": True, "rests_on": ("Unit A",)}, "unit-frozen:", {"unit": "Unit A"}),
        ({"rests_on": ("Unit A",)}, "", {}),
        ({"sending_back": True, "overturns": True}, "overturns:", {}),
        ({"overturns": True}, "", {}),
        ({"opened": False, "unseen": ("till.jpg",)}, "not-opened:", {}),
        ({"unseen": ("till.jpg",)}, "not-opened:", {"name": "till.jpg"}),
        (later(unseen=("till.jpg",)), "", {}),
        ({"files_open": False}, "files-closed:", {}),
        ({"in_situ": True}, "not-inspected:inspected_on", {}),
        (later(in_situ=True), "", {}),
        ({"in_situ": True, "inspected_on": TODAY}, "", {}),
        ({"in_situ": True, "inspected_on": TODAY + DAY}, "inspected-later:inspected_on", {}),
        ({"observed_on": TODAY}, "", {}),
        ({"observed_on": TODAY + DAY}, "observed-later:observed_on", {}),
        (later(observed_on=TODAY), "observed-nothing:observed_on", {}),
        (asked(unit_frozen=True), "unit-signed:c1", {"code": "6.2.3"}),
        (asked(state=MappingState.PROPOSED), "mapping-closed:c1", {"code": "6.2.3"}),
        (asked(state=MappingState.CLOSED), "mapping-closed:c1", {"code": "6.2.3"}),
        (later(asked=(replace(NOT_YET, reason=" "),)), "no-reason:reason-c1", {"code": "6.2.3"}),
        (asked(reason="x" * 500), "", {}),
        (asked(reason="x" * 501), "long-reason:reason-c1", {"code": "6.2.3"}),
        ({"asked": (), "vacsr": {}}, "nothing-decided:", {}),
        ({"asked": (), "vacsr": {}, "sending_back": True}, "", {}),
        (later(feedback="..."), "no-feedback:feedback", {}),
        (later(feedback="", answered_before=True), "no-feedback:feedback", {}),
        ({"feedback": "-"}, "no-feedback:feedback", {}),
        ({"feedback": "-", "answered_before": True}, "", {}),
        ({"asked": (), "feedback": "", "sending_back": True}, "no-feedback:feedback", {}),
        ({"feedback": "x" * 8000}, "", {}),
        ({"feedback": "x" * 8001}, "long-feedback:feedback", {}),
        ({"next_by": TODAY}, "", {}),
        ({"next_by": TODAY - DAY}, "past-date:next_by", {}),
    ],
)
def test_why_a_verdict_cannot_be_given(changed, expected, params):
    found = why_not_decide(replace(FACTS, **changed))
    assert said(found) == expected
    assert not found or found[0].params == params


def test_the_feedback_that_is_asked_for_depends_on_the_verdict():
    met = why_not_decide(replace(FACTS, feedback=""))[0].sentence
    not_yet = why_not_decide(replace(FACTS, **later(feedback="")))[0].sentence
    assert met == "Write to the learner. Every piece gets a word, also when all of it is met."
    assert not_yet == "Write to the learner what to do next."


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"confirmed_setting": "simulation"}, "not-real-work:c1"),
        ({"learner_setting": "simulation", "setting_basis": "I was there that day."}, "not-real-work:c1"),
        ({"learner_setting": "simulation", **asked(kind="knowledge")}, ""),
        ({"learner_setting": "simulation", **asked(kind="behaviour")}, "not-real-work:c1"),
        ({"learner_setting": "realistic", **asked(allowed=frozenset({"real_work", "realistic"}))}, ""),
        (
            {"learner_setting": "simulation", "observed_on": TODAY},
            "observed-not-real:observed_on not-real-work:c1",
        ),
        (later(learner_setting="simulation", observed_on=TODAY), "observed-nothing:observed_on"),
    ],
)
def test_competence_is_shown_at_work(changed, expected):
    assert said(why_not_decide(replace(FACTS, **changed))) == expected


# --- what somebody stands for by saving "met"


@pytest.mark.parametrize(
    ("changed", "expected", "params"),
    [
        ({"vacsr": {}}, "vacsr:vacsr", {}),
        ({"vacsr": {**FIVE, "extra": True}}, "vacsr:vacsr", {}),
        ({"vacsr": {**FIVE, "valid": False}}, "vacsr-off:vacsr vacsr-note:vacsr_note", {"word": "valid"}),
        ({"vacsr": {**FIVE, "valid": False}, "vacsr_note": "Not the right thing"}, "vacsr-off:vacsr", {"word": "valid"}),
        (later(vacsr={"valid": False}), "vacsr-note:vacsr_note", {}),
        (later(vacsr={"valid": False}, vacsr_note="Not the right thing"), "", {}),
        (later(vacsr_note="x" * 1001), "long-note:vacsr_note", {}),
        ({"confirmed_setting": ""}, "setting:setting_confirmed", {}),
        ({"earlier_settings": ("simulation",)}, "setting-basis:setting_basis", {"doubts": "changed"}),
        ({"earlier_settings": ("", "real_work")}, "", {}),
        ({"earlier_settings": ("simulation",), "setting_basis": "I was there that day."}, "", {}),
        ({"written": ("A role-play",)}, "setting-basis:setting_basis", {"doubts": "hinted"}),
        ({"feedback": "A role-play"}, "setting-basis:setting_basis", {"doubts": "hinted"}),
        ({"supported": False}, "setting-basis:setting_basis", {"doubts": "unsupported"}),
        ({"supported": False, **asked(kind="knowledge")}, "", {}),
        (
            {"supported": False, "written": ("mock",)},
            "setting-basis:setting_basis", {"doubts": "hinted unsupported"},
        ),
        ({"activity_on": TODAY - 730 * DAY}, "", {}),
        (
            {"activity_on": TODAY - 731 * DAY},
            "not-current:currency_note", {"why": "This is older than your centre's limit for evidence."},
        ),
        ({"activity_on": TODAY - 731 * DAY, "currency_note": "Nothing has changed"}, "", {}),
        ({"activity_on": TODAY - DAY, "registered_on": TODAY - DAY}, "", {}),
        (
            {"activity_on": TODAY - DAY, "registered_on": TODAY},
            "not-current:currency_note", {"why": "This is from before the registration."},
        ),
        ({"setting_basis": "x " * 500}, "", {}),
        ({"setting_basis": "x" * 1001}, "long-note:setting_basis", {}),
        ({"currency_note": "x" * 1001}, "long-note:currency_note", {}),
        ({"days_note": "x" * 1001}, "long-note:days_note", {}),
        ({"vacsr_note": "x" * 1001}, "long-note:vacsr_note", {}),
        ({"vacsr_note": "x" * 1000}, "", {}),
    ],
)  # fmt: skip
def test_what_met_stands_for(changed, expected, params):
    found = why_not_decide(replace(FACTS, **changed))
    assert said(found) == expected
    assert not found or found[0].params == params


@pytest.mark.parametrize(
    ("text", "says"),
    [("x", False), ("abcdefghij", False), ("abcde fghi", False), ("abcde fghij", True), ("!!!! ???? ....", False)],
)
def test_a_reason_has_words_in_it(text, says):
    assert confirming.says_something(text) is says


def test_hints_are_found_whatever_joins_them():
    assert confirming.hints_in(["A ROLE–PLAY,", "in-class; role_play", "dry   run"]) == (
        "role play",
        "in class",
        "dry run",
    )
    assert confirming.hints_in(["mocking", "trainings"]) == ()
    doubts = confirming.setting_doubts("a", ["", "b"], ["mock"], supported=False, does=True)
    assert doubts == (SettingDoubt.CHANGED, SettingDoubt.HINTED, SettingDoubt.UNSUPPORTED)
    assert confirming.setting_doubts("a", ["a"], [], supported=False, does=False) == ()


def test_what_is_stored_of_the_five_words():
    off = {**FIVE, "valid": False}
    assert confirming.stood_for(replace(FACTS, vacsr=off)) == off
    assert confirming.stood_for(replace(FACTS, **later(vacsr=off))) == {"valid": False}
    assert confirming.stood_for(replace(FACTS, **later(vacsr=FIVE))) == {}


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"observed_on": TODAY - 31 * DAY, "activity_on": TODAY}, ""),
        ({"observed_on": TODAY - 32 * DAY, "activity_on": TODAY}, "observed-doubtful:days_note"),
        ({"observed_on": TODAY, "activity_on": TODAY - 31 * DAY}, ""),
        ({"observed_on": TODAY, "activity_on": TODAY - 32 * DAY}, "observed-doubtful:days_note"),
        ({"observed_on": TODAY, "activity_on": TODAY - 32 * DAY, "days_note": "Seen again in autumn"}, ""),
        ({"observed_on": TODAY - 90 * DAY}, ""),
        ({"observed_on": TODAY - DAY, "registered_on": TODAY}, "observed-doubtful:days_note"),
        ({"observed_on": TODAY, "registered_on": TODAY}, ""),
        ({"observed_on": TODAY + 40 * DAY, "activity_on": TODAY}, "observed-later:observed_on"),
        ({"in_situ": True, "inspected_on": TODAY, "activity_on": TODAY - 99 * DAY}, ""),
        ({"in_situ": True, "inspected_on": TODAY - DAY, "activity_on": TODAY - DAY}, ""),
        ({"in_situ": True, "inspected_on": TODAY - DAY, "activity_on": TODAY}, "inspected-doubtful:days_note"),
        ({"inspected_on": TODAY - DAY, "activity_on": TODAY}, ""),
        ({"in_situ": True, "inspected_on": TODAY - DAY, "registered_on": TODAY}, "inspected-doubtful:days_note"),
    ],
)
def test_a_day_on_which_it_was_seen_fits(changed, expected):
    assert said(why_not_decide(replace(FACTS, **changed))) == expected


# --- after the verdicts


M = MappingState


@pytest.mark.parametrize(
    ("mappings", "after"),
    [
        ([], EvidenceState.IN_REVIEW),
        ([M.CLOSED, M.PROPOSED], EvidenceState.IN_REVIEW),
        ([M.MET, M.OFFERED], EvidenceState.IN_REVIEW),
        ([M.MET, M.NOT_YET], EvidenceState.ACCEPTED),
        ([M.MET_PROVISIONAL, M.NOT_YET], EvidenceState.ACCEPTED),
        ([M.NOT_YET, M.NOT_RELEVANT], EvidenceState.RETURNED),
        ([M.NOT_YET, M.CLOSED], EvidenceState.RETURNED),
    ],
)
def test_where_the_piece_goes(mappings, after):
    assert state_after(mappings, sending_back=False) == after
    assert state_after(mappings, sending_back=True) == EvidenceState.RETURNED


SIGNS = CountersignFacts(
    own_decision=False, own_evidence=False, is_countersigner=True, is_trainee=False, still_open=True, opened=True,
    agrees=True, reason="", unit_signed=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ""),
        ({"own_decision": True}, "own-decision:"),
        ({"own_evidence": True}, "own-evidence:"),
        ({"is_countersigner": False}, "not-countersigner:"),
        ({"is_trainee": True}, "not-countersigner:"),
        ({"unit_signed": True}, "unit-signed:"),
        ({"registration_active": False}, "registration-ended:"),
        ({"still_open": False}, "not-open:"),
        ({"opened": False, "unseen": ("a.jpg",)}, "not-opened:"),
        ({"unseen": ("a.jpg", "b.jpg")}, "not-opened: not-opened:"),
        ({"unseen": ("a.jpg",), "agrees": False, "reason": "No"}, ""),
        ({"agrees": False, "reason": " "}, "no-reason:reason"),
        ({"agrees": False, "reason": "No"}, ""),
    ],
)
def test_who_countersigns(changed, expected):
    found = why_not_countersign(replace(SIGNS, **changed))
    assert said(found) == expected
    named = [one.params.get("name") for one in found if one.params]
    assert named == (["a.jpg", "b.jpg"] if expected == "not-opened: not-opened:" else [])
