"""May the office correct the address of somebody who never joined? Pure: facts in, reasons out."""

from dataclasses import dataclass

from accounts.rules import say_theirs
from centres.rules.people import say_no_role, why_not_email
from common.refusals import Refusal
from common.text import say

SHORTEST_REASON, LONGEST_REASON = 10, 300


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """What decides besides what the account itself says (`accounts.rules.why_not_correct_address`).

    `here`: holds a role in this centre now or later. `elsewhere`: another centre knows the person. `external`: they
    are, or were proposed as, an external quality assurer: an awarding body named them with their address (R100).
    """

    address: str
    reason: str
    here: bool
    elsewhere: bool
    external: bool


def why_not_address(facts: AddressFacts) -> list[Refusal]:
    """Say why this address is not for this centre's office to correct, or what is wrong with what was typed."""
    if not facts.here:
        return [Refusal("no-role", say_no_role())]
    if facts.elsewhere or facts.external:
        return [Refusal("address-theirs", say_theirs(), "email")]
    found = why_not_email(facts.address)
    if not SHORTEST_REASON <= len(facts.reason) <= LONGEST_REASON:
        words = say("Say in a sentence of at most 300 characters what was wrong with the address.")
        found.append(Refusal("no-reason", words, "reason"))
    return found
