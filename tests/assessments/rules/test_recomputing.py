"""What follows from decisions and acts, as tables (3.1 to 3.3, decision 10)."""

from dataclasses import replace

import pytest

from assessments.enums import Act
from assessments.rules.recomputing import (
    AFTER_ACT,
    Judged,
    PieceFacts,
    UnitFacts,
    current_after,
    is_disputed,
    rests_on,
    signature_of,
    states_allowed,
    wrong_in_piece,
    wrong_in_unit,
)
from centres.enums import UNIT_TRANSITIONS, UnitState

MET, NOT_YET, NOT_RELEVANT = "met", "not_yet", "not_relevant"


def story(*steps):
    """Decisions from words: "Q met", "T met +" (a trainee's, agreed to), "T met - v2" (in version 2, not agreed to)."""
    judged, rounds = [], 0
    for key, step in enumerate(steps, start=1):
        who, verdict, *rest = step.split()
        version = next((int(word[1:]) for word in rest if word[0] == "v"), 1)
        agrees = True if "+" in rest else False if "-" in rest else None
        standing = "trainee" if who[0] == "T" else "qualified"
        assessor = int(who[1:] or (2 if who[0] == "T" else 1))
        rounds += 1
        judged.append(Judged(key, version, rounds, verdict, standing, assessor, agrees))
        rounds += agrees is not None
    return judged


@pytest.mark.parametrize(
    ("steps", "in_force", "proposed", "state"),
    [
        ([], None, None, "offered"),
        (["Q met"], 1, None, "met"),
        (["Q not_yet"], 1, None, "not_yet"),
        (["T met"], None, 1, "met_provisional"),
        (["T not_yet"], 1, None, "not_yet"),
        (["T met +"], 1, None, "met"),
        (["T met -"], None, None, "offered"),
        (["T met", "Q met"], 2, None, "met"),
        (["T met", "Q not_yet"], 2, None, "not_yet"),
        (["Q met", "T not_yet"], 1, 2, "met"),
        (["Q met", "T not_yet -"], 1, None, "met"),
        (["Q met", "T not_yet +"], 2, None, "not_yet"),
        (["Q not_yet", "T met"], 1, 2, "met_provisional"),
        (["Q not_yet", "T not_relevant"], 1, 2, "not_yet"),
        (["Q not_yet", "T not_relevant v2"], 2, None, "not_relevant"),
        (["Q not_yet", "T not_yet"], 2, None, "not_yet"),
        (["T not_yet", "T not_relevant"], 2, None, "not_relevant"),
        (["T2 met", "Q2 met"], None, 2, "met_provisional"),
        (["T2 met", "Q2 not_yet", "Q2 met"], 2, 3, "met_provisional"),
        (["T2 met", "Q2 not_yet", "Q2 met v2"], 3, None, "met"),
        (["T2 met -", "Q2 met"], 2, None, "met"),
        (["T2 met +", "T2 not_yet"], 1, 2, "met"),
        (["T2 met", "Q3 met"], 2, None, "met"),
    ],
)
def test_what_counts_and_what_waits(steps, in_force, proposed, state):
    now = current_after(story(*steps))
    found = (now.in_force and now.in_force.key, now.proposed and now.proposed.key, now.state)
    assert found == (in_force, proposed, state)
    assert now.fault == ""


def test_rounds_count_decisions_and_countersignatures():
    assert current_after(story("T met -", "Q not_yet", "Q met v2")).rounds == 4
    one, two = story("Q not_yet", "Q met v2")
    assert current_after([one, replace(two, round=3)]).fault == "round 2 is missing"
    assert current_after([replace(one, round=2)]).fault == "round 1 is missing"


def test_a_countersignature_of_what_did_not_wait_is_a_fault():
    now = current_after(story("Q met -"))
    assert (now.fault, now.rounds, now.state) == ("what was decided in round 1 did not wait", 2, "met")


@pytest.mark.parametrize(
    ("steps", "again", "states"),
    [
        ([], False, {"offered", "proposed", "closed"}),
        (["T met -"], False, {"offered", "proposed", "closed"}),
        (["Q not_yet"], False, {"not_yet", "closed"}),
        (["Q not_yet"], True, {"not_yet", "offered", "proposed", "closed"}),
        (["Q not_relevant"], True, {"not_relevant", "offered", "proposed", "closed"}),
        (["Q met"], True, {"met", "closed"}),
        (["T met"], True, {"met_provisional", "closed"}),
    ],
)
def test_in_which_states_a_mapping_may_be(steps, again, states):
    assert states_allowed(current_after(story(*steps)), sent_again=again) == states


# --- pieces
DECIDED, RETURNED = (1, "decided"), (1, "returned")


@pytest.mark.parametrize(
    ("state", "number", "sent", "more", "words"),
    [
        ("draft", 1, 0, {}, ""),
        ("draft", 2, 1, {"recalled": frozenset({1})}, ""),
        ("draft", 1, 1, {}, "it is draft in version 1, and 1 were sent"),
        ("submitted", 1, 1, {"mappings": ("offered",)}, ""),
        ("submitted", 1, 1, {"recalled": frozenset({1})}, "took that version back"),
        ("submitted", 2, 1, {}, "in version 2, and 1 were sent"),
        ("submitted", 2, 2, {"reviewed": (DECIDED,)}, ""),
        ("submitted", 1, 1, {"reviewed": (DECIDED,)}, "was answered already"),
        ("in_review", 1, 1, {"mappings": ("offered",)}, ""),
        ("in_review", 1, 1, {"mappings": ("met",)}, ""),
        ("in_review", 1, 1, {"mappings": ("met",), "reviewed": (DECIDED,)}, "its criteria say accepted"),
        ("in_review", 1, 1, {"mappings": ("met",), "reviewed": (DECIDED,), "moved": True}, ""),
        ("in_review", 1, 1, {"mappings": ("met", "offered"), "reviewed": (DECIDED,)}, ""),
        ("accepted", 1, 1, {"mappings": ("met", "not_yet"), "reviewed": (DECIDED,)}, ""),
        ("accepted", 1, 1, {"mappings": ("met_provisional", "closed")}, ""),
        ("accepted", 1, 1, {"mappings": ("not_yet",), "reviewed": (DECIDED,)}, "its criteria say returned"),
        ("accepted", 1, 1, {"mappings": ()}, "its criteria say in_review"),
        ("returned", 1, 1, {"mappings": ("met",), "reviewed": (RETURNED,)}, ""),
        ("returned", 1, 1, {"mappings": ("not_yet",), "reviewed": (DECIDED,)}, ""),
        ("returned", 1, 1, {"mappings": ("met",), "reviewed": (DECIDED,)}, "nobody sent that version back"),
        ("returned", 1, 1, {"mappings": ("not_yet",)}, "nobody sent that version back"),
        ("returned", 2, 2, {"mappings": ("not_yet",), "reviewed": (RETURNED,)}, "nobody sent that version back"),
        ("withdrawn", 1, 0, {}, ""),
        ("withdrawn", 2, 2, {}, ""),
        ("withdrawn", 3, 1, {}, "in version 3, and 1 were sent"),
    ],
)
def test_what_a_piece_says(state, number, sent, more, words):
    found = wrong_in_piece(PieceFacts(state, number, tuple(range(1, sent + 1)), **more))
    assert (words in found[0]) if words else found == []


def test_a_version_that_is_missing_is_said():
    assert wrong_in_piece(PieceFacts("submitted", 2, (2, 3))) == ["its versions are 2, 3: one is missing"]


# --- units
SIGN, CONFIRM, DISPUTE, ANSWER = "assessor_signed", "learner_confirmed", "learner_disputed", "dispute_answered"


@pytest.mark.parametrize(
    ("state", "acts", "more", "words"),
    [
        ("selected", (), {}, ""),
        ("selected", (), {"decided_since": True}, "something was decided in it"),
        ("selected", ("carry_declined",), {}, ""),
        ("in_progress", (), {"begun": True}, ""),
        ("in_progress", (), {}, "nothing was decided in it"),
        ("in_progress", (SIGN, "reopened"), {}, ""),
        ("dropped", (SIGN, "countersign_refused"), {}, ""),
        ("achieved", (), {}, "it is achieved, and its last act is none"),
        ("achieved", ("carry_declined",), {}, "its last act is none"),
        ("assessor_signed", (SIGN,), {}, ""),
        ("in_progress", (SIGN,), {}, "it is in_progress, and its last act is assessor_signed"),
        ("countersigned", (SIGN, "countersigned"), {}, ""),
        ("achieved", (SIGN, CONFIRM), {}, ""),
        ("achieved", (SIGN, "confirmed_absent"), {}, ""),
        ("in_progress", (SIGN, CONFIRM), {}, "its last act is learner_confirmed"),
        ("in_progress", (SIGN, DISPUTE), {"disputed": True}, ""),
        ("in_progress", (SIGN, DISPUTE), {}, "does not say that it is disputed"),
        ("in_progress", (SIGN, DISPUTE, ANSWER), {}, ""),
        ("in_progress", (SIGN, DISPUTE, ANSWER), {"disputed": True}, "says that it is disputed"),
        ("exempt", ("exempted",), {}, ""),
        ("achieved", ("exempted",), {}, "its last act is exempted"),
        ("achieved", ("carried_over",), {}, ""),
        ("exempt", ("carried_over",), {}, ""),
    ],
)
def test_what_a_unit_says(state, acts, more, words):
    found = wrong_in_unit(UnitFacts(**{"state": state, "disputed": False, "acts": acts, **more}))
    assert (words in found[0]) if words else found == []


def test_every_act_leads_where_a_step_of_3_3_does():
    silent = {Act.DISPUTE_ANSWERED, Act.CARRY_DECLINED}
    assert set(AFTER_ACT) == set(Act) - silent
    reached = {to for after in UNIT_TRANSITIONS.values() for to in after}
    assert set().union(*AFTER_ACT.values()) <= reached
    assert {state for states in AFTER_ACT.values() for state in states} == set(UnitState)


@pytest.mark.parametrize(
    ("acts", "place"),
    [
        ((), None),
        ((SIGN,), 0),
        ((SIGN, "countersigned", CONFIRM), 0),
        ((SIGN, DISPUTE), None),
        ((SIGN, DISPUTE, ANSWER, SIGN), 3),
        ((SIGN, "reopened"), None),
        ((SIGN, "countersign_refused"), None),
        (("carried_over",), None),
        ((SIGN, "reopened", "exempted"), None),
    ],
)
def test_on_which_signature_a_unit_stands(acts, place):
    assert signature_of(acts) == place


def test_a_dispute_lasts_until_it_is_answered_or_the_learner_confirms():
    assert [is_disputed(acts) for acts in ([], [DISPUTE], [DISPUTE, ANSWER], [DISPUTE, SIGN], [DISPUTE, CONFIRM])] == [
        False,
        True,
        False,
        True,
        False,
    ]


def test_on_which_trainee_a_signature_rests():
    said = {"state": "achieved", "signer": 1, "standing": "qualified"}
    made = [(3, "trainee"), (2, "trainee"), (2, "trainee"), (1, "qualified"), (1, "qualified"), (1, "qualified")]
    assert rests_on(**said, decided_by=[(1, "qualified")]) is None
    assert rests_on(**said, decided_by=made) == 2
    assert rests_on(**said, decided_by=made[:2]) == 2, "of two alike the one with the lower number"
    assert rests_on(**said | {"standing": "trainee"}, decided_by=made) == 1
    assert rests_on(**said | {"state": "in_progress"}, decided_by=made) is None
