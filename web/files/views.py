"""Files in and out. Who may have which bytes is `portfolio.access`'s answer, asked again for every request."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from centres.actor import Actor
from common import clock, logs
from common.refusals import NotFound, Refused
from portfolio.access import actor_of, evidence_for, file_for, is_own, preview_for
from portfolio.queries.core import added_before, copy_without_place, draft_files
from portfolio.services import Shown, check_bytes, look_after_preview, open_file, receive_file
from web.files import handing
from web.files.delivery import Sent, deliver, refuse_cross_site
from web.files.handing import Ticket
from web.shared import outages
from web.shared.http import ActorRequest, allow, see_other
from web.shared.retrying import Busy, file_twice

if TYPE_CHECKING:
    from portfolio.models import EvidenceFile, Preview

MOST_IN_ONE_POST = 30
TOO_LARGE = frozenset({"too-big", "quota"})
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "video/mp4": "mp4", "audio/mp4": "m4a", "audio/mpeg": "mp3"}
#: Seconds after which pictures that are being made are worth asking for again.
MADE_IN = 30
UNFINISHED = frozenset({"receiving", "received", "checking"})


@require_POST
@allow(lambda actor: actor.is_learner)
def upload(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Take files into a draft: one `file` from our script, answered in JSON; any number of `files` from a plain form.

    Not wrapped in `once`: bytes take long, and a transaction around them would hold everybody up. A file that arrives
    twice is noticed by its bytes.
    """
    piece = evidence_for(request.actor, evidence, "edit")
    single = request.FILES.get("file")
    if single is not None:
        return _answer(request, piece, single)
    for given in request.FILES.getlist("files")[:MOST_IN_ONE_POST]:
        _take_or_say(request, piece, given)
    return see_other(reverse("learner:evidence", args=[centre, evidence]))


def _take(request: ActorRequest, piece: Any, given: "UploadedFile[bytes]") -> "EvidenceFile":
    def take(file: "UploadedFile[bytes]") -> "EvidenceFile":
        return receive_file(actor=request.actor, evidence=piece, name=file.name or "", content=file, at=clock.now())

    return file_twice(given, take)


def _answer(request: ActorRequest, piece: Any, given: "UploadedFile[bytes]") -> HttpResponse:
    try:
        taken = _take(request, piece, given)
    except Refused as refused:
        return _refusal(refused)
    earlier = added_before(taken)
    notice = _("You have the same file in “%(title)s” too.") % {"title": earlier} if earlier else ""
    return JsonResponse({**_said(taken), "notice": notice}, status=201)


def _refusal(refused: Refused) -> HttpResponse:
    codes = {refusal.code for refusal in refused.refusals}
    sentences = [str(refusal.sentence) for refusal in refused.refusals]
    status = 409 if "stale" in codes else 413 if codes & TOO_LARGE else 422
    return JsonResponse({"sentences": sentences, "codes": sorted(codes)}, status=status)


def _take_or_say(request: ActorRequest, piece: Any, given: "UploadedFile[bytes]") -> None:
    try:
        _take(request, piece, given)
    except Refused as refused:
        reasons = " ".join(str(refusal.sentence) for refusal in refused.refusals)
        messages.error(request, f"{given.name}: {reasons}")
    except Busy:
        messages.error(request, _("%(name)s could not be kept just now. Add it again.") % {"name": given.name})
    except Exception as error:  # noqa: BLE001 - raised again unless a part is away
        outages.say_unkept(request, given.name or "", error)


def _said(file: "EvidenceFile") -> dict[str, Any]:
    return {
        "id": file.public_id,
        "name": file.name,
        "size": file.size,
        "state": file.state,
        "words": str(file.get_state_display()),
        "refusal": file.refusal,
    }


@require_safe
@allow(lambda actor: actor.is_learner)
def status(request: ActorRequest, centre: str, evidence: str) -> HttpResponse:
    """Say how far the files of one's own draft are, for the page to ask while they are checked."""
    piece = evidence_for(request.actor, evidence, "edit")
    files = [{**_said(file), "thumb": _thumb(centre, file)} for file in draft_files(piece)]
    checking = any(file["state"] in UNFINISHED for file in files)
    return JsonResponse({"files": files, "checking": checking})


def _thumb(centre: str, file: "EvidenceFile") -> str:
    found = next((p for p in file.previews.all() if p.kind == "thumb"), None)
    return reverse("files:preview", args=[centre, found.public_id]) if found else ""


@require_safe
def original(request: ActorRequest, centre: str, file: str) -> HttpResponseBase:
    """Hand out a file as it came, as an attachment; others than its learner get a copy without the place (D20).

    It is compared with its hash first, for a part and for its headers too: what was altered is not handed out (D25).
    """
    refuse_cross_site(request)
    found = file_for(request.actor, file, "open")
    ticket = Ticket(_person(request), centre, "original", file)
    return _hand_over(request, ticket) or _original(request, request.actor, found)


@require_safe
def preview(request: ActorRequest, centre: str, preview: str) -> HttpResponseBase:
    """Show what our worker made of a file: encoded by us, without metadata, with the content type that we gave it."""
    refuse_cross_site(request)
    found = preview_for(request.actor, preview)
    ticket = Ticket(_person(request), centre, "preview", preview)
    return _hand_over(request, ticket) or _preview(request, request.actor, found)


@require_safe
def handed(request: HttpRequest, ticket: str) -> HttpResponseBase:
    """Hand out a file on the files' own host, if whoever got the ticket may still have it."""
    if not handing.is_files_host(request):
        raise NotFound("file.ticket")
    what = handing.ticket_of(ticket)
    logs.add(person=what.person, centre=what.centre)
    today = clock.london_date(clock.now())
    actor = actor_of(what.person, what.centre, on=today, request_id=getattr(request, "request_id", ""))
    if what.what == "preview":
        return _preview(request, actor, preview_for(actor, what.public_id))
    return _original(request, actor, file_for(actor, what.public_id, "open"))


def _person(request: ActorRequest) -> str:
    return request.user.public_id


def _hand_over(request: ActorRequest, ticket: Ticket) -> HttpResponse | None:
    address = handing.to_own_host(request, ticket)
    if address is None:
        return None
    response = HttpResponse(status=302)
    response["Location"] = address
    return response


def _original(request: HttpRequest, actor: Actor, file: "EvidenceFile") -> HttpResponseBase:
    if file.has_location and not is_own(actor, file.evidence):
        return _copy(request, actor, file)
    if not _intact(request, actor, file):
        return _unavailable(request, _("This file is not as it was when it came in, so it is not handed out."))
    _note(request, actor, file)
    return deliver(request, _as_it_came(file))


def _copy(request: HttpRequest, actor: Actor, file: "EvidenceFile") -> HttpResponseBase:
    copy = copy_without_place(file)
    if copy is None:
        return _unavailable(request, _("The copy without the place is not ready yet. Try again in a minute."))
    missing = _missing(request, actor, copy)
    if missing is not None:
        return missing
    _note(request, actor, file)
    return deliver(request, _made(copy, inline=False))


def _preview(request: HttpRequest, actor: Actor, preview: "Preview") -> HttpResponseBase:
    return _missing(request, actor, preview) or deliver(request, _made(preview, inline=True))


def _missing(request: HttpRequest, actor: Actor, preview: "Preview") -> HttpResponse | None:
    """Say that a preview is gone: it is made again, or its file is gone as well. None where it is there."""
    found = look_after_preview(actor=actor, preview=preview, at=clock.now())
    if found == Shown.THERE:
        return None
    if found == Shown.LOST:
        return _unavailable(request, _("This file is not as it was when it came in, so it is not handed out."))
    response = _unavailable(request, _("The pictures of this file are being made again. Look again in a minute."))
    response.status_code = 503
    response["Retry-After"] = str(MADE_IN)
    return response


def _intact(request: HttpRequest, actor: Actor, file: "EvidenceFile") -> bool:
    part = request.method == "HEAD" or "Range" in request.headers
    return check_bytes(actor=actor, file=file, at=clock.now(), part=part)


def _note(request: HttpRequest, actor: Actor, file: "EvidenceFile") -> None:
    """Record the opening once: a player asks for many parts of what it plays, beginning with the first byte.

    Where nothing can be written the file is there to read all the same; the log has who took it.
    """
    begins = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    if request.method == "GET" and begins:
        outages.unless_full(lambda: open_file(actor=actor, file=file, at=clock.now()))


def _as_it_came(file: "EvidenceFile") -> Sent:
    content_type = file.content_type or "application/octet-stream"
    return Sent(file.storage_key, file.size, file.name, content_type, tag=file.sha256)


def _made(made: "Preview", *, inline: bool) -> Sent:
    stem = made.file.name.rpartition(".")[0] or made.file.name
    name = stem if inline else _("%(name)s (copy without the place)") % {"name": stem}
    ending = ENDINGS.get(made.content_type, "bin")
    return Sent(made.storage_key, made.size, f"{name}.{ending}", made.content_type, made.public_id, inline=inline)


def _unavailable(request: HttpRequest, sentence: str) -> HttpResponse:
    return render(request, "web_files/unavailable.html", {"sentence": sentence}, status=409)
