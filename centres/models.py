"""Centres, who is what in them and when, learners and what they are registered for."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from centres import gate_models  # noqa: F401 - Django looks for models here
from centres.correction_models import NUMBER_AND_STATE
from centres.enums import LEFT, Gender, Purpose, RegistrationState, Role, UlnStatus, UnitState
from common.constraints import Digits
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned
from qualifications.enums import Kind
from qualifications.rules import LONGEST_CONFIRMATION


class Centre(models.Model):
    """An organisation approved to deliver and assess. Its five-digit number is its address."""

    number = models.CharField(max_length=5, unique=True)
    name = models.CharField(max_length=160)
    feedback_days = models.PositiveSmallIntegerField(default=10)
    #: Evidence older than so many days asks its assessor why it still counts (R59).
    currency_days = models.PositiveSmallIntegerField(default=2 * 365)
    #: What has to be on record here before somebody is registered (R1), signed off (R37), or sends (R41).
    asks_approval = models.BooleanField(default=True, db_default=True)
    asks_identity = models.BooleanField(default=True, db_default=True)
    asks_induction = models.BooleanField(default=True, db_default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(Digits(F("number"), length=5)), name="centre_number_five_digits")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Site(CentreOwned):
    """A satellite or workplace of a centre (R2)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    name = models.CharField(max_length=120)
    postcode = models.CharField(max_length=10, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="site_name_in_centre")]

    def __str__(self) -> str:
        return self.name


class Membership(CentreOwned):
    """A person holds a role in a centre from one day to another (R13). Rights follow these dates at once."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="+")
    #: The name this centre typed. Its own lists show it, so that an address tells nobody whose it is elsewhere (H02).
    known_as = models.CharField(max_length=161, default="", blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "person", "role"], condition=Q(ends_on=None), name="membership_open_once"
            ),
        ]
        indexes = [models.Index(fields=["person", "centre"], name="membership_person_centre")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.role} {self.starts_on}"


class Assurance(CentreOwned):
    """Which qualification a quality assurer looks after: it narrows what an IQA or EQA can see (R99).

    Counts on the days of the membership and, where it names some, of its own window: a visit.
    """

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="assurances")
    awarding_body = models.CharField(max_length=60, default="", blank=True)  # empty: whichever body has this code
    entry_code = models.CharField(max_length=10)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "awarding_body", "entry_code"], name="assurance_once"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="assurance_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return self.entry_code


class Learner(CentreOwned):
    """A person as this centre's learner, with the names that certificates will print (R27)."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="learners")
    given_names = models.CharField(max_length=80)
    family_name = models.CharField(max_length=80)
    date_of_birth = models.DateField()
    gender = models.CharField(max_length=1, choices=Gender.choices)
    uln = models.CharField(max_length=10, null=True)
    uln_status = models.CharField(max_length=10, choices=UlnStatus.choices, default=UlnStatus.NONE)
    uln_missing_reason = models.CharField(max_length=200, default="")
    uln_requested_on = models.DateField(null=True)
    #: Which privacy notice of the Learning Records Service the learner was shown before that, and when (R33).
    lrs_notice = models.CharField(max_length=60, default="")
    lrs_notice_on = models.DateField(null=True)
    #: Who compared the number with the service, when; and what differed, names of `Demographic` with commas between.
    uln_checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uln_checked_on = models.DateField(null=True)
    uln_mismatch = models.CharField(max_length=80, default="")
    workplace = models.CharField(max_length=160, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "person"], name="learner_once_in_centre"),
            models.UniqueConstraint(fields=["centre", "uln"], name="learner_uln_in_centre"),
            models.CheckConstraint(
                condition=Q(uln=None) | Q(Digits(F("uln"), length=10, first="1-9")), name="learner_uln_ten_digits"
            ),
            *NUMBER_AND_STATE,
        ]
        indexes = [models.Index(fields=["centre", "family_name", "given_names"], name="learner_by_name")]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Given names and family name as entered."""
        return f"{self.given_names} {self.family_name}"


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
                condition=(Q(outcome_level__isnull=False) & Q(made_on__isnull=False)) | ~Q(reason=""),
                name="no_initial_assessment_needs_reason",
            )
        ]

    def __str__(self) -> str:
        return f"{self.registration_id}: level {self.outcome_level} found, {self.chosen_level} chosen"


class Allocation(CentreOwned):
    """This assessor looks after this learner from one day to another (R13): in all registrations, or the one named."""

    public_id = models.CharField(max_length=26, unique=True, default=new_public_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="allocations")
    registration = models.ForeignKey(Registration, on_delete=models.PROTECT, null=True, related_name="allocations")
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="allocations")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    reason = models.CharField(max_length=300, default="")
    #: Why somebody who registered the learner looks after them all the same; a third person said it (section 4).
    exception = models.CharField(max_length=300, default="", blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "assessor"],
                condition=Q(ends_on=None, registration=None),
                name="allocation_open_once",
            ),
            models.UniqueConstraint(
                fields=["registration", "assessor"], condition=Q(ends_on=None), name="allocation_named_open_once"
            ),
            Guard(name="allocation_of_another", refuse=[[("same", "assessor", "learner__person")]]),
        ]
        indexes = [models.Index(fields=["assessor", "centre"], name="allocation_assessor")]

    def __str__(self) -> str:
        return f"{self.assessor_id} for {self.learner_id}"


class Countersigner(CentreOwned):
    """This qualified assessor countersigns this trainee's decisions from one day to another (R6)."""

    trainee = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    countersigner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["centre", "trainee", "countersigner"], condition=Q(ends_on=None), name="countersigner_once"
            ),
            models.CheckConstraint(condition=~Q(trainee=F("countersigner")), name="countersigner_is_another"),
        ]

    def __str__(self) -> str:
        return f"{self.countersigner_id} for {self.trainee_id}"


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
            models.CheckConstraint(condition=~Q(reason=""), name="sufficiency_has_a_reason"),
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
            models.CheckConstraint(condition=Q(agrees=True) | ~Q(note=""), name="sufficiency_no_needs_a_note"),
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {'agreed' if self.agrees else 'not agreed'}"
