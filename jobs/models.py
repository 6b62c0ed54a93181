"""One row a piece of background work. The row is the record; a broker only carries the news of it."""

from typing import Any

from django.db import models
from django.db.models import Q

from common.ids import new_public_id
from jobs.enums import LIVE, JobState, Lane, Why
from jobs.rules import ERROR_LIMIT, MAX_CRASHES


class Job(models.Model):
    """What is to be done (`name`, `args`: ids only), who is at it until when, and how often it was tried."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=100)
    args: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True, blank=True)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.WAITING)
    available_at = models.DateTimeField()
    nudged_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    #: How often it may break off. (Its name is older than that: servers of the release before write it too.)
    max_attempts = models.PositiveSmallIntegerField(default=MAX_CRASHES)
    crashes = models.PositiveSmallIntegerField(default=0)
    #: Since when what it needs is away; empty while nothing is.
    failing_since = models.DateTimeField(null=True)
    lane = models.CharField(max_length=8, choices=Lane.choices, default=Lane.QUICK, db_default=Lane.QUICK)
    #: Whose work it is: its admins read of it when it needs attention. Empty: the installation's own.
    centre_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=8, choices=Why.choices, default="", db_default="", blank=True)
    #: Of the letter that was last handed to the mail server, from before that until its answer is known.
    message_id = models.CharField(max_length=100, default="", db_default="")
    #: Asked for again while it was being done: at its end it goes back to waiting, no change is missed.
    again = models.BooleanField(default=False)
    lease_until = models.DateTimeField(null=True)
    leased_by = models.CharField(max_length=120, default="")
    heartbeat_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=ERROR_LIMIT, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(state__in=LIVE), name="job_key_once_while_live"),
            models.CheckConstraint(condition=~Q(name=""), name="job_named"),
            models.CheckConstraint(
                condition=Q(state=JobState.RUNNING, lease_until__isnull=False) | ~Q(state=JobState.RUNNING),
                name="job_running_is_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["available_at", "id"], condition=Q(state=JobState.WAITING), name="job_due"),
            models.Index(
                fields=["lane", "available_at", "id"], condition=Q(state=JobState.WAITING), name="job_due_in_lane"
            ),
            models.Index(fields=["centre_id", "-id"], condition=Q(state=JobState.DEAD), name="job_needs_attention"),
            models.Index(fields=["lease_until"], condition=Q(state=JobState.RUNNING), name="job_leases"),
            models.Index(fields=["state", "-id"], name="job_state_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.public_id} {self.state}"
