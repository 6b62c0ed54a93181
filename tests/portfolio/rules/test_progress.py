"""How far a criterion is, from the mappings on it: the best counts, and a unit may count as a whole (3.2)."""

import pytest

from centres.enums import UnitState
from portfolio.rules.progress import criterion_status


@pytest.mark.parametrize(
    ("mappings", "unit", "short", "status"),
    [
        ([], UnitState.EXEMPT, False, "exempt"),
        ([("met", "accepted")], UnitState.EXEMPT, True, "exempt"),
        ([], UnitState.ACHIEVED, False, "seal"),
        ([("met", "accepted")], UnitState.ACHIEVED, False, "seal"),
        ([("met", "accepted")], UnitState.ACHIEVED, True, "part"),
        ([("not_yet", "returned")], UnitState.ACHIEVED, False, "notyet"),
        ([], UnitState.IN_PROGRESS, False, "todo"),
        ([("met", "accepted"), ("not_yet", "returned")], UnitState.IN_PROGRESS, False, "met"),
        ([("met", "accepted")], UnitState.IN_PROGRESS, True, "part"),
        ([("met_provisional", "accepted")], UnitState.IN_PROGRESS, True, "provisional"),
        ([("offered", "submitted"), ("not_yet", "returned")], UnitState.IN_PROGRESS, False, "sent"),
        ([("offered", "returned"), ("not_yet", "returned")], UnitState.IN_PROGRESS, False, "back"),
        ([("not_yet", "returned"), ("proposed", "draft")], UnitState.IN_PROGRESS, False, "notyet"),
        ([("proposed", "draft"), ("closed", "withdrawn")], UnitState.IN_PROGRESS, False, "draft"),
        ([("closed", "withdrawn"), ("not_relevant", "accepted")], UnitState.IN_PROGRESS, False, "todo"),
    ],
)
def test_how_far_a_criterion_is(mappings, unit, short, status):
    assert criterion_status(mappings, unit, short=short) == status
