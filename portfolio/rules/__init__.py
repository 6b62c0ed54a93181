"""Pure functions of evidence: facts in, reasons out (rule book, section E, 3.1 and 3.2)."""

from portfolio.rules.accepted_together import Key, Met, Seen, accepted_together, learned, pairs_of
from portfolio.rules.changing import (
    StateFacts,
    why_not_recall,
    why_not_revise,
    why_not_withdraw,
    why_not_write,
)
from portfolio.rules.linking import LONGEST_NOTE, MANY_CRITERIA, LinkFacts, link_warnings, why_not_link
from portfolio.rules.pacing import PaceLimits, PaceNotice, UnitPace, first_view, pace_notice
from portfolio.rules.progress import STATUS_KEYS, criterion_status
from portfolio.rules.purging import AskFacts, PurgeFacts, why_not_ask_purge, why_not_decide_purge
from portfolio.rules.receiving import (
    LEARNER_QUOTA,
    MAX_FILES,
    ReceiveFacts,
    quota_warning,
    why_not_receive,
)
from portfolio.rules.saving import DRAFT_FIELDS, KEPT, LENGTHS, why_not_save
from portfolio.rules.sending import FAR_DAYS, FileFact, SendFacts, send_warnings, why_not_send
from portfolio.rules.version_digest import DECLARATION, Sending, version_digest

__all__ = [
    "DECLARATION",
    "DRAFT_FIELDS",
    "FAR_DAYS",
    "KEPT",
    "LEARNER_QUOTA",
    "LENGTHS",
    "LONGEST_NOTE",
    "MANY_CRITERIA",
    "MAX_FILES",
    "STATUS_KEYS",
    "AskFacts",
    "FileFact",
    "Key",
    "LinkFacts",
    "Met",
    "PaceLimits",
    "PaceNotice",
    "PurgeFacts",
    "ReceiveFacts",
    "Seen",
    "SendFacts",
    "Sending",
    "StateFacts",
    "UnitPace",
    "accepted_together",
    "criterion_status",
    "first_view",
    "learned",
    "link_warnings",
    "pace_notice",
    "pairs_of",
    "quota_warning",
    "send_warnings",
    "version_digest",
    "why_not_ask_purge",
    "why_not_decide_purge",
    "why_not_link",
    "why_not_recall",
    "why_not_receive",
    "why_not_revise",
    "why_not_save",
    "why_not_send",
    "why_not_withdraw",
    "why_not_write",
]
