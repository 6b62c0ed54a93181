"""What a person or a script is told when a part of the site is away: what happened, what is safe, what next.

No database, session or store is asked: one of them is what is away.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.contention import Error
from common.outages import Outage, outage_of
from web.shared import kept

T = TypeVar("T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Told:
    """How an outage is answered: its status, after how many seconds to come back, and the words."""

    status: int
    retry_after: int
    title: str | Promise
    safe: str | Promise
    next: str | Promise
    sentence: str | Promise  # to a script: all of it in one


TOLD: Final[dict[Outage, Told]] = {
    Outage.DATABASE: Told(
        503,
        10,
        _("Attest cannot reach its records right now"),
        _("What was saved before is safe. Nothing else is wrong with what you were doing."),
        _("Wait half a minute, then try again. What you send twice is saved once."),
        _("Attest cannot reach its records right now. What you typed is still here. It is tried again soon."),
    ),
    Outage.ROOM: Told(
        507,
        60,
        _("Attest cannot save anything right now"),
        _("Nothing was changed, and what was saved before is safe. You can go on reading."),
        _("There is no room left where Attest keeps things. Tell your centre, and try again later."),
        _("Attest has no room to save this right now. What you typed and your files are still here. Try again later."),
    ),
    Outage.STORE: Told(
        503,
        30,
        _("Files cannot be reached right now"),
        _("What was saved before is safe. A file that you were adding is still on your device."),
        _("Try again in a minute. Everything that needs no file works."),
        _("Files cannot be taken or shown right now. Yours is still on your device. It is tried again soon."),
    ),
}


def answer(request: HttpRequest, outage: Outage, error: BaseException | None = None) -> HttpResponse:
    """Answer 503 or 507 with `Retry-After`: a page with what was typed, JSON for a script or a program."""
    told = TOLD[outage]
    _log(request, outage, error)
    if not wants_json(request):
        page = render_to_string("errors/outage.html", _context(request, told))
        return _come_back(HttpResponse(page, status=told.status), told)
    if kept.of_a_script(request):
        return _come_back(kept.say_to_script(str(told.sentence), told.status), told)
    return _come_back(_named(outage), told)


def to_probe(request: HttpRequest, outage: Outage, error: BaseException | None = None) -> HttpResponse:
    """Answer a program that only wants to know: 503 or 507 with the name of what is away."""
    _log(request, outage, error)
    return _come_back(_named(outage), TOLD[outage])


def _named(outage: Outage) -> JsonResponse:
    told = TOLD[outage]
    return JsonResponse({"away": outage.name.lower(), "sentence": str(told.sentence)}, status=told.status)


def _come_back(response: HttpResponse, told: Told) -> HttpResponse:
    response["Retry-After"] = str(told.retry_after)
    return response


def _log(request: HttpRequest, outage: Outage, error: BaseException | None) -> None:
    logger.error("%s: %s %s: %s", outage, request.method, request.path, _kind(error))


def wants_json(request: HttpRequest) -> bool:
    """Say whether a script of ours asks, or a program that names JSON and no page."""
    if "HX-Request" in request.headers:
        return False
    accepted = request.headers.get("Accept", "")
    return kept.of_a_script(request) or ("application/json" in accepted and "text/html" not in accepted)


def _context(request: HttpRequest, told: Told) -> dict[str, object]:
    """Return what the page shows. What was typed is shown once the form is known to have stood on a page of ours."""
    context: dict[str, object] = {"told": told, "request": request, "csrf_token": get_token(request)}
    if request.method == "POST" and request.path.startswith("/c/") and getattr(request, "csrf_processing_done", False):
        key = request.POST.get(kept.KEY, "") or kept.new_key()
        context |= kept.context(request)
        if unread(request) is None:  # without its file the form would say something else
            context |= kept.again(request, key=key)
    return context


def _kind(error: BaseException | None) -> str:
    """Return what kind of error it was and the first line of what the driver said: no person is in it."""
    if error is None:
        return "unknown"
    driver = error.__cause__ or error
    return f"{type(driver).__name__}: {str(driver).partition(chr(10))[0][:200]}"


def mark_unread(request: HttpRequest, error: OSError) -> None:
    """Remember that a file of this form could not be put on disk; the door answers once it is known who asks."""
    request.upload_fault = error  # type: ignore[attr-defined]  # ours to add


def unread(request: HttpRequest) -> OSError | None:
    """Return why a file of this form could not be put on disk, if it could not."""
    found: OSError | None = getattr(request, "upload_fault", None)
    return found


def unless_full(act: Callable[[], T]) -> T | None:
    """Do what a page can be read without: None where nothing can be written. Everything else that is raised goes on."""
    try:
        return act()
    except (Error, OSError) as error:
        if outage_of(error) != Outage.ROOM:
            raise
        logger.error("%s: a page is shown without what it would have noted: %s", Outage.ROOM, _kind(error))  # noqa: TRY400 - the kind says it
        return None


def say_unkept(request: HttpRequest, name: str, error: Exception) -> None:
    """Say on the next page that a file of a form could not be kept because a part is away; raise any other error.

    The words of the form are kept by then, and so are the files before it.
    """
    outage = outage_of(error)
    if outage is None:
        raise error
    logger.error("%s: a file was not kept: %s", outage, _kind(error))
    words = gettext("%(name)s could not be kept: files cannot be taken now. It is still on your device. Add it later.")
    messages.error(request, words % {"name": name})
