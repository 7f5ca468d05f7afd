"""What the page on the command line shows as output is what the program says, in one company from block to block."""

from __future__ import annotations

import shlex

from tests.cli.conftest import Terminal
from tests.cli.desk import wait_over_the_holidays
from tests.docs.pages import REFERENCE, examples

PAGE = REFERENCE / "command-line.md"


def test_every_block_is_what_the_program_says(desk: Terminal) -> None:
    wait_over_the_holidays(desk)

    blocks = examples(PAGE, "console")
    said = [play(desk, block.text) for block in blocks]

    assert {command for block in blocks for command in ("calendar", "clock", "missed") if f" {command} " in f"{block.text} "}
    assert said == [block.text for block in blocks]


def play(there: Terminal, block: str) -> str:
    """The block as it should be: each command that it shows, and what the program says to it."""
    commands = [line for line in block.splitlines() if line.startswith("$ aftercare ")]
    return "".join(f"{line}\n{there.run(*shlex.split(line)[2:]).stdout.rstrip()}\n" for line in commands)
