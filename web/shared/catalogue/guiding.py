"""One criterion as a centre puts it: plain words with examples, and the centre's own themes (R68)."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common import clock
from common.refusals import Refused
from qualifications import permissions, queries, services
from qualifications.rules import themes_in_words
from web.shared.catalogue.forms import NoteForm, ThemesForm, add_refusals
from web.shared.http import ActorRequest, allow
from web.shared.idempotency import done, new_key, once

if TYPE_CHECKING:
    from qualifications.models import Criterion


@require_http_methods(["GET", "HEAD", "POST"])
@allow(permissions.may_explain)
@once
def criterion(request: ActorRequest, centre: str, public_id: str, criterion: str) -> HttpResponse:
    """Show what the centre says about a criterion, to those who may write it; a post says it again."""
    row = queries.criterion_of(public_id, criterion, request.actor.centre_id)
    if request.method != "POST":
        return _page(request, row, {})
    name = "themes" if request.POST.get("about") == "themes" else "note"
    form = ThemesForm(request.POST) if name == "themes" else NoteForm(request.POST)
    status = 422
    if form.is_valid():
        save = services.tag_criterion if name == "themes" else services.write_note
        try:
            changed = save(actor=request.actor, criterion=row, at=clock.now(), **form.cleaned_data)
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            unit = reverse("catalogue:unit", args=[centre, public_id])
            return done(
                request,
                f"{unit}#c{row.position}",
                _("Saved. Your centre sees it from now on.") if changed else _("As it was."),
            )
    return _page(request, row, {name: form}, status)


def _page(request: ActorRequest, row: "Criterion", typed: dict[str, forms.Form], status: int = 200) -> HttpResponse:
    found = queries.guidance_on(row, request.actor.centre_id)
    note, themes = typed.get("note") or _note_form(found), typed.get("themes") or _themes_form(found)
    # A form that came too late is shown with what stands now beside it, and may be saved over it knowingly.
    context: dict[str, Any] = {
        "criterion": row,
        "found": found,
        "note_form": note,
        "themes_form": themes if permissions.may_edit(request.actor) else None,
        "stands": found.note if status == 409 and "note" in typed else None,  # noqa: PLR2004 - somebody was faster
        "published": themes_in_words(row.themes),
        "themes": themes_in_words(found.themes),
        "earlier": [(tag, None if tag.themes is None else themes_in_words(tag.themes)) for tag in found.tags],
        "idempotency_key": new_key(),
    }
    return render(request, "web_shared/catalogue/criterion.html", context, status=status)


def _note_form(found: queries.Guidance) -> NoteForm:
    stands = {"words": found.note.words, "examples": found.note.examples} if found.note else {}
    return NoteForm(initial={**stands, "seen": found.note_version})


def _themes_form(found: queries.Guidance) -> ThemesForm:
    return ThemesForm(initial={"themes": list(found.themes), "seen": found.tag_version})
