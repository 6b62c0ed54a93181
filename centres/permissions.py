"""Which acts belong to whom, whatever the screen."""

from centres.actor import Actor
from centres.enums import Role
from common.refusals import Forbidden


def require_admin(actor: Actor, action: str) -> None:
    """Refuse an act of the centre's admins to everybody else (section 4)."""
    if not actor.is_admin:
        raise Forbidden(action)


def may_set_rules(actor: Actor) -> bool:
    """Say whether this person proposes and decides how much evidence the centre asks for (R71)."""
    return actor.holds(Role.ADMIN, Role.LEAD_IQA)


def require_rule_setter(actor: Actor, action: str) -> None:
    """Refuse an act about the centre's evidence rules to everybody but admins and lead quality assurers."""
    if not may_set_rules(actor):
        raise Forbidden(action)
