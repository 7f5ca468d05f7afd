"""The command-line page knows every command, argument and option of the program, and no other."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest

from cli import aftercare
from tests.docs.pages import REFERENCE, headings, section

PAGE = REFERENCE / "command-line.md"
ROOT_NAME = "aftercare"


def commands(command: click.Command, name: str = ROOT_NAME) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, each by what is typed."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for inner in command.list_commands(context):
            found = command.get_command(context, inner)
            assert found is not None
            yield from commands(found, f"{name} {inner}")


TREE = dict(commands(aftercare))


def parameters(command: click.Command) -> set[str]:
    """The options, each by its longest name, and the arguments as they are shown."""
    named = {max(one.opts, key=len) for one in command.params if isinstance(one, click.Option)}
    return named | {one.make_metavar(click.Context(command)).strip("[].") for one in command.params if isinstance(one, click.Argument)}


def test_every_command_has_a_section_and_none_is_left_over() -> None:
    assert headings(PAGE, 3) == list(TREE)


@pytest.mark.parametrize("name", TREE)
def test_a_section_names_every_argument_and_option_and_no_other(name: str) -> None:
    rows = re.findall(r"^\| `([^`]+)`", section(PAGE, name), re.MULTILINE)

    assert {row.split()[0] for row in rows} == parameters(TREE[name]) - {"--help"}
