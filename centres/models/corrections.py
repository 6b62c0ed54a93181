"""What was put right in a learner's record, and what keeps a learner number and its state together (R27 to R33)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from centres.enums import NUMBERED, CorrectionKind, UlnStatus
from common.constraints import Digits, said
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned

#: Of `centres.Learner`: a missing number says why, one that was asked for when, one that was compared by whom.
NUMBER_AND_STATE = (
    models.CheckConstraint(
        condition=Q(uln=None, uln_status__in=[UlnStatus.NONE, UlnStatus.REQUESTED])
        | Q(uln__isnull=False, uln_status__in=sorted(NUMBERED)),
        name="learner_number_has_a_state",
    ),
    models.CheckConstraint(
        condition=Q(uln__isnull=False) | said("uln_missing_reason"), name="learner_without_number_says_why"
    ),
    models.CheckConstraint(
        condition=~Q(uln_status=UlnStatus.REQUESTED)
        | Q(uln_requested_on__isnull=False, lrs_notice_on__isnull=False) & said("lrs_notice"),
        name="learner_number_asked_after_notice",
    ),
    models.CheckConstraint(
        condition=~Q(uln_status__in=[UlnStatus.VERIFIED, UlnStatus.MISMATCH])
        | Q(uln_checked_by__isnull=False, uln_checked_on__isnull=False),
        name="learner_number_compared_by_somebody",
    ),
    models.CheckConstraint(
        condition=~Q(uln_status=UlnStatus.MISMATCH) | said("uln_mismatch"), name="learner_mismatch_says_where"
    ),
    Guard(name="learner_compared_by_another", refuse=[[("same", "uln_checked_by", "person")]]),
)
#: Of `centres.Learner`: numbers of awarding bodies have their form, and nobody has another learner's (R28).
NUMBERS_OF_BODIES = (
    models.UniqueConstraint(fields=["centre", "candidate_number"], name="learner_candidate_in_centre"),
    models.UniqueConstraint(fields=["centre", "ocr_number"], name="learner_ocr_number_in_centre"),
    models.UniqueConstraint(fields=["centre", "uci"], name="learner_uci_in_centre"),
    models.CheckConstraint(
        condition=Q(candidate_number=None) | Q(Digits(F("candidate_number"), length=4)),
        name="learner_candidate_four_digits",
    ),
    models.CheckConstraint(
        condition=Q(ocr_number=None) | Q(Digits(F("ocr_number"), length=8)), name="learner_ocr_number_eight_digits"
    ),
    models.CheckConstraint(
        condition=Q(uci=None) | Q(Digits(F("uci"), length=13, first="0-9A-Z", rest="0-9A-Z")),
        name="learner_uci_thirteen_signs",
    ),
)


class Correction(CentreOwned):
    """Somebody put a learner's record right: what it was, what it is now, why, and what they saw (R27). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    learner = models.ForeignKey("centres.Learner", on_delete=models.PROTECT, related_name="corrections")
    kind = models.CharField(max_length=6, choices=CorrectionKind.choices, default=CorrectionKind.RECORD)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)  # as it was that day (R122)
    at = models.DateTimeField()
    changes = models.JSONField(default=list)  # [{"field": …, "from": …, "to": …}]
    reason = models.CharField(max_length=300, default="")
    renamed = models.BooleanField(default=False)  # another name, with proof: not the spelling
    proof = models.CharField(max_length=200, default="")
    proof_seen_by = models.CharField(max_length=200, default="")
    proof_seen_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=CorrectionKind.NUMBER) | said("reason"), name="correction_says_why"
            ),
            models.CheckConstraint(condition=Q(renamed=False) | said("proof"), name="correction_of_a_name_has_proof"),
            models.CheckConstraint(
                condition=Q(proof="", proof_seen_by="", proof_seen_on=None)
                | said("proof") & said("proof_seen_by") & Q(proof_seen_on__isnull=False),
                name="correction_proof_is_whole",
            ),
            Guard(name="correction_of_another", refuse=[[("same", "by", "learner__person")]]),
        ]
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["learner", "-at"], name="correction_learner")]

    def __str__(self) -> str:
        return f"{self.learner_id} by {self.by_id} {self.at:%Y-%m-%d}"
