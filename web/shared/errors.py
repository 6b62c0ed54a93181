"""The pages that say no: plain words, the same for what is foreign and what is not there.

Whoever sent a form gets back what they typed, to copy: a learner who is given to somebody else takes no text along.
"""

import sys

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from common import contention
from common.outages import outage_of
from web.shared import kept, outages
from web.shared.retrying import Busy

#: Seconds after which a form that met others twice is worth sending again.
RETRY_AFTER = 5


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 404, byte for byte the same whether it exists elsewhere or not (A22)."""
    if kept.of_a_script(request):
        words = _("This is not here for you any more. What you typed is still on this page: copy it before you leave.")
        return kept.say_to_script(words, 404)
    return render(request, "404.html", kept.context(request), status=404)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 403: it is there, but this is not your act."""
    if kept.of_a_script(request):
        words = _("This is not yours to do any more. What you typed is still on this page: copy it before you leave.")
        return kept.say_to_script(words, 403)
    return render(request, "403.html", kept.context(request), status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 400."""
    return render(request, "400.html", status=400)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 without touching the database. Two acts that met, or a part that is away, are no fault: 503."""
    error = sys.exc_info()[1]
    if isinstance(error, Busy) or contention.met(error):
        return busy(request)
    outage = outage_of(error)
    if outage:
        return outages.answer(request, outage, error)
    return render(request, "500.html", status=500)


def busy(request: HttpRequest) -> HttpResponse:
    """Answer 503: this act met others twice. Nothing was changed; what was typed is there to send again.

    It asks no database either: whatever is left of the transaction that was broken off is left alone.
    """
    if kept.of_a_script(request):
        response: HttpResponse = kept.say_to_script(_("Many people are saving just now. It is tried again soon."), 503)
    else:
        again = kept.again(request, key=request.POST.get(kept.KEY, "")) if request.method == "POST" else {}
        found = {**kept.context(request), **again, "csrf_token": get_token(request), "request": request}
        response = HttpResponse(render_to_string("errors/busy.html", found), status=503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def signed_out(request: HttpRequest) -> HttpResponse:
    """Answer 403 to a form whose sender was signed out meanwhile: what was typed is there to copy."""
    return render(request, "errors/signed_out.html", kept.context(request), status=403)


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer 403 to a form that did not come from our page, or came from one that is too old.

    What was typed is shown only where the browser says that the form stood on a page of ours: nobody else's words
    appear under our name.
    """
    context = kept.context(request) if _ours(request) else {}
    return render(request, "errors/csrf.html", context, status=403)


def _ours(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    return origin in {settings.SITE_ORIGIN, f"{request.scheme}://{request.get_host()}"}
