"""The tables of a centre, one file for each thing they are about."""

from centres.models.caseload import Allocation, Countersigner
from centres.models.centre import Centre, Site
from centres.models.corrections import Correction
from centres.models.gates import Approval, ExternalDecision, ExternalProposal, IdentityCheck, Induction, PolicyChange
from centres.models.people import Assurance, Learner, Membership
from centres.models.registration import InitialAssessment, LearnerUnit, Registration, StateChange, UnitChange
from centres.models.sufficiency import SufficiencyDecision, SufficiencyRule

__all__ = [
    "Allocation",
    "Approval",
    "Assurance",
    "Centre",
    "Correction",
    "Countersigner",
    "ExternalDecision",
    "ExternalProposal",
    "IdentityCheck",
    "Induction",
    "InitialAssessment",
    "Learner",
    "LearnerUnit",
    "Membership",
    "PolicyChange",
    "Registration",
    "Site",
    "StateChange",
    "SufficiencyDecision",
    "SufficiencyRule",
    "UnitChange",
]
