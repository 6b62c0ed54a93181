"""Choices and transition tables of evidence (3.1), files and mappings (3.2)."""

from django.db import models

from common.text import _


class EvidenceKind(models.TextChoices):
    """What a learner can bring (R49). What an assessor makes comes later."""

    WORK_PRODUCT = "work_product", _("Something I made at work")
    MEDIA = "media", _("Photo, sound or film")
    STATEMENT = "statement", _("My own account")
    ASSIGNMENT = "assignment", _("Answer to a question or assignment")
    IN_SITU = "in_situ", _("Something that has to stay at work")
    WRITING = "writing", _("Just writing, no file")
    PRIOR = "prior", _("Something from before I joined")  # R79: judged by the same rules, and is it still current?


class Setting(models.TextChoices):
    """Where it happened (R61)."""

    REAL_WORK = "real_work", _("Real work with real customers")
    REALISTIC = "realistic", _("A realistic work environment")
    SIMULATION = "simulation", _("Role-play or simulation")
    CLASSROOM = "classroom", _("Classroom or course")


class AiUse(models.TextChoices):
    """R58: the learner says it; nobody guesses."""

    NONE = "none", _("No AI tool helped")
    ASSISTED = "assisted", _("An AI tool helped, and I say how")


class EvidenceState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Sent")
    IN_REVIEW = "in_review", _("With the assessor")
    RETURNED = "returned", _("Sent back")
    ACCEPTED = "accepted", _("Assessed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


#: Which state may follow which (3.1). ACCEPTED goes back to DRAFT only while no signed unit rests on it;
#: LOCKED is not stored: it is "a mapping of this evidence is in a frozen unit".
EVIDENCE_TRANSITIONS: dict[EvidenceState, frozenset[EvidenceState]] = {
    EvidenceState.DRAFT: frozenset({EvidenceState.SUBMITTED, EvidenceState.WITHDRAWN}),
    EvidenceState.SUBMITTED: frozenset({EvidenceState.IN_REVIEW, EvidenceState.DRAFT, EvidenceState.WITHDRAWN}),
    EvidenceState.IN_REVIEW: frozenset({EvidenceState.RETURNED, EvidenceState.ACCEPTED, EvidenceState.WITHDRAWN}),
    EvidenceState.RETURNED: frozenset({EvidenceState.DRAFT, EvidenceState.WITHDRAWN}),
    EvidenceState.ACCEPTED: frozenset(
        {
            EvidenceState.IN_REVIEW,  # a countersigner did not agree
            EvidenceState.RETURNED,
            EvidenceState.ACCEPTED,
            EvidenceState.DRAFT,
            EvidenceState.WITHDRAWN,
        }
    ),
    EvidenceState.WITHDRAWN: frozenset(),
}


#: It was sent, so there is a time at which it was.
SENT = frozenset({EvidenceState.SUBMITTED, EvidenceState.IN_REVIEW, EvidenceState.RETURNED, EvidenceState.ACCEPTED})


class FileState(models.TextChoices):
    """The life of received bytes. `not_scanned` is honest: no scanner looked at them."""

    RECEIVING = "receiving", _("Sending")
    RECEIVED = "received", _("Added")
    CHECKING = "checking", _("Being checked")
    READY = "ready", _("Added and checked")
    NOT_SCANNED = "not_scanned", _("Added, not checked for viruses")
    REFUSED = "refused", _("Cannot be used")
    INFECTED = "infected", _("Has a virus")
    PURGED = "purged", _("Removed for good")  # personal data of others: a tombstone says who, when and why (R60)


FILE_TRANSITIONS: dict[FileState, frozenset[FileState]] = {
    FileState.RECEIVING: frozenset({FileState.RECEIVED, FileState.REFUSED}),
    FileState.RECEIVED: frozenset({FileState.CHECKING, FileState.REFUSED}),
    FileState.CHECKING: frozenset(
        {FileState.READY, FileState.NOT_SCANNED, FileState.REFUSED, FileState.INFECTED, FileState.RECEIVED}
    ),
    FileState.NOT_SCANNED: frozenset({FileState.CHECKING, FileState.PURGED}),
    FileState.READY: frozenset({FileState.PURGED}),
    # One that nobody could check, because it broke the checker off each time, is checked again when an admin asks.
    FileState.REFUSED: frozenset({FileState.RECEIVED}),
    FileState.INFECTED: frozenset(),
    FileState.PURGED: frozenset(),
}

#: The bytes are here, all of them: their hash and their length are known.
WHOLE = frozenset({FileState.RECEIVED, FileState.CHECKING, FileState.READY, FileState.NOT_SCANNED})
#: Others than the learner may open a file only in these. Without a scanner "not scanned" opens, with its badge.
OPENABLE = frozenset({FileState.READY, FileState.NOT_SCANNED})


class PreviewKind(models.TextChoices):
    THUMB = "thumb", _("Thumbnail")
    IMAGE = "image", _("Picture")
    PAGE = "page", _("Page")
    POSTER = "poster", _("Poster")
    PLAYABLE = "playable", _("Playable copy")
    WAVEFORM = "waveform", _("Waveform")
    TEXT = "text", _("Text")


class MappingState(models.TextChoices):
    PROPOSED = "proposed", _("Not sent yet")
    OFFERED = "offered", _("Sent")
    MET = "met", _("Met")
    MET_PROVISIONAL = "met_provisional", _("Met, to countersign")
    NOT_YET = "not_yet", _("Not yet")
    NOT_RELEVANT = "not_relevant", _("Not relevant")
    CLOSED = "closed", _("Closed")


#: Decided "met", whether or not it waits for a countersignature.
DECIDED_MET = frozenset({MappingState.MET, MappingState.MET_PROVISIONAL})
#: Offered, and not yet answered.
UNDECIDED = frozenset({MappingState.PROPOSED, MappingState.OFFERED})
#: What a learner may still change, and offers again with the next version: not sent, or answered with "not yet" or "not
#: relevant". A met mapping stays: the decision belongs to the version it was made on.
UNSETTLED = frozenset({MappingState.PROPOSED, MappingState.NOT_YET, MappingState.NOT_RELEVANT})

#: Which state may follow which (3.2). UNDER_JUDGEMENT is OFFERED on evidence that an assessor has opened.
MAPPING_TRANSITIONS: dict[MappingState, frozenset[MappingState]] = {
    MappingState.PROPOSED: frozenset({MappingState.OFFERED, MappingState.CLOSED}),
    MappingState.OFFERED: frozenset(
        {
            MappingState.MET,
            MappingState.MET_PROVISIONAL,
            MappingState.NOT_YET,
            MappingState.NOT_RELEVANT,
            MappingState.PROPOSED,
            MappingState.CLOSED,
        }
    ),
    MappingState.MET_PROVISIONAL: frozenset(
        {
            MappingState.MET,
            MappingState.MET_PROVISIONAL,
            MappingState.NOT_YET,
            MappingState.NOT_RELEVANT,
            MappingState.OFFERED,
            MappingState.CLOSED,
        }
    ),
    MappingState.MET: frozenset(
        {
            MappingState.NOT_YET,
            MappingState.NOT_RELEVANT,
            MappingState.MET,
            MappingState.MET_PROVISIONAL,  # a trainee judged it again
            MappingState.OFFERED,
            MappingState.CLOSED,
        }
    ),
    MappingState.NOT_YET: frozenset(
        {
            MappingState.MET,
            MappingState.MET_PROVISIONAL,
            MappingState.NOT_RELEVANT,
            MappingState.NOT_YET,
            MappingState.OFFERED,
            MappingState.CLOSED,
        }
    ),
    MappingState.NOT_RELEVANT: frozenset(
        {
            MappingState.MET,
            MappingState.MET_PROVISIONAL,
            MappingState.NOT_YET,
            MappingState.NOT_RELEVANT,
            MappingState.OFFERED,
            MappingState.CLOSED,
        }
    ),
    MappingState.CLOSED: frozenset(),
}


class MappingOrigin(models.TextChoices):
    """How a person came to the criterion; a suggestion counts only once a person ticked it (R68)."""

    UNIT = "unit", _("From the unit")
    SEARCH = "search", _("Found by search")
    THEME = "theme", _("From a theme")
    SUGGESTION = "suggestion", _("Suggested, then confirmed")
    ASSESSOR = "assessor", _("Added by the assessor")
    MOVED = "moved", _("Brought along from an earlier qualification")
