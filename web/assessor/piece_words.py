"""The short words of the workbench: what a piece is, how long it is, and one thing good to know about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.queries.work import WorkRow
from assessments.queries.workbench import Workbench
from common.clock import LONDON
from portfolio.enums import EvidenceKind, Setting

KINDS: Final[Mapping[str, str | Promise]] = {
    EvidenceKind.WORK_PRODUCT: gettext_lazy("Work product"),
    EvidenceKind.MEDIA: gettext_lazy("Photo, sound, film"),
    EvidenceKind.STATEMENT: gettext_lazy("Own account"),
    EvidenceKind.ASSIGNMENT: gettext_lazy("Assignment"),
    EvidenceKind.IN_SITU: gettext_lazy("Kept at work"),
    EvidenceKind.WRITING: gettext_lazy("Written"),
    EvidenceKind.PRIOR: gettext_lazy("From before"),
}
FAMILIES: Final[Mapping[str, str | Promise]] = {
    "image": gettext_lazy("Photo"),
    "document": gettext_lazy("PDF"),
    "office": gettext_lazy("Document"),
    "sheet": gettext_lazy("Spreadsheet"),
    "text": gettext_lazy("Text file"),
    "legacy": gettext_lazy("Document"),
    "mail": gettext_lazy("E-mail"),
    "audio": gettext_lazy("Voice"),
    "video": gettext_lazy("Video"),
}
FAMILY_ICONS: Final[Mapping[str, str]] = {"audio": "volume-2", "video": "play", "image": "images", "mail": "send"}
SETTINGS: Final[Mapping[str, str | Promise]] = {
    Setting.REAL_WORK: gettext_lazy("Real work"),
    Setting.REALISTIC: gettext_lazy("Realistic environment"),
    Setting.SIMULATION: gettext_lazy("Simulation"),
    Setting.CLASSROOM: gettext_lazy("Classroom"),
}
EMPTY_SETTING: Final = gettext_lazy("Not said")
NOTABLE: Final = 3


@dataclass(frozen=True, slots=True)
class Flag:
    """One thing good to know: an icon, a few words, and whether it asks to be looked at first."""

    icon: str
    text: str
    look: bool = False


@dataclass(frozen=True, slots=True)
class WorkLine:
    """A row of the queue in words."""

    row: WorkRow
    piece: str
    units: str
    flag: Flag | None
    icon: str


def work_line(row: WorkRow, days: int) -> WorkLine:
    """Return a row of the queue as it is read. `days` are the centre's working days for feedback (R77)."""
    return WorkLine(
        row=row,
        piece=piece_words(row.kind, row.families, seconds=row.seconds, pages=row.pages, words=row.words),
        units=units_words(row.units),
        flag=good_to_know(row, days),
        icon=icon_of(row.families),
    )


def piece_words(kind: str, families: Sequence[str], *, seconds: float = 0, pages: int = 0, words: int = 0) -> str:
    """Return what a piece is and how long: "Video, 4:12", "PDF, 2 pages", "Written, 640 words", "Photo, 4 files"."""
    if not families:
        return (
            _("%(kind)s, %(length)s") % {"kind": KINDS.get(kind, ""), "length": _words(words)}
            if words
            else str(KINDS.get(kind, ""))
        )
    what = str(FAMILIES.get(families[0], KINDS.get(kind, "")))
    length = _length(len(families), seconds, pages)
    return _("%(kind)s, %(length)s") % {"kind": what, "length": length} if length else what


def _words(number: int) -> str:
    return ngettext("%(count)d word", "%(count)d words", number) % {"count": number}


def _length(files: int, seconds: float, pages: int) -> str:
    if files > 1:
        return ngettext("%(count)d file", "%(count)d files", files) % {"count": files}
    if seconds:
        return clock_words(seconds)
    return ngettext("%(count)d page", "%(count)d pages", pages) % {"count": pages} if pages else ""


def clock_words(seconds: float) -> str:
    """Return a moment or a length as minutes and seconds: 4:12, from an hour on 1:02:03."""
    total = round(seconds)
    hours, minutes, rest = total // 3600, total % 3600 // 60, total % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def units_words(units: Sequence[str]) -> str:
    """Return "Unit 3" or "Units 6, 15"; a unit without a number stands with its title."""
    if not units:
        return ""
    text = ngettext("Unit %(units)s", "Units %(units)s", len(units))
    shown = ", ".join(units[:NOTABLE]) + ("…" if len(units) > NOTABLE else "")
    return text % {"units": shown}


def good_to_know(row: WorkRow, days: int) -> Flag | None:
    """Return the one thing worth knowing before opening: the most pressing wins."""
    if row.late:
        text = ngettext("Past %(days)d working day", "Past %(days)d working days", days)
        return Flag("clock", text % {"days": days}, look=True)
    others = (
        (bool(row.old), Flag("history", _("Old: is it still current?"), look=True)),
        (row.seen_before, Flag("copy", _("Same bytes in another piece"), look=True)),
        (bool(row.here), Flag("eye", _("%(name)s is on it") % {"name": row.here})),
        (row.unsure, Flag("circle-help", _("Nothing chosen: the learner was unsure"))),
        (row.version > 1, Flag("rotate-ccw", _("Version %(number)d") % {"number": row.version})),
    )
    return next((flag for holds, flag in others if holds), None)


def icon_of(families: Sequence[str]) -> str:
    """Return the icon that stands where there is no picture."""
    return FAMILY_ICONS.get(families[0], "scroll-text") if families else "pencil"


def setting_words(setting: str) -> str:
    """Return where something happened, in the short words of staff."""
    return str(SETTINGS.get(setting, EMPTY_SETTING))


def decided_words(bench: Workbench, person_id: int) -> str:
    """Return when everything on a piece was decided, and by whom: "All 6 decided on 30 November, by you"."""
    last = next((answer for answer in bench.before.answers if answer.decided), None)
    total = len(bench.mappings)
    if last is None:
        return ngettext("%(n)d criterion, decided", "All %(n)d decided", total) % {"n": total}
    who = _("you") if last.person_id == person_id else last.who
    words = {"n": total, "day": date_format(last.at.astimezone(LONDON), "j F"), "who": who}
    return (
        ngettext("%(n)d criterion, decided on %(day)s, by %(who)s", "All %(n)d decided on %(day)s, by %(who)s", total)
        % words
    )
