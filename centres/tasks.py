"""Background work of centres: letters."""

from centres import services
from centres.services.letters import INVITATION
from common import clock
from jobs.registry import task


@task(INVITATION)
def send_invitation(centre_id: int, person_id: int, invited_by_id: int) -> None:
    """Send one invitation, or nothing when the person has no role there any more."""
    services.send_invitation(centre_id=centre_id, person_id=person_id, invited_by_id=invited_by_id, at=clock.now())
