"""When personal data of others may be asked to go, and when a second person may answer (R60): by facts alone."""

import dataclasses

import pytest

from portfolio import rules
from portfolio.rules.purging import LONGEST_REASON

STAYS = "The number belongs to the learner's own card."
REASON = "A customer's card number can be read in the photo."
ASKED = rules.AskFacts(own=False, files=1, words=False, withheld=False, waiting=False, reason=REASON)
ANSWER = rules.PurgeFacts(asked_by_self=False, own_piece=False, decided=False, agrees=True, note="")


def codes(refusals):
    return [r.code for r in refusals]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, []),
        ({"own": True}, ["purge-own-piece"]),
        ({"waiting": True}, ["purge-waiting"]),
        ({"files": 0}, ["purge-nothing"]),
        ({"files": 0, "words": True}, []),
        ({"files": 0, "words": True, "withheld": True}, ["purge-nothing"]),
        ({"rests_on": ("Deliver service",)}, ["purge-signed"]),
        ({"reason": "x" * 9}, ["reason-missing"]),
        ({"reason": "x" * 10}, []),
        ({"reason": "x" * LONGEST_REASON}, []),
        ({"reason": "x" * (LONGEST_REASON + 1)}, ["too-long"]),
    ],
)
def test_asking_needs_something_to_remove_and_a_reason(changed, code):
    assert codes(rules.why_not_ask_purge(dataclasses.replace(ASKED, **changed))) == code


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({}, []),
        ({"decided": True}, ["purge-decided"]),
        ({"asked_by_self": True}, ["purge-asked-by-self"]),
        ({"own_piece": True}, ["purge-own-piece"]),
        ({"rests_on": ("Deliver service",)}, ["purge-signed"]),
        ({"rests_on": ("Deliver service",), "agrees": False, "note": STAYS}, []),
        ({"agrees": False, "note": "x" * 9}, ["note-missing"]),
        ({"agrees": False, "note": "x" * 10}, []),
        ({"agrees": False, "note": "x" * LONGEST_REASON}, []),
        ({"agrees": False, "note": "x" * (LONGEST_REASON + 1)}, ["note-missing"]),
    ],
)
def test_a_second_person_answers_once(changed, code):
    assert codes(rules.why_not_decide_purge(dataclasses.replace(ANSWER, **changed))) == code
