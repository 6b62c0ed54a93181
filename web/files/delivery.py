"""Sending stored bytes: the headers that keep them harmless, ranges, and 64 KiB in memory at a time (Files 5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from django.conf import settings
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from common.refusals import Forbidden
from common.storing import read
from media.names import content_disposition
from web.files.ranges import NotThere, Part, part_asked

CHUNK = 64 * 1024
#: Whatever a file holds, a browser that shows it runs nothing and loads nothing.
POLICY = "sandbox; default-src 'none'"


@dataclass(frozen=True, slots=True)
class Sent:
    """What is sent: where it lies, how long it is, what it is called and what it is. `tag` changes with its bytes."""

    storage_key: str
    size: int
    name: str
    content_type: str
    tag: str
    inline: bool = False


def deliver(request: HttpRequest, sent: Sent) -> HttpResponseBase:
    """Answer GET or HEAD with the whole (200), the part asked for (206), or "no such part" (416)."""
    try:
        part = _part(request, sent)
    except NotThere:
        response: HttpResponseBase = HttpResponse(status=416)
        response["Content-Range"] = f"bytes */{sent.size}"
        return harmless(response, sent)
    response = _body(request, sent, part)
    response["Content-Length"] = str(part.length if part else sent.size)
    if part:
        response["Content-Range"] = part.content_range
    return harmless(response, sent)


def _part(request: HttpRequest, sent: Sent) -> Part | None:
    """Return the part asked for; a browser that holds a part of another file (If-Range) gets the whole."""
    held = request.headers.get("If-Range", "")
    if held and held != _tag(sent):
        return None
    return part_asked(request.headers.get("Range", ""), sent.size)


def _body(request: HttpRequest, sent: Sent, part: Part | None) -> HttpResponseBase:
    status = 206 if part else 200
    if request.method == "HEAD":
        return HttpResponse(status=status, content_type=sent.content_type)
    start, length = (part.start, part.length) if part else (0, sent.size)
    pieces = begun(read(sent.storage_key, start, length, chunk=CHUNK))
    return StreamingHttpResponse(pieces, status=status, content_type=sent.content_type)


def begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Return the pieces with the first one read: what is not there is an error now, not in the middle of an answer."""
    first = next(pieces, b"")
    return chain((first,), pieces)


def harmless(response: HttpResponseBase, sent: Sent) -> HttpResponseBase:
    """Set the headers of every answer that carries, or could carry, somebody's bytes."""
    response["Content-Type"] = sent.content_type
    response["Content-Disposition"] = content_disposition(sent.name, inline=sent.inline)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = POLICY
    response["Cross-Origin-Resource-Policy"] = "same-site" if settings.FILES_ORIGIN else "same-origin"
    response["Cache-Control"] = _kept(sent)
    response["Accept-Ranges"] = "bytes"
    response["ETag"] = _tag(sent)
    return response


def _kept(sent: Sent) -> str:
    """Our own pictures may stay in this browser for ten minutes, so that the next piece can be fetched ahead.

    Signing out empties the browser's store (`Clear-Site-Data`); originals, sound and film are never stored.
    """
    picture = sent.inline and sent.content_type.startswith("image/")
    return "private, max-age=600" if picture else "private, no-store"


def _tag(sent: Sent) -> str:
    return f'"{sent.tag}"'


def refuse_cross_site(request: HttpRequest) -> None:
    """Refuse to be a picture on somebody else's page (ASVS 3.5.8); a link that a person follows is let through."""
    site, mode = request.headers.get("Sec-Fetch-Site", ""), request.headers.get("Sec-Fetch-Mode", "")
    if site == "cross-site" and mode != "navigate":
        raise Forbidden("file.cross-site")
