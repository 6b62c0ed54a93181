"""The words and shapes of progress. A key is a cell of that name in the icons; the order is the legend's."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from qualifications.enums import DraftState, Life


@dataclass(frozen=True, slots=True)
class Status:
    """One state of a criterion, a piece of evidence or a unit, in the words of those who read it."""

    key: str
    learner: str | Promise
    staff: str | Promise

    def word(self, audience: str) -> str | Promise:
        """Return the word for "learner" or "staff"; any other audience is a mistake in a template."""
        words = {"learner": self.learner, "staff": self.staff}
        return words[audience]


_ALL = (
    Status("todo", _("To do"), _("Open")),
    Status("draft", _("Not sent yet"), _("Draft")),
    Status("sent", _("Sent"), _("To assess")),
    Status("part", _("Part done"), _("Part met")),
    Status("met", _("Done"), _("Met")),
    Status("provisional", _("Done, being checked"), _("Met, to countersign")),
    Status("notyet", _("Not yet"), _("Not yet")),
    Status("back", _("Sent back"), _("Sent back")),
    Status("seal", _("Signed off"), _("Signed off")),
    Status("exempt", _("Exempt"), _("Exempt")),
    Status("qa", _("Checked"), _("Checked")),
    # Learners never see this one; if a page shows it all the same, the staff's word is still true.
    Status("action", _("Action needed"), _("Action needed")),
    Status("hold", _("On hold"), _("On hold")),
)
STATUSES: dict[str, Status] = {status.key: status for status in _ALL}

#: The shape beside the word for where a version of a qualification stands in its life.
LIFE: dict[Life, str] = {
    Life.NOT_YET: "todo",
    Life.OPEN: "met",
    Life.NOT_KNOWN: "hold",
    Life.CLOSED_TO_ENTRY: "part",
    Life.CERTIFICATES_ONLY: "action",
    Life.CLOSED: "hold",
}

#: The shape beside the word for a draft of the catalogue on its way.
DRAFTS: dict[DraftState, str] = {
    DraftState.READING: "todo",
    DraftState.MATCHING: "action",
    DraftState.BROKEN: "action",
    DraftState.DRAFT: "draft",
    DraftState.SUBMITTED: "sent",
    DraftState.PUBLISHED: "seal",
    DraftState.REJECTED: "back",
    DraftState.WITHDRAWN: "hold",
}
