"""Everything a centre can do with its people and learners."""

from centres.rules import ApprovalSaid, Identity, IdentitySeen, Initial, Policy
from centres.services.addresses import correct_address
from centres.services.apart import why_not_change
from centres.services.attention import try_again
from centres.services.caseload import allocate, end_allocation, move_learners
from centres.services.changing_units import change_units
from centres.services.correcting import Corrected, NumberStep, correct_record, step_number
from centres.services.countersigning import end_countersigner, set_countersigner
from centres.services.external import decide_external, propose_external
from centres.services.gates import acknowledge_induction, change_policy, record_approval, record_identity
from centres.services.leaving import end_access, end_membership
from centres.services.letters import send_correction, send_invitation
from centres.services.opening import OpenedCentre, open_centre
from centres.services.people import InvitedPerson, grant_role, invite_person, send_link_again
from centres.services.registering import add_registration, register_learner
from centres.services.registration_states import advance_registration
from centres.services.scheduling import set_schedule
from centres.services.sufficiency import decide_rule, propose_exception, propose_rule
from centres.services.transferring import move_registration
from centres.services.units import advance_unit
from common.plain import for_every_caller

__all__ = [
    "ApprovalSaid",
    "Corrected",
    "Identity",
    "IdentitySeen",
    "Initial",
    "InvitedPerson",
    "NumberStep",
    "OpenedCentre",
    "Policy",
    "acknowledge_induction",
    "add_registration",
    "advance_registration",
    "advance_unit",
    "allocate",
    "change_policy",
    "change_units",
    "correct_address",
    "correct_record",
    "decide_external",
    "decide_rule",
    "end_access",
    "end_allocation",
    "end_countersigner",
    "end_membership",
    "grant_role",
    "invite_person",
    "move_learners",
    "move_registration",
    "open_centre",
    "propose_exception",
    "propose_external",
    "propose_rule",
    "record_approval",
    "record_identity",
    "register_learner",
    "send_correction",
    "send_invitation",
    "send_link_again",
    "set_countersigner",
    "set_schedule",
    "step_number",
    "try_again",
    "why_not_change",
]

for_every_caller(__name__)
