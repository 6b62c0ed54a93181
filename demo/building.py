"""Building the demo: all or nothing, through the services, in the order of the calendar."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

from django.db import transaction
from django.test.utils import override_settings

from centres.models import Centre
from demo.arrivals import arrivals, asking_first, countersigner, let_in, second_assessor
from demo.drafts import drafts
from demo.filing import start_making
from demo.guiding import guide
from demo.moments import Calendar, Story, play
from demo.people import HARBOURSIDE, NORTHGATE
from demo.stage import Stage
from demo.stories import files_wanted, stories
from demo.transfers import moves
from demo.unit_decisions import settle
from jobs import runner


def has_data() -> bool:
    """Say whether somebody works with this database already."""
    return Centre.objects.exists()


def build(*, now: dt.datetime) -> None:
    """Make two centres as they would be after years, months and days of work, ending at `now`.

    One transaction: when something goes wrong nothing is written. The catalogue has to be loaded.
    """
    with ThreadPoolExecutor(max_workers=1) as pool, transaction.atomic():
        calendar = Calendar(now)
        stage = Stage(calendar, file=lambda file, day: made[file, day].result())
        made = start_making(pool, files_wanted(stage))
        play(_everything(stage), until=now)
        guide(stage, now)
        settle(stage, now)
        _clear_letters()
        let_in(stage, now)


def _everything(stage: Stage) -> list[Story]:
    return [
        *arrivals(stage),
        countersigner(stage, "callum", "priya", NORTHGATE),
        second_assessor(stage, "iris", "linnea"),
        asking_first(stage, HARBOURSIDE),
        *stories(stage),
        *moves(stage),
        *drafts(stage),
    ]


def _clear_letters() -> None:
    """Do the background work that has gathered. Its letters go nowhere: these people have no letter boxes."""
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend"):
        runner.drain("demo")
