"""What a row may not say beside other rows: refused by the database itself, on both vendors, whoever writes.

A check sees one row. A guard looks along its relations as well, before a row is added or changed:

    Guard(name="unit_of_its_learner", refuse=[[("differ", "learner", "registration__learner")]])
    Guard(name="signed_mapping_stays", refuse=[[("changes", "state"), ("in", "learner_unit__state", FROZEN)]])

`refuse` lists combinations; a row is refused when all conditions of one of them hold. A condition is

    ("differ", path, path), ("same", path, path)    both known, and not equal, or equal
    ("in", path, values), ("not_in", path, values)  known, and among these texts, or not among them
    ("beside", fields, field, values)               another row of the table, the same in these fields, has one of these
                                                    values, and there is a day on which both are in force
    ("changes", field), ("was", field, values)      of an update: another value than before; one of these before

A path is a field, or fields joined by two underscores, as in a query. A guard is a constraint of `Meta.constraints`:
makemigrations writes it down, and it can be taken back.
"""

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from django.db.models import BaseConstraint, Field, ForeignKey, Model

Condition: TypeAlias = tuple[Any, ...]
_DAYS = ("starts_on", "ends_on")
_BEFORE = frozenset({"changes", "was"})
_RAISE = "RAISE EXCEPTION 'guard: {name}' USING ERRCODE = 'check_violation', CONSTRAINT = '{name}'"


class Guard(BaseConstraint):
    """A constraint over several rows, held by triggers."""

    def __init__(self, *, name: str, refuse: Sequence[Sequence[Condition]]) -> None:
        super().__init__(name=name)
        self.refuse = tuple(tuple(tuple(map(_settled, condition)) for condition in all_of) for all_of in refuse)

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        path = f"{self.__class__.__module__}.{self.__class__.__name__}"
        return path, (), {"name": self.name, "refuse": self.refuse}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Guard) and (self.name, self.refuse) == (other.name, other.refuse)

    def __hash__(self) -> int:
        return hash(self.name)

    def validate(self, model: Any, instance: Any, exclude: Any = None, using: str = "") -> None:
        """Leave it to the database: forms of ours ask the rules, with sentences."""

    # --- what the schema editors ask for ------------------------------------------------------------------------------

    def constraint_sql(self, model: Any, schema_editor: Any) -> None:  # type: ignore[override]  # nothing inside a table
        """Add the triggers once a new table is there. A rewritten one gets its own back (`common.sqlite3`)."""
        if not getattr(schema_editor, "remaking", False):
            schema_editor.deferred_sql += self.statements(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        """Return what PostgreSQL runs to add the guard."""
        return ";\n".join(self.statements(model, schema_editor))

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        """Return what PostgreSQL runs to take it away."""
        return ";\n".join(self.removal(model, schema_editor))

    def statements(self, model: type[Model], schema_editor: Any) -> list[str]:
        """Return the statements that make the triggers, in order."""
        make = _on_postgresql if schema_editor.connection.vendor == "postgresql" else _on_sqlite
        return list(make(self, model))

    def removal(self, model: type[Model], schema_editor: Any) -> list[str]:
        """Return the statements that drop them."""
        if schema_editor.connection.vendor == "postgresql":
            return [
                f'DROP TRIGGER IF EXISTS "guard_{self.name}" ON "{model._meta.db_table}"',
                f'DROP FUNCTION IF EXISTS "guard_{self.name}"()',
            ]
        return [f'DROP TRIGGER IF EXISTS "guard_{self.name}_{verb}"' for verb in ("insert", "update")]

    # --- conditions as SQL --------------------------------------------------------------------------------------------

    def fields(self, model: type[Model]) -> list[str]:
        """Return the columns of the table itself that a condition begins at: an update of others is not looked at."""
        paths = [path for path in self.paths() if path]
        return list(dict.fromkeys(str(_field(model, path.partition("__")[0]).column) for path in paths))

    def paths(self) -> Iterator[str]:
        """Yield every path that a condition names."""
        for all_of in self.refuse:
            for kind, path, *rest in all_of:
                if kind == "beside":
                    yield from (*path, rest[0], *_DAYS)
                    continue
                yield path
                if kind in {"differ", "same"}:
                    yield rest[0]

    def condition(self, model: type[Model], *, update: bool) -> str:
        """Return when to refuse; "" where an insert never is."""
        wanted = [all_of for all_of in self.refuse if update or not any(kind in _BEFORE for kind, *_ in all_of)]
        return " OR ".join(f"({' AND '.join(_condition(model, one) for one in all_of)})" for all_of in wanted)


def _settled(part: Any) -> Any:
    """Return values in a fixed order, as plain texts: a migration that is written twice says the same."""
    return part if isinstance(part, str) else tuple(sorted(str(value) for value in part))


def _condition(model: type[Model], condition: Condition) -> str:
    kind, path, *rest = condition
    if kind == "beside":
        return _beside(model, path, *rest)
    here = _value(model, path)
    if kind == "differ":
        return f"{here} <> {_value(model, rest[0])}"
    if kind == "same":
        return f"{here} = {_value(model, rest[0])}"
    if kind == "changes":
        return f"{here} IS DISTINCT FROM {here.replace('NEW.', 'OLD.', 1)}"
    texts = ", ".join("'{}'".format(str(value).replace("'", "''")) for value in rest[0])
    where = {"in": f"{here} IN", "not_in": f"{here} NOT IN", "was": f"{here.replace('NEW.', 'OLD.', 1)} IN"}
    return f"{where[kind]} ({texts})"


def _beside(model: type[Model], same: Sequence[str], name: str, values: Sequence[str]) -> str:
    """Return that another row meets this one. A row that ended before it began is never in force and meets nothing."""
    key, starts, ends = (str(_field(model, one).column) for one in ("pk", *_DAYS))
    texts = ", ".join("'{}'".format(value.replace("'", "''")) for value in values)
    said = [f'b."{column}" = NEW."{column}"' for column in (_field(model, one).column for one in same)]
    said += [f'b."{key}" IS DISTINCT FROM NEW."{key}"', f'b."{_field(model, name).column}" IN ({texts})']
    for one, other in (("b", "NEW"), ("NEW", "b"), ("b", "b"), ("NEW", "NEW")):
        said.append(f'({one}."{ends}" IS NULL OR {other}."{starts}" <= {one}."{ends}")')
    return f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" b WHERE {" AND ".join(said)})'  # noqa: S608 - our own names


def _value(model: type[Model], path: str) -> str:
    """Return a path as SQL: a column of the new row, or what the rows along the way say."""
    first, _, rest = path.partition("__")
    field = _field(model, first)
    value, table = f'NEW."{field.column}"', field.related_model if rest else None
    for number, name in enumerate(rest.split("__") if rest else ()):
        assert isinstance(table, type)  # noqa: S101 - only the last field of a path is no relation
        field, alias = _field(table, name), f"w{number}"
        key = table._meta.pk.column
        value = (
            f'(SELECT {alias}."{field.column}" FROM "{table._meta.db_table}" {alias} WHERE {alias}."{key}" = {value})'  # noqa: S608 - names of our own models
        )
        table = field.related_model
    return value


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert isinstance(field, Field)  # noqa: S101 - a guard names columns
    return field


def _on_postgresql(guard: Guard, model: type[Model]) -> Iterator[str]:
    """Yield a function and the triggers that call it. Its conditions read OLD where there is one."""
    inserted, updated = guard.condition(model, update=False), guard.condition(model, update=True)
    name, table = guard.name, model._meta.db_table
    refusal = _RAISE.format(name=name)
    columns = ", ".join(f'"{column}"' for column in guard.fields(model))
    checks = [
        f"IF TG_OP = '{verb}' THEN IF {condition} THEN {refusal}; END IF; END IF;"
        for verb, condition in (("INSERT", inserted), ("UPDATE", updated))
        if condition
    ]
    verbs = f"INSERT OR UPDATE OF {columns}" if inserted else f"UPDATE OF {columns}"
    body = f"BEGIN {' '.join(checks)} RETURN NEW; END"
    yield f'CREATE FUNCTION "guard_{name}"() RETURNS trigger AS $guard$ {body} $guard$ LANGUAGE plpgsql'
    yield f'CREATE TRIGGER "guard_{name}" BEFORE {verbs} ON "{table}" FOR EACH ROW EXECUTE FUNCTION "guard_{name}"()'


def _on_sqlite(guard: Guard, model: type[Model]) -> Iterator[str]:
    """Yield a trigger for each verb."""
    columns = ", ".join(f'"{column}"' for column in guard.fields(model))
    for verb, of, update in (("insert", "INSERT", False), ("update", f"UPDATE OF {columns}", True)):
        if condition := guard.condition(model, update=update):
            yield (
                f'CREATE TRIGGER "guard_{guard.name}_{verb}" BEFORE {of} ON "{model._meta.db_table}" '
                f"WHEN {condition.replace('IS DISTINCT FROM', 'IS NOT')} "
                f"BEGIN SELECT RAISE(ABORT, 'guard: {guard.name}'); END"
            )


def steps(model: type[Model], path: str) -> Iterator[tuple[type[Model], str]]:
    """Yield (model, field) for every step of a path after its first: what a guard rests on in other tables."""
    first, _, rest = path.partition("__")
    field = _field(model, first)
    for name in rest.split("__") if rest else ():
        table = field.related_model
        assert isinstance(field, ForeignKey)  # noqa: S101 - only the last field of a path is no relation
        assert isinstance(table, type)  # noqa: S101 - see above
        yield table, name
        field = _field(table, name)
