"""Small faults to put into a function: a limit moved by one, a condition turned round, a line left out.

A mutant is a function of the source with exactly one such change, compiled; the running program takes it by its code
object, so that decorated functions are changed as they run. Texts with a blank are sentences and are left alone; so are
docstrings, decorators, annotations and defaults, which are read once, when a module is imported.
"""

import ast
import builtins
import gc
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

Function = ast.FunctionDef | ast.AsyncFunctionDef
COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
REACHES: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
NOTE = "__note_of_mutants__"
_KNOWN: dict[tuple[Path, str, int], list[FunctionType]] = {}  # filled by `know_running`


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where it is, what it makes of which words, and the number of the change in its function."""

    path: Path
    function: str
    first_line: int
    line: int
    before: str
    after: str
    number: int

    @property
    def key(self) -> str:
        return f"{self.path}:{self.first_line}:{self.function}"


def mutants_of(path: Path) -> list[Mutant]:
    """Return every mutant of a file's functions, in the order of the lines."""
    tree = ast.parse(path.read_bytes())
    found = []
    for function, name in _functions(tree, ""):
        line = _first_line(function)
        for number, (place, changed) in enumerate(_changes(function)):
            words = _short(place), _short(changed)
            found.append(Mutant(path, name, line, place.lineno, *words, number))
    return found


def _short(node: ast.AST) -> str:
    shown = node.test if isinstance(node, ast.If | ast.While) else node
    return " ".join(ast.unparse(shown).split())[:70]


def _first_line(function: Function) -> int:
    return min([function.lineno, *(d.lineno for d in function.decorator_list)])


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[Function, str]]:
    """Yield the functions that a module or its classes hold; one inside another is part of the outer one."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child, prefix + child.name
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


# --- what can be changed ----------------------------------------------------------------------------------------------
def _changes(function: Function) -> Iterator[tuple[Any, Any]]:
    """Yield (node of the function, what it becomes), always in the same order."""
    for node in _inside(function):
        for changed in _variants(node):
            yield node, ast.copy_location(changed, node)


def _inside(function: Function) -> Iterator[ast.AST]:
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        skipped = _unread(node)
        waiting += [child for child in reversed(list(ast.iter_child_nodes(node))) if id(child) not in skipped]


def _unread(node: ast.AST) -> set[int]:
    """Return the parts of a node that are not run when it is: annotations, decorators, texts of f-strings."""
    if isinstance(node, ast.AnnAssign):
        return {id(node.annotation)}
    if isinstance(node, Function):
        return {id(part) for part in (*node.decorator_list, node.args, node.returns)}
    if isinstance(node, ast.JoinedStr):
        return {id(part) for part in node.values if isinstance(part, ast.Constant)}
    return {id(node.format_spec)} if isinstance(node, ast.FormattedValue) else set()


def _variants(node: ast.AST) -> Iterator[ast.AST]:
    yield from _other_expressions(node)
    yield from _other_statements(node)


def _other_expressions(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for n, op in enumerate(node.ops):
                if type(op) in COMPARED:
                    ops = [*node.ops[:n], COMPARED[type(op)](), *node.ops[n + 1 :]]
                    yield ast.Compare(node.left, ops, node.comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=op) if type(op) in REACHES:
            yield ast.BinOp(node.left, REACHES[type(op)](), node.right)
        case ast.Constant(value=value):
            yield from _other_values(value)
        case ast.IfExp(test=test):
            yield ast.IfExp(_turned(test), node.body, node.orelse)


def _other_statements(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.If(test=test) | ast.While(test=test):
            yield type(node)(_turned(test), node.body, node.orelse)
        case ast.Return(value=value) if value is not None and not _is_nothing(value):
            yield ast.Return(ast.Constant(None))
        case ast.Expr(value=ast.Call() | ast.Await()) | ast.AugAssign() | ast.Raise():
            yield ast.Pass()


def _turned(test: ast.expr) -> ast.expr:
    return (
        test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else ast.UnaryOp(ast.Not(), test)
    )


def _is_nothing(value: ast.expr) -> bool:
    """Say whether it is None, or False: who is answered so asks no more than that (and False becomes True besides)."""
    return isinstance(value, ast.Constant) and (value.value is None or value.value is False)


def _other_values(value: object) -> Iterator[ast.Constant]:
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and value and not any(letter.isspace() for letter in value):
        yield ast.Constant(f"{value}-other")


# --- putting it into the running program ------------------------------------------------------------------------------
def put(mutant: Mutant) -> None:
    """Change the running function; for a process that ends afterwards."""
    _replace(mutant, lambda function: _change(function, mutant.number))


def note_calls(mutant: Mutant, heard: set[str]) -> None:
    """Let the function of a mutant say into `heard` that it was entered."""
    setattr(builtins, NOTE, heard.add)
    call = ast.parse(f"{NOTE}({mutant.key!r})").body[0]

    def tell(function: Function) -> None:
        for node in ast.walk(call):
            ast.copy_location(node, function.body[0])
        function.body.insert(1 if ast.get_docstring(function, clean=False) is not None else 0, call)

    _replace(mutant, tell)


def _change(function: Function, number: int) -> None:
    place, changed = list(_changes(function))[number]
    for parent in ast.walk(function):
        for field, value in ast.iter_fields(parent):
            if value is place:
                setattr(parent, field, changed)
            elif isinstance(value, list) and any(one is place for one in value):
                setattr(parent, field, [changed if one is place else one for one in value])


def _replace(mutant: Mutant, change: Callable[[Function], None]) -> None:
    tree = ast.parse(mutant.path.read_bytes())
    function = next(
        f for f, name in _functions(tree, "") if name == mutant.function and _first_line(f) == mutant.first_line
    )
    change(function)
    whole = compile(ast.fix_missing_locations(tree), str(mutant.path), "exec")
    fresh = next(code for code in _codes(whole) if _is(code, mutant))
    live = (_KNOWN or _running()).get((mutant.path.resolve(), mutant.function, mutant.first_line))
    assert live, f"{mutant.key} is not in the running program"
    for one in live:
        one.__code__ = fresh


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _is(code: CodeType, mutant: Mutant) -> bool:
    return code.co_qualname == mutant.function and code.co_firstlineno == mutant.first_line


def know_running() -> None:
    """Note once which functions run, when everything is imported and nothing is forked: each search takes a while."""
    _KNOWN.clear()
    _KNOWN.update(_running())


def _running() -> dict[tuple[Path, str, int], list[FunctionType]]:
    """Return the running program's functions by file, name and first line."""
    files: dict[str, Path] = {}
    found: dict[tuple[Path, str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if type(one) is FunctionType:  # no isinstance: that asks lazy objects, and some refuse to answer
            code = one.__code__
            if code.co_filename not in files:
                files[code.co_filename] = Path(code.co_filename).resolve()
            found.setdefault((files[code.co_filename], code.co_qualname, code.co_firstlineno), []).append(one)
    return found


def load(path: Path, root: Path) -> None:
    """Import the module of a file."""
    parts = path.resolve().relative_to(root).with_suffix("").parts
    name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
    if name not in sys.modules:
        __import__(name)
