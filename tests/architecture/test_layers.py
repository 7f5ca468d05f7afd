"""The layers of the design hold, and the contract that says so can fail."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGES, ROOT, imports, name, parsed, product


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """import-linter's verdict on a tree, as `make check` asks for it."""
    program = Path(sys.executable).with_name("lint-imports")
    environment = os.environ | {"PYTHONPATH": str(tree), "COLUMNS": "200"}
    return subprocess.run([program, "--no-cache"], cwd=tree, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The product's code and contracts, to be spoiled."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_the_contract_holds() -> None:
    result = lint(ROOT)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("module", "line", "contract"),
    [
        ("engine/core/planted.py", "import engine.store", "Layers"),
        ("roles/planted.py", "from engine.settings import Settings", "Layers"),
        ("engine/store/planted.py", "import commands", "Layers"),
        ("engine/core/planted.py", "import random", "Pure"),
        ("engine/definition/planted.py", "from pathlib import Path", "Pure"),
        ("engine/store/planted.py", "import transitions", "Fenced: only engine.core.machine"),
        (
            "engine/store/planted.py",
            "from apscheduler.schedulers.background import BackgroundScheduler",
            "Fenced: only engine.runtime.scheduler",
        ),
        ("engine/store/planted.py", "import tests.conftest", "Tests stay outside"),
    ],
)
def test_a_planted_violation_is_caught_and_named(copy: Path, module: str, line: str, contract: str) -> None:
    (copy / module).write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")

    result = lint(copy)

    assert result.returncode == 1, result.stdout + result.stderr
    broken = [verdict for verdict in result.stdout.splitlines() if " BROKEN" in verdict]
    assert [verdict for verdict in broken if verdict.startswith(contract)], result.stdout
    assert f"{module.removesuffix('.py').replace('/', '.')} -> " in result.stdout


def test_every_part_of_the_engine_has_its_layer() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = {
        part.strip(" ()")
        for contract in contracts
        if contract["type"] == "layers"
        for layer in contract["layers"]
        for part in layer.split("|")
    }
    parts = {f"engine.{path.stem}" for path in (ROOT / "engine").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}

    assert parts - {"engine.__init__"} <= layers


def test_nobody_imports_the_command_line() -> None:
    inside = [path for path in product() if path != ROOT / "cli.py"]

    assert [name(path) for path in inside if "cli" in imports(parsed(path))] == []
