"""Personal data of others that somebody found: what waits for a second person, and what was removed (R60)."""

from typing import Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessments.services import decide_purge
from centres.permissions import may_set_rules
from common import clock
from common.refusals import Refused, Stale
from portfolio.queries.purges import SHOWS, purge_for, purge_mark, purge_row, purges_page
from portfolio.rules.purging import LONGEST_REASON
from web.centre.forms import add_refusals, posted, text_field
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken

CELLS: Final = {"waiting": "sent", "removed": "met", "refused": "notyet"}


class PurgeAnswerForm(forms.Form):
    """A second person's answer."""

    agrees = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Remove it for good")), ("no", gettext_lazy("It stays"))],
        error_messages={
            "required": gettext_lazy("Choose whether it is removed."),
            "invalid_choice": gettext_lazy("Choose whether it is removed."),
        },
    )
    note = text_field(
        gettext_lazy("Why it stays"),
        LONGEST_REASON,
        widget=forms.Textarea,
        help_text=gettext_lazy("Only if it stays. Whoever asked reads it."),
    )


def _words(state: str) -> str:
    return {"waiting": _("Waits for a second person"), "removed": _("Removed"), "refused": _("It stays")}[state]


@require_safe
@allow(may_set_rules)
def purges(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List what waits for a second person, and what was answered before."""
    show = request.GET.get("show", "")
    show = show if show in SHOWS else SHOWS[0]
    rows, page, counts = purges_page(request.actor, show, page_number(request))
    names = {"waiting": _("Waiting"), "all": _("All")}
    context = {
        "rows": [(row, CELLS[row.state], _words(row.state)) for row in rows],
        "page": page,
        "show": show,
        "query": f"show={show}",
        "chips": [(key, name, counts[key]) for key, name in names.items()],
    }
    return render(request, "web_centre/purges.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_set_rules)
@once
def purge(request: ActorRequest, centre: str, purge: str) -> HttpResponse:
    """Show what is to be removed, without showing it; take a second person's yes or no."""
    row = purge_for(request.actor, purge)
    here = reverse("centre:purge", args=[centre, purge])
    form, status = PurgeAnswerForm(posted(request)), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            agrees = form.cleaned_data["agrees"] == "yes"
            try:
                decide_purge(
                    actor=request.actor,
                    purge=row,
                    agrees=agrees,
                    note=form.cleaned_data["note"],
                    seen=seen_of(request),
                    at=clock.now(),
                )
            except Stale as stale:
                return overtaken(request, here, stale=stale)
            except Refused as refused:
                status = add_refusals(form, refused)
                row = purge_for(request.actor, purge)
            else:
                return done(request, here, _("Removed for good.") if agrees else _("It stays."))
    shown = purge_row(request.actor, row)
    context = {
        "row": shown,
        "cell": CELLS[shown.state],
        "word": _words(shown.state),
        "form": form,
        "seen": purge_mark(row),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/purge.html", context, status=status)
