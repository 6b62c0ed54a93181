"""The sign-off chain of a registration, and the words that go with its acts. Append-only (axiom 2)."""

from django.conf import settings
from django.db import models

from assessments.enums import LEARNERS_ACTS, Act
from centres.enums import Standing
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned


class LedgerEntry(CentreOwned):
    """One act of the sign-off chain of a registration: digest = SHA-256(previous ‖ payload). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    registration = models.ForeignKey("centres.Registration", on_delete=models.PROTECT, related_name="ledger")
    learner_unit = models.ForeignKey("centres.LearnerUnit", on_delete=models.PROTECT, related_name="ledger")
    sequence = models.PositiveIntegerField()
    act = models.CharField(max_length=20, choices=Act.choices)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing.choices)  # of the person that day, as in the payload
    roles = models.CharField(max_length=120)  # theirs that day, with commas between, as in the payload
    at = models.DateTimeField()
    payload = models.TextField()  # canonical JSON, ids and hashes only
    previous = models.CharField(max_length=64, unique=True)  # unique: the chain cannot fork
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["registration", "sequence"], name="ledger_sequence_once"),
            Guard(
                name="ledger_of_another_or_their_own",
                refuse=[
                    [("same", "person", "registration__learner__person"), ("not_in", "act", LEARNERS_ACTS)],
                    [("differ", "person", "registration__learner__person"), ("in", "act", LEARNERS_ACTS)],
                ],
            ),
        ]
        ordering = ["registration_id", "sequence"]

    def __str__(self) -> str:
        return f"{self.registration_id}#{self.sequence} {self.act}"


class SignOffNote(CentreOwned):
    """The words that go with an act of the chain (why reopened, what is disputed): kept out of the chain's payload."""

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="note")
    text = models.TextField()

    def __str__(self) -> str:
        return self.text[:40]
