"""Whose address a centre's office may correct: somebody who never joined and whom nobody else knows."""

from typing import Final

from accounts.models import Invitation, User
from centres.actor import Actor
from centres.enums import Role
from centres.models import ExternalProposal, Learner, Membership

WHY: Final = "the address of somebody whom another centre knows is not for this centre to correct"


def known_elsewhere(centre_id: int, person_id: int) -> bool:
    """Say whether a person is, or was, of another centre too. Two queries at most."""
    roles = Membership.objects.across_centres(reason=WHY).filter(person_id=person_id)
    learns = Learner.objects.across_centres(reason=WHY).filter(person_id=person_id)
    return any(rows.exclude(centre_id=centre_id).exists() for rows in (roles, learns))


def looks_from_outside(person_id: int) -> bool:
    """Say whether a person is, was or is proposed as an external quality assurer, anywhere (R100). Two queries at most.

    An awarding body said who comes; with another address somebody else would.
    """
    asked = ExternalProposal.objects.across_centres(reason=WHY).filter(person_id=person_id)
    roles = Membership.objects.across_centres(reason=WHY).filter(person_id=person_id, role=Role.EQA)
    return bool(asked.exists() or roles.exists())


def link_unused(actor: Actor, person: User) -> bool:
    """Say whether nobody has used the link that this centre sent to a person: then pages offer to correct the address.

    It asks nothing of the account: a page of somebody who was known before looks like one of somebody new (H02). One
    query; the service asks the rest.
    """
    rows = Invitation.objects.filter(person=person, centre_number=actor.centre_number, used_at=None)
    return bool(rows.exists())
