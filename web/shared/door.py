"""The one door for what comes in: whatever no database could keep is refused here, before anything is looked up.

`door` stands in front of the session and looks at the address and the headers; `forms` stands behind the walls and
looks at what a form brings. JSON comes in through `web.shared.http.read_json`, whose refusals are answered here too.
A refusal is a plain sentence: a page that gives back what was typed, or JSON for a script; nothing was changed.
"""

import ipaddress
import re
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import parse_header_parameters
from django.utils.translation import gettext as _

from common.outages import Outage
from common.plain import is_plain, plain_text
from web.shared import errors, outages
from web.shared.http import Unreadable

GetResponse = Callable[[HttpRequest], HttpResponse]
#: A form is read as UTF-8 and as nothing else; a charset that is none ("base64") would be a fault while reading.
UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii"})
FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
#: Never shown again: secrets, and what no person typed (names of things and of buttons, keys, days).
NOT_SHOWN: Final = re.compile(r"password|token|idempotency_key|code|secret|credential", re.IGNORECASE)
NOT_TYPED: Final = re.compile(r"[0-9a-z_:./-]*")


class Request(WSGIRequest):
    """A request that is read as UTF-8, whatever its header says. (The library would read the address with a charset
    that is none, before any of its handlers could answer.) `config.wsgi` serves with it.
    """  # noqa: D205 - one sentence needs two lines

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))


class Handler(WSGIHandler):
    """The library's handler, with requests of ours. With DEBUG on it answers this machine and nobody else."""

    request_class = Request

    def __call__(self, environ: dict[str, Any], start_response: Any) -> HttpResponseBase:
        """Answer a request; one from elsewhere gets no page that shows how we are made."""
        if not settings.DEBUG or _is_near(environ.get("REMOTE_ADDR", "")):
            return super().__call__(environ, start_response)
        words = b"DEBUG is on, so this site answers its own machine only. Start it without DEBUG.\n"
        answer = HttpResponse(words, status=403, content_type="text/plain; charset=utf-8")
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return answer


def _is_near(address: str) -> bool:
    """Say whether a caller is on this machine; a socket that is a file has no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return not address
    mapped = getattr(found, "ipv4_mapped", None)
    return bool((mapped or found).is_loopback)


class Door:
    """Refuse an address or a header that cannot be read; answer JSON that could not be read (see `read_json`)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _headers_are_plain(request) and _address_is_plain(request):
            return self.get_response(request)
        return errors.bad_request(request)

    def process_exception(self, _request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a script whose JSON could not be read with the sentence."""
        if not isinstance(exception, Unreadable):
            return None
        return JsonResponse({"sentence": exception.sentence, "problem": exception.sentence}, status=400)


class Forms:
    """Refuse a form with text that no database keeps, once the walls have said that somebody may be here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """Look at every name and every text of a form."""
        if request.method != "POST" or request.content_type not in FORMS:
            return None
        typed = request.POST
        if fault := outages.unread(request):
            return outages.answer(request, Outage.ROOM, fault)
        if all(is_plain(text) for name in typed for text in (name, *typed.getlist(name))) and _is_whole(request):
            return None
        return _give_back(request, typed)


door, forms = Door, Forms


def _headers_are_plain(request: HttpRequest) -> bool:
    charset = (request.content_params or {}).get("charset", "utf-8").strip("\"' ").lower()
    told = (value for name, value in request.META.items() if name.startswith("HTTP_"))
    cookies = request.COOKIES.values()  # a quoted cookie may spell a NUL with digits
    return charset in UTF_8 and all(is_plain(str(text)) for group in (told, cookies) for text in group)


def _address_is_plain(request: HttpRequest) -> bool:
    """Say whether the question behind the address is whole UTF-8 without NUL. (A NUL before it names nothing: 404.)"""
    return _is_text(request.META.get("QUERY_STRING", "").encode("latin-1", "replace"))


def _is_whole(request: HttpRequest) -> bool:
    """Say whether a form's bytes are UTF-8. A form in parts comes apart from its files: its texts are texts by then."""
    return request.content_type == "multipart/form-data" or _is_text(request.body)


def _is_text(asked: bytes) -> bool:
    if asked.isascii() and b"%" not in asked:
        return b"\x00" not in asked
    try:
        return "\x00" not in unquote_to_bytes(asked).decode()
    except UnicodeDecodeError:
        return False


def _give_back(request: HttpRequest, typed: QueryDict) -> HttpResponse:
    """Answer 422 with the texts a person may have typed, ready to be copied; a script gets the sentence."""
    if request.headers.get("HX-Request") or request.headers.get("X-Requested-With"):
        return unkept()
    texts = (plain_text(text) for name in typed if not NOT_SHOWN.search(name) for text in typed.getlist(name))
    kept = [text for text in texts if not NOT_TYPED.fullmatch(text.strip())]
    return render(request, "errors/unkept.html", {"texts": kept}, status=422)


def unkept() -> HttpResponse:
    """Answer a script that its form holds a sign that cannot be kept."""
    return JsonResponse({"sentence": _("There is a sign in this that cannot be kept.")}, status=400)
