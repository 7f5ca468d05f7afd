"""A company on the command line: a folder of its own, a simulated database, the shipped processes and the demonstration team."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli import aftercare
from engine.settings import SHIPPED
from tests.cli import desk as answers_desk

BEGINS = "2026-09-01T09:00"
TEAM = SHIPPED / "roles" / "people.demo.yaml"

TICKET = {
    "channel": "walk_in",
    "customer_name": "测试客户甲",
    "mobile": "12800000001",
    "model": "示例 X18",
    "imei": "001017000000011",
    "proof": "invoice",
    "sold_on": "2026-03-01",
    "symptom": "充不进电",
    "accessories": "充电器",
    "appearance": "外观正常",
    "as_listed": "是",
    "backed_up": "是",
}
NUMBER = "WX26-000001"


@dataclass(frozen=True)
class Terminal:
    """Types commands in a folder."""

    folder: Path

    def run(self, *arguments: object, lang: str = "en", code: int | None = 0) -> Result:
        """Run one command line in this process; `code` is the exit code that is expected, None when any is."""
        result = CliRunner().invoke(aftercare, [str(each) for each in arguments], env={"AFTERCARE_LANGUAGE": lang})
        assert result.exception is None or isinstance(result.exception, SystemExit), result.output
        assert code is None or result.exit_code == code, result.output
        return result

    def json(self, *arguments: object, code: int | None = 0) -> Any:
        """What a reading command answers to a program."""
        return json.loads(self.run(*arguments, "--json", code=code).stdout)

    def program(self, *arguments: object, **settings: Any) -> subprocess.CompletedProcess[bytes]:
        """Run the program as a process of its own."""
        environment = {**os.environ, "PYTHONPATH": str(SHIPPED), "AFTERCARE_LANGUAGE": "en", **settings.pop("env", {})}
        settings = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 60, **settings}
        command = [sys.executable, "-m", "cli", *map(str, arguments)]
        return subprocess.run(command, cwd=self.folder, env=environment, check=False, **settings)

    def open(self, *more: str, **changed: str) -> Result:
        """Open the case of the ticket at the counter."""
        return self.run("open", "phone-repair", "receive", "--as", "amy", *typed({**TICKET, **changed}), *more)


def typed(form: dict[str, str]) -> list[str]:
    """A form as `--set` options."""
    return [part for field, value in form.items() for part in ("--set", f"{field}={value}")]


@pytest.fixture(scope="session", autouse=True)
def kept_bytecode(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Where Python may not keep compiled code beside the sources, the programs of a run keep it in a folder of the run."""
    with pytest.MonkeyPatch.context() as patch:
        if sys.dont_write_bytecode:
            patch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
            patch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path_factory.mktemp("bytecode")))
        yield


@pytest.fixture(autouse=True)
def no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the machine's own environment sets for Aftercare, and for the look of terminals, is not part of a test."""
    for name in list(os.environ):
        if name.startswith("AFTERCARE_") or name in ("COLUMNS", "NO_COLOR", "FORCE_COLOR"):
            monkeypatch.delenv(name)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in an empty folder."""
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A company founded once; tests get copies."""
    folder = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        there = Terminal(folder)
        there.run("--at", BEGINS, "init", "--simulated")
        there.run("publish")
        there.run("people", "load", TEAM)
    return folder


@pytest.fixture
def company(founded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in a company that is ready to work and has no case yet."""
    shutil.copytree(founded, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)


@pytest.fixture(scope="session")
def founded_desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The company with clocks, founded once."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        answers_desk.found(Terminal(folder), "--simulated")
    return folder


@pytest.fixture
def desk(founded_desk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """A terminal in a company with clocks (`tests.cli.desk`) that has no case yet; its time stands at half past four."""
    shutil.copytree(founded_desk, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return Terminal(tmp_path)
