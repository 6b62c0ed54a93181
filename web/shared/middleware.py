"""Around every request: its id, the headers, and the centre walls."""

import logging
import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from audit.services import record_denied
from centres import queries
from common import clock, contention, logs
from common.ids import new_public_id
from common.outages import Outage, outage_behind, outage_of
from common.plain import is_plain
from common.refusals import Forbidden, NotFound
from web.shared import errors, kept, outages, retrying
from web.shared.retrying import Busy

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]
#: What asks and changes nothing, by the standard; a view may still write (that somebody is here).
READS = frozenset({"GET", "HEAD"})
SERVER_ERROR = 500
#: An id as our proxy makes it.
NAMED = re.compile(r"[0-9a-f]{32}")


def request_id(get_response: Handler) -> Handler:
    """Name the request with an id of ours: it stands in the events, in every line of the log and on the error page.

    Behind our proxy it is the proxy's, whose own log names it too; it overwrites what a client sends.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = _named_by_proxy(request) or new_public_id()  # type: ignore[attr-defined]  # ours to add
        logs.begin(request=request.request_id)  # type: ignore[attr-defined]  # set above
        response = get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]  # see above
        return response

    return middleware


def _named_by_proxy(request: HttpRequest) -> str:
    named = request.headers.get("X-Request-ID", "") if settings.BEHIND_PROXY else ""
    return named if NAMED.fullmatch(named) else ""


def headers(get_response: Handler) -> Handler:
    """Keep signed-in pages out of every cache, so that Back after signing out shows nothing (F10)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(settings.STATIC_URL) and "Cache-Control" not in response:
            response["Cache-Control"] = "private, no-store"
        if request.path == reverse("account_logout") and request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'  # previews kept for minutes go with the person
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


class Sessions(SessionMiddleware):
    """The library's, which calls a session that cannot be written one that was deleted, and answers 400."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Show a page that was only read all the same; after a form say what is away."""
        try:
            return super().process_response(request, response)
        except (SessionInterrupted, Error) as error:
            outage = outage_behind(error)
            if outage is None:
                raise
            if request.method in READS and response.status_code < SERVER_ERROR:
                logger.error("%s: %s is shown, its session is not kept", outage, request.path)  # noqa: TRY400 - no fault of the page
                return response
            return outages.answer(request, outage, error)


class Walls:
    """Turn user + centre number into an Actor, or answer 404; write a row for every denial (architecture, idea 1)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in READS:
            return self.get_response(request)
        request.written = retrying.Written()  # type: ignore[attr-defined]  # ours to add
        with connection.execute_wrapper(request.written):  # type: ignore[attr-defined]  # see above
            return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Refuse before the view runs: not signed in → sign in; not of this centre today → 404."""
        try:
            return self._enter_twice(request, kwargs)
        except (NotFound, Error) as refusal:  # what is raised here does not come by process_exception
            request.before = None  # type: ignore[attr-defined]  # nobody is in: no view is done again
            found = self.process_exception(request, refusal)
            if found is None:
                raise
            return found

    def _enter_twice(self, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Look a second time, on a new connection, when the database hung up: nothing was written yet."""
        try:
            return self._enter(request, kwargs)
        except Error as error:
            if outage_of(error) != Outage.DATABASE:
                raise
        connection.close()
        return self._enter(request, kwargs)

    def _enter(self, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        if not all(is_plain(str(name)) for name in kwargs.values()):
            raise NotFound("address", "")  # nothing has such a name
        if request.method in READS:  # read again where the database hangs up
            request.before = retrying.remember(request)  # type: ignore[attr-defined]  # ours to add
        if not request.user.is_authenticated:
            request.places = ()  # type: ignore[attr-defined]  # ours to add
            return _sign_in(request) if "centre" in kwargs else None
        logs.add(person=request.user.public_id, centre=str(kwargs.get("centre", "")))
        if not request.user.is_active:  # access ended while the session was open (C07)
            logout(request)
            return _sign_in(request)
        today = clock.london_date(clock.now())
        request.places = queries.places_of(request.user.pk, today)  # type: ignore[attr-defined]  # ours to add
        if "centre" not in kwargs:
            return None
        actor = queries.actor_at(
            request.places,  # type: ignore[attr-defined]  # set above
            request.user,
            kwargs["centre"],
            on=today,
            request_id=request.request_id,  # type: ignore[attr-defined]  # set above
        )
        if actor is None:
            raise NotFound("centre.enter", kwargs["centre"])
        request.actor = actor  # type: ignore[attr-defined]  # ours to add
        request.before = retrying.remember(request)  # type: ignore[attr-defined]  # forms too: two acts may meet
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what services and loaders raise, and what is away; anything else is a fault and goes on."""
        if contention.met(exception):
            return self._once_more(request) or errors.busy(request)
        if isinstance(exception, Busy):
            return errors.busy(request)
        outage = outage_of(exception)
        if outage:
            return self._after_outage(request, outage, exception)
        if not isinstance(exception, NotFound):
            return None
        _record(request, exception)
        if isinstance(exception, Forbidden):
            return errors.forbidden(request, exception)
        return errors.not_found(request, exception)

    def _after_outage(self, request: HttpRequest, outage: Outage, error: Exception) -> HttpResponse:
        """Read once more on a new connection where nothing was written; else say what is away."""
        if outage == Outage.DATABASE and request.method in READS and not request.written.any:  # type: ignore[attr-defined]  # set above
            connection.close()
            found = self._once_more(request)
            if found is not None:
                return found
        return outages.answer(request, outage, error)

    def _once_more(self, request: HttpRequest) -> HttpResponse | None:
        """Do a view of ours again, once, that met another act outside of `once`: each of those is safe to do twice.

        None when a part of it is done already (files after their words), and for forms of the sign-in library.
        """
        before, match = getattr(request, "before", None), request.resolver_match
        if before is None or match is None or getattr(request, "act_done", False):
            return None
        request.before = None  # type: ignore[attr-defined]  # a second try has no third
        before.restore(request)
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except Exception as second:
            answer = self.process_exception(request, second)
            if answer is None:
                raise
            return answer
        return response


walls = Walls


def _record(request: HttpRequest, refusal: NotFound) -> None:
    """Write a denial down. Where nothing can be written it is still a denial, and the log has it."""
    try:
        _write_denial(request, refusal)
    except Error as error:
        if not outage_of(error):
            raise
        logger.error("denied, not recorded: %s %s", refusal.action, refusal.object_id)  # noqa: TRY400 - the outage says the rest


def _write_denial(request: HttpRequest, refusal: NotFound) -> None:
    actor = getattr(request, "actor", None)
    record_denied(
        action=refusal.action or request.resolver_match.view_name if request.resolver_match else "unknown",
        at=clock.now(),
        person_id=request.user.pk,
        centre_id=actor.centre_id if actor else None,
        roles=actor.role_names if actor else "",
        object_id=refusal.object_id,
        request_id=getattr(request, "request_id", ""),
    )


def _sign_in(request: HttpRequest) -> HttpResponse:
    """Send a person to the sign-in page and back; a script gets 401 and keeps what was typed."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return HttpResponse(status=401)
    if kept.typed(request):
        return errors.signed_out(request)
    target = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    return redirect_to_login(target, login_url="account_login")
