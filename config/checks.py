"""Mixes of settings that would lose data or leak it are refused before the first request (`manage.py check --deploy`).

`make run` is for one person's machine and says DEBUG; everything else has to be safe. The application itself does not
start with them either, whoever starts it (`config.wsgi`).
"""

import ipaddress
from collections.abc import Iterator
from contextlib import suppress
from enum import IntEnum
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - the library's name
from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from web.files.handing import origin_name

SHORTEST_KEY = 40


class Reach(IntEnum):
    """How far away those are who may be let in, by the names that the settings give the site."""

    MACHINE = 0
    OWN_NETWORK = 1
    WORLD = 2


def reach() -> Reach:
    """Return how far the site's names reach: of SITE_ORIGIN, of FILES_ORIGIN and of ALLOWED_HOSTS."""
    origins = [settings.SITE_ORIGIN, settings.FILES_ORIGIN]
    names = [*(urlsplit(origin).hostname or "" for origin in origins), *settings.ALLOWED_HOSTS]
    return max((_reach_of(name.strip("[]").lower().rstrip(".")) for name in names if name), default=Reach.MACHINE)


def _reach_of(name: str) -> Reach:
    with suppress(ValueError):
        address = ipaddress.ip_address(name)
        return Reach.MACHINE if address.is_loopback else Reach.OWN_NETWORK if address.is_private else Reach.WORLD
    here = name in {"localhost", "testserver"} or name.endswith(".localhost")
    return Reach.MACHINE if here else Reach.WORLD


def refuse_unsafe() -> None:
    """Raise with every reason in words when the application must not be served like this.

    On one's own machine only what loses data counts. In one's own network, reached by an address, the line may be
    without encryption for a trial, and the key may be the one that this installation made.
    """
    errors = [*(_files_host() if settings.FILES_ORIGIN else ()), *_switches(), *_beyond(reach())]
    if not errors:
        return
    reasons = "\n".join(f"  {one.msg} {one.hint or ''} ({one.id})" for one in errors)
    raise ImproperlyConfigured(f"Attest does not start with these settings:\n{reasons}")


def _beyond(how_far: Reach) -> Iterator[CheckMessage]:
    if how_far == Reach.MACHINE:
        return
    trial = {"attest.E006", "attest.E002"} if how_far == Reach.OWN_NETWORK else set()
    for message in [*_secrets(), *_surroundings()]:
        if message.is_serious() and message.id not in trial:
            yield message


@register(Tags.security, deploy=True)
def production_is_safe(**_kwargs: Any) -> list[CheckMessage]:
    """Return every unsafe mix of the three switches and of what surrounds them."""
    return [*_secrets(), *_switches(), *_surroundings()]


@register(Tags.security)
def files_host_is_its_own(**_kwargs: Any) -> list[CheckMessage]:
    """Return why FILES_ORIGIN cannot be where files come from. Asked always: with a wrong one nobody can sign in."""
    return list(_files_host()) if settings.FILES_ORIGIN else []


def _files_host() -> Iterator[CheckMessage]:
    files, site = origin_name(settings.FILES_ORIGIN), origin_name(settings.SITE_ORIGIN)
    scheme, _, rest = settings.FILES_ORIGIN.partition("://")
    if not files or scheme not in {"http", "https"} or "/" in rest:
        yield Error(
            "FILES_ORIGIN is not an origin.",
            hint="Write it as https://files.example, no path behind.",
            id="attest.E008",
        )
    elif files == site:
        yield Error(
            "FILES_ORIGIN and SITE_ORIGIN are the same host.",
            hint="Give files a host name of their own; another port is not enough: cookies are shared by all ports.",
            id="attest.E009",
        )
    elif not validate_host(files, settings.ALLOWED_HOSTS):
        yield Error(
            "ALLOWED_HOSTS lacks the host of FILES_ORIGIN.", hint=f"Add {files}, or no file opens.", id="attest.E010"
        )
    if settings.HTTPS and scheme == "http":
        yield Error(
            "FILES_ORIGIN is not https, but the site is.", hint="Browsers refuse its pictures.", id="attest.E011"
        )


def _secrets() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error("DEBUG is on.", hint="Unset DEBUG outside a developer's machine.", id="attest.E001")
    if not settings.SECRET_KEY_GIVEN or len(settings.SECRET_KEY) < SHORTEST_KEY:
        yield Error(
            "SECRET_KEY is not set or too short.",
            hint="Set a random text of 50 characters; all web processes and workers need the same one.",
            id="attest.E002",
        )


def _switches() -> Iterator[CheckMessage]:
    several = settings.WEB_PROCESSES > 1 or settings.WEB_HOSTS > 1
    if settings.EMBEDDED_DATABASE and several:
        yield Error("SQLite with several web processes.", hint="Set DATABASE_URL to PostgreSQL.", id="attest.E003")
    if not settings.S3_BUCKET and settings.WEB_HOSTS > 1:
        yield Error("Several hosts with local files.", hint="Set S3_BUCKET.", id="attest.E004")
    if settings.WEB_HOSTS > 1 and len(settings.LEDGER_KEY) < SHORTEST_KEY:
        yield Error(
            "Several hosts without one LEDGER_KEY.",
            hint="Set a random text of 50 characters, the same everywhere: it signs the heads of the log.",
            id="attest.E012",
        )
    if not settings.REDIS_URL and several:
        yield Error("Several web processes without a shared cache.", hint="Set REDIS_URL.", id="attest.E005")


def _surroundings() -> Iterator[CheckMessage]:
    if not settings.HTTPS:
        yield Error("SITE_ORIGIN is not https.", hint="Set SITE_ORIGIN=https://…", id="attest.E006")
    if "*" in settings.ALLOWED_HOSTS:
        yield Error("ALLOWED_HOSTS lets every host in.", hint="Name your hosts.", id="attest.E007")
    if not settings.CLAMD_ADDRESS:
        yield Warning(
            "No virus scanner is configured: files are shown as not scanned.",
            hint="Set CLAMD_ADDRESS=host:port.",
            id="attest.W001",
        )
    if not settings.FILES_ORIGIN:
        yield Warning(
            "Uploaded files share the application's host name.", hint="Set FILES_ORIGIN=https://…", id="attest.W002"
        )
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        yield Warning("Letters are written to files.", hint="Set EMAIL_URL=smtp+tls://…", id="attest.W003")
