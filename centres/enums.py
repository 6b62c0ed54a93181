"""Choices, and the transition tables of a learner's unit (3.3) and of a registration (3.5)."""

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
    REQUESTED = "requested", _("Asked for")
    FORMAT_OK = "format_ok", _("Right form, not verified")
    VERIFIED = "verified", _("Verified")
    MISMATCH = "mismatch", _("Does not match")


#: Where there is a number.
NUMBERED = frozenset({UlnStatus.FORMAT_OK, UlnStatus.VERIFIED, UlnStatus.MISMATCH})
#: Which may follow which (3.5). A number that is typed has the right form, whatever was before; so has one that was
#: compared when anything that is compared changes.
ULN_STEPS: dict[UlnStatus, frozenset[UlnStatus]] = {
    UlnStatus.NONE: frozenset({UlnStatus.REQUESTED, UlnStatus.FORMAT_OK}),
    UlnStatus.REQUESTED: frozenset({UlnStatus.NONE, UlnStatus.FORMAT_OK}),
    UlnStatus.FORMAT_OK: frozenset({UlnStatus.VERIFIED, UlnStatus.MISMATCH, UlnStatus.NONE}),
    UlnStatus.VERIFIED: frozenset({UlnStatus.FORMAT_OK, UlnStatus.MISMATCH, UlnStatus.NONE}),
    UlnStatus.MISMATCH: frozenset({UlnStatus.FORMAT_OK, UlnStatus.VERIFIED, UlnStatus.NONE}),
}


class Demographic(models.TextChoices):
    """What the Learning Records Service compares beside the number (R31)."""

    GIVEN = "given_names", _("Given names")
    FAMILY = "family_name", _("Family name")
    BORN = "date_of_birth", _("Date of birth")
    GENDER = "gender", _("Gender")
    POSTCODE = "postcode", _("Postcode")


class CorrectionKind(models.TextChoices):
    """What was put right in a learner's record."""

    RECORD = "record", _("The record")
    NUMBER = "number", _("The state of the learner number")


class RegistrationState(models.TextChoices):
    ACTIVE = "active", _("Active")
    ON_BREAK = "on_break", _("On a break")
    SUSPENDED = "suspended", _("Suspended")
    TRANSFERRED = "transferred", _("Moved to another qualification")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    COMPLETED = "completed", _("Completed")


#: Which state may follow which (3.5). Nothing follows a move: the work goes on in the registration it led to. Who was
#: withdrawn comes back with a new registration. That it was completed can be taken back while no certificate is claimed
#: here: what was wrong in it is put right, then it is completed again. A registration that has lapsed is not stored as
#: such: it is one that is not over when the last day for certificates of its version has passed (see
#: `centres.queries.core.has_lapsed`).
REGISTRATION_TRANSITIONS: dict[RegistrationState, frozenset[RegistrationState]] = {
    RegistrationState.ACTIVE: frozenset(
        {
            RegistrationState.ON_BREAK,
            RegistrationState.SUSPENDED,
            RegistrationState.TRANSFERRED,
            RegistrationState.WITHDRAWN,
            RegistrationState.COMPLETED,
        }
    ),
    RegistrationState.ON_BREAK: frozenset(
        {RegistrationState.ACTIVE, RegistrationState.SUSPENDED, RegistrationState.WITHDRAWN}
    ),
    RegistrationState.SUSPENDED: frozenset({RegistrationState.ACTIVE, RegistrationState.WITHDRAWN}),
    RegistrationState.TRANSFERRED: frozenset(),
    RegistrationState.WITHDRAWN: frozenset(),
    RegistrationState.COMPLETED: frozenset({RegistrationState.ACTIVE}),
}
#: The learner may be registered for the same qualification again.
LEFT = frozenset({RegistrationState.TRANSFERRED, RegistrationState.WITHDRAWN})
#: What was sent, decided and signed in it is history and stays as it is; nothing but taking back follows.
OVER = frozenset({RegistrationState.TRANSFERRED, RegistrationState.WITHDRAWN, RegistrationState.COMPLETED})


class Purpose(models.TextChoices):
    """What somebody wants of a level 4 qualification (R40)."""

    CONFIRM = "confirm", _("To confirm what they can do already")
    DEVELOP = "develop", _("To develop into the role")


class UnitState(models.TextChoices):
    SELECTED = "selected", _("Chosen")
    IN_PROGRESS = "in_progress", _("In progress")
    ASSESSOR_SIGNED = "assessor_signed", _("Signed by the assessor")
    COUNTERSIGNED = "countersigned", _("Countersigned")
    ACHIEVED = "achieved", _("Signed off")
    EXEMPT = "exempt", _("Exempt")
    DROPPED = "dropped", _("No longer chosen")


#: Which state may follow which (3.3). READY is not stored: it is what the rule says at this moment. A learner's
#: confirmation makes the unit ACHIEVED at once until quality assurance takes units into its samples. A unit that stands
#: signed off, or exempt, in a registration that this one follows may be carried over without new work (R34); a
#: certificate seen by two people makes it EXEMPT (R79), until somebody withdraws that exemption.
UNIT_TRANSITIONS: dict[UnitState, frozenset[UnitState]] = {
    UnitState.SELECTED: frozenset(
        {
            UnitState.IN_PROGRESS,
            UnitState.ASSESSOR_SIGNED,
            UnitState.ACHIEVED,
            UnitState.EXEMPT,
            UnitState.DROPPED,
        }
    ),
    UnitState.IN_PROGRESS: frozenset(
        {UnitState.ASSESSOR_SIGNED, UnitState.ACHIEVED, UnitState.EXEMPT, UnitState.DROPPED}
    ),
    UnitState.ASSESSOR_SIGNED: frozenset({UnitState.COUNTERSIGNED, UnitState.ACHIEVED, UnitState.IN_PROGRESS}),
    UnitState.COUNTERSIGNED: frozenset({UnitState.ACHIEVED, UnitState.IN_PROGRESS}),
    UnitState.ACHIEVED: frozenset({UnitState.IN_PROGRESS}),
    UnitState.EXEMPT: frozenset({UnitState.IN_PROGRESS}),
    UnitState.DROPPED: frozenset({UnitState.SELECTED}),
}

#: From the assessor's signature on nothing can be linked, unlinked or judged (R83).
FROZEN_UNITS = frozenset({UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED, UnitState.ACHIEVED, UnitState.EXEMPT})
#: Signed, and not yet signed off: the learner confirms it, or it is reopened.
UNCONFIRMED_UNITS = frozenset({UnitState.ASSESSOR_SIGNED, UnitState.COUNTERSIGNED})
#: What counts towards the award.
DONE_UNITS = frozenset({UnitState.ACHIEVED, UnitState.EXEMPT})
#: Units on which work may still begin.
OPEN_UNITS = frozenset({UnitState.SELECTED, UnitState.IN_PROGRESS})


class ApprovalStatus(models.TextChoices):
    """What the awarding body says of one qualification at this centre (R1). Lapsed is a day that has passed."""

    APPROVED = "approved", _("Approved")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class IdDocument(models.TextChoices):
    """By what a learner's identity was seen (R37): the document itself is never kept."""

    PASSPORT = "passport", _("Passport")
    LICENCE = "licence", _("Driving licence")
    NATIONAL = "national", _("National identity card")
    RESIDENCE = "residence", _("Residence permit")
    CARD = "card", _("Employer’s or student’s card with a photo")
    OTHER = "other", _("Another document with a photo")


class IdMethod(models.TextChoices):
    FACE_TO_FACE = "in_person", _("Face to face")
    LIVE_VIDEO = "video", _("On a live video call")
