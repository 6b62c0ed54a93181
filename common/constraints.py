"""Checks and guards that follow from the models: nobody has to remember them, and no column is without.

`derive` runs once, when all models are known, and adds to `Meta.constraints` of every model of ours

- for a column with choices: one of them, or empty where the model says so;
- for `starts_on` and `ends_on`: in order (a link that ended before it began to count ends on the day before);
- for a row of a centre: it never changes its centre, and whatever it names is of the same centre;
- where two relations lead to a thing by the same name, they lead to the same one: the learner of a unit is the learner
  of its registration, the evidence of a judgement's version is that of its mapping. A model whose names mean different
  things says so: `may_differ = frozenset({"moved_from__qualification"})`;
- for what such a comparison rests on in another table: it does not change afterwards.

makemigrations then writes down what a new column or model lacks. What only people know stands in the models.
"""

from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from django.contrib.auth import get_user_model
from django.db.models import BooleanField, CheckConstraint, DateField, F, Field, ForeignKey, Func, Model, Q

from common.guards import Condition, Guard, steps
from common.scoping import CentreOwned

Agreements: TypeAlias = dict[type[Model], list[list[Condition]]]


class DayBefore(Func):
    """The day before a date, in plain SQL: a shell without Django can check and restore the tables."""

    output_field = DateField()
    arity = 1

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="(%(expressions)s - 1)", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="date(%(expressions)s, '-1 day')", **extra)


class Digits(Func):
    """`Digits("number", length=5)`: a text of exactly so many digits 0 to 9, in plain SQL (no regular expression).

    `first` and `rest` name other signs where there may be some: `first="1-9"`, `rest="0-9A-Z"`.
    """

    output_field = BooleanField()
    conditional = True

    def __init__(self, *expressions: Any, length: int, first: str = "0-9", rest: str = "0-9", **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.length, self.first, self.rest = length, first, rest

    def _pattern(self) -> str:
        return f"[{self.first}]" + f"[{self.rest}]" * (self.length - 1)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=f"%(expressions)s ~ '^{self._pattern()}$'", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template=f"%(expressions)s GLOB '{self._pattern()}'", **extra)


class Said(Func):
    """`Said(F("reason"))`: a text with something in it besides blanks, line breaks and tabs, in plain SQL."""

    output_field = BooleanField()
    conditional = True
    arity = 1
    #: What `str.strip` takes away: services and forms look at what is left by it.
    BLANKS = (*range(9, 14), *range(28, 33), 133, 160, 5760, *range(8192, 8203), 8232, 8233, 8239, 8287, 12288)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        blanks = "".join(f"\\{sign:04X}" for sign in self.BLANKS)
        return self.as_sql(compiler, connection, template=f"(btrim(%(expressions)s, U&'{blanks}') <> '')", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, Any]:
        blanks = ",".join(map(str, self.BLANKS))
        return self.as_sql(compiler, connection, template=f"(trim(%(expressions)s, char({blanks})) <> '')", **extra)


def said(name: str) -> Q:
    """Return that a column says something: what a reason, a note or a source has to do where one is needed."""
    return Q(Said(F(name)))


def derive(models: Iterable[type[Model]]) -> None:
    """Add what follows from the fields of these models; a constraint that a model names itself comes first."""
    models = list(models)
    for model in models:
        _add(model, [*choices(model), *days(model)])
    agreements = {model: agreement(model) for model in models}
    rested_on = _rested_on(models, agreements)
    for model, refuse in agreements.items():
        stays = sorted(rested_on.get(model, set()) | ({"centre"} if issubclass(model, CentreOwned) else set()))
        if everything := [*([("changes", name)] for name in stays), *refuse]:
            _add(model, [Guard(name=f"{_short(model)}_agrees", refuse=everything)])


def _add(model: type[Model], wanted: Iterable[CheckConstraint | Guard]) -> None:
    own = model._meta.constraints
    known = {constraint.name for constraint in own}
    model._meta.constraints = [*own, *(constraint for constraint in wanted if constraint.name not in known)]
    model._meta.original_attrs["constraints"] = model._meta.constraints


def choices(model: type[Model]) -> Iterator[CheckConstraint]:
    """Yield a check for every column with choices."""
    for field in model._meta.local_concrete_fields:
        if field.choices:
            values = allowed(field)
            yield CheckConstraint(
                condition=Q(**{f"{field.name}__in": values}), name=f"{_short(model)}_{field.name}_is_known"
            )


def allowed(field: "Field[Any, Any]") -> list[Any]:
    """Return what a column with choices may hold, in a fixed order: its values, and "" where it may be empty."""
    values = {str(value) if isinstance(value, str) else value for value, _label in field.flatchoices}
    may_be_empty = field.blank or (field.has_default() and field.get_default() == "")
    return sorted(values | {""} if may_be_empty and field.empty_strings_allowed else values)


def days(model: type[Model]) -> Iterator[CheckConstraint]:
    """Yield the order of a dated link's two days."""
    names = {field.name for field in model._meta.local_concrete_fields}
    if {"starts_on", "ends_on"} <= names:
        in_order = Q(ends_on=None) | Q(ends_on__gte=DayBefore(F("starts_on")))
        yield CheckConstraint(condition=in_order, name=f"{_short(model)}_dates_in_order")


def agreement(model: type[Model]) -> list[list[Condition]]:
    """Return what keeps a row, and all it names, together: of one centre, about the same things."""
    return [[("differ", *pair)] for pair in _pairs(model)]


def _pairs(model: type[Model]) -> list[tuple[str, str]]:
    """Return the pairs of paths that lead to one thing by the same name: `learner` and `registration__learner`.

    A column of the row itself is compared with every way there. Without one, ways are compared that are always there
    and lead to a thing: two people may well be called the same in two tables.
    """
    free: frozenset[str] = getattr(model, "may_differ", frozenset())
    pairs: list[tuple[str, str]] = []
    own, further = {field.name: field for field in _relations(model)}, _further(model)
    for name, target in dict.fromkeys((path.partition("__")[2], to) for path, to, _certain in further):
        ways = [
            (path, certain)
            for path, to, certain in further
            if path.partition("__")[2] == name and to is target and path not in free
        ]
        if name in own and own[name].related_model is target:
            pairs += [(name, path) for path, _certain in ways]
        elif target is not get_user_model():
            always = [path for path, certain in ways if certain]
            pairs += [(always[0], path) for path in always[1:]]
    return pairs


def _further(model: type[Model]) -> list[tuple[str, Any, bool]]:
    """Return (path, model it leads to, is it always there) of everything that the things a row names, name."""
    return [
        (f"{field.name}__{beyond.name}", beyond.related_model, not (field.null or beyond.null))
        for field in _relations(model)
        for beyond in _relations(field.related_model)
    ]


def _rested_on(models: list[type[Model]], agreements: Agreements) -> dict[type[Model], set[str]]:
    """Return the relations of each model that guards compare from other tables: they must not change afterwards."""
    found: dict[type[Model], set[str]] = {}
    for model in models:
        said = [c.refuse for c in model._meta.constraints if isinstance(c, Guard)]
        for all_of in (*agreements[model], *(all_of for refuse in said for all_of in refuse)):
            for kind, *paths in all_of:
                for table, name in steps_of(model, paths) if kind in {"differ", "same"} else ():
                    if isinstance(table._meta.get_field(name), ForeignKey):
                        found.setdefault(table, set()).add(name)
    return found


def steps_of(model: type[Model], paths: Iterable[str]) -> Iterator[tuple[type[Model], str]]:
    """Yield (model, field) for every step of some paths after their first."""
    for path in paths:
        yield from steps(model, path)


def _relations(model: type[Model]) -> list["ForeignKey[Any, Any]"]:
    return [field for field in model._meta.local_concrete_fields if isinstance(field, ForeignKey)]


def _short(model: type[Model]) -> str:
    return str(model._meta.model_name)
