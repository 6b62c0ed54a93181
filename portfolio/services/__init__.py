"""What people do with evidence: write, add files, choose criteria, send, take back, open."""

from common.plain import for_every_caller
from portfolio.services.accepted_together import learn_soon
from portfolio.services.changing_units import change_choice
from portfolio.services.composing import begin_item, keep_draft, send_draft
from portfolio.services.drafts import save_draft, start_evidence
from portfolio.services.files import receive_file, remove_file
from portfolio.services.integrity import Shown, check_bytes, look_after_preview
from portfolio.services.mapping import Chosen, add_mapping, set_mappings
from portfolio.services.offering_again import offer_again
from portfolio.services.sending import (
    Declaration,
    recall_evidence,
    revise_evidence,
    submit_evidence,
    withdraw_evidence,
)
from portfolio.services.state_steps import advance_evidence, advance_mapping, close_mappings_of, close_undecided
from portfolio.services.viewing import note_shown, open_file, open_version, show

__all__ = [
    "Chosen",
    "Declaration",
    "Shown",
    "add_mapping",
    "advance_evidence",
    "advance_mapping",
    "begin_item",
    "change_choice",
    "check_bytes",
    "close_mappings_of",
    "close_undecided",
    "keep_draft",
    "learn_soon",
    "look_after_preview",
    "note_shown",
    "offer_again",
    "open_file",
    "open_version",
    "recall_evidence",
    "receive_file",
    "remove_file",
    "revise_evidence",
    "save_draft",
    "send_draft",
    "set_mappings",
    "show",
    "start_evidence",
    "submit_evidence",
    "withdraw_evidence",
]

for_every_caller(__name__)
