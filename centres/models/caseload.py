"""Who looks after whose work, and who countersigns for whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from centres.models.people import Learner
from centres.models.registration import Registration
from common.guards import Guard
from common.ids import new_public_id
from common.scoping import CentreOwned


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
