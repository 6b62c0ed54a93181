"""Writing a piece: the ways to add, the files, the words. The first file or the first save makes the draft."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.forms import Form
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common import clock
from common.plain import whole_number
from common.refusals import NotFound, Refused, Stale
from media import policy
from portfolio.access import file_for
from portfolio.enums import EvidenceKind, EvidenceState
from portfolio.queries.learner import aim, item, my_assessor, my_unit, own_evidence
from portfolio.queries.seen import piece_mark
from portfolio.services import begin_item, keep_draft, receive_file, save_draft
from portfolio.services import remove_file as take_out
from portfolio.services.preconditions import faster
from web.learner import learner_words as words
from web.learner.forms import FIELDS, DraftForm, clean_some, sentence_of, show_refusals
from web.shared import outages, retrying
from web.shared.http import ActorRequest, allow, is_longer_than, number_of, object_of, read_json, see_other
from web.shared.idempotency import done, new_key, once
from web.shared.kept import overtaken
from web.shared.retrying import Busy
from web.shared.templatetags.attest import when

if TYPE_CHECKING:
    from centres.models import LearnerUnit
    from portfolio.models import Evidence, EvidenceFile

MOST_IN_ONE_POST = 30
#: Bytes: every text as long as it is kept, in signs of four bytes. More than this the settings do not let in anyway.
LONGEST_AUTOSAVE = 2_000_000
DOCUMENTS = [f for f in policy.Family if f not in {policy.Family.IMAGE, policy.Family.AUDIO, policy.Family.VIDEO}]


@require_http_methods(["GET", "HEAD", "POST"])
@allow(lambda actor: actor.is_learner)
def add(request: ActorRequest, centre: str) -> HttpResponse:
    """Show the ways to add evidence, aimed at things of a unit where the address says so; a post begins the draft."""
    kept: list[Evidence] = []
    response = _add(request, centre, kept)
    receive(request, kept)
    return response


@once
def _add(request: ActorRequest, centre: str, kept: "list[Evidence]") -> HttpResponse:
    unit, things = _aimed(request)
    if request.method == "POST":
        return _begin(request, centre, unit, things, kept)
    return draft_page(request, None, DraftForm(initial={"kind": EvidenceKind.MEDIA}), unit=unit, things=things)


def _aimed(request: ActorRequest) -> "tuple[LearnerUnit | None, list[Any]]":
    asked = request.POST if request.method == "POST" else request.GET
    if not asked.get("unit"):
        return None, []
    unit = my_unit(request.actor, asked["unit"])
    return unit, aim(unit, asked.getlist("thing"))


def _begin(
    request: ActorRequest, centre: str, unit: "LearnerUnit | None", things: list[Any], kept: "list[Evidence]"
) -> HttpResponse:
    form = DraftForm(request.POST)
    if not form.is_valid():
        return draft_page(request, None, form, unit=unit, things=things, status=422)
    fields, ids = _written(request, form), [thing.public_id for thing in things]
    try:
        evidence = begin_item(actor=request.actor, fields=fields, learner_unit=unit, criterion_ids=ids, at=clock.now())
    except Refused as refused:
        show_refusals(form, refused)
        return draft_page(request, None, form, unit=unit, things=things, status=422)
    kept.append(evidence)
    return done(request, _onward(request, centre, evidence))


def save(request: ActorRequest, centre: str, evidence: "Evidence", kept: "list[Evidence]") -> HttpResponse:
    """Keep what was typed, then go where the pressed button says. `kept` learns which piece takes the files."""
    form = DraftForm(request.POST)
    if not form.is_valid():
        return draft_page(request, evidence, form, status=422)
    fields, unwanted = _written(request, form), request.POST.get("remove")
    without = _file_of(request, evidence, unwanted) if unwanted else None
    typed: dict[str, Any] = {
        "evidence": evidence,
        "revision": revision_of(request),
        "fields": fields,
        "at": clock.now(),
    }
    try:
        keep_draft(actor=request.actor, without=without, **typed)
    except Stale as stale:
        fresh = own_evidence(request.actor, evidence.public_id)
        return draft_page(request, fresh, form, stale=clash(fresh, stale, fields), status=409)
    except Refused as refused:
        show_refusals(form, refused)
        return draft_page(request, evidence, form, status=422)
    kept.append(evidence)
    return done(request, _onward(request, centre, evidence))


def _written(request: ActorRequest, form: DraftForm) -> dict[str, Any]:
    """Return what the page had fields for. A way without a file names its kind; no kind at all changes none."""
    fields = {name: value for name, value in form.cleaned_data.items() if name in form.data}
    kind = request.POST.get("way", "")
    if kind in EvidenceKind.values:
        fields["kind"] = kind
    if not fields.get("kind"):
        fields.pop("kind", None)
    return fields


def revision_of(request: ActorRequest) -> int:
    """Return the revision the page was made from; 0, which never fits, when it is no number."""
    return whole_number(request.POST.get("revision", "")) or 0


def receive(request: ActorRequest, kept: "list[Evidence]") -> None:
    """Take the files that came with a plain form; one that cannot be taken is named, the others stay.

    Outside of the transaction that kept the words: bytes take long, and a film would hold every other writer up. A form
    that came twice kept nothing the second time, so its files come in once.
    """
    for evidence in kept:
        for given in request.FILES.getlist("files")[:MOST_IN_ONE_POST]:
            _receive_or_say(request, evidence, given)


def _receive_or_say(request: ActorRequest, evidence: "Evidence", given: "UploadedFile[bytes]") -> None:
    try:
        retrying.file_twice(given, lambda file: _take_in(request, evidence, file))
    except Refused as refused:
        reasons = " ".join(str(refusal.sentence) for refusal in refused.refusals)
        messages.error(request, f"{given.name}: {reasons}")
    except Busy:  # the words are kept: only this file has to come again
        messages.error(request, _("%(name)s could not be kept just now. Add it again.") % {"name": given.name})
    except Exception as error:  # noqa: BLE001 - raised again unless a part is away
        outages.say_unkept(request, given.name or "", error)


def _take_in(request: ActorRequest, evidence: "Evidence", given: "UploadedFile[bytes]") -> object:
    return receive_file(actor=request.actor, evidence=evidence, name=given.name or "", content=given, at=clock.now())


def _onward(request: ActorRequest, centre: str, evidence: "Evidence") -> str:
    pages = {"shows": "learner:shows", "send": "learner:send"}
    name = pages.get(request.POST.get("action", ""), "learner:evidence")
    url = reverse(name, args=[centre, evidence.public_id])
    return f"{url}#words" if request.POST.get("way") else url


def clash(fresh: "Evidence", stale: Stale, typed: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a page shows when another tab was faster: who, when, and each text that differs."""
    labels = {name: field.label for name, field in FIELDS.items()}
    differing = [
        {"label": labels.get(name, name), "theirs": _plain(fresh, name)}
        for name, value in typed.items()
        if getattr(fresh, name) != value and name in labels
    ]
    return {"sentence": stale.refusals[0].sentence, "at": stale.at, "fields": differing}


def _plain(fresh: "Evidence", name: str) -> str:
    value = getattr(fresh, name)
    choices = dict(getattr(FIELDS[name], "choices", ()))
    return str(choices.get(value, value) or _("(empty)"))


def sent_already(request: ActorRequest, piece: "Evidence", form: Form | None = None) -> HttpResponse:
    """Answer a tab that was left open on a piece which is no draft any more.

    With the words that were sent, nothing is lost: on to the piece. With others, 409 and the words.
    """
    there = reverse("learner:evidence", args=[request.actor.centre_number, piece.public_id])
    sentence = str(faster(piece).refusals[0].sentence)
    if form is not None and not request.FILES and form.is_valid() and not _differing(piece, form):
        messages.info(request, sentence)
        return see_other(there)
    return overtaken(request, there, sentence=sentence)


def _differing(piece: "Evidence", form: Form) -> list[str]:
    """Return the names of what was typed and is not what the piece says."""
    return [name for name, value in form.cleaned_data.items() if name in form.data and getattr(piece, name) != value]


@require_POST
@allow(lambda actor: actor.is_learner)
def autosave(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:  # noqa: ARG001 - every view in a centre gets its number
    """Keep what is typed every few seconds. The revision does what a key does elsewhere: a slower save is refused.

    Takes {"revision": 3, "fields": {…}}; answers 200 with the new revision, 409 with the other text, 413 to more than
    anything holds, 422 with what cannot be kept. What single fields cannot keep stands in "errors" of a 200, and so
    does what is no field: the others are kept, and "saved" is empty, because not everything was.
    """
    piece = own_evidence(request.actor, evidence)
    if is_longer_than(request, LONGEST_AUTOSAVE):
        words = _("This is more text than one piece can hold. Take some of it out, or add it as a file.")
        return JsonResponse({"sentence": words}, status=413)
    given = read_json(request, LONGEST_AUTOSAVE)
    revision, (fields, wrong) = number_of(given, "revision"), clean_some(object_of(given, "fields"))
    try:
        saved = save_draft(actor=request.actor, evidence=piece, revision=revision, fields=fields, at=clock.now())
    except Stale as stale:
        return _overtaken(request, evidence, stale)
    except Refused as refused:
        found = {refusal.field or "form": sentence_of(refusal) for refusal in refused.refusals}
        return JsonResponse({"errors": found}, status=422)
    at = "" if wrong else when(saved.saved_at).rpartition(" ")[2]
    return JsonResponse({"revision": saved.revision, "saved": at, "errors": wrong})


def _overtaken(request: ActorRequest, public_id: str, stale: Stale) -> HttpResponse:
    fresh = own_evidence(request.actor, public_id)
    theirs = {
        "title": fresh.title,
        "description": fresh.description,
        "body": fresh.body,
        "location": fresh.location,
        "custodian": fresh.custodian,
    }
    answer = {
        "sentence": str(stale.refusals[0].sentence),
        "revision": fresh.revision,
        "draft": fresh.state == EvidenceState.DRAFT,
        "theirs": theirs,
    }
    return JsonResponse(answer, status=409)


@require_POST
@allow(lambda actor: actor.is_learner)
@once
def remove_file(request: ActorRequest, centre: str, evidence: str, file: str) -> HttpResponse:
    """Take a file out of a draft; a version that was sent keeps it."""
    piece = own_evidence(request.actor, evidence)
    there = reverse("learner:evidence", args=[centre, evidence])
    try:
        take_out(actor=request.actor, evidence=piece, file=_file_of(request, piece, file), at=clock.now())
    except Refused as refused:
        messages.error(request, str(refused.refusals[0].sentence))
        return see_other(there)
    return done(request, there)


def _file_of(request: ActorRequest, evidence: "Evidence", public_id: str) -> "EvidenceFile":
    found = file_for(request.actor, public_id)
    if found.evidence_id != evidence.pk:
        raise NotFound("file.remove", public_id)
    return found


def draft_page(
    request: ActorRequest,
    evidence: "Evidence | None",
    form: DraftForm,
    *,
    unit: "LearnerUnit | None" = None,
    things: list[Any] | None = None,
    stale: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the first step, before or after there is a draft."""
    kind = str(form["kind"].value() or EvidenceKind.MEDIA)
    context = {
        "evidence": evidence,
        "item": item(evidence) if evidence else None,
        "form": form,
        "kind": kind,
        "with_writing": list(words.WITH_WRITING),
        "unit": unit,
        "things": things or [],
        "helper": my_assessor(request.actor),
        "stale": stale,
        "limits": policy.limits_text(),
        "accept": policy.accept_attribute(),
        "accept_document": policy.accept_attribute(*DOCUMENTS),
        "idempotency_key": new_key(),
        "seen": piece_mark(evidence) if evidence else "",
    }
    return render(request, "web_learner/add.html", context, status=status)
