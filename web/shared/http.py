"""Typed requests, how JSON and numbers come in, and the small decisions every view makes."""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, Final, NoReturn, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from accounts.models import User
from centres.actor import Actor
from centres.queries import Place
from common.plain import BIG, WHOLE, is_plain, whole_number
from common.refusals import Forbidden

JSON: Final = "application/json"
#: How deep anything nests that one of our scripts sends; a deeper body is refused before anybody walks it.
DEEPEST: Final = 16


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


def seen_of(request: HttpRequest) -> str | None:
    """Return the mark of the state that a form was made from (`{% seen %}`); None for a form that names none."""
    return request.POST.get("seen")


def page_number(request: HttpRequest, name: str = "page") -> int:
    """Return ?page= (or another name's value) as a number from 1 on; anything else is 1."""
    return whole_number(request.GET.get(name, ""), most=999_999, least=1) or 1


class Unreadable(Exception):  # noqa: N818 - it is an answer
    """JSON that nobody can read, or that no table could keep. The door answers 400 with the sentence."""

    def __init__(self) -> None:
        self.sentence = _("This could not be read, so nothing was saved. Reload the page, then try again.")
        super().__init__(self.sentence)


def is_longer_than(request: HttpRequest, limit: int) -> bool:
    """Say whether a script announces more than `limit` bytes: for a page that says so before anything is read."""
    return (whole_number(request.META.get("CONTENT_LENGTH") or "", most=BIG) or 0) > limit


def read_json(request: HttpRequest, limit: int) -> dict[str, Any]:
    """Return the object that a script sent, of at most `limit` bytes.

    Refuses (`Unreadable`) what is longer or no UTF-8, and what `object_in` refuses.
    """
    try:
        # A form that was sent here has been read already, so that there is no body any more.
        text = request.body.decode() if request.content_type == JSON and len(request.body) <= limit else ""
    except UnicodeDecodeError:
        raise Unreadable from None
    return object_in(text)


def object_in(text: str) -> dict[str, Any]:
    """Return the object that a JSON text is.

    Refuses (`Unreadable`) what is no object, names said twice, NaN and infinity, numbers that no column holds, text
    that no database keeps, and what nests deeper than any page of ours writes.
    """
    try:
        given = json.loads(
            text,
            object_pairs_hook=_named_once,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_unreadable,
        )
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict) or not _keeps(given):
        raise Unreadable
    return given


def number_of(given: Mapping[str, Any], name: str, *, most: int = WHOLE) -> int:
    """Return a whole number from 0 to `most` of an object that a script sent. Refuses (`Unreadable`) anything else."""
    value = given.get(name)
    if type(value) is not int or not 0 <= value <= most:  # True is an int as well
        raise Unreadable
    return value


def object_of(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Return an object inside an object that a script sent. Refuses (`Unreadable`) anything else."""
    value = given.get(name)
    if not isinstance(value, dict):
        raise Unreadable
    return value


def _named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found


def _integer(text: str) -> int:
    found = whole_number(text.removeprefix("-"), most=BIG)
    if found is None:
        raise ValueError(text[:20])
    return -found if text.startswith("-") else found


def _number(text: str) -> float:
    found = float(text)
    if found in (float("inf"), float("-inf")):
        raise ValueError(text[:20])
    return found


def _unreadable(text: str) -> NoReturn:
    raise ValueError(text)


def _keeps(given: Any, deep: int = 1) -> bool:
    """Say whether every text is plain and nothing nests too deep."""
    if isinstance(given, str):
        return is_plain(given)
    if not isinstance(given, dict | list):
        return True
    inside = [*given, *given.values()] if isinstance(given, dict) else given
    return deep <= DEEPEST and all(_keeps(one, deep + 1) for one in inside)


def looks_ahead(request: HttpRequest) -> bool:
    """Say whether nobody is looking: a browser fetches a page in advance, or a program makes a preview of a link."""
    purposes = (request.headers.get(name, "").lower() for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    ahead = any(word in purpose for purpose in purposes for word in ("prefetch", "prerender", "preview"))
    return ahead or request.method == "HEAD"
