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


class PortfolioView(models.TextChoices):
    """What a learner's own work is sorted by (R45). Soft: both show everything."""

    AUTO = "auto", _("As my qualification suggests")
    UNITS = "units", _("Units first")
    ACTIVITIES = "activities", _("Activities first")
