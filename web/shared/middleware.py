"""Around every request: its id, the headers, and the centre walls."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from audit.services import record_denied
from centres import queries
from common import clock, contention
from common.ids import new_public_id
from common.plain import is_plain
from common.refusals import Forbidden, NotFound
from web.shared import errors, kept, retrying
from web.shared.retrying import Busy

Handler = Callable[[HttpRequest], HttpResponse]


def request_id(get_response: Handler) -> Handler:
    """Name the request with an id of ours: it stands in the events and on the error page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.request_id = new_public_id()  # type: ignore[attr-defined]  # ours to add
        response = get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]  # see above
        return response

    return middleware


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


class Walls:
    """Turn user + centre number into an Actor, or answer 404; write a row for every denial (architecture, idea 1)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, kwargs: dict[str, Any]) -> HttpResponse | None:
        """Refuse before the view runs: not signed in → sign in; not of this centre today → 404."""
        try:
            return self._enter(request, kwargs)
        except NotFound as refusal:  # what is raised here does not come by process_exception
            return self.process_exception(request, refusal)

    def _enter(self, request: HttpRequest, kwargs: dict[str, Any]) -> HttpResponse | None:
        if not all(is_plain(str(name)) for name in kwargs.values()):
            raise NotFound("address", "")  # nothing has such a name
        if not request.user.is_authenticated:
            request.places = ()  # type: ignore[attr-defined]  # ours to add
            return _sign_in(request) if "centre" in kwargs else None
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
        request.before = retrying.remember(request)  # type: ignore[attr-defined]  # ours to add
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer what services and loaders raise; anything else is a fault and goes on."""
        if contention.met(exception):
            return self._once_more(request)
        if isinstance(exception, Busy):
            return errors.busy(request)
        if not isinstance(exception, NotFound):
            return None
        _record(request, exception)
        if isinstance(exception, Forbidden):
            return errors.forbidden(request, exception)
        return errors.not_found(request, exception)

    def _once_more(self, request: HttpRequest) -> HttpResponse | None:
        """Do a view of ours again that met another act outside of `once`: each of those is safe to do twice.

        Not when a part of it is done already (files after their words), and not the sign-in library's views.
        """
        before, match = getattr(request, "before", None), request.resolver_match
        if before is None or match is None or getattr(request, "act_done", False):
            return errors.busy(request)
        before.restore(request)
        try:
            response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        except Exception as second:
            if contention.met(second):
                return errors.busy(request)
            answer = self.process_exception(request, second)
            if answer is None:
                raise
            return answer
        return response


walls = Walls


def _record(request: HttpRequest, refusal: NotFound) -> None:
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
