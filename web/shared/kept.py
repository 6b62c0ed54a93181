"""What a person typed is kept: a page that says no to a form shows its words again, to copy or to send once more.

Pages that can show their own form again do that. These are for the others: the form is gone, because somebody was
faster; the person may no longer see the thing; the form was sent before with other words.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.ids import new_token
from common.plain import iso_day
from common.refusals import Stale

KEY = "idempotency_key"
MOST = 60
LONGEST = 100_000
MOST_ROWS = 12
WIDTH = 60  # letters in a line of the box, about

#: Every name under which a page asks for words or days, as the person knows it; a test walks the forms for new ones.
LABELS: dict[str, Promise] = {
    "feedback": gettext_lazy("Feedback"),
    "next_action": gettext_lazy("Next step"),
    "next_by": gettext_lazy("By when"),
    "vacsr_note": gettext_lazy("Why you still accept it"),
    "inspected_on": gettext_lazy("Inspected on"),
    "observed_on": gettext_lazy("Seen at work on"),
    "reason": gettext_lazy("Your reason"),
    "text": gettext_lazy("Your words"),
    "note": gettext_lazy("Your note"),
    "words": gettext_lazy("In plain words"),
    "examples": gettext_lazy("Examples of good evidence"),
    "title": gettext_lazy("Name"),
    "description": gettext_lazy("What it shows"),
    "body": gettext_lazy("Your words"),
    "location": gettext_lazy("Where it is kept"),
    "custodian": gettext_lazy("Who looks after it"),
    "activity_date": gettext_lazy("Day"),
    "place": gettext_lazy("Place"),
    "people": gettext_lazy("Who else is in it"),
    "organisation": gettext_lazy("How it is done where you work"),
    "ai_note": gettext_lazy("How an AI tool helped"),
    "given_name": gettext_lazy("Given name"),
    "given_names": gettext_lazy("Given names"),
    "family_name": gettext_lazy("Family name"),
    "date_of_birth": gettext_lazy("Date of birth"),
    "email": gettext_lazy("E-mail address"),
    "workplace": gettext_lazy("Workplace"),
    "uln": gettext_lazy("Learner number (ULN)"),
    "uln_missing_reason": gettext_lazy("Why there is no number yet"),
    "candidate_number": gettext_lazy("Candidate number"),
    "ocr_number": gettext_lazy("OCR number"),
    "uci": gettext_lazy("UCI"),
    "starts_on": gettext_lazy("First day"),
    "ends_on": gettext_lazy("Last day"),
    "on": gettext_lazy("Last day"),
    "initial_on": gettext_lazy("Made on"),
    "prior_learning": gettext_lazy("Learning and experience so far"),
    "role_fit": gettext_lazy("How the job fits"),
    "level_reason": gettext_lazy("Why this level"),
    "awarding_body": gettext_lazy("Awarding body"),
    "unit_reference": gettext_lazy("Unit reference"),
    "unit_title": gettext_lazy("Unit title"),
    "awarded_on": gettext_lazy("Date on the certificate"),
    "certificate_number": gettext_lazy("Certificate number"),
    "pieces": gettext_lazy("Pieces"),
    "occasions": gettext_lazy("Occasions"),
    "checked_at": gettext_lazy("Where you checked it"),
    "reused": gettext_lazy("Why this number is right here too"),
    "proof_seen_by": gettext_lazy("Who saw it"),
    "proof_seen_on": gettext_lazy("Seen on"),
    "notice": gettext_lazy("Privacy notice that the learner was shown"),
    "notice_on": gettext_lazy("Shown on"),
    "day": gettext_lazy("On"),
    "seen_on": gettext_lazy("Day"),
    "number": gettext_lazy("Number"),
    "approved_on": gettext_lazy("From"),
    "lapses_on": gettext_lazy("Until"),
    "proof": gettext_lazy("What proves it"),
    "exception": gettext_lazy("Why it has to be who registered them"),
    "letter": gettext_lazy("What the letter says"),
    "currency_days": gettext_lazy("Days"),
}
#: The same for fields that stand on a page once for each thing: "reason-<criterion>".
BEGINNINGS: dict[str, Promise] = {
    "reason-": gettext_lazy("What is missing"),
    "note-": gettext_lazy("Where to look"),
    "page-": gettext_lazy("Page"),
    "time-": gettext_lazy("Time"),
    "target-": gettext_lazy("Target date"),
    "p-": gettext_lazy("What you pasted"),
    "q_": gettext_lazy("About the qualification"),
}
OTHER = gettext_lazy("Your words")
#: What forms carry for us.
OURS = frozenset({"csrfmiddlewaretoken", KEY, "revision", "seen", "version", "action", "next"})


@dataclass(frozen=True, slots=True)
class Typed:
    """One field with words in it, as a page shows it for copying."""

    label: str
    text: str
    rows: int  # 1: a line, 2 and more: a box of text


def new_key() -> str:
    """Return a key for a hidden field `idempotency_key`."""
    return new_token()[:40]


def of_a_script(request: HttpRequest) -> bool:
    """Say whether a script of ours asks and wants JSON. htmx takes pages."""
    asked = request.content_type == "application/json" or "X-Requested-With" in request.headers
    return asked and "HX-Request" not in request.headers


def typed(request: HttpRequest) -> list[Typed]:
    """Return the words and days a person sent from a page inside a centre, with what each was asked as.

    Secrets are typed on the account's pages only, and those are never shown again.
    """
    if request.method != "POST" or not request.path.startswith("/c/"):
        return []
    fields = ((name, text) for name, texts in request.POST.lists() for text in dict.fromkeys(texts))
    found = [_shown(name, text) for name, text in fields if name not in OURS and text.strip()]
    return [one for one in found if one][:MOST]


def _shown(name: str, text: str) -> Typed | None:
    label = LABELS.get(name) or next((said for start, said in BEGINNINGS.items() if name.startswith(start)), None)
    if label is None and not any(sign.isspace() for sign in text.strip()):
        return None  # a tick, a choice, a name of a row: nothing that was typed
    lines = sum(1 + len(line) // WIDTH for line in text.splitlines())
    return Typed(str(label or OTHER), _readable(text)[:LONGEST], min(lines, MOST_ROWS))


def _readable(text: str) -> str:
    """Return a day as people write it, and every other text as it was typed."""
    day = iso_day(text)
    return date_format(day, "j F Y") if day else text


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what `components/typed.html` shows: the words, and the names of files that have to be chosen again."""
    files = [one.name for _name, given in request.FILES.lists() for one in given] if request.method == "POST" else []
    return {"typed": typed(request), "typed_files": files}


def again(request: HttpRequest, *, key: str) -> dict[str, Any]:
    """Return what `components/send_again.html` needs: everything that was sent, with this key.

    Nothing where files came along: a page cannot send them again, and without them the form would say something else.
    """
    if request.FILES:
        return {}
    fields = [(name, text) for name, texts in request.POST.lists() for text in texts]
    return {"again": [one for one in fields if one[0] not in {"csrfmiddlewaretoken", KEY}], "again_key": key}


def say_to_script(sentence: str, status: int) -> JsonResponse:
    """Answer a script of ours; each reads the name that it knows."""
    return JsonResponse({"sentence": sentence, "sentences": [sentence], "problem": sentence}, status=status)


def overtaken(request: HttpRequest, back: str, *, stale: Stale | None = None, sentence: str = "") -> HttpResponse:
    """Answer 409: what the form was about is something else by now. What changed, what was typed, the way back."""
    said = sentence or " ".join(str(refusal.sentence) for refusal in (stale.refusals if stale else ()))
    said = said or _("This changed while you had the page open. Nothing was saved.")
    if of_a_script(request):
        return say_to_script(said, 409)
    found = {"sentence": said, "stale": stale, "back": back, **context(request)}
    return render(request, "errors/overtaken.html", found, status=409)


def sent_before(request: HttpRequest, location: str, *, same_address: bool) -> HttpResponse:
    """Answer 409: this form was sent before, with other words or to another address. Both are told apart."""
    if of_a_script(request):
        return say_to_script(_("This was sent before, with other words. Those are saved, these are not."), 409)
    found = {"location": location, "same_address": same_address, **context(request), **again(request, key=new_key())}
    return render(request, "errors/sent_before.html", found, status=409)
