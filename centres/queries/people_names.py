"""What a centre calls people: the names it typed itself."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Concat, NullIf

from accounts.models import User
from centres.actor import Actor
from centres.models import Membership


def named(actor: Actor, rows: QuerySet[User]) -> "QuerySet[Any]":
    """Add `name`: what this centre typed last for a person, or the name of the account where it typed none."""
    return _named(actor.centre_id, rows)


def _named(centre_id: int, rows: QuerySet[User]) -> "QuerySet[Any]":
    roles = Membership.objects.for_centre(centre_id).filter(person_id=OuterRef("pk"))
    typed = roles.exclude(known_as="").order_by("-id").values("known_as")
    own = Concat("given_name", Value(" "), "family_name")
    return rows.annotate(name=Coalesce(NullIf(Subquery(typed[:1]), Value("")), own))


def names_of(actor: Actor, person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names under which this centre knows these people. One query."""
    return names_in(actor.centre_id, person_ids)


def names_in(centre_id: int, person_ids: Iterable[int]) -> dict[int, str]:
    """Return the names under which a centre knows these people. One query."""
    rows = _named(centre_id, User.objects.filter(pk__in=set(person_ids)))
    return dict(rows.values_list("pk", "name"))
