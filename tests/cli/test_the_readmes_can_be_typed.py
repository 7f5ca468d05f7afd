"""What the READMEs tell a newcomer to type works as it stands there, in both languages."""

from __future__ import annotations

import re
import shlex
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from engine.settings import SHIPPED
from tests.cli.conftest import Terminal

PAGES = {"README.md": ("Use it for your own department", "en"), "README.zh-CN.md": ("用在自己的部门", "zh")}


def lines_to_type(page: str, heading: str) -> list[list[str]]:
    """The commands of the block below a heading, each in words; joined lines made one, `&&` made two."""
    text = (SHIPPED / page).read_text(encoding="utf-8")
    block = re.search(rf"^## {heading}\n+```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert block is not None
    lines = re.sub(r"\\\n", " ", block[1]).splitlines()
    return [shlex.split(command, comments=True) for line in lines for command in line.split("&&")]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_newcomer_types_is_done(terminal: Terminal, monkeypatch: pytest.MonkeyPatch, page: str) -> None:
    heading, lang = PAGES[page]
    typed = lines_to_type(page, heading)
    year = datetime.now(ZoneInfo("Asia/Shanghai")).strftime("%y")

    for program, *arguments in typed:
        if program == "cd":
            monkeypatch.chdir(arguments[0])
        elif program == "aftercare":
            terminal.run(*(argument.replace("WX26-", f"WX{year}-") for argument in arguments), lang=lang)

    assert [program for program, *_ in typed].count("aftercare") >= 8
    assert terminal.json("case", f"WX{year}-000001")["state"] == "diagnosing"
