"""Handing a file over to a host of its own (FILES_ORIGIN): a signed ticket for one person, one file, 60 seconds.

On that host nobody is signed in and no page of ours lives, so a file that does run something finds nothing to take. The
ticket says who asked; whether they may have the file is decided again when it is used.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.http import HttpRequest
from django.http.request import split_domain_port
from django.urls import reverse

from common.refusals import NotFound

LIFE = 60  # seconds
SALT = "web.files.handing"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who was handed what: `what` is "original" or "preview"."""

    person: str
    centre: str
    what: str
    public_id: str


def to_own_host(request: HttpRequest, ticket: Ticket) -> str | None:
    """Return the address on the files' host, or None where there is none or this is it."""
    if not settings.FILES_ORIGIN or is_files_host(request):
        return None
    parts = [ticket.person, ticket.centre, ticket.what, ticket.public_id]
    signed = signing.dumps(parts, salt=SALT)
    return f"{settings.FILES_ORIGIN}{reverse('handed:file', args=[signed])}"


def is_files_host(request: HttpRequest) -> bool:
    """Say whether this request came to the files' own host.

    Names are compared, not ports: a proxy may listen on another port than the application hears of, and a name that is
    shared by two ports shares its cookies too.
    """
    return bool(settings.FILES_ORIGIN) and host_name(request.get_host()) == origin_name(settings.FILES_ORIGIN)


def origin_name(origin: str) -> str:
    """Return the host name of an origin ("https://Files.example:8443" → "files.example"), "" where there is none."""
    return host_name(urlsplit(origin).netloc)


def host_name(host: str) -> str:
    """Return a host's name without its port, in small letters, without the dot that may end it; "" when it is none."""
    return split_domain_port(host)[0]


def ticket_of(signed: str) -> Ticket:
    """Return what a ticket says. One that is not ours, was changed or is older than 60 seconds is not found."""
    try:
        person, centre, what, public_id = signing.loads(signed, salt=SALT, max_age=LIFE)
    except (signing.BadSignature, ValueError):
        raise NotFound("file.ticket") from None
    return Ticket(person, centre, what, public_id)
