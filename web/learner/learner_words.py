"""Words of the learner's screens that are put together in code: names of pieces, counts, times, kinds."""

import datetime as dt
import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from centres.enums import RegistrationState
from common.refusals import Refusal, Refused
from portfolio.enums import EvidenceKind, Setting
from portfolio.queries.learner import Card, UnitCard
from web.shared.statuses import STATUSES
from web.shared.templatetags.attest import day

#: The chips of the shelf, by the keys of the query.
WHERE: dict[str, str | Promise] = {
    "all": gettext_lazy("All"),
    "unlinked": gettext_lazy("Not linked yet"),
    "drafts": gettext_lazy("Not sent yet"),
    "waiting": gettext_lazy("Waiting"),
    "back": gettext_lazy("Sent back"),
    "done": gettext_lazy("Done"),
    "withdrawn": gettext_lazy("Withdrawn"),
}
KINDS: dict[str, str | Promise] = {
    "photo": gettext_lazy("Photo"),
    "film": gettext_lazy("Film"),
    "sound": gettext_lazy("Sound"),
    "document": gettext_lazy("Document"),
    "written": gettext_lazy("Written"),
    "at_work": gettext_lazy("Kept at work"),
}
FAMILY_ICONS = {"image": "images", "video": "play", "audio": "mic", "mail": "message-circle"}
KIND_ICONS = {
    EvidenceKind.IN_SITU: "store",
    EvidenceKind.WRITING: "pencil",
    EvidenceKind.STATEMENT: "pencil",
    EvidenceKind.ASSIGNMENT: "pencil",
    EvidenceKind.PRIOR: "history",
}
#: How things on a piece are counted.
JUDGED = ("met", "provisional", "sent", "back", "notyet")
#: Kinds whose words are the evidence.
WITH_WRITING = (EvidenceKind.WRITING, EvidenceKind.STATEMENT, EvidenceKind.ASSIGNMENT, EvidenceKind.PRIOR)
_TIME = re.compile(r"(?:([0-9]{1,2}):)?([0-9]{1,3}):([0-9]{2})")


def icon_of(family: str, kind: str) -> str:
    """Return the icon that stands for a piece without a picture."""
    if family:
        return FAMILY_ICONS.get(family, "scroll-text")
    return KIND_ICONS.get(EvidenceKind(kind), "images")


def suggested_title(kind: str, family: str, on: dt.date) -> str:
    """Return the name a piece gets when its learner gave none: "Photo, 23 November"."""
    by_family = {
        "image": _("Photo, %(day)s"),
        "video": _("Film, %(day)s"),
        "audio": _("Sound, %(day)s"),
        "mail": _("E-mail, %(day)s"),
    }
    by_kind = {
        EvidenceKind.IN_SITU: _("Kept at work, %(day)s"),
        EvidenceKind.WRITING: _("My own words, %(day)s"),
        EvidenceKind.STATEMENT: _("My own account, %(day)s"),
        EvidenceKind.ASSIGNMENT: _("My answer, %(day)s"),
        EvidenceKind.PRIOR: _("From before, %(day)s"),
    }
    fallback = _("Document, %(day)s") if family else by_kind.get(EvidenceKind(kind), _("Evidence, %(day)s"))
    return by_family.get(family, fallback) % {"day": day(on)}


def things(count: int) -> str:
    """Return "4 things"."""
    return ngettext("%(count)d thing", "%(count)d things", count) % {"count": count}


def counted(counts: dict[str, int]) -> str:
    """Return "9 done, 2 sent, 1 not yet, 3 to do", leaving out what is none."""
    words = {
        "seal": _("%(count)d signed off"),
        "exempt": _("%(count)d exempt"),
        "met": _("%(count)d done"),
        "provisional": _("%(count)d being checked"),
        "part": _("%(count)d part done"),
        "sent": _("%(count)d sent"),
        "notyet": _("%(count)d not yet"),
        "back": _("%(count)d sent back"),
        "draft": _("%(count)d not sent yet"),
        "todo": _("%(count)d to do"),
    }
    return ", ".join(text % {"count": counts[key]} for key, text in words.items() if counts.get(key))


def progress(card: UnitCard) -> str:
    """Return the accessible name of a unit's strip: title, then counts in words."""
    counts = {key: card.count(key) for key, _outcome in card.cells}
    return f"{card.title}: {counted(counts)}"


def at_rest(state: str, *, ended: bool) -> tuple[str, str]:
    """Return title and note for a learner of whom no registration runs; `ended`: its last day for certificates went."""
    if state == RegistrationState.ON_BREAK:
        return _("You are on a break"), _("Everything you did is safe. Your centre opens it again when you are back.")
    if state == RegistrationState.WITHDRAWN:
        note = _(
            "Everything you did stays here to read. Your centre can register you again, and what was signed counts."
        )
        return _("You have left this qualification"), note
    if ended:
        note = _("Everything you did stays here to read. Ask your centre about the qualification that follows it.")
        return _("This qualification has ended"), note
    note = _("Everything you did is safe. Ask your centre what happens next.")
    return _("Your registration does not run at the moment"), note


def state(value: str, *, ended: bool) -> str:
    """Return the state of a registration that does not run, in a word; one that lapsed says so."""
    if value == RegistrationState.ACTIVE:
        return _("Ended") if ended else _("Not begun")
    return str(RegistrationState(value).label)


def history(value: str) -> tuple[str, str]:
    """Return title and note above a unit in which nothing more is done, because of its registration; else nothing."""
    if value == RegistrationState.TRANSFERRED:
        return _("From before you moved"), _("Everything stays here to read. You go on in your new units.")
    if value == RegistrationState.WITHDRAWN:
        return _("From a qualification that you left"), _("Everything stays here to read.")
    if value == RegistrationState.COMPLETED:
        return _("From a qualification that is completed"), _("Everything stays here to read.")
    return "", ""


def unit_status(card: UnitCard) -> tuple[str, str]:
    """Return the status key and word of a whole unit; ("", words) where nothing is signed or disputed."""
    if card.disputed:
        return "back", _("You did not agree")
    if card.exempt:
        return "exempt", _("Exempt")
    if card.signed_off:
        return "seal", _("Signed off")
    if card.frozen:
        return "provisional", _("Signed")
    if not card.started:
        return "", _("Not started")
    return "", _("%(met)d of %(total)d done") % {"met": card.met, "total": card.total}


def piece_word(card: Card) -> str:
    """Return the word beside a piece's status, or "" for the status's own word."""
    if card.key in {"met", "notyet", "provisional"} and (card.met or card.not_yet or card.provisional):
        return counted({"met": card.met, "provisional": card.provisional, "notyet": card.not_yet})
    return _("Withdrawn") if card.key == "hold" else ""


def seconds_of(text: str) -> int | None:
    """Return 72 for "1:12" and 3672 for "1:01:12"; None for nothing. Refuses other text with ValueError."""
    if not text.strip():
        return None
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return hours * 3600 + minutes * 60 + seconds


def of_mapping(key: str) -> str:
    """Return how a thing on a piece stands, in a word."""
    return _("It does not fit here") if key == "hold" else str(STATUSES[key].learner)


def setting(value: str) -> str:
    """Return where it happened, in words; "" where nothing was said."""
    return str(Setting(value).label) if value in Setting.values else ""


def nothing_ticked(name: str) -> str:
    """Return what to do when nothing is ticked."""
    if name:
        return _("Tick one thing, or let %(name)s choose.") % {"name": name}
    return _("Tick one thing, or let your assessor choose.")


def sentence(refusal: Refusal) -> str:
    """Return a reason in the learner's words: what staff call a criterion is a thing here."""
    own = {
        "no-criteria": _("Tick one thing it shows, or let your assessor choose."),
        "not-your-unit": _("One of these things is not in your units."),
        "all-met": _("Everything here is done. Add a new piece for other things."),
        "many-criteria": _("That is a lot for one piece. Keep the things it shows best."),
        "no-description": _("Say in a few words what happens in it."),
    }
    return own.get(refusal.code, str(refusal.sentence))


def sentences(refused: Refused) -> list[str]:
    """Return all reasons of a refusal in the learner's words."""
    return [sentence(refusal) for refusal in refused.refusals]
