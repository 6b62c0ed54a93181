"""Pure functions of the centre: who may be what, whom, and from when."""

from centres.rules.allocating import (
    AllocateFacts,
    AssessorFacts,
    CountersignerFacts,
    Gap,
    first_gap,
    why_not_allocate,
    why_not_countersign_for,
    why_not_end_link,
)
from centres.rules.apart import EnteringFacts, why_not_enter, why_not_own
from centres.rules.award import AwardFacts, next_for_learner, next_for_office, next_for_staff
from centres.rules.correcting import (
    CorrectFacts,
    NumberFacts,
    Proof,
    Record,
    tidied_record,
    why_not_correct,
    why_not_step,
)
from centres.rules.identity import Identity, name_notes, plain, tidied, why_not_identity, why_to_look_again
from centres.rules.initial import Initial, level_warnings, why_not_initial
from centres.rules.moving import MoveFacts, why_not_move
from centres.rules.people import (
    EndFacts,
    GrantFacts,
    InviteFacts,
    Span,
    say_no_role,
    why_not_end,
    why_not_grant,
    why_not_invite,
)
from centres.rules.registering import (
    Known,
    RegisterFacts,
    UnitsFacts,
    why_not_change_units,
    why_not_register,
)
from centres.rules.scheduling import Planned, ScheduleFacts, moved, why_not_schedule
from centres.rules.standing import Pending, StateFacts, what_it_means, why_not_change_state
from centres.rules.sufficiency import DecideFacts, ProposeFacts, why_not_decide, why_not_propose

__all__ = [
    "AllocateFacts",
    "AssessorFacts",
    "AwardFacts",
    "CorrectFacts",
    "CountersignerFacts",
    "DecideFacts",
    "EndFacts",
    "EnteringFacts",
    "Gap",
    "GrantFacts",
    "Identity",
    "Initial",
    "InviteFacts",
    "Known",
    "MoveFacts",
    "NumberFacts",
    "Pending",
    "Planned",
    "Proof",
    "ProposeFacts",
    "Record",
    "RegisterFacts",
    "ScheduleFacts",
    "Span",
    "StateFacts",
    "UnitsFacts",
    "first_gap",
    "level_warnings",
    "moved",
    "name_notes",
    "next_for_learner",
    "next_for_office",
    "next_for_staff",
    "plain",
    "say_no_role",
    "tidied",
    "tidied_record",
    "what_it_means",
    "why_not_allocate",
    "why_not_change_state",
    "why_not_change_units",
    "why_not_correct",
    "why_not_countersign_for",
    "why_not_decide",
    "why_not_end",
    "why_not_end_link",
    "why_not_enter",
    "why_not_grant",
    "why_not_identity",
    "why_not_initial",
    "why_not_invite",
    "why_not_move",
    "why_not_own",
    "why_not_propose",
    "why_not_register",
    "why_not_schedule",
    "why_not_step",
    "why_to_look_again",
]
