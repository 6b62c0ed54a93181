"""The life of a piece of background work, as data."""

from django.db import models

from common.text import _


class JobState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Being done")
    DONE = "done", _("Done")
    DEAD = "dead", _("Given up: a person must look")


#: From each state to the states it may become. `running → waiting` is a retry or a lease that ran out.
TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.WAITING: frozenset({JobState.RUNNING}),
    JobState.RUNNING: frozenset({JobState.DONE, JobState.WAITING, JobState.DEAD}),
    JobState.DONE: frozenset(),
    JobState.DEAD: frozenset({JobState.WAITING}),
}

#: A job in one of these still has something to do; only these count when a key is asked to be unique.
LIVE = (JobState.WAITING, JobState.RUNNING)
