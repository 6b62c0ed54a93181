"""What people do in assessing: judge, send back, countersign, sign, confirm, reopen, answer."""

from assessments.services.countersigning import countersign
from assessments.services.judging import ReviewAnswers, VerdictGiven, decide, send_back
from assessments.services.signing import confirm_unit, countersign_unit, reopen_unit, sign_off
from assessments.services.thread import PresenceView, enter, reply, save_feedback_draft

__all__ = [
    "PresenceView",
    "ReviewAnswers",
    "VerdictGiven",
    "confirm_unit",
    "countersign",
    "countersign_unit",
    "decide",
    "enter",
    "reopen_unit",
    "reply",
    "save_feedback_draft",
    "send_back",
    "sign_off",
]
