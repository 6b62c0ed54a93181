"""Choices of judgement and sign-off."""

from django.db import models

from common.text import _
from portfolio.enums import MappingState


class Verdict(models.TextChoices):
    """Competence is binary: no marks (R69)."""

    MET = "met", _("Met")
    NOT_YET = "not_yet", _("Not yet")
    NOT_RELEVANT = "not_relevant", _("Not relevant")


VERDICT_STATES: dict[Verdict, MappingState] = {
    Verdict.MET: MappingState.MET,
    Verdict.NOT_YET: MappingState.NOT_YET,
    Verdict.NOT_RELEVANT: MappingState.NOT_RELEVANT,
}


class Vacsr(models.TextChoices):
    """The five questions of R70."""

    VALID = "valid", _("Valid")
    AUTHENTIC = "authentic", _("Authentic")
    CURRENT = "current", _("Current")
    SUFFICIENT = "sufficient", _("Sufficient")
    RELIABLE = "reliable", _("Reliable")


class SettingDoubt(models.TextChoices):
    """Why the learner's word on the setting cannot simply be confirmed (R61)."""

    CHANGED = "changed", _("An earlier version said something else.")
    HINTED = "hinted", _("The words about it speak of role-play or training.")
    UNSUPPORTED = "unsupported", _("No file, place or person stands beside the learner’s word.")


class ReviewKind(models.TextChoices):
    DECIDED = "decided", _("Decided")
    RETURNED = "returned", _("Sent back")


class Act(models.TextChoices):
    """The acts of the sign-off chain, in the order R83 asks for."""

    ASSESSOR_SIGNED = "assessor_signed", _("Signed by the assessor")
    COUNTERSIGNED = "countersigned", _("Countersigned")
    COUNTERSIGN_REFUSED = "countersign_refused", _("Countersignature refused")
    LEARNER_CONFIRMED = "learner_confirmed", _("Confirmed by the learner")
    LEARNER_DISPUTED = "learner_disputed", _("Disputed by the learner")
    DISPUTE_ANSWERED = "dispute_answered", _("The dispute was answered")
    CONFIRMED_ABSENT = "confirmed_absent", _("Confirmed without the learner, who has left")
    REOPENED = "reopened", _("Reopened")
    CARRIED_OVER = "carried_over", _("Carried over from an earlier registration")
    CARRY_DECLINED = "carry_declined", _("Not carried over, to be judged again")
    EXEMPTED = "exempted", _("Exempt, with a certificate seen by two people")


#: What a learner does themselves; nobody else does it for them.
LEARNERS_ACTS = frozenset({Act.LEARNER_CONFIRMED, Act.LEARNER_DISPUTED})


class ExemptionState(models.TextChoices):
    """A certificate on its way to counting (R79)."""

    WAITING = "waiting", _("Waits for a second person")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Not approved")
    REVOKED = "revoked", _("Withdrawn")


class StandsBy(models.TextChoices):
    """By which reference a certificate stands for its unit (R19, R79)."""

    OWN = "own", _("The unit’s own reference")
    EQUIVALENT = "equivalent", _("A reference documented as equivalent")
    NOT_COMPARED = "uncompared", _("Not compared")


#: Which state may follow which. What a second person decided stands, but an approval that was a mistake is withdrawn;
#: another certificate is another record.
EXEMPTION_TRANSITIONS: dict[ExemptionState, frozenset[ExemptionState]] = {
    ExemptionState.WAITING: frozenset({ExemptionState.APPROVED, ExemptionState.REFUSED}),
    ExemptionState.APPROVED: frozenset({ExemptionState.REVOKED}),
    ExemptionState.REFUSED: frozenset(),
    ExemptionState.REVOKED: frozenset(),
}
#: A unit has at most one certificate in these states.
STANDING_EXEMPTIONS = frozenset({ExemptionState.WAITING, ExemptionState.APPROVED})
