"""Background work of centres: letters."""

from centres import services
from centres.queries import letters
from common import clock
from common.text import _
from jobs.enums import Lane
from jobs.registry import task


@task(letters.INVITATION, lane=Lane.MAIL, title=_("Sending an invitation"), about=letters.invited)
def send_invitation(centre_id: int, person_id: int, invited_by_id: int) -> None:
    """Send one invitation, or nothing when the person has no role there any more."""
    services.send_invitation(centre_id=centre_id, person_id=person_id, invited_by_id=invited_by_id, at=clock.now())


@task(
    letters.CORRECTION,
    lane=Lane.MAIL,
    title=_("Telling a learner that their record was corrected"),
    about=letters.corrected,
)
def send_correction(centre_id: int, correction_id: int) -> None:
    """Tell a learner that their record was corrected, without a value of it."""
    services.send_correction(centre_id=centre_id, correction_id=correction_id)
