"""How a person likes their pages."""

from django.db import models

from common.text import _


class Density(models.TextChoices):
    AUTO = "auto", _("As my role needs it")
    COMFORT = "comfort", _("Comfortable: larger text and buttons")
    WORKBENCH = "workbench", _("Workbench: more on one page")


class Appearance(models.TextChoices):
    DEVICE = "device", _("As my device")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")
