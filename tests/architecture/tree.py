"""The source tree as the architecture tests read it."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("commands", "demo", "engine", "notifications", "reports", "roles")


def product() -> list[Path]:
    """Every Python file that ships."""
    modules = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in (ROOT / "cli.py", *modules) if path.is_file()]


def sources() -> list[Path]:
    """Every Python file of the repository, tests and benchmarks too."""
    return [*product(), *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "benchmarks").rglob("*.py"))]


def name(path: Path) -> str:
    """How a failed test names a file: from the root of the repository."""
    return path.relative_to(ROOT).as_posix()


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(tree: ast.AST) -> set[str]:
    """The absolute names that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found.add(node.module)
    return found
