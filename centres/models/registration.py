"""What learners are registered for, their units, and how both changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from centres.enums import LEFT, Purpose, RegistrationState, UnitState
from centres.models.people import Learner
from common.constraints import said
from common.ids import new_public_id
from common.scoping import CentreOwned
from qualifications.rules import LONGEST_CONFIRMATION


class Registration(CentreOwned):
    """A learner registered for one version of a qualification (3.5)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="registrations")
    qualification = models.ForeignKey(
        "qualifications.Qualification", on_delete=models.PROTECT, related_name="registrations"
    )
    state = models.CharField(max_length=12, choices=RegistrationState.choices, default=RegistrationState.ACTIVE)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    #: The registration this one follows (R34). One to one: two people who move it at once make one move.
    moved_from = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="moved_to")
    moved_reason = models.CharField(max_length=300, default="")
    #: How whoever registered knew that entry was open, where its last day was not known (R16).
    entry_confirmed = models.CharField(max_length=LONGEST_CONFIRMATION, default="")
    ledger_length = models.PositiveIntegerField(default=0)
    ledger_head = models.CharField(max_length=64, default="")

    may_differ = frozenset({"moved_from__qualification", "moved_from__registered_by", "moved_from__moved_from"})

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "qualification"],
                condition=~Q(state__in=sorted(LEFT)),
                name="registration_open_once",
            ),
            models.CheckConstraint(condition=~Q(moved_from=F("pk")), name="registration_moved_from_another"),
        ]

    def __str__(self) -> str:
        return f"{self.learner_id} → {self.qualification_id}"


class LearnerUnit(CentreOwned):
    """A unit that a registration chose, and how far its sign-off is (3.3)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="units")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="units")
    unit = models.ForeignKey("qualifications.Unit", on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey("qualifications.Place", on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    target_on = models.DateField(null=True)  # the day by which it is meant to be done: nothing happens when it passes
    state = models.CharField(max_length=16, choices=UnitState.choices, default=UnitState.SELECTED)
    #: Set with the assessor's signature: the trainee on whose decisions it rests, so that it has to be countersigned
    #: (R6). `countersign_by_any`: nobody named for that trainee may, because they decided or signed here themselves.
    rests_on_trainee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    countersign_by_any = models.BooleanField(default=False)
    #: The learner did not agree with the last signature, and nobody has answered: nobody signs before that (R83).
    disputed = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["registration", "unit"], name="unit_once_in_registration")]
        indexes = [
            models.Index(
                fields=["centre"],
                condition=Q(state=UnitState.ASSESSOR_SIGNED, rests_on_trainee__isnull=False),
                name="unit_to_countersign",
            )
        ]
        ordering = ["registration_id", "position", "id"]

    def __str__(self) -> str:
        return f"{self.registration_id}/{self.unit_id} {self.state}"


class UnitChange(CentreOwned):
    """Somebody changed the choice of units of a registration, and why (R43). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)  # as it was that day (R122)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300)
    added = models.JSONField(default=list)  # public ids of units of the catalogue
    dropped = models.JSONField(default=list)
    accepted = models.JSONField(default=list)  # those of the dropped ones in which evidence was accepted
    satisfied = models.BooleanField()  # what the rule of combination said of the new choice
    credit = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.registration_id}: +{len(self.added)} -{len(self.dropped)}"


class StateChange(CentreOwned):
    """A registration went from one state to another: who, when, from which day on, and why (3.5). Append-only."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, related_name="state_changes")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_name = models.CharField(max_length=200)  # as it was that day (R122)
    at = models.DateTimeField()
    was = models.CharField(max_length=12, choices=RegistrationState.choices)
    to = models.CharField(max_length=12, choices=RegistrationState.choices)
    on = models.DateField()  # the day it counts from; of one that ends, its last day
    reason = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(was=F("to")), name="statechange_changes_it")]
        ordering = ["-at", "-id"]

    def __str__(self) -> str:
        return f"{self.registration_id}: {self.was} → {self.to}"


class InitialAssessment(CentreOwned):
    """What was found out before a learner was registered, and the level that was chosen (R39, R40).

    Written with the registration it led to. `outcome_level` is null where none was made: then `reason` says why.
    """

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    registration = models.OneToOneField(Registration, on_delete=models.PROTECT, related_name="initial_assessment")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="initial_assessments")
    made_on = models.DateField(null=True)
    prior_learning = models.TextField(default="")
    role_fit = models.CharField(max_length=500, default="")
    outcome_level = models.PositiveSmallIntegerField(null=True)
    chosen_level = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=500, default="")
    manages_people = models.BooleanField(null=True)  # level 4: line management, yes or no
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default="")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(outcome_level__isnull=False) & Q(made_on__isnull=False)) | said("reason"),
                name="no_initial_assessment_needs_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: level {self.outcome_level} found, {self.chosen_level} chosen"
