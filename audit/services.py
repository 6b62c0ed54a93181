"""Writing events. Called by every service inside its own transaction."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Protocol

from audit.enums import Outcome
from audit.models import Event


class Who(Protocol):
    """What an event needs to know of the person acting; `centres.actor.Actor` is one."""

    @property
    def person_id(self) -> int: ...
    @property
    def centre_id(self) -> int: ...
    @property
    def role_names(self) -> str: ...
    @property
    def request_id(self) -> str: ...


def record(
    action: str, *, actor: Who, obj: Any = None, at: dt.datetime, facts: Mapping[str, Any] | None = None
) -> Event:
    """Write that `actor` did `action` to `obj` (a model row with `public_id`). Emits one append-only row (R127)."""
    object_type, object_id = _name(obj)
    return Event.objects.create(
        at=at,
        action=action,
        outcome=Outcome.DONE,
        person_id=actor.person_id,
        centre_id=actor.centre_id,
        roles=actor.role_names,
        request_id=actor.request_id,
        object_type=object_type,
        object_id=object_id,
        facts=dict(facts or {}),
    )


def record_person(
    action: str, *, person_id: int | None, at: dt.datetime, obj: Any = None, facts: Mapping[str, Any] | None = None
) -> Event:
    """Write an act outside any centre: signing in, changing a password, accepting an invitation."""
    object_type, object_id = _name(obj)
    return Event.objects.create(
        at=at,
        action=action,
        outcome=Outcome.DONE,
        person_id=person_id,
        object_type=object_type,
        object_id=object_id,
        facts=dict(facts or {}),
    )


def record_denied(
    *,
    action: str,
    at: dt.datetime,
    person_id: int | None,
    centre_id: int | None,
    roles: str = "",
    object_id: str = "",
    request_id: str = "",
) -> Event:
    """Write that somebody was refused something by their rights: a 403, or a 404 that hides another world."""
    return Event.objects.create(
        at=at,
        action=_plain(action)[:60] or "unknown",
        outcome=Outcome.DENIED,
        person_id=person_id,
        centre_id=centre_id,
        roles=roles,
        object_id=_plain(object_id)[:80],
        request_id=request_id,
    )


def _name(obj: Any) -> tuple[str, str]:
    if obj is None:
        return "", ""
    return obj._meta.label, str(getattr(obj, "public_id", obj.pk))


def _plain(text: str) -> str:
    """Keep what every database can store: a lone surrogate or NUL in an address must not hide the row (J04)."""
    return text.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")
