"""How much evidence a centre asks for beyond the rule (R71)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from centres.models.registration import LearnerUnit
from common.constraints import said
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned
from qualifications.enums import Kind


class SufficiencyRule(CentreOwned):
    """How much evidence this centre asks for from a day on, or what differs for one learner (R71). Append-only.

    It counts once another person has agreed (`SufficiencyDecision`), until a later one of the same `scope` does.
    """

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    scope = models.CharField(max_length=200)  # what it is about, as one text: a later rule takes the place of this one
    unit_key = models.CharField(max_length=120, default="", blank=True)  # empty: every unit
    kind = models.CharField(max_length=10, choices=Kind.choices, default="", blank=True)  # empty: both kinds
    #: An exception for one learner: in this unit, and where it is set for this criterion alone.
    learner_unit = models.ForeignKey(LearnerUnit, on_delete=models.PROTECT, null=True, related_name="exceptions")
    criterion = models.ForeignKey("qualifications.Criterion", on_delete=models.PROTECT, null=True, related_name="+")
    asked = models.JSONField(default=dict, blank=True)  # as in catalogue files; empty: nothing more than one piece
    eases = models.BooleanField(default=False)  # asks for less than the levels above: for one learner only
    starts_on = models.DateField()
    reason = models.CharField(max_length=500)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=said("reason"), name="sufficiency_has_a_reason"),
            models.CheckConstraint(
                condition=Q(eases=False) | Q(learner_unit__isnull=False), name="sufficiency_eased_for_one_learner_only"
            ),
            models.CheckConstraint(
                condition=Q(criterion=None) | Q(learner_unit__isnull=False), name="sufficiency_criterion_of_a_learner"
            ),
            Guard(
                name="sufficiency_criterion_of_its_unit",
                refuse=[[("differ", "criterion__unit", "learner_unit__unit")]],
            ),
        ]
        indexes = [models.Index(fields=["centre", "scope", "starts_on"], name="sufficiency_scope")]

    def __str__(self) -> str:
        return f"{self.scope} from {self.starts_on}"


class SufficiencyDecision(CentreOwned):
    """A second person agrees to a rule, or does not (R71). Append-only; the database holds who may not."""

    rule = models.OneToOneField(SufficiencyRule, on_delete=models.PROTECT, related_name="decision")
    agrees = models.BooleanField()
    note = models.CharField(max_length=500, default="", blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")  # of the rule
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(decided_by=F("author")), name="sufficiency_decided_by_another"),
            models.CheckConstraint(condition=Q(agrees=True) | said("note"), name="sufficiency_no_needs_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {'agreed' if self.agrees else 'not agreed'}"
