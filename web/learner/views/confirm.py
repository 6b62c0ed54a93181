"""The learner confirms or disputes a signed unit (R82–R85), having proved again who they are."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.queries.learner import signatures, waits_for_learner
from assessments.services import confirm_unit
from centres.queries.seen import unit_mark
from common import clock
from common.refusals import Refused, Stale
from portfolio.queries.learner import my_unit, unit_page
from qualifications.queries import unit_wording
from web.learner.forms import ConfirmForm, show_refusals
from web.shared import reauth
from web.shared.http import ActorRequest, allow, see_other, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken, typed

if TYPE_CHECKING:
    from centres.models import LearnerUnit


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
@once
def confirm(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Show a signed unit and take the learner's yes or no. A unit that does not wait for them has its own page."""
    row = my_unit(request.actor, unit)
    if not waits_for_learner(row):
        there = reverse("learner:unit", args=[centre, unit])
        return _not_waiting(request, there) if request.method == "POST" else see_other(there)
    if request.method == "POST":
        return _answer(request, centre, row)
    if request.GET.get("prove") == "yes" and not reauth.recently(request):
        return reauth.ask_again(request, reverse("learner:confirm", args=[centre, unit]))
    return _page(request, row, ConfirmForm(initial=reauth.typed_before(request)))


def _not_waiting(request: ActorRequest, there: str) -> HttpResponse:
    """Say to a tab that was left open that the unit does not wait any more. What was typed there is kept."""
    words = _("This unit does not wait for your answer any more. It was answered in another tab, or opened again.")
    if typed(request):
        return overtaken(request, there, sentence=words)
    messages.info(request, words)
    return see_other(there)


def _answer(request: ActorRequest, centre: str, row: "LearnerUnit") -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    agrees, reason = form.cleaned_data["agrees"] == "yes", form.cleaned_data["reason"]
    if not reauth.recently(request):
        return reauth.ask_again(request, reverse("learner:confirm", args=[centre, row.public_id]), form.cleaned_data)
    try:
        confirm_unit(
            actor=request.actor,
            learner_unit=row,
            agrees=agrees,
            reason=reason,
            reauthenticated=True,
            seen=seen_of(request),
            at=clock.now(),
        )
    except Stale as stale:
        return overtaken(request, reverse("learner:confirm", args=[centre, row.public_id]), stale=stale)
    except Refused as refused:
        show_refusals(form, refused)
        return _page(request, row, form, status=422)
    said = _("You confirmed this unit.") if agrees else _("Your assessor will read what is not right.")
    return done(request, reverse("learner:unit", args=[centre, row.public_id]), said)


def _page(request: ActorRequest, row: "LearnerUnit", form: ConfirmForm, *, status: int = 200) -> HttpResponse:
    page = unit_page(row)
    context: dict[str, Any] = {
        "page": page,
        "card": page.card,
        "form": form,
        "signatures": signatures(request.actor, row),
        "wording": unit_wording(
            row.unit, body=row.registration.qualification.awarding_body, centre=request.actor.centre_name
        ),
        "proved": reauth.recently(request),
        "idempotency_key": new_key(),
        "seen": unit_mark(row),
    }
    return render(request, "web_learner/confirm.html", context, status=status)
