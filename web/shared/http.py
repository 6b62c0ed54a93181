"""Typed requests, and the small decisions every view makes."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from accounts.models import User
from centres.actor import Actor
from centres.queries import Place
from common.refusals import Forbidden


class PersonRequest(HttpRequest):
    """A request of a signed-in person."""

    user: User
    places: tuple[Place, ...]


class ActorRequest(PersonRequest):
    """A request inside a centre: the walls have made the actor."""

    actor: Actor


P = ParamSpec("P")
View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def allow(test: Callable[[Actor], bool]) -> Callable[[View[P]], View[P]]:
    """Let only actors through for whom `test` holds; the others get 403, with a denied row."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def inner(request: ActorRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not test(request.actor):
                raise Forbidden(view.__name__)
            return view(request, *args, **kwargs)

        return inner

    return decorate


def see_other(url: str) -> HttpResponseRedirect:
    """Answer a post with "now look here" (303), so that reloading repeats nothing."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


def page_number(request: HttpRequest, name: str = "page") -> int:
    """Return ?page= (or another name's value) as a number from 1 on; anything else is 1."""
    text = request.GET.get(name, "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1  # noqa: PLR2004 - a million pages will do
