"""External quality assurers: proposed by an admin, let in by a second person (R99, R100)."""

from collections.abc import Mapping
from functools import partial
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
from common.refusals import Refused
from web.centre.forms import Choices, add_refusals, posted, text_field
from web.centre.second_person import AnswerForm, answer_choice, answer_note, listed, shown_of, take_answer
from web.shared.days import day_field
from web.shared.http import ActorRequest, allow, page_number, seen_of
from web.shared.idempotency import done, new_key, once

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

    def __init__(self, data: Any = None, *, codes: Choices = (), **options: Any) -> None:
        super().__init__(data, **options)
        field = self.fields["entry_codes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(codes)


class LetInForm(AnswerForm):
    """A second person's answer."""

    agrees = answer_choice(
        gettext_lazy("Let them in on these days"),
        gettext_lazy("Do not let them in"),
        gettext_lazy("Choose whether they are let in."),
    )
    note = answer_note(gettext_lazy("Why not"), LONGEST_PROOF, gettext_lazy("Only if they are not let in."))


def _words() -> Mapping[str, str]:
    return {"waiting": _("Waits for a second person"), "given": _("Let in"), "refused": _("Not let in")}


@require_safe
@allow(may_set_rules)
def externals(request: ActorRequest, centre: str) -> HttpResponse:  # noqa: ARG001 - the walls read the centre
    """List who is proposed, and who was before."""
    show = shown_of(request, reads.SHOWS)
    rows, page = reads.externals_page(request.actor, show, page_number(request))
    context = listed(rows, page, show, CELLS, _words()) | {
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
    form = LetInForm(posted(request))
    decide = partial(services.decide_external, proposal=row)
    answer = take_answer(
        request, form, decide, here=here, said=(_("Let in. The link is on its way."), _("Not let in."))
    )
    if not isinstance(answer, int):
        return answer
    if form.is_bound:
        row = reads.external_for(request.actor, external)
    shown = reads.external_row(request.actor, row)
    context = {
        "row": shown,
        "cell": CELLS[shown.state],
        "word": _words()[shown.state],
        "may_decide": shown.state == "waiting" and not shown.mine,
        "form": form,
        "seen": reads.external_mark(row),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/external.html", context, status=answer)
