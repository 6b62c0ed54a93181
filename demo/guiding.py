"""What a centre of the demo says about its criteria, and what it has accepted together so far (R68)."""

import datetime as dt

from centres.models import Centre
from demo.people import NORTHGATE
from demo.stage import Stage
from portfolio.services.accepted_together import learn
from qualifications.queries import criterion_of, current_units
from qualifications.services import tag_criterion, write_note

#: Speaking with customers: key of the unit, number of the criterion.
SPEAKING = ("D-506-2119", "2.1")
WORDS = "Say hello, listen to the end, then say in your own words what you understood."
EXAMPLES = "A recording of a call, with the caller’s agreement\nA film at the counter\nWhat your assessor saw at work"


def guide(stage: Stage, now: dt.datetime) -> None:
    """Let an admin add a theme and an assessor explain a criterion; count what was accepted together."""
    key, number = SPEAKING
    admin, assessor = stage.actor("rowan", NORTHGATE, now), stage.actor("priya", NORTHGATE, now)
    unit = current_units(admin.centre_id).get(key=key)
    criterion = criterion_of(unit.public_id, unit.criteria.get(number=number).public_id, admin.centre_id)
    tag_criterion(actor=admin, criterion=criterion, themes=[*criterion.themes, "team-working"], seen=0, at=now)
    write_note(actor=assessor, criterion=criterion, words=WORDS, examples=EXAMPLES, seen=0, at=now)
    for centre in Centre.objects.all():
        learn(centre_id=centre.pk)
