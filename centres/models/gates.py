"""What has to be on record before somebody is registered, signed off or sends (R1, R37, R41), and who changed that.

All append-only: the newest row counts, and what was recorded before stays readable.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from centres.enums import ApprovalStatus, IdDocument, IdMethod
from centres.rules.gates import LONGEST_LETTER, LONGEST_NOTE
from common.constraints import said
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned


class Approval(CentreOwned):
    """What the awarding body said of one qualification at this centre (R1). Append-only; the newest counts."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    awarding_body = models.CharField(max_length=60)
    entry_code = models.CharField(max_length=10)
    number = models.CharField(max_length=40)  # the awarding body's own reference
    status = models.CharField(max_length=10, choices=ApprovalStatus.choices)
    approved_on = models.DateField()  # the day from which it says so
    lapses_on = models.DateField(null=True)  # the last day that still counts
    letter = models.TextField(max_length=LONGEST_LETTER)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_by_name = models.CharField(max_length=200)  # as it was that day (R122)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=said("number") & said("letter"), name="approval_says_what_it_rests_on"),
            models.CheckConstraint(
                condition=Q(lapses_on=None) | Q(lapses_on__gte=models.F("approved_on")), name="approval_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=["centre", "awarding_body", "entry_code"], name="approval_of")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.entry_code} {self.status} {self.approved_on}"


class IdentityCheck(CentreOwned):
    """Somebody saw a document of a learner and compared the photo (R37). Append-only; the newest counts."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    learner = models.ForeignKey("centres.Learner", on_delete=models.PROTECT, related_name="identity_checks")
    document = models.CharField(max_length=10, choices=IdDocument.choices)
    method = models.CharField(max_length=10, choices=IdMethod.choices)
    seen_on = models.DateField()
    matches = models.BooleanField()  # name and photo are the learner's
    note = models.CharField(max_length=LONGEST_NOTE, default="", blank=True)
    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    seen_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(matches=True) | said("note"), name="identity_mismatch_says_why"),
            Guard(name="identity_seen_by_another", refuse=[[("same", "seen_by", "learner__person")]]),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.document} {self.seen_on}"


class Induction(CentreOwned):
    """A learner acknowledged what they were told at the start, and which version of the text (R41). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    learner = models.ForeignKey("centres.Learner", on_delete=models.PROTECT, related_name="inductions")
    version = models.CharField(max_length=20)
    parts = models.JSONField(default=list)  # what was ticked, by name
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "version"], name="induction_once"),
            Guard(name="induction_by_the_learner", refuse=[[("differ", "by", "learner__person")]]),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.learner_id} {self.version}"


class PolicyChange(CentreOwned):
    """Somebody changed what the centre asks for, and why. Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=LONGEST_NOTE)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=said("reason"), name="policy_change_has_a_reason")]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.centre_id} {self.at:%Y-%m-%d}"


class ExternalProposal(CentreOwned):
    """Somebody is to be an external quality assurer here, as the awarding body said (R100). Append-only.

    It gives no role: that is a second person's act (`ExternalDecision`).
    """

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    known_as = models.CharField(max_length=161)
    entry_codes = models.JSONField(default=list)
    starts_on = models.DateField()
    ends_on = models.DateField()
    proof = models.CharField(max_length=LONGEST_NOTE)  # how the awarding body confirmed who comes, and when
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=said("proof"), name="external_proposal_has_a_proof"),
            models.CheckConstraint(condition=~Q(person=models.F("proposed_by")), name="external_proposed_by_another"),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_on} to {self.ends_on}"


class ExternalDecision(CentreOwned):
    """A second person gives the role, or does not (R100). Append-only; the database holds who may not."""

    proposal = models.OneToOneField(ExternalProposal, on_delete=models.PROTECT, related_name="decision")
    agrees = models.BooleanField()
    note = models.CharField(max_length=LONGEST_NOTE, default="", blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_by_name = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=models.F("proposed_by")), name="external_decided_by_another"
            ),
            models.CheckConstraint(condition=Q(agrees=True) | said("note"), name="external_no_needs_a_note"),
            Guard(name="external_not_by_oneself", refuse=[[("same", "decided_by", "proposal__person")]]),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} {'agreed' if self.agrees else 'not agreed'}"
