"""The life of a piece of background work, as data."""

from django.db import models

from common.text import _


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being done")
    DONE = "done", _("Done")
    DEAD = "dead", _("Needs attention")


class Lane(models.TextChoices):
    """Who waits behind whom: work of one lane never waits for that of another."""

    QUICK = "quick", _("Quick work")
    SLOW = "slow", _("Work that takes long")
    MAIL = "mail", _("Letters")


class Why(models.TextChoices):
    """Why a job needs attention."""

    CRASHED = "crashed", _("It broke off three times.")
    AWAY = "away", _("What it needs was away for a week.")
    REFUSED = "refused", _("The mail server refused the address.")
    UNKNOWN = "unknown", _("The mail server did not say whether it took the letter, so it may have arrived.")


#: From each state to the states it may become. `running → waiting` is a retry or a lease that ran out; `dead → done` is
#: the same work (by its key) that was asked for anew and done since.
TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset({JobState.RUNNING}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.WAITING, JobState.DEAD}),
    JobState.DONE: frozenset(),
    JobState.DEAD: frozenset({JobState.WAITING, JobState.DONE}),
}

#: A job in one of these still has something to do; only these count when a key is asked to be unique.
LIVE = (JobState.WAITING, JobState.RUNNING)
