"""Choices and the transition table of a learner's unit (3.3)."""

from django.db import models

from common.text import _


class Role(models.TextChoices):
    ADMIN = "admin", _("Centre admin")
    ASSESSOR = "assessor", _("Assessor")
    TRAINEE = "trainee", _("Trainee assessor")
    IQA = "iqa", _("Internal quality assurer")
    LEAD_IQA = "lead_iqa", _("Lead internal quality assurer")
    EQA = "eqa", _("External quality assurer")
    LEARNER = "learner", _("Learner")


ASSESSING = frozenset({Role.ASSESSOR, Role.TRAINEE})
ASSURING = frozenset({Role.IQA, Role.LEAD_IQA, Role.EQA})
STAFF = ASSESSING | ASSURING | {Role.ADMIN}


class Standing(models.TextChoices):
    """What an assessor's decision is worth by itself on the day (R6, R7)."""

    QUALIFIED = "qualified", _("Qualified assessor")
    TRAINEE = "trainee", _("Trainee assessor")


class Gender(models.TextChoices):
    FEMALE = "F", _("Female")
    MALE = "M", _("Male")
    OTHER = "X", _("Another, or prefers not to say")


class UlnStatus(models.TextChoices):
    """R31: the form of a number is not its proof."""

    NONE = "none", _("No number yet")
    FORMAT_OK = "format_ok", _("Right form, not verified")
    VERIFIED = "verified", _("Verified")
    MISMATCH = "mismatch", _("Does not match")


class RegistrationState(models.TextChoices):
    ACTIVE = "active", _("Active")
    ON_BREAK = "on_break", _("On a break")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    COMPLETED = "completed", _("Completed")


class UnitState(models.TextChoices):
    SELECTED = "selected", _("Chosen")
    IN_PROGRESS = "in_progress", _("In progress")
    ASSESSOR_SIGNED = "assessor_signed", _("Signed by the assessor")
    COUNTERSIGNED = "countersigned", _("Countersigned")
    ACHIEVED = "achieved", _("Signed off")
    DROPPED = "dropped", _("No longer chosen")


#: Which state may follow which (3.3). READY is not stored: it is what the rule says at this moment. A learner's
#: confirmation makes the unit ACHIEVED at once until quality assurance takes units into its samples.
UNIT_TRANSITIONS: dict[UnitState, frozenset[UnitState]] = {
    UnitState.SELECTED: frozenset({UnitState.IN_PROGRESS, UnitState.ASSESSOR_SIGNED, UnitState.DROPPED}),
    UnitState.IN_PROGRESS: frozenset({UnitState.ASSESSOR_SIGNED, UnitState.DROPPED}),
    UnitState.ASSESSOR_SIGNED: frozenset({UnitState.COUNTERSIGNED, UnitState.ACHIEVED, UnitState.IN_PROGRESS}),
    UnitState.COUNTERSIGNED: frozenset({UnitState.ACHIEVED, UnitState.IN_PROGRESS}),
    UnitState.ACHIEVED: frozenset({UnitState.IN_PROGRESS}),
    UnitState.DROPPED: frozenset({UnitState.SELECTED}),
}

#: From the assessor's signature on nothing can be linked, unlinked or judged (R83).
FROZEN_UNITS = frozenset({UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED, UnitState.ACHIEVED})
