"""What can have come of an act."""

from django.db import models

from common.text import _


class Outcome(models.TextChoices):
    DONE = "done", _("Done")
    DENIED = "denied", _("Not allowed")
