"""The product's own files, read once."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("audit", "jobs", "ledger", "accounts", "qualifications", "centres", "portfolio", "assessments")
PACKAGES = ("common", "media", *APPS, "demo", "upkeep", "web", "config")


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the root, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def module(self) -> str:
        """The last name of the module inside its app: `rules` for rules.py and for any file of a package rules/."""
        parts = self.path.removesuffix(".py").split("/")
        return parts[1] if len(parts) > 1 else parts[0]

    def imports(self) -> Iterator[tuple[str, str]]:
        """Yield (module, name) of every import, also those inside functions."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield from ((node.module or "", alias.name) for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node


@cache
def read(path: Path) -> Source:
    text = path.read_text()
    return Source(str(path.relative_to(ROOT)), text, ast.parse(text))


@cache
def product() -> tuple[Source, ...]:
    """Every Python file that is run: the packages, the scripts, manage.py; no migrations."""
    found = [path for package in (*PACKAGES, "tools") for path in (ROOT / package).rglob("*.py")]
    kept = [path for path in found if "migrations" not in path.parts and "node_modules" not in path.parts]
    return tuple(read(path) for path in sorted([*kept, ROOT / "manage.py"]))


@cache
def migrations() -> tuple[Source, ...]:
    return tuple(read(path) for app in APPS for path in sorted((ROOT / app / "migrations").glob("0*.py")))


@cache
def tests() -> tuple[Source, ...]:
    return tuple(read(path) for path in sorted((ROOT / "tests").rglob("*.py")))


@cache
def templates() -> dict[str, str]:
    """Every template by its path from the root."""
    folders = [ROOT / "templates", *(ROOT / "web").glob("*/templates")]
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in {".html", ".txt", ".svg"}]
    return {str(path.relative_to(ROOT)): path.read_text() for path in sorted(found)}


def without_comments(template: str) -> str:
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", template, flags=re.DOTALL)
    return re.sub(r"{#.*?#}|<!--.*?-->", "", text, flags=re.DOTALL)
