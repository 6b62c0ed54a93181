"""Bringing units and qualifications in: choose a file or paste, match columns, see what is wrong, see what it holds."""

from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from common import clock
from common.plain import whole_number
from common.refusals import Refused
from qualifications import services
from qualifications.enums import DraftState, Source
from qualifications.permissions import may_edit
from qualifications.queries import imports
from web.centre.forms import add_refusals
from web.centre.import_forms import FileForm, MatchForm, MendedForm, PasteForm, headings_of
from web.shared.http import ActorRequest, allow, page_number, see_other
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken

#: States in which the columns can be said, for the first time or again.
MATCHABLE = frozenset({DraftState.MATCHING, DraftState.BROKEN})
WITH_QUESTIONS = frozenset({Source.SHEET, Source.CASE})
#: Once somebody has acted on it as a draft, its own page is the one to see.
BEYOND = frozenset({DraftState.SUBMITTED, DraftState.PUBLISHED, DraftState.REJECTED})
SAMPLES = 3


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_edit)
@once
def bring(request: ActorRequest, centre: str) -> HttpResponse:
    """Ask for a file or a text; a post takes it in to be read."""
    pasted = request.POST.get("way") == "paste"
    posted = request.method == "POST"
    file_form = FileForm(request.POST, request.FILES) if posted and not pasted else FileForm()
    paste_form = PasteForm(request.POST if pasted else None, prefix="p")
    form: FileForm | PasteForm = paste_form if pasted else file_form
    status = 422 if posted else 200
    if posted and form.is_valid():
        try:
            draft = services.stage_import(actor=request.actor, **_handed(form), at=clock.now())
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(request, reverse("centre:import_preview", args=[centre, draft.public_id]))
    context = {
        "form": form,
        "file_form": file_form,
        "paste_form": paste_form,
        "waiting": imports.open_imports(request.actor.centre_id, page_number(request)),
        "idempotency_key": new_key(),
    }
    return render(request, "web_centre/import.html", context, status=status)


def _handed(form: Any) -> dict[str, Any]:
    """Return what a form hands over: a file as it came, or pasted text as one."""
    if isinstance(form, PasteForm):
        text = ContentFile(form.cleaned_data["text"].encode())
        return {"name": services.PASTED_NAME, "content": text, "given": form.given}
    file = form.cleaned_data["file"]
    wording = form.cleaned_data.get("wording")
    return {"name": file.name, "content": file, "given": {"wording": wording} if wording else {}}


@require_safe
@allow(may_edit)
def preview(request: ActorRequest, centre: str, draft: str) -> HttpResponse:
    """Show how far an import is: being read, what is wrong in which row, or what it holds."""
    row = imports.import_of(request.actor.centre_id, draft)
    if row.state == DraftState.MATCHING and not request.headers.get("HX-Request"):
        return see_other(reverse("centre:import_match", args=[centre, draft]))
    if row.state in BEYOND:
        return see_other(reverse("centre:draft", args=[centre, draft]))
    return _preview(request, row)


def _preview(request: ActorRequest, row: Any, form: Any = None, status: int = 200) -> HttpResponse:
    page = page_number(request)
    headings = headings_of(row.columns)
    context: dict[str, Any] = {
        "draft": row,
        "state": row.state,
        "step": 3 if row.state in {DraftState.READING, DraftState.BROKEN} else 4,
        "matchable": row.source in WITH_QUESTIONS,
        "confirmed": bool(row.columns.get("confirmed")),
        "guessed": "windows-1252" in row.columns.get("notes", []),
        "idempotency_key": new_key(),
    }
    if row.state == DraftState.BROKEN:
        found = imports.problems_page(row, page)
        lines = [{**one, "heading": headings.get(one["column"], "")} for one in found.object_list]
        context |= {"found": found, "lines": lines, "form": form or _mending(row)}
    elif row.state != DraftState.READING:
        summary = imports.summary_of(row)
        context |= {"summary": summary, "found": imports.units_page(summary, page)}
    return render(request, "web_centre/import_preview.html", context, status=status)


def _mending(row: Any, request: ActorRequest | None = None) -> MendedForm | PasteForm:
    """Return the form that takes the mended file, or the text with all that was said of it."""
    if row.source == Source.PASTED:
        if request:
            return PasteForm(request.POST, prefix="p")
        return PasteForm(prefix="p", initial={**row.columns["given"], "text": imports.pasted_text(row)})
    return MendedForm(request.POST, request.FILES) if request else MendedForm()


@require_http_methods(["GET", "HEAD", "POST"])
@allow(may_edit)
@once
def match(request: ActorRequest, centre: str, draft: str) -> HttpResponse:
    """Ask which column is what; a post reads the file again with the answer."""
    row = imports.import_of(request.actor.centre_id, draft)
    there = reverse("centre:import_preview", args=[centre, draft])
    if row.state not in MATCHABLE or row.source not in WITH_QUESTIONS:
        return overtaken(request, there) if request.method == "POST" else see_other(there)
    typed = request.POST if request.method == "POST" else None
    form = MatchForm(typed, columns=row.columns, with_sheet=row.source == Source.SHEET)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            services.match_import(
                actor=request.actor, draft=row, revision=_revision(request), matching=_matching(form), at=clock.now()
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(request, there)
    context = {"draft": row, "form": form, "columns": _columns(form, row.columns), "step": 2}
    return render(request, "web_centre/import_match.html", context | {"idempotency_key": new_key()}, status=status)


def _revision(request: ActorRequest) -> int:
    found = whole_number(request.POST.get("revision", ""))
    return -1 if found is None else found


def _matching(form: MatchForm) -> services.Matching:
    data = form.cleaned_data
    return services.Matching(data["sheet"], data["header"] or 1, form.columns, form.answers)


def _columns(form: MatchForm, said: dict[str, Any]) -> list[dict[str, Any]]:
    """Return each column with its heading, some of its values and its field."""
    headings = headings_of(said)
    rows = [texts for _number, texts in said.get("sample", [])]
    return [
        {
            "letter": letter,
            "heading": headings.get(letter, ""),
            "values": [texts[n] for texts in rows if n < len(texts) and texts[n]][:SAMPLES],
            "field": form[f"c_{letter}"],
        }
        for n, letter in enumerate(form.letters)
    ]


@require_http_methods(["POST"])
@allow(may_edit)
@once
def mend(request: ActorRequest, centre: str, draft: str) -> HttpResponse:
    """Take the mended file or text; it is read with what was said before."""
    row = imports.import_of(request.actor.centre_id, draft)
    there = reverse("centre:import_preview", args=[centre, draft])
    form, status = _mending(row, request), 422
    if row.state != DraftState.BROKEN:  # there is no form on the page as it is now
        return overtaken(request, there)
    if form.is_valid():
        try:
            services.mend_import(
                actor=request.actor, draft=row, revision=_revision(request), **_handed(form), at=clock.now()
            )
        except Refused as refused:
            status = add_refusals(form, refused)
        else:
            return done(request, there)
    return _preview(request, row, form, status)


@require_http_methods(["POST"])
@allow(may_edit)
@once
def withdraw(request: ActorRequest, centre: str, draft: str) -> HttpResponse:
    """Put an import aside."""
    row = imports.import_of(request.actor.centre_id, draft)
    try:
        services.withdraw_draft(actor=request.actor, draft=row, revision=_revision(request), at=clock.now())
    except Refused as refused:
        messages.error(request, " ".join(r.sentence for r in refused.refusals))
        return see_other(reverse("centre:import_preview", args=[centre, draft]))
    return done(
        request, reverse("centre:import", args=[centre]), _("The import is put aside. Nothing of it was published.")
    )
