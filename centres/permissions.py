"""Which acts belong to whom, whatever the screen."""

from centres.actor import Actor
from common.refusals import Forbidden


def require_admin(actor: Actor, action: str) -> None:
    """Refuse an act of the centre's admins to everybody else (section 4)."""
    if not actor.is_admin:
        raise Forbidden(action)
