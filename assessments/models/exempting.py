"""Certificates that stand for a unit (R79)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.enums import ExemptionState, StandsBy
from assessments.rules.digests import words
from common.constraints import said
from common.digests import canonical, digest, instant
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned


class Exemption(CentreOwned):
    """A certificate that may stand for a unit: one person records it, another looks at it and decides (R79)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    learner_unit = models.ForeignKey("centres.LearnerUnit", on_delete=models.PROTECT, related_name="exemptions")
    state = models.CharField(max_length=8, choices=ExemptionState.choices, default=ExemptionState.WAITING)
    awarding_body = models.CharField(max_length=120)
    unit_reference = models.CharField(max_length=40)
    unit_title = models.CharField(max_length=250)
    awarded_on = models.DateField()
    certificate_number = models.CharField(max_length=60)
    checked_at = models.CharField(max_length=300)  # where the certificate was checked: the original, the awarding body
    number_key = models.CharField(max_length=60, default="")  # letters and digits of the number: as it is compared
    #: How it was compared with the unit, at recording and again at approval. Rows of before this was asked: not.
    stands_by = models.CharField(max_length=10, choices=StandsBy.choices, default=StandsBy.NOT_COMPARED)
    equivalence = models.TextField(default="")  # where it is written that the reference is as good as the unit's own
    #: Why a number that was used before is right here too: in the words of whoever recorded it, and of who approved.
    reuse_recorded = models.CharField(max_length=300, default="")
    reuse_approved = models.CharField(max_length=300, default="")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, default="")  # why it was not approved, or was withdrawn
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ExemptionState.WAITING) | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="exemption_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("recorded_by")), name="exemption_takes_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ExemptionState.REFUSED, ExemptionState.REVOKED]) | said("reason"),
                name="exemption_refused_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ExemptionState.REVOKED) | Q(revoked_by__isnull=False, revoked_at__isnull=False),
                name="exemption_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(stands_by=StandsBy.EQUIVALENT) | said("equivalence"), name="exemption_equivalent_by_source"
            ),
            models.UniqueConstraint(
                fields=["learner_unit"],
                condition=Q(state__in=[ExemptionState.WAITING, ExemptionState.APPROVED]),
                name="exemption_once_a_unit",
            ),
            Guard(
                name="exemption_of_another",
                refuse=[
                    [("same", who, "learner_unit__learner__person")]
                    for who in ("recorded_by", "decided_by", "revoked_by")
                ],
            ),
            Guard(
                name="exemption_of_this_unit",
                refuse=[
                    [("in", "state", [ExemptionState.APPROVED]), ("in", "stands_by", [StandsBy.NOT_COMPARED])],
                    [
                        ("in", "stands_by", [StandsBy.OWN]),
                        ("differ", "unit_reference", "learner_unit__unit__reference"),
                    ],
                ],
            ),
        ]
        indexes = [models.Index(fields=["centre", "number_key"], name="exemption_number")]
        ordering = ["-recorded_at", "-id"]

    def __str__(self) -> str:
        return f"{self.certificate_number} for {self.learner_unit_id} ({self.state})"

    @property
    def digest(self) -> str:
        """The SHA-256 of what stands on the certificate, who recorded it when and how it stands for the unit.

        The chain names it, so that it cannot change unseen.
        """
        names = ("public_id", "awarding_body", "unit_reference", "unit_title", "certificate_number", "checked_at")
        said = ("equivalence", "reuse_recorded", "reuse_approved")
        facts = {
            **{name: getattr(self, name) for name in names},
            **{name: words(getattr(self, name)) for name in said},
            "unit": self.learner_unit.public_id,
            "stands_by": str(self.stands_by),
            "awarded_on": self.awarded_on.isoformat(),
            "recorded_by": self.recorded_by.public_id,
            "recorded_at": instant(self.recorded_at),
        }
        return digest(canonical(facts))
