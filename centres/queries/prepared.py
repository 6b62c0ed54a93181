"""Rows that depend on an actor alone: their SQL is the same for everybody with these roles, so it is put together once.

    @prepared
    def waiting(actor: Actor) -> QuerySet[Evidence]: …

    @prepared
    def readable_piece(actor: Actor, *, public_id: str) -> QuerySet[Evidence]: …

Whatever such a function asks of the actor must be their roles, or one of `person_id`, `centre_id`, `learner_id` and
`on`; what else it is given are numbers, days or texts to compare with. It asks nobody else (no clock, no settings), and
orders nothing: whoever wants an order says it of what comes back.
"""

import functools
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db.models import QuerySet

from centres.actor import Actor
from common.prepared import Prepared, Value, keys_of
from common.scoping import CentreOwned

M = TypeVar("M", bound=CentreOwned)
P = ParamSpec("P")
Build = Callable[..., QuerySet[Any]]
#: Every prepared function by name, for the test that compares each with what it stands for.
known: dict[str, Build] = {}


def prepared(build: Callable[Concatenate[Actor, P], QuerySet[M]]) -> Callable[Concatenate[Actor, P], QuerySet[M]]:
    """Return a function that gives the rows of `build`, found by their keys."""

    @functools.wraps(build)
    def rows(actor: Actor, /, *_no: P.args, **more: P.kwargs) -> QuerySet[M]:
        model, keys = _keys(build, actor, cast("dict[str, Value]", more))
        return cast("QuerySet[M]", model.objects.for_centre(actor.centre_id).filter(pk__in=keys))

    known[_name(build)] = rows
    return rows


def keys_for(actor: Actor, rows: Callable[[Actor], QuerySet[Any]]) -> Prepared:
    """Return the keys alone of what a prepared function gives, for `…__in` inside a deeper condition."""
    return _keys(rows.__wrapped__, actor, {})[1]  # type: ignore[attr-defined]  # what `prepared` wrapped


def _keys(build: Build, actor: Actor, more: Mapping[str, Value]) -> tuple[Any, Prepared]:
    values: dict[str, Value] = {"person_id": actor.person_id, "centre_id": actor.centre_id, "on": actor.on}
    if actor.learner_id is not None:
        values["learner_id"] = actor.learner_id

    def built(given: Mapping[str, Any]) -> QuerySet[Any]:
        who = replace(actor, **{name: given[name] for name in values})
        return build(who, **{name: given[name] for name in more})

    return keys_of((_name(build), actor.roles, actor.learner_id is None), built, {**values, **more})


def _name(build: Build) -> str:
    return f"{build.__module__}.{build.__qualname__}"
