"""Who is what in a centre and when, what they assure, and who learns there."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from centres.enums import Gender, Role, UlnStatus
from centres.models.centre import Site
from centres.models.corrections import NUMBER_AND_STATE, NUMBERS_OF_BODIES
from common.constraints import Digits
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned


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
            Guard(  # nobody looks at a centre from outside in which they learn (R99, decision 17)
                name="membership_external_apart",
                refuse=[
                    [("in", "role", [one]), ("beside", ["centre", "person"], "role", [other])]
                    for one, other in ((Role.EQA, Role.LEARNER), (Role.LEARNER, Role.EQA))
                ],
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
    #: By what awarding bodies know them (R28): the centre's own candidate number, OCR's, and the identifier for exams.
    candidate_number = models.CharField(max_length=4, null=True)
    ocr_number = models.CharField(max_length=8, null=True)
    uci = models.CharField(max_length=13, null=True)
    workplace = models.CharField(max_length=160, default="")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre", "person"], name="learner_once_in_centre"),
            models.UniqueConstraint(fields=["centre", "uln"], name="learner_uln_in_centre"),
            *NUMBERS_OF_BODIES,
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
