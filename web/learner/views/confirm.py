"""The learner confirms or disputes a signed unit (R82–R85), having proved again who they are."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assessments.queries.learner import signatures, waits_for_learner
from assessments.services import confirm_unit
from common import clock
from common.refusals import Refused
from portfolio.queries.learner import OwnUnit, my_unit, unit_page
from qualifications.queries import unit_wording
from web.learner.forms import ConfirmForm, show_refusals
from web.shared import reauth
from web.shared.http import ActorRequest, allow, see_other
from web.shared.idempotency import new_key, once


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
@once
def confirm(request: ActorRequest, centre: str, unit: str) -> HttpResponse:
    """Show a signed unit and take the learner's yes or no. A unit that does not wait for them has its own page."""
    row = my_unit(request.actor, unit)
    if not waits_for_learner(row):
        return see_other(reverse("learner:unit", args=[centre, unit]))
    if request.method == "POST":
        return _answer(request, centre, row)
    if request.GET.get("prove") == "yes" and not reauth.recently(request):
        return reauth.ask_again(request, reverse("learner:confirm", args=[centre, unit]))
    kept = request.session.pop(_kept(unit), None)
    return _page(request, row, ConfirmForm(initial=kept or {}))


def _kept(unit: str) -> str:
    """Return where an answer waits while its person proves again who they are."""
    return f"confirm-{unit}"


def _answer(request: ActorRequest, centre: str, row: OwnUnit) -> HttpResponse:
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=422)
    agrees, reason = form.cleaned_data["agrees"] == "yes", form.cleaned_data["reason"]
    if not reauth.recently(request):
        request.session[_kept(row.public_id)] = form.cleaned_data
        return reauth.ask_again(request, reverse("learner:confirm", args=[centre, row.public_id]))
    try:
        confirm_unit(
            actor=request.actor, learner_unit=row, agrees=agrees, reason=reason, reauthenticated=True, at=clock.now()
        )
    except Refused as refused:
        show_refusals(form, refused)
        return _page(request, row, form, status=422)
    said = _("You confirmed this unit.") if agrees else _("Your assessor will read what is not right.")
    messages.success(request, said)
    return see_other(reverse("learner:unit", args=[centre, row.public_id]))


def _page(request: ActorRequest, row: OwnUnit, form: ConfirmForm, *, status: int = 200) -> HttpResponse:
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
    }
    return render(request, "web_learner/confirm.html", context, status=status)
