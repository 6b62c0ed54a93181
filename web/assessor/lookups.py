"""Loading for the assessor's pages: in the world of their staff roles alone, or not found.

Somebody who also runs the centre, or learns in it, sees here what an assessor or assurer sees and nothing more (R13).
"""

import dataclasses
from typing import TYPE_CHECKING

from centres.actor import Actor
from centres.enums import Role
from portfolio.access import EvidenceAction, evidence_for, sent_version_for, version_for
from web.assessor.evidence_pane import number_in
from web.shared.http import ActorRequest

if TYPE_CHECKING:
    from portfolio.models import Evidence, EvidenceVersion


def staff(actor: Actor) -> Actor:
    """Return the same person without their roles as admin and learner. For loading; services get the whole actor."""
    return dataclasses.replace(actor, roles=actor.roles - {Role.ADMIN, Role.LEARNER}, learner_id=None)


def piece_for(request: ActorRequest, public_id: str, action: EvidenceAction = "view") -> "Evidence":
    """Return a piece that was sent and that this person may see or assess as staff."""
    return evidence_for(staff(request.actor), public_id, action)


def version_shown(request: ActorRequest, public_id: str) -> "EvidenceVersion":
    """Return the version that ?v= names of a piece that this person may see as staff, or the latest one sent."""
    return sent_version_for(staff(request.actor), public_id, number_in(request.GET, "v"))


def version_typed(request: ActorRequest, piece: "Evidence") -> "EvidenceVersion":
    """Return the version that a form was filled in about, or the latest one sent."""
    return version_for(staff(request.actor), piece, number_in(request.POST, "version"))
