"""Personal data of others that somebody found: what waits for a second person, and what was removed (R60)."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from assessments.services import decide_purge
from centres.permissions import may_set_rules
from portfolio.queries.purges import SHOWS, copies_elsewhere, purge_for, purge_mark, purge_row, purges_page
from portfolio.rules.purging import LONGEST_REASON
from web.centre.forms import posted
from web.centre.second_person import AnswerForm, answer_choice, answer_note, listed, shown_of, take_answer
from web.shared.http import ActorRequest, allow, page_number
from web.shared.idempotency import new_key, once

CELLS: Final = {"waiting": "sent", "removed": "met", "refused": "notyet"}


class RemoveForm(AnswerForm):
    """A second person's answer."""

    agrees = answer_choice(
        gettext_lazy("Remove it for good"), gettext_lazy("It stays"), gettext_lazy("Choose whether it is removed.")
    )
    note = answer_note(
        gettext_lazy("Why it stays"), LONGEST_REASON, gettext_lazy("Only if it stays. Whoever asked reads it.")
    )


def _words() -> Mapping[str, str]:
    return {"waiting": _("Waits for a second person"), "removed": _("Removed"), "refused": _("It stays")}


@require_safe
@allow(may_set_rules)
def purges(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List what waits for a second person, and what was answered before."""
    show = shown_of(request, SHOWS)
    rows, page, counts = purges_page(request.actor, show, page_number(request))
    names = {"waiting": _("Waiting"), "all": _("All")}
    context = listed(rows, page, show, CELLS, _words()) | {
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
    form = RemoveForm(posted(request))
    said = _("Removed for good."), _("It stays.")
    answer = take_answer(request, form, partial(decide_purge, purge=row), here=here, said=said)
    if not isinstance(answer, int):
        return answer
    if form.is_bound:
        row = purge_for(request.actor, purge)
    shown = purge_row(request.actor, row)
    context = {
        "row": shown,
        "elsewhere": copies_elsewhere(row.version),
        "cell": CELLS[shown.state],
        "word": _words()[shown.state],
        "may_decide": shown.state == "waiting" and not shown.mine,
        "form": form,
        "seen": purge_mark(row),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/purge.html", context, status=answer)
