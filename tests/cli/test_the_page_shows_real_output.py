"""What the page on the command line shows as output is what the program says, in one company from block to block."""

from __future__ import annotations

import re
import shlex

from tests.cli import material, parcels, stories
from tests.cli.conftest import Terminal
from tests.cli.desk import wait_over_the_holidays
from tests.cli.loans import begin
from tests.docs.pages import REFERENCE, examples

PAGE = REFERENCE / "command-line.md"
DRAWN = re.compile(r"^[0-9a-f]{12}  ", re.MULTILINE)
"""The id of an incident, which comes of the id of its case: that one is drawn."""
TOKEN = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?![0-9a-f])")
SECRET = re.compile(r"_[\w-]{43}$", re.MULTILINE)
PASSWORD = re.compile(r"\b[a-z2-9]{4}(-[a-z2-9]{4}){3}$", re.MULTILINE)


def test_every_block_is_what_the_program_says(desk: Terminal) -> None:
    wait_over_the_holidays(desk)

    blocks = [block for block in examples(PAGE, "console") if block.info == ("console",)]
    said = [play(desk, block.text) for block in blocks]

    assert {command for block in blocks for command in ("calendar", "clock", "missed") if f" {command} " in f"{block.text} "}
    assert list(map(same_drawn, said)) == [same_drawn(block.text) for block in blocks]


def same_drawn(text: str) -> str:
    """The text as it would be if everybody drew the same."""
    return PASSWORD.sub("xxxx", TOKEN.sub("0" * 8, SECRET.sub("_" + "0" * 43, DRAWN.sub("0" * 12 + "  ", text))))


def test_the_block_about_the_first_administrator_is_what_the_program_says(terminal: Terminal) -> None:
    terminal.run("init")
    (block,) = examples(PAGE, "console", "first")

    assert same_drawn(play(terminal, block.text)) == same_drawn(block.text)


def test_every_block_about_lent_phones_is_what_the_program_says(desk: Terminal) -> None:
    begin(desk)
    blocks = examples(PAGE, "console", "loans")

    said = [play(desk, block.text) for block in blocks]

    assert {command for block in blocks for command in ("move", "undo", "withdraw", "bulk") if f" {command} " in f"{block.text} "}
    assert said == [block.text for block in blocks]


def test_every_block_about_rows_and_files_is_what_the_program_says(desk: Terminal) -> None:
    material.begin(desk)
    blocks = examples(PAGE, "console", "material")

    said = [play(desk, block.text) for block in blocks]

    assert {command for block in blocks for command in ("open", "move", "file") if f" {command} " in f"{block.text} "}
    assert said == [block.text for block in blocks]


def test_every_block_about_events_is_what_the_program_says(desk: Terminal) -> None:
    parcels.begin(desk)
    parcels.send(desk)
    sources, *blocks = examples(PAGE, "console", "events")

    assert play(desk, sources.text) == sources.text
    parcels.deliver(desk, "msg_0001")
    parcels.deliver(desk, "msg_0002", name="waybill.lost")
    assert [play(desk, block.text) for block in blocks] == [block.text for block in blocks]


def test_the_block_about_stories_is_what_the_program_says(company: Terminal) -> None:
    stories.write(company)
    (block,) = examples(PAGE, "console", "stories")

    said = play(company, block.text, code=1)

    assert said == block.text


def test_the_block_about_coverage_is_what_the_program_says(company: Terminal) -> None:
    stories.write(company, stories.HOLDING)
    (block,) = examples(PAGE, "console", "coverage")

    assert play(company, block.text) == block.text


def play(there: Terminal, block: str, code: int = 0) -> str:
    """The block as it should be: each command that it shows, and what the program says to it."""
    commands = [line for line in block.splitlines() if line.startswith("$ aftercare ")]
    return "".join(f"{line}\n{there.run(*shlex.split(line)[2:], code=code).stdout.rstrip()}\n" for line in commands)
