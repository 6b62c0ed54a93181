"""The centre itself, its policy, and its sites."""

from django.db import models
from django.db.models import F, Q

from common.constraints import Digits
from common.ids import new_public_id
from common.scoping import CentreOwned


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
