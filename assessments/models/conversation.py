"""What is being typed, who has a piece open, and the talk about it."""

from django.conf import settings
from django.db import models

from common.ids import new_public_id
from common.scoping import CentreOwned


class FeedbackDraft(CentreOwned):
    """What an assessor is typing, saved every few seconds (R146). One per person and item; cleared by the save."""

    evidence = models.ForeignKey("portfolio.Evidence", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    content = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "person"], name="feedback_draft_once")]

    def __str__(self) -> str:
        return f"{self.evidence_id} by {self.person_id}"


class Presence(CentreOwned):
    """Who has this item open now: so that a second assessor is seen."""

    evidence = models.ForeignKey("portfolio.Evidence", on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evidence", "person"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.evidence_id}"


class Reply(CentreOwned):
    """A line in the thread of learner and assessor about an item (R77). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    evidence = models.ForeignKey("portfolio.Evidence", on_delete=models.PROTECT, related_name="replies")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return self.text[:40]
