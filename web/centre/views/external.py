"""External quality assurers: proposed by an admin, let in by a second person (R99, R100)."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from centres import services
from centres.permissions import may_set_rules
from centres.queries import external as reads
from centres.queries import people as people_queries
from centres.rules.external import LONGEST_PROOF
from common import clock
from common.refusals import Refused, Stale
from web.centre.forms import add_refusals, posted, text_field
from web.shared.days import day_field
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken

CELLS: Final = {"waiting": "sent", "given": "met", "refused": "notyet"}


class ProposeForm(forms.Form):
    """Who comes from the awarding body, for what and when, and how that was confirmed."""

    given_name = text_field(gettext_lazy("Given name"), 80, missing=gettext_lazy("Type the given name."))
    family_name = text_field(gettext_lazy("Family name"), 80, missing=gettext_lazy("Type the family name."))
    email = text_field(
        gettext_lazy("E-mail address"),
        254,
        missing=gettext_lazy("Type an e-mail address like name@example.org."),
        widget=forms.EmailInput,
        help_text=gettext_lazy("The link goes there once a second person has agreed."),
    )
    entry_codes = forms.MultipleChoiceField(
        label=gettext_lazy("Qualifications they look after"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose the qualifications that this person looks after."),
            "invalid_choice": gettext_lazy("Choose from the list."),
        },
    )
    starts_on = day_field(gettext_lazy("First day"))
    ends_on = day_field(gettext_lazy("Last day"), help_text=gettext_lazy("At most 92 days later."))
    proof = text_field(
        gettext_lazy("How the awarding body confirmed it"),
        LONGEST_PROOF,
        missing=gettext_lazy("Say how the awarding body confirmed who comes: who wrote, and when."),
        widget=forms.Textarea,
        help_text=gettext_lazy("Use its own number or address, not what the person gave you."),
    )

    def __init__(self, data: Any = None, *, codes: Iterable[tuple[str, Any]] = (), **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["entry_codes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(codes)


class AnswerForm(forms.Form):
    """A second person's answer."""

    agrees = forms.ChoiceField(
        label=gettext_lazy("Your answer"),
        widget=forms.RadioSelect,
        choices=[("yes", gettext_lazy("Let them in on these days")), ("no", gettext_lazy("Do not let them in"))],
        error_messages={
            "required": gettext_lazy("Choose whether they are let in."),
            "invalid_choice": gettext_lazy("Choose whether they are let in."),
        },
    )
    note = text_field(
        gettext_lazy("Why not"),
        LONGEST_PROOF,
        widget=forms.Textarea,
        help_text=gettext_lazy("Only if they are not let in."),
    )


def _words(state: str) -> str:
    return {"waiting": _("Waits for a second person"), "given": _("Let in"), "refused": _("Not let in")}[state]


@require_safe
@allow(may_set_rules)
def externals(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List who is proposed, and who was before."""
    show = request.GET.get("show", "")
    show = show if show in reads.SHOWS else reads.SHOWS[0]
    rows, page = reads.externals_page(request.actor, show, page_number(request))
    context = {
        "rows": [(row, CELLS[row.state], _words(row.state)) for row in rows],
        "page": page,
        "show": show,
        "query": f"show={show}",
        "chips": [("waiting", _("Waiting")), ("all", _("All"))],
        "may_propose": request.actor.is_admin,
    }
    return render(request, "web_centre/externals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_admin)
@once
def propose(request: ActorRequest, centre: str) -> HttpResponse:
    """Propose somebody whom the awarding body sends."""
    codes = people_queries.assurable(request.actor)
    form, status = ProposeForm(posted(request), codes=codes, initial={"starts_on": request.actor.on}), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                row = services.propose_external(
                    actor=request.actor, seen=seen_of(request), at=clock.now(), **form.cleaned_data
                )
            except Refused as refused:
                status = add_refusals(form, refused)
            else:
                there = reverse("centre:external", args=[centre, row.public_id])
                return done(request, there, _("Proposed. They are let in once a second person agrees."))
    context = {"form": form, "seen": reads.proposals_mark(request.actor.centre_id), "idempotency_key": new_key()}
    return render(request, "web_centre/propose_external.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_set_rules)
@once
def external(request: ActorRequest, centre: str, external: str) -> HttpResponse:
    """Show who is proposed and why; take a second person's yes or no."""
    row = reads.external_for(request.actor, external)
    here = reverse("centre:external", args=[centre, external])
    form, status = AnswerForm(posted(request)), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            agrees = form.cleaned_data["agrees"] == "yes"
            try:
                services.decide_external(
                    actor=request.actor,
                    proposal=row,
                    agrees=agrees,
                    note=form.cleaned_data["note"],
                    seen=seen_of(request),
                    at=clock.now(),
                )
            except Stale as stale:
                return overtaken(request, here, stale=stale)
            except Refused as refused:
                status = add_refusals(form, refused)
                row = reads.external_for(request.actor, external)
            else:
                return done(request, here, _("Let in. The link is on its way.") if agrees else _("Not let in."))
    shown = reads.external_row(request.actor, row)
    context = {
        "row": shown,
        "cell": CELLS[shown.state],
        "word": _words(shown.state),
        "form": form,
        "seen": reads.external_mark(row),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/external.html", context, status=status)
