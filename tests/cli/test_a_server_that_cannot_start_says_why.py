"""A server that cannot start says why in one sentence: a taken port, a wild address, no database, no packages."""

from __future__ import annotations

import re
import socket
import sys
import tomllib
from pathlib import Path

import pytest

from commands.server import NEEDED
from engine.settings import SHIPPED
from tests.cli.conftest import Terminal

WITHOUT = {"httptools", "uvloop", "standardwebhooks"}
"""What a server starts without: faster parts of uvicorn, and what a source asks for that needs it."""


def test_a_server_says_in_one_sentence_why_it_cannot_start(company: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        there = f"127.0.0.1:{taken.getsockname()[1]}"
        in_use = company.run("serve", "--listen", there, code=1).stderr
    elsewhere = company.run("serve", "--listen", "192.0.2.1:8000", code=2).stderr
    malformed = company.run("serve", "--listen", "8000", code=2).stderr
    monkeypatch.chdir(tmp_path.parent)
    nowhere = company.run("serve", "--listen", "127.0.0.1:0", code=1).stderr
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    lean = company.run("serve", code=1, lang="zh").stderr

    assert f"{there} is in use already." in in_use
    assert "This machine has no address “192.0.2.1”." in elsewhere
    assert "option --listen: expected ADDRESS:PORT such as 127.0.0.1:8000, found 8000." in malformed
    assert "found none" in nowhere
    assert "没有安装：uvicorn" in lean
    assert 'pip install "aftercare[web]"' in lean


def test_whatever_else_the_extra_brings_is_looked_for_before_it_is_imported() -> None:
    project = tomllib.loads((SHIPPED / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    brought = {re.split(r"[^a-z-]", each)[0] for each in project["optional-dependencies"]["web"]}

    assert {each.replace("_", "-") for each in NEEDED} == brought - WITHOUT
