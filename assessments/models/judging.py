"""What an assessor saved: the review, its judgements, the countersignature, and which decision counts now."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from assessments.enums import ReviewKind, Verdict
from assessments.rules.digests import judgement_digest, words
from centres.enums import Standing
from common.constraints import said
from common.digests import canonical, digest, instant
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned
from portfolio.enums import Setting
from qualifications.enums import Kind
from qualifications.rules import NEVER


class Review(CentreOwned):
    """One save of an assessor on one version: the five words, the feedback, what comes next (R70, R77). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    evidence = models.ForeignKey("portfolio.Evidence", on_delete=models.PROTECT, related_name="reviews")
    version = models.ForeignKey("portfolio.EvidenceVersion", on_delete=models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=8, choices=ReviewKind.choices)
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    feedback = models.TextField(default="")
    next_action = models.CharField(max_length=300, default="")
    next_by = models.DateField(null=True)
    vacsr = models.JSONField(default=dict)  # {"valid": true, …}: what saving "met" confirmed, or the words taken off
    vacsr_note = models.TextField(default="")  # compulsory where an answer is "no"
    setting_confirmed = models.CharField(max_length=10, choices=Setting.choices, default="")
    setting_basis = models.TextField(default="")  # how the assessor knows, where the learner's word is in doubt (R61)
    currency_note = models.TextField(default="")  # why old evidence still shows what the learner can do today (R59)
    days_note = models.TextField(default="")  # why a day of seeing it is far from the activity or the registration
    inspected_on = models.DateField(null=True)  # in-situ: seen where it is kept (R49)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind=ReviewKind.RETURNED) | said("feedback"), name="review_sent_back_says_why"
            ),
            Guard(name="review_of_another", refuse=[[("same", "assessor", "evidence__learner__person")]]),
        ]
        indexes = [models.Index(fields=["evidence", "-at"], name="review_evidence")]

    def __str__(self) -> str:
        return f"{self.kind} {self.evidence_id} {self.at:%Y-%m-%d}"

    @property
    def digest(self) -> str:
        """The SHA-256 of what was saved, words as their own hash: each judgement of this save names it."""
        said = ("feedback", "next_action", "vacsr_note", "setting_basis", "currency_note", "days_note")
        days = ("next_by", "inspected_on")
        facts = {
            "review": self.public_id,
            "evidence": self.evidence.public_id,
            "version": self.version.public_id,
            "kind": str(self.kind),
            "assessor": self.assessor.public_id,
            "vacsr": self.vacsr,
            "setting": str(self.setting_confirmed),
            "at": instant(self.at),
            **{name: words(getattr(self, name)) for name in said},
            **{name: day.isoformat() if day else "" for name in days for day in (getattr(self, name),)},
        }
        return digest(canonical(facts))


class Judgement(CentreOwned):
    """A person decided about a criterion on a version of evidence (axiom 1). Append-only; the highest round counts."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="judgements")
    mapping = models.ForeignKey("portfolio.EvidenceMapping", on_delete=models.PROTECT, related_name="judgements")
    learner_unit = models.ForeignKey("centres.LearnerUnit", on_delete=models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey("qualifications.Criterion", on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey("portfolio.EvidenceVersion", on_delete=models.PROTECT, related_name="judgements")
    version_digest = models.CharField(max_length=64)
    round = models.PositiveIntegerField()
    verdict = models.CharField(max_length=12, choices=Verdict.choices)
    reason = models.CharField(max_length=500, default="")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=10, choices=Standing.choices)
    setting = models.CharField(max_length=10, choices=Setting.choices, default="")
    observed_on = models.DateField(null=True)  # the assessor says they saw it themselves at work, on this day (R71)
    at = models.DateTimeField()
    digest = models.CharField(max_length=64)  # SHA-256 of the canonical facts above
    # What R61 asks, beside the decision so that the database can hold it: the kind of the criterion, and what the
    # learner had said of the setting. Both stand in the rows that the digest names.
    kind = models.CharField(max_length=10, choices=Kind.choices)
    learner_setting = models.CharField(max_length=10, choices=Setting.choices, default="")
    #: That day the awarding organisation's own text let a realistic environment count in this qualification.
    realistic_counts = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["mapping", "round"], name="judgement_once_a_round"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.NOT_YET) | said("reason"), name="judgement_not_yet_has_a_reason"
            ),
            Guard(name="judgement_of_another", refuse=[[("same", "assessor", "learner_unit__learner__person")]]),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.MET)
                | Q(kind=Kind.KNOWLEDGE)
                | ~(Q(setting__in=sorted(NEVER)) | Q(learner_setting__in=sorted(NEVER))),
                name="simulation_meets_no_competence",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.MET)
                | Q(kind=Kind.KNOWLEDGE)
                | Q(realistic_counts=True)
                | ~(Q(setting=Setting.REALISTIC) | Q(learner_setting=Setting.REALISTIC)),
                name="realistic_meets_where_it_counts",
            ),
            models.CheckConstraint(condition=~Q(verdict=Verdict.MET) | ~Q(setting=""), name="met_says_where"),
        ]
        indexes = [models.Index(fields=["learner_unit", "criterion"], name="judgement_criterion")]

    def __str__(self) -> str:
        return f"{self.mapping_id} r{self.round} {self.verdict}"

    @property
    def computed_digest(self) -> str:
        """The digest that these facts have now; an unaltered row carries the same in `digest`."""
        facts = {
            "review": self.review.digest,
            "mapping": self.mapping.public_id,
            "criterion": self.criterion.public_id,
            "unit": self.learner_unit.public_id,
            "version": self.version.public_id,
            "version_digest": self.version_digest,
            "round": self.round,
            "verdict": str(self.verdict),
            "assessor": self.assessor.public_id,
            "standing": str(self.standing),
            "setting": str(self.setting),
            "observed_on": self.observed_on.isoformat() if self.observed_on else "",
            "kind": str(self.kind),
            "learner_setting": str(self.learner_setting),
            "realistic_counts": self.realistic_counts,
        }
        return judgement_digest(facts, reason=self.reason, at=self.at)


class Countersignature(CentreOwned):
    """A qualified assessor agrees or disagrees with a trainee's judgement (R6). Append-only."""

    judgement = models.OneToOneField(Judgement, on_delete=models.PROTECT, related_name="countersignature")
    agrees = models.BooleanField()
    reason = models.CharField(max_length=500, default="")
    countersigner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(agrees=True) | said("reason"), name="countersign_no_needs_reason"),
            Guard(
                name="countersignature_of_another",
                refuse=[
                    [("same", "countersigner", "judgement__assessor")],
                    [("same", "countersigner", "judgement__learner_unit__learner__person")],
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judgement_id} {'agreed' if self.agrees else 'not agreed'}"

    @property
    def digest(self) -> str:
        """The SHA-256 of who said what about which judgement, and when: a signature that rests on it names it."""
        facts = {
            "judgement": self.judgement.public_id,
            "judged": self.judgement.digest,
            "agrees": self.agrees,
            "reason": words(self.reason),
            "countersigner": self.countersigner.public_id,
            "at": instant(self.at),
        }
        return digest(canonical(facts))


class CurrentDecision(CentreOwned):
    """What counts now for one mapping: at most one row, so that nothing has to work it out again (decision 10).

    `judgement` is in force: made by a qualified person, or countersigned, or an answer other than "met". `proposed` is
    a decision that waits for a countersignature and counts for nothing until then (R6, R7). Written only by
    `assessments.services.current`, in the transaction that judges or countersigns; history stays in the judgements.
    """

    mapping = models.OneToOneField("portfolio.EvidenceMapping", on_delete=models.PROTECT, related_name="current")
    learner_unit = models.ForeignKey("centres.LearnerUnit", on_delete=models.PROTECT, related_name="decisions")
    criterion = models.ForeignKey("qualifications.Criterion", on_delete=models.PROTECT, related_name="+")
    judgement = models.OneToOneField(Judgement, on_delete=models.PROTECT, null=True, related_name="in_force")
    countersignature = models.OneToOneField(Countersignature, on_delete=models.PROTECT, null=True, related_name="+")
    proposed = models.OneToOneField(Judgement, on_delete=models.PROTECT, null=True, related_name="waiting")
    # Of the judgement in force, beside it so that the database can hold what "met" needs.
    verdict = models.CharField(max_length=12, choices=Verdict.choices, default="", blank=True)
    standing = models.CharField(max_length=10, choices=Standing.choices, default="", blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(judgement__isnull=False) | Q(proposed__isnull=False), name="current_says_something"
            ),
            models.CheckConstraint(
                condition=Q(judgement=None, verdict="", standing="", countersignature=None)
                | (Q(judgement__isnull=False) & ~Q(verdict="") & ~Q(standing="")),
                name="current_says_what_is_in_force",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.MET) | Q(standing=Standing.QUALIFIED) | Q(countersignature__isnull=False),
                name="current_met_is_qualified_or_countersigned",
            ),
            models.CheckConstraint(
                condition=Q(proposed=None) | Q(judgement=None) | ~Q(proposed=F("judgement")),
                name="current_waits_for_another",
            ),
            Guard(
                name="current_says_what_was_judged",
                refuse=[[("differ", "verdict", "judgement__verdict")], [("differ", "standing", "judgement__standing")]],
            ),
        ]
        indexes = [
            models.Index(fields=["learner_unit", "criterion"], name="current_criterion"),
            models.Index(fields=["centre"], condition=Q(proposed__isnull=False), name="current_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.mapping_id}: {self.verdict or '-'}{' (one waits)' if self.proposed_id else ''}"
