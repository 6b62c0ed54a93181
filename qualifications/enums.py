"""The choices of the catalogue. The stored words are those of the catalogue files."""

from django.db import models

from common.text import _


class Kind(models.TextChoices):
    """What a criterion asks for (R21): knowing it, or doing it at real work."""

    KNOWLEDGE = "knowledge", _("Knowledge")
    COMPETENCE = "competence", _("Competence")


class UnitKind(models.TextChoices):
    """What a unit asks for as a whole (R21): each of its criteria still is one or the other."""

    KNOWLEDGE = "knowledge", _("Knowledge")
    COMPETENCE = "competence", _("Competence")
    MIXED = "mixed", _("Knowledge and competence")


class Level(models.TextChoices):
    """Who may ask for more evidence than one piece, from the outermost in (R71)."""

    QUALIFICATION = "qualification", _("Qualification")
    UNIT = "unit", _("Unit")
    CENTRE = "centre", _("Centre")
    LEARNER = "learner", _("One learner")


class Generation(models.TextChoices):
    """The family a version belongs to; never read out of its title (rule book, S2)."""

    Y2010 = "2010", _("2010, legacy")
    Y2014 = "2014", _("2014")


class Sector(models.TextChoices):
    """Where a unit was written (R18): units of several sectors meet in one qualification."""

    CUSTOMER_SERVICE = "customer-service", _("Customer service")
    BUSINESS_ADMINISTRATION = "business-administration", _("Business administration")
    MANAGEMENT = "management", _("Management")
    SALES = "sales", _("Sales")
    CONTACT_CENTRE = "contact-centre", _("Contact centre")
    GENERIC = "generic", _("All sectors")


class Membership(models.TextChoices):
    """How it is known that a unit belongs in a group."""

    READ = "read", _("Read")
    SECOND_BODY = "second_body", _("Another awarding body prints it")
    INFERRED = "inferred", _("Worked out")
    RECALLED = "recalled", _("Recalled")


class Numbered(models.TextChoices):
    """What the number of a unit in a qualification is."""

    PRINTED = "printed", _("The awarding body’s number")
    POSITION = "position", _("A place in a list")
    RECALLED = "recalled", _("Recalled")


class Source(models.TextChoices):
    """How a draft came in."""

    YAML = "yaml", _("Catalogue file")
    SHEET = "sheet", _("Spreadsheet")
    CASE = "case", _("CASE package")
    PASTED = "pasted", _("Pasted text")


class DraftState(models.TextChoices):
    """A draft on its way to being published (R23)."""

    READING = "reading", _("Being read")
    MATCHING = "matching", _("Columns to be matched")
    BROKEN = "broken", _("Cannot be read")
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for a second person")
    PUBLISHED = "published", _("Published")
    REJECTED = "rejected", _("Sent back")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: The roles of a centre that edit its catalogue (their names are those of `centres.enums.Role`).
EDITORS = frozenset({"admin", "lead_iqa"})

#: Which state may follow which. Nothing follows what was published or withdrawn.
DRAFT_TRANSITIONS: dict[DraftState, frozenset[DraftState]] = {
    DraftState.READING: frozenset({DraftState.MATCHING, DraftState.BROKEN, DraftState.DRAFT, DraftState.WITHDRAWN}),
    DraftState.MATCHING: frozenset({DraftState.READING, DraftState.WITHDRAWN}),
    DraftState.BROKEN: frozenset({DraftState.READING, DraftState.MATCHING, DraftState.WITHDRAWN}),
    DraftState.DRAFT: frozenset({DraftState.SUBMITTED, DraftState.WITHDRAWN}),
    DraftState.SUBMITTED: frozenset({DraftState.PUBLISHED, DraftState.REJECTED, DraftState.DRAFT}),
    DraftState.REJECTED: frozenset({DraftState.DRAFT, DraftState.WITHDRAWN}),
    DraftState.PUBLISHED: frozenset(),
    DraftState.WITHDRAWN: frozenset(),
}

#: Not read yet: an import, which becomes a draft.
COMING_IN = frozenset({DraftState.READING, DraftState.MATCHING, DraftState.BROKEN})


class Life(models.TextChoices):
    """Where a published version stands on a day (R16); told by its dates, never stored."""

    NOT_YET = "not_yet", _("Not open yet")
    OPEN = "open", _("Open")
    NOT_KNOWN = "not_known", _("Last entry not known")
    CLOSED_TO_ENTRY = "closed_to_entry", _("Closed to new learners")
    CERTIFICATES_ONLY = "certificates_only", _("Certificates only")
    CLOSED = "closed", _("Closed")


class Theme(models.TextChoices):
    """Core skills that run across units (R68)."""

    VERBAL_COMMUNICATION = "verbal-communication", _("Talking with people")
    WRITTEN_COMMUNICATION = "written-communication", _("Writing")
    PRODUCT_KNOWLEDGE = "product-knowledge", _("Products and services")
    PROBLEM_SOLVING = "problem-solving", _("Solving problems")
    COMPLAINTS = "complaints", _("Complaints")
    TEAM_WORKING = "team-working", _("Working with others")
    DATA_PROTECTION = "data-protection", _("Keeping information safe")
    LEGISLATION = "legislation", _("Law and rules")
    HEALTH_AND_SAFETY = "health-and-safety", _("Health and safety")
    EQUALITY = "equality", _("Equality and diversity")
    PERSONAL_DEVELOPMENT = "personal-development", _("Own development")
    CUSTOMER_FEEDBACK = "customer-feedback", _("What customers say")
    DIGITAL = "digital", _("Digital tools")
