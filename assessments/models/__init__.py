"""Judgements, feedback, countersignatures and the sign-off chain. Nearly all of it append-only (axiom 2)."""

from assessments.models.chain import LedgerEntry, SignOffNote
from assessments.models.conversation import FeedbackDraft, Presence, Reply
from assessments.models.exempting import Exemption
from assessments.models.judging import Countersignature, CurrentDecision, Judgement, Review

__all__ = [
    "Countersignature",
    "CurrentDecision",
    "Exemption",
    "FeedbackDraft",
    "Judgement",
    "LedgerEntry",
    "Presence",
    "Reply",
    "Review",
    "SignOffNote",
]
