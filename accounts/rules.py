"""May this link still be used? May this address be somebody's?"""

import datetime as dt
import unicodedata
from dataclasses import dataclass

from common.refusals import Refusal
from common.text import say

INVITATION_LIFE = dt.timedelta(days=14)
ADDRESS_LIFE = dt.timedelta(days=3)
LONGEST_ADDRESS = 254  # what the column holds
#: How long a second letter to the same address is held back.
LETTER_PAUSE = dt.timedelta(minutes=3)


def plain_address(text: str) -> str:
    """Return an e-mail address as it is kept and compared: without spaces around it, in lower case, in plain letters.

    Unicode has a second k and a second s; an address with one of them would pass for another than the same one without.
    """
    return unicodedata.normalize("NFKC", text).strip().lower()


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


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """What decides about another address. `taken`: somebody else signs in with it."""

    exists: bool
    asked_at: dt.datetime | None = None
    taken: bool = False


def why_not_wish(own: str, wished: str) -> list[Refusal]:
    """Say why somebody cannot ask for an address. That it is taken is never said: it would tell who has an account."""
    if own == wished:
        return [Refusal("own-address", say("You sign in with this address already. Nothing needs to change."), "email")]
    return []


def why_not_confirm(facts: AddressFacts, at: dt.datetime) -> list[Refusal]:
    """Say why the link in a letter does not make the address somebody's (any more)."""
    if not facts.exists or facts.asked_at is None or facts.asked_at + ADDRESS_LIFE <= at:
        return [Refusal("link-gone", say("This link was used already, or it is too old. Nothing was changed."))]
    if facts.taken:
        return [Refusal("address-taken", say("Somebody signs in with this address already. Nothing was changed."))]
    return []


@dataclass(frozen=True, slots=True)
class CorrectAddressFacts:
    """What decides about another address for somebody who never joined. `taken`: it is somebody else's."""

    joined: bool
    same: bool
    taken: bool = False


def why_not_correct_address(facts: CorrectAddressFacts) -> list[Refusal]:
    """Say why an address typed by a centre is not corrected: its owner signs in, it is the same, it cannot be had.

    Whose it is otherwise is not said.
    """
    if facts.joined:
        return [Refusal("address-theirs", say_theirs(), "email")]
    if facts.same:
        return [Refusal("own-address", say("This address stands here already. Nothing needs to change."), "email")]
    if facts.taken:
        words = say(
            "This address cannot be used here. Look whether it is right. If it is, end this person’s access, and invite"
            " or register them with it again; nothing is changed."
        )
        return [Refusal("address-taken", words, "email")]
    return []


def say_theirs() -> str:
    """Return the sentence about an address that a centre does not correct, whatever the reason (H02)."""
    return say(
        "Only the address of somebody who has not joined yet, and whom you alone have invited, is corrected here. Who"
        " signs in changes it on their account page. Else end their access, and invite them with the right address."
    )


def may_write(sent_at: dt.datetime | None, at: dt.datetime) -> bool:
    """Say whether another letter may go to an address that got one at `sent_at`."""
    return sent_at is None or sent_at + LETTER_PAUSE <= at
