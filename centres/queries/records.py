"""A learner's record, what was corrected in it, and the name that they had on a day (R27)."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.formats import date_format

from centres.actor import Actor
from centres.enums import CorrectionKind, Demographic, Gender, UlnStatus
from centres.models import Correction, Learner
from centres.rules import Record
from common.text import _

A_PAGE = 20
#: So long a correction is news for the learner.
NEWS = dt.timedelta(days=14)
NAMES = ("given_names", "family_name")
#: What the Learning Records Service compares of what this centre keeps.
COMPARED = frozenset({*NAMES, "date_of_birth", "gender", "uln"})
LABELS = {
    **dict(Demographic.choices),
    "email": _("E-mail address"),
    "workplace": _("Workplace"),
    "candidate_number": _("Candidate number"),
    "ocr_number": _("OCR number"),
    "uci": _("UCI"),
    "uln": _("Learner number"),
    "uln_missing_reason": _("Why there is no number yet"),
    "uln_status": _("State of the learner number"),
    "uln_mismatch": _("What does not match"),
    "uln_checked_on": _("Compared on"),
    "uln_requested_on": _("Asked for on"),
    "lrs_notice": _("Privacy notice"),
    "lrs_notice_on": _("Privacy notice shown on"),
}
_DAYS = frozenset({"date_of_birth", "uln_checked_on", "uln_requested_on", "lrs_notice_on"})


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a correction in words."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """A correction as the office and the learner read it."""

    public_id: str
    by: str
    at: dt.datetime
    number: bool
    changes: tuple[Change, ...]
    reason: str
    proof: str
    proof_seen_by: str
    proof_seen_on: dt.date | None

    @property
    def labels(self) -> str:
        """Return what was corrected: "Family name, Gender"; of a step of the number no more than that."""
        if self.number:
            return str(LABELS["uln_status"])
        return ", ".join(change.label for change in self.changes)


@dataclass(frozen=True, slots=True)
class CorrectionsPage:
    """A page of corrections, the newest first."""

    rows: tuple[CorrectionRow, ...]
    page: Page[Correction]


def record_of(learner: Learner) -> Record:
    """Return what the centre keeps of a learner. No query."""
    return Record(
        given_names=learner.given_names,
        family_name=learner.family_name,
        date_of_birth=learner.date_of_birth,
        gender=learner.gender,
        workplace=learner.workplace,
        uln=learner.uln or "",
        uln_missing_reason=learner.uln_missing_reason,
        candidate_number=learner.candidate_number or "",
        ocr_number=learner.ocr_number or "",
        uci=learner.uci or "",
    )


def ocr_numbers_of(learner: Learner) -> frozenset[str]:
    """Return the OCR numbers that stand, or ever stood, in a learner's record (R28). One query."""
    said = _rows_of(learner.centre_id, learner.pk).values_list("changes", flat=True)
    was = {one["from"] for changes in said for one in changes if one["field"] == "ocr_number"}
    return frozenset({*was, learner.ocr_number or ""} - {""})


def corrections_page(actor: Actor, learner: Learner, number: int) -> CorrectionsPage:
    """Return the corrections of a learner's record, the newest first, 20 a page. Two queries."""
    page = Paginator(_rows_of(actor.centre_id, learner.pk), A_PAGE).get_page(number)
    return CorrectionsPage(tuple(map(_row, page.object_list)), page)


def newest_corrections(actor: Actor, learner: Learner, most: int) -> list[CorrectionRow]:
    """Return the newest corrections of a learner's record. One query."""
    return [_row(row) for row in _rows_of(actor.centre_id, learner.pk)[:most]]


def news_of_record(actor: Actor, at: dt.datetime) -> CorrectionRow | None:
    """Return the last correction of the actor's own record, while it is news to them. One query."""
    rows = _rows_of(actor.centre_id, actor.learner_id or 0).filter(kind=CorrectionKind.RECORD, at__gt=at - NEWS)
    row = rows.first()
    return _row(row) if row else None


def proven_name(learner: Learner) -> tuple[str, str]:
    """Return the name as it was registered or last changed with proof: spelling counts from there. One query."""
    since: list[Correction] = []
    for row in _rows_of(learner.centre_id, learner.pk):
        if row.renamed:
            break
        since.append(row)
    return _name_before(learner, since)


def compared_since(learner: Learner) -> dt.datetime | None:
    """Return when something that the Learning Records Service compares was last corrected (R31). One query."""
    rows = _rows_of(learner.centre_id, learner.pk).filter(kind=CorrectionKind.RECORD)
    found = (row.at for row in rows if any(one["field"] in COMPARED for one in row.changes))
    return next(found, None)


def names_of_days(learner: Learner) -> Callable[[dt.datetime], str]:
    """Return what tells the name that a learner had at a moment: what they signed keeps it. One query."""
    rows = list(_rows_of(learner.centre_id, learner.pk))
    return lambda at: " ".join(_name_before(learner, [row for row in rows if row.at > at]))


def _name_before(learner: Learner, later: Sequence[Correction]) -> tuple[str, str]:
    """Return the name as it was before these corrections, the newest first."""
    name = {part: str(getattr(learner, part)) for part in NAMES}
    for row in later:
        name |= {one["field"]: one["from"] for one in row.changes if one["field"] in NAMES}
    return name["given_names"], name["family_name"]


def _rows_of(centre_id: int, learner_id: int) -> QuerySet[Correction]:
    rows: QuerySet[Correction] = Correction.objects.for_centre(centre_id).filter(learner_id=learner_id)
    return rows.order_by("-at", "-pk")


def _row(row: Correction) -> CorrectionRow:
    return CorrectionRow(
        public_id=row.public_id,
        by=row.by_name,
        at=row.at,
        number=row.kind == CorrectionKind.NUMBER,
        changes=tuple(
            Change(str(LABELS[one["field"]]), in_words(one["field"], one["from"]), in_words(one["field"], one["to"]))
            for one in row.changes
        ),
        reason=row.reason,
        proof=row.proof,
        proof_seen_by=row.proof_seen_by,
        proof_seen_on=row.proof_seen_on,
    )


def in_words(field: str, value: str) -> str:
    """Return a stored value as people read it; "" where there was none."""
    if field in _DAYS and value:
        return date_format(dt.date.fromisoformat(value), "j F Y")
    if field == "gender" and value:
        return str(Gender(value).label)
    if field == "uln_status" and value:
        return str(UlnStatus(value).label)
    return fields_in_words(value) if field == "uln_mismatch" else value


def fields_in_words(stored: str) -> str:
    """Return what differs from the Learning Records Service: "Given names, Postcode"."""
    return ", ".join(str(Demographic(one).label) for one in stored.split(",") if one)
