"""Who did what, when and on what: append-only (R127). And the answers already given to a form (idempotency)."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from audit.enums import Outcome


class Event(models.Model):
    """One act or one denial. Holds ids and hashes, never free personal text, so that it can outlive an erasure."""

    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    person_id = models.BigIntegerField(null=True)
    roles = models.CharField(max_length=120, default="")
    centre_id = models.BigIntegerField(null=True)
    object_type = models.CharField(max_length=60, default="")
    object_id = models.CharField(max_length=80, default="")
    request_id = models.CharField(max_length=40, default="")
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["centre_id", "-at"], name="audit_centre_at"),
            models.Index(fields=["object_type", "object_id", "-at"], name="audit_object_at"),
        ]
        constraints = [models.CheckConstraint(condition=~Q(action=""), name="audit_action_said")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.outcome}"


class IdempotencyKey(models.Model):
    """The answer once given to (person, key): a second post of the same form gets it again and changes nothing.

    The same form means the same path and the same content (`digest`). What was said is kept with its level.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    path = models.TextField()
    digest = models.CharField(max_length=64)
    location = models.TextField(default="")
    said = models.JSONField(default=list)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="idempotency_person_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_created")]

    def __str__(self) -> str:
        return f"{self.key} → {self.location}"
