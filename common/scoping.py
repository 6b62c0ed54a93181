"""Centre walls in the database layer: a query that has not said its centre is refused when it is about to run (R126).

    Evidence.objects.for_centre(actor.centre_id).filter(…)      # the ordinary way
    Evidence.objects.across_centres(reason="doctor").count()    # greppable, allow-listed by a test

Reading through a relation from a row that itself belongs to a centre (`learner.registrations.all()`) stays inside that
row's centre and needs no words. Reading through a relation from a global row (`user.memberships.all()`) does, and a
lookup never passes that way at all (`User.objects.filter(memberships__role=…)`, also in the middle of a path): the
rows are asked for themselves, `User.objects.filter(pk__in=Membership.objects.for_centre(…).values("person"))`.
"""

from collections.abc import Iterable
from functools import partial
from typing import Any, ClassVar, NoReturn, Self, TypeVar, cast

from django.db import models
from django.db.models import sql
from django.db.models.sql.compiler import SQLCompiler

M = TypeVar("M", bound=models.Model)


class UnscopedQuery(RuntimeError):  # noqa: N818 - it says what the query was
    """A query on a centre's rows did not say which centre."""


class _ScopedQuery(sql.Query):
    """A query that compiles only once it carries a scope. Every path to the database compiles."""

    scope: str = ""

    def get_compiler(
        self,
        using: str | None = None,
        connection: Any = None,
        elide_empty: bool = True,  # noqa: FBT001, FBT002 - Django's signature
    ) -> SQLCompiler:
        if not self.scope:
            label = self.model._meta.label if self.model else "?"
            raise UnscopedQuery(f"{label}: say for_centre(…) or across_centres(reason=…) first")
        return cast("SQLCompiler", super().get_compiler(using, connection, elide_empty))

    def combine(self, rhs: sql.Query, connector: str) -> None:
        """Refuse `inside | outside`: the other half would bring its rows along."""
        if getattr(rhs, "scope", "") != self.scope:
            raise UnscopedQuery("two queries of different scope cannot be combined")
        super().combine(rhs, connector)


class CentreQuerySet(models.QuerySet[M]):
    """A queryset that fails closed. `for_centre` narrows to one centre; both calls return a new queryset."""

    def __init__(
        self, model: type[M] | None = None, query: sql.Query | None = None, using: str | None = None, hints: Any = None
    ) -> None:
        super().__init__(model, query or _ScopedQuery(model), using, hints)

    def for_centre(self, centre_id: int) -> Self:
        """Narrow to the rows of one centre."""
        return self._said(f"centre {centre_id}").filter(centre_id=centre_id)

    def across_centres(self, *, reason: str) -> Self:
        """Lift the wall, with a reason that a reviewer can find. Refuses an empty reason."""
        if not reason.strip():
            raise UnscopedQuery("across_centres needs a reason")
        return self._said(f"all: {reason}")

    def _said(self, scope: str) -> Self:
        clone: Self = self._chain()  # type: ignore[attr-defined]  # untyped in stubs
        cast("_ScopedQuery", clone.query).scope = scope
        return clone

    def _require_scope(self) -> None:
        if not getattr(self.query, "scope", ""):
            raise UnscopedQuery(f"{self.model._meta.label}: say for_centre(…) or across_centres(reason=…) first")

    def _add_hints(self, **hints: Any) -> None:
        """Learn whose relation is being followed: a centre-owned row lends its centre to the query."""
        super()._add_hints(**hints)  # type: ignore[misc]
        owner = hints.get("instance")
        if isinstance(owner, CentreOwned):
            cast("_ScopedQuery", self.query).scope = f"centre {owner.centre_id}"

    # Updates and deletes change the class of the query before they compile, so they ask here.
    def update(self, **kwargs: Any) -> int:
        self._require_scope()
        return super().update(**kwargs)

    def _update(self, values: Any) -> int:
        self._require_scope()
        return cast("int", super()._update(values))  # type: ignore[misc]

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_scope()
        return super().delete()

    def _raw_delete(self, using: str | None) -> int:
        self._require_scope()
        return super()._raw_delete(using)

    def bulk_update(self, objs: Iterable[M], fields: Iterable[str], batch_size: int | None = None) -> int:
        self._require_scope()
        return super().bulk_update(objs, fields, batch_size)

    def raw(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: SQL by hand cannot be held inside a centre."""
        raise UnscopedQuery(f"{self.model._meta.label}: raw() is closed on centres' rows")


class CentreManager(models.Manager[M]):
    """The default manager of every centre-owned model."""

    def get_queryset(self) -> CentreQuerySet[M]:
        """Return a queryset that has not said its centre yet."""
        return CentreQuerySet(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]  # untyped in stubs

    def for_centre(self, centre_id: int) -> CentreQuerySet[M]:
        """Return the rows of one centre."""
        return self.get_queryset().for_centre(centre_id)

    def across_centres(self, *, reason: str) -> CentreQuerySet[M]:
        """Return the rows of all centres, with a reason that a reviewer can find."""
        return self.get_queryset().across_centres(reason=reason)

    def raw(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse: SQL by hand cannot be held inside a centre."""
        raise UnscopedQuery(f"{self.model._meta.label}: raw() is closed on centres' rows")


class CentreOwned(models.Model):
    """Base of every row that belongs to a centre."""

    centre = models.ForeignKey("centres.Centre", on_delete=models.PROTECT, related_name="+")
    centre_id: int

    objects: ClassVar[CentreManager[Self]] = CentreManager()

    class Meta:
        abstract = True


def close_ways_back(tables: Iterable[type[models.Model]]) -> None:
    """Refuse every lookup from a global row to rows of a centre that name it, whoever asks and whatever the query.

    Called once, when all models are known. The library finds its way backwards through a relation here, for filters,
    values, orders, annotations, prefetched joins and conditions alike.
    """
    for field in ways_back(tables):
        field.get_reverse_path_info = partial(_refuse_way, field)  # type: ignore[method-assign]


def ways_back(tables: Iterable[type[models.Model]]) -> list["models.ForeignKey[Any, Any]"]:
    """Return the relations by which a centre's row names a global one."""
    owned = [table for table in tables if issubclass(table, CentreOwned)]
    fields = [field for table in owned for field in table._meta.local_fields if isinstance(field, models.ForeignKey)]
    return [field for field in fields if not issubclass(field.related_model, CentreOwned)]


def _refuse_way(field: "models.ForeignKey[Any, Any]", *_args: Any, **_kwargs: Any) -> NoReturn:
    rows, named = field.model._meta.label, field.related_model._meta.label
    raise UnscopedQuery(f"{named} → {rows}: ask {rows} for_centre(…), then {named} by what was found")
