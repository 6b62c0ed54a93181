"""What blocks a signature, and who may take the next step."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.rules import signing
from assessments.rules.digests import genesis, judgement_digest, link
from assessments.rules.signing import CriterionFacts, Facts, PieceFacts, SigningFacts, StepFacts
from centres.enums import FROZEN_UNITS, UNIT_TRANSITIONS, UnitState
from common.digests import canonical, digest

READY = Facts(
    unit_id="u1",
    learner_id="l1",
    state=UnitState.IN_PROGRESS,
    own_unit=False,
    allocated=True,
    registration_active=True,
    criteria=(CriterionFacts("1.1", met=True), CriterionFacts("1.2", met=True)),
)


def blocked(**changes):
    return [(r.code, r.target) for r in signing.why_not_sign_off(dataclasses.replace(READY, **changes))]


def test_a_ready_unit_has_nothing_against_it():
    assert blocked() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"own_unit": True}, [("own-unit", ("", ""))]),
        ({"identity_missing": True}, [("identity-missing", ("identity", "l1"))]),
        ({"allocated": False}, [("not-allocated", ("learner", "l1"))]),
        ({"registration_active": False}, [("registration-ended", ("learner", "l1"))]),
        ({"state": UnitState.DROPPED}, [("dropped", ("", ""))]),
        ({"criteria": (CriterionFacts("1.1", met=False),)}, [("not-met", ("unit", "u1"))]),
        (
            {"criteria": (CriterionFacts("1.1", met=False, provisional=("j9", "j8")),)},
            [("to-countersign", ("countersign", "j9"))],
        ),
        (
            {"criteria": (CriterionFacts("1.1", met=True, provisional=("j9",)),)},
            [("to-countersign", ("countersign", "j9"))],
        ),
        ({"pieces": (PieceFacts("e1", "Till", waiting=True),)}, [("to-assess", ("evidence", "e1"))]),
        ({"pieces": (PieceFacts("e1", "Till", returned=True),)}, [("sent-back", ("evidence", "e1"))]),
        ({"pieces": (PieceFacts("e1", "Till", unsafe=True),)}, [("unsafe-file", ("evidence", "e1"))]),
        ({"pieces": (PieceFacts("e1", "Till"),)}, []),
    ],
)
def test_each_block_names_what_mends_it(changes, expected):
    assert blocked(**changes) == expected


@pytest.mark.parametrize("state", sorted(FROZEN_UNITS))
def test_a_signed_unit_is_not_signed_again(state):
    assert blocked(state=state) == [("already-signed", ("unit", "u1"))]


@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_unit_signs_exactly_when_every_criterion_is_met(met):
    criteria = tuple(CriterionFacts(f"1.{n}", met=m) for n, m in enumerate(met))
    assert len(blocked(criteria=criteria)) == met.count(False)


@pytest.mark.parametrize(
    ("declared", "again", "expected"),
    [(True, True, []), (False, True, ["not-declared"]), (True, False, ["prove-again"])],
)
def test_a_signature_is_a_declaration_by_somebody_who_proved_who_they_are(declared, again, expected):
    assert [r.code for r in signing.why_not_sign(SigningFacts(declared, again))] == expected


@pytest.mark.parametrize("needs", [True, False])
@pytest.mark.parametrize("state", list(UnitState))
def test_the_learner_confirms_after_everybody_else(state, needs):
    step = StepFacts(state, needs_countersign=needs, allowed_person=True)
    open_now = state == (UnitState.COUNTERSIGNED if needs else UnitState.ASSESSOR_SIGNED)
    assert (signing.why_not_confirm(step) == []) is open_now


@pytest.mark.parametrize("state", list(UnitState))
def test_a_countersigner_signs_only_what_waits_for_one(state):
    step = StepFacts(state, needs_countersign=True, allowed_person=True)
    assert (signing.why_not_countersign_unit(step) == []) is (state == UnitState.ASSESSOR_SIGNED)
    none_needed = dataclasses.replace(step, needs_countersign=False)
    assert [r.code for r in signing.why_not_countersign_unit(none_needed)] == ["not-open"]


@pytest.mark.parametrize(
    ("rule", "state", "code"),
    [
        (signing.why_not_confirm, UnitState.ASSESSOR_SIGNED, "not-learner"),
        (signing.why_not_countersign_unit, UnitState.ASSESSOR_SIGNED, "not-countersigner"),
    ],
)
def test_the_wrong_person_is_told_who_it_takes(rule, state, code):
    step = StepFacts(
        state,
        needs_countersign=rule is signing.why_not_countersign_unit,
        allowed_person=False,
        reason="A reason of some length",
    )
    assert [r.code for r in rule(step)] == [code]


@pytest.mark.parametrize("reason", ["", "   ", "too short"])
def test_a_no_needs_a_reason(reason):
    step = StepFacts(
        UnitState.ASSESSOR_SIGNED, needs_countersign=False, allowed_person=True, agrees=False, reason=reason
    )
    assert [r.code for r in signing.why_not_confirm(step)] == ["no-reason"]


@pytest.mark.parametrize("state", list(UnitState))
def test_only_what_is_signed_is_reopened(state):
    facts = signing.ReopenFacts(state, "Wrong learner's film", reauthenticated=True, leads=True)
    assert (signing.why_not_reopen(facts) == []) is (state in FROZEN_UNITS - {UnitState.EXEMPT})


def test_every_frozen_state_can_only_be_left_forwards_or_by_reopening():
    for state in FROZEN_UNITS:
        assert UnitState.DROPPED not in UNIT_TRANSITIONS[state]
        assert UnitState.SELECTED not in UNIT_TRANSITIONS[state]


def test_progress_is_said_in_whole_numbers():
    assert signing.progress_words(9, 16) == "9 of 16 criteria met"
    assert signing.progress_words(0, 1) == "0 of 1 criterion met"
    assert signing.progress_words(0, 20, exempt=True) == "A certificate stands for this unit."


def test_digests_have_known_values():
    import datetime as dt
    import hashlib

    assert genesis("abc") == hashlib.sha256(b"attest:abc").hexdigest()
    assert link("0" * 64, '{"a":1}') == hashlib.sha256(b"0" * 64 + b'{"a":1}').hexdigest()
    noon = dt.datetime(2026, 7, 1, 12, tzinfo=dt.UTC)
    same_in_london = noon.astimezone(dt.timezone(dt.timedelta(hours=1)))
    assert judgement_digest({"a": 1}, reason="r", at=noon) == judgement_digest({"a": 1}, reason="r", at=same_in_london)
    assert judgement_digest({"a": 1}, reason="r", at=noon) != judgement_digest({"a": 1}, reason="s", at=noon)


def test_a_judgement_is_hashed_over_its_facts_its_reason_and_its_moment():
    at = dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
    whole = {"verdict": "met", "reason": digest("Why."), "at": "2026-11-30T12:00:00.000000+00:00"}
    assert judgement_digest({"verdict": "met"}, reason="Why.", at=at) == digest(canonical(whole))
    assert genesis("r1") == digest("attest:r1")
    assert link("a", "b") == digest("ab")
