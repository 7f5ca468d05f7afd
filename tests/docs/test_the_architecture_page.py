"""The architecture page names what is there: every module, no other, and only tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT

PAGE = DOCS / "architecture.md"
TEXTS = [PAGE, *sorted((DOCS / "discussions").glob("*.md"))]
_GROUP = re.compile(r"^### `([a-z_/]+)/` – .*?(?=^### |\Z)", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| `([a-z0-9_/]+)` \|", re.MULTILINE)
_PATH = re.compile(r"`((?:tests|engine|notifications|roles|reports|web|commands|demo|benchmarks|docs)/[a-z0-9_/.-]+)`")


def described() -> set[Path]:
    """The modules that the page has a line for."""
    text = PAGE.read_text(encoding="utf-8")
    return {Path(group[1]) / f"{name}.py" for group in _GROUP.finditer(text) for name in _ROW.findall(group[0])}


def built() -> set[Path]:
    """The modules of the parts that the page describes; of the package files those that hold more than a sentence."""
    found = (path for part in ("engine", "notifications", "roles", "reports", "web") for path in (ROOT / part).rglob("*.py"))
    return {path.relative_to(ROOT) for path in found if path.name != "__init__.py"}


def test_every_module_has_its_line() -> None:
    assert sorted(map(str, built() - described())) == []


def test_no_line_is_about_a_module_that_is_gone() -> None:
    assert [str(path) for path in sorted(described()) if not (ROOT / path).is_file()] == []


@pytest.mark.parametrize("page", TEXTS, ids=lambda page: page.name)
def test_every_path_that_is_named_exists(page: Path) -> None:
    named = _PATH.findall(page.read_text(encoding="utf-8"))

    assert [path for path in named if not (ROOT / path).exists()] == []
