"""What a second person is asked, on every page where two have to agree: yes or no, and why not."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Protocol

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from common import clock
from common.refusals import Refused, Stale
from web.centre.forms import add_refusals, text_field
from web.shared.http import ActorRequest, seen_of
from web.shared.idempotency import done
from web.shared.kept import overtaken


class AnswerForm(forms.Form):
    """Yes or no. A page says by a class of its own what its two answers are called."""

    def answer(self) -> tuple[bool, str]:
        """Return whether they agree, and why not. Call when the form is valid."""
        return self.cleaned_data["agrees"] == "yes", self.cleaned_data["note"]


def answer_choice(yes: Any, no: Any, missing: Any) -> forms.ChoiceField:
    """Return the field of the two answers; `missing` is said where neither is chosen."""
    return forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[("yes", yes), ("no", no)],
        error_messages={"required": missing, "invalid_choice": missing},
    )


def answer_note(label: Any, longest: int, help_text: Any) -> forms.CharField:
    """Return the field for the reason against it."""
    return text_field(label, longest, widget=forms.Textarea, help_text=help_text)


def take_answer(
    request: ActorRequest, form: AnswerForm, decide: Callable[..., object], *, here: str, said: tuple[str, str]
) -> HttpResponse | int:
    """Let one service decide as the second person says, and go on; else return the status to show the form with.

    `said` are the words for yes and for no.
    """
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 422
    agrees, note = form.answer()
    try:
        decide(actor=request.actor, agrees=agrees, note=note, seen=seen_of(request), at=clock.now())
    except Stale as stale:
        return overtaken(request, here, stale=stale)
    except Refused as refused:
        return add_refusals(form, refused)
    return done(request, here, said[0] if agrees else said[1])


class Row(Protocol):
    """A row of a list of things that two people decide."""

    @property
    def state(self) -> str:
        """How it stands, as the list's words and cells know it."""


def listed(
    rows: Iterable[Row], page: object, show: str, cells: Mapping[str, str], words: Mapping[str, Any]
) -> dict[str, Any]:
    """Return what a list of such rows shows: each row with its cell and its word, the page, which of them."""
    shown = [(row, cells[row.state], words[row.state]) for row in rows]
    return {"rows": shown, "page": page, "show": show, "query": f"show={show}"}


def shown_of(request: ActorRequest, shows: tuple[str, ...]) -> str:
    """Return which rows the address asks for: one of `shows`, the first of them where it says nothing we know."""
    asked = request.GET.get("show", "")
    return asked if asked in shows else shows[0]
