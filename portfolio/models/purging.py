"""Personal data of others that was sent by mistake: who asked to remove it, who agreed, what stood there (R60).

All append-only. What was sent keeps its row and its hash; the bytes are gone.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from common.constraints import said
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned
from portfolio.rules.purging import LONGEST_REASON


class PurgeRequest(CentreOwned):
    """Somebody who found personal data of others in a version asks to remove it. Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    version = models.ForeignKey("portfolio.EvidenceVersion", on_delete=models.PROTECT, related_name="purge_requests")
    reason = models.CharField(max_length=LONGEST_REASON)  # what kind of data, naming nobody
    words = models.BooleanField()  # the words of the piece are meant as well
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_by_name = models.CharField(max_length=200)  # as it was that day (R122)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=said("reason"), name="purge_request_says_why"),
            Guard(
                name="purge_asked_by_another",
                refuse=[[("same", "asked_by", "version__evidence__learner__person")]],
            ),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.version_id}: {self.reason[:40]}"


class PurgeDecision(CentreOwned):
    """A second person agrees that it is removed, or does not. Append-only; the database holds who may not."""

    request = models.OneToOneField(PurgeRequest, on_delete=models.PROTECT, related_name="decision")
    agrees = models.BooleanField()
    note = models.CharField(max_length=LONGEST_REASON, default="", blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(decided_by=F("asked_by")), name="purge_decided_by_another"),
            models.CheckConstraint(condition=Q(agrees=True) | said("note"), name="purge_no_needs_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.request_id} {'agreed' if self.agrees else 'not agreed'}"


class Tombstone(CentreOwned):
    """What stood where a file of a version was, or (without a file) that the words of a version are withheld.

    Append-only. Who asked, why and who agreed stands in the decision it names.
    """

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    decision = models.ForeignKey(PurgeDecision, on_delete=models.PROTECT, related_name="tombstones")
    version = models.ForeignKey("portfolio.EvidenceVersion", on_delete=models.PROTECT, related_name="tombstones")
    file = models.OneToOneField("portfolio.EvidenceFile", on_delete=models.PROTECT, null=True, related_name="tombstone")
    sha256 = models.CharField(max_length=64)  # of the bytes, or the digest of the version
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100, default="")
    storage_key = models.CharField(max_length=120, default="")  # where the bytes were: nothing is there any more
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version"], condition=Q(file=None), name="tombstone_of_words_once"),
            models.CheckConstraint(condition=~Q(sha256=""), name="tombstone_has_a_hash"),
            Guard(
                name="tombstone_of_its_piece",
                refuse=[
                    [("differ", "version__evidence", "file__evidence")],
                    [("differ", "version", "decision__request__version")],
                ],
            ),
        ]
        indexes = [models.Index(fields=["centre", "sha256"], name="tombstone_same_bytes")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.file_id or 'words'}"
