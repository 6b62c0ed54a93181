"""May this link still be used?"""

import datetime as dt
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import say

INVITATION_LIFE = dt.timedelta(days=14)


@dataclass(frozen=True, slots=True)
class InvitationFacts:
    """What decides about a link: `expires_at` and `used_at` are UTC instants."""

    exists: bool
    expires_at: dt.datetime | None = None
    used_at: dt.datetime | None = None


def why_not_accept(facts: InvitationFacts, at: dt.datetime) -> list[Refusal]:
    """Say why a link no longer opens; one sentence for all reasons, so that a guess learns nothing (ASVS 6.4.1)."""
    over = facts.expires_at is not None and facts.expires_at <= at
    if not facts.exists or facts.used_at or over:
        return [
            Refusal(
                "link-gone",
                say("This link no longer works. Nothing is lost: ask the person who invited you to send a new one."),
            )
        ]
    return []
