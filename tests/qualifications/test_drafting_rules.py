"""Who may move a draft where: the person who brought it in and a second person, never one for both (R23)."""

import pytest

from qualifications.enums import DraftState
from qualifications.rules.drafting import (
    DraftFacts,
    why_not_approve,
    why_not_reject,
    why_not_reopen,
    why_not_submit,
)

WHY = "The credit is wrong."


def codes(found):
    return [refusal.code for refusal in found]


@pytest.mark.parametrize(
    ("rule", "state", "mine", "expected"),
    [
        (why_not_submit, DraftState.DRAFT, True, []),
        (why_not_submit, DraftState.DRAFT, False, ["not-author"]),
        (why_not_approve, DraftState.SUBMITTED, False, []),
        (why_not_approve, DraftState.SUBMITTED, True, ["own-draft"]),
        (why_not_reject, DraftState.SUBMITTED, False, []),
        (why_not_reject, DraftState.SUBMITTED, True, ["own-draft"]),
        (why_not_reopen, DraftState.REJECTED, True, []),
        (why_not_reopen, DraftState.REJECTED, False, ["not-author"]),
    ],
)
def test_each_act_has_its_person(rule, state, mine, expected):
    assert codes(rule(DraftFacts(state=state, mine=mine, reason=WHY))) == expected


@pytest.mark.parametrize("rule", [why_not_submit, why_not_approve, why_not_reject, why_not_reopen])
def test_what_is_published_moves_no_more(rule):
    assert "not-open" in codes(rule(DraftFacts(state=DraftState.PUBLISHED, mine=False, reason=WHY)))


@pytest.mark.parametrize(("length", "expected"), [(9, ["no-reason"]), (10, []), (500, []), (501, ["long-reason"])])
def test_a_no_needs_a_reason_that_fits(length, expected):
    found = why_not_reject(DraftFacts(state=DraftState.SUBMITTED, mine=False, reason="x" * length))
    assert codes(found) == expected


def test_what_has_problems_or_nothing_in_it_goes_nowhere():
    assert codes(why_not_submit(DraftFacts(state=DraftState.DRAFT, mine=True, problems=1))) == ["problems"]
    assert codes(why_not_submit(DraftFacts(state=DraftState.DRAFT, mine=True, changes=0))) == ["nothing-new"]
    moved = DraftFacts(state=DraftState.SUBMITTED, mine=False, moved_on=("Refunds",))
    assert codes(why_not_approve(moved)) == ["moved-on"]
