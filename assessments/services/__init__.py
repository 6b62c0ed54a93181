"""What people do in assessing: judge, send back, countersign, sign, confirm, reopen, move, exempt, answer."""

from assessments.rules.certificates import Certificate
from assessments.services.conversation import (
    LONGEST_REPLY,
    PresenceView,
    enter,
    offer_criteria,
    read_feedback,
    reply,
    save_feedback_draft,
)
from assessments.services.countersigning import countersign
from assessments.services.exempting import record_exemption, revoke_exemption, settle_exemption
from assessments.services.judging import ReviewAnswers, VerdictGiven, decide, send_back
from assessments.services.purging import ask_purge, decide_purge
from assessments.services.registration_states import (
    complete_registration,
    put_on_break,
    resume_registration,
    suspend_registration,
    withdraw_registration,
)
from assessments.services.signing import (
    answer_dispute,
    confirm_for_absent,
    confirm_unit,
    countersign_unit,
    reopen_unit,
    sign_off,
)
from assessments.services.transferring import accept_offers, carry_over, decline_carry, transfer_registration
from common.plain import for_every_caller

__all__ = [
    "LONGEST_REPLY",
    "Certificate",
    "PresenceView",
    "ReviewAnswers",
    "VerdictGiven",
    "accept_offers",
    "answer_dispute",
    "ask_purge",
    "carry_over",
    "complete_registration",
    "confirm_for_absent",
    "confirm_unit",
    "countersign",
    "countersign_unit",
    "decide",
    "decide_purge",
    "decline_carry",
    "enter",
    "offer_criteria",
    "put_on_break",
    "read_feedback",
    "record_exemption",
    "reopen_unit",
    "reply",
    "resume_registration",
    "revoke_exemption",
    "save_feedback_draft",
    "send_back",
    "settle_exemption",
    "sign_off",
    "suspend_registration",
    "transfer_registration",
    "withdraw_registration",
]

for_every_caller(__name__)
