"""Help, completion and version answer without loading what only a running command needs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from engine.settings import SHIPPED

ENGINE = {"pydantic", "sqlalchemy", "alembic", "transitions", "ruamel", "jinja2", "apscheduler", "engine.app", "engine.core"}
HEAVY = ENGINE | {"fastapi", "uvicorn", "structlog", "prometheus_client"}
SCRIPT = """
import contextlib, io, json, sys
import cli
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    cli.aftercare.main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize("line", ["--help", "--version", "move --help", "people assign --help", "--lang zh cases --help", "serve --help"])
def test_nothing_heavy_is_loaded(line: str) -> None:
    command = [sys.executable, "-c", SCRIPT, *line.split()]

    answer = subprocess.run(command, cwd=SHIPPED, capture_output=True, check=True)

    assert set(json.loads(answer.stdout)) & HEAVY == set()
