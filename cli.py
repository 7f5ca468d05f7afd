"""The root command: the language, the options that hold for every command, and where each command is found.

Commands are read when they are needed, and the engine only when one of them runs. Nobody imports this module.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

import rich_click as click
from click.exceptions import NoSuchCommand

from commands import failure
from commands.grammar import Command, Group, option
from commands.session import Session
from commands.speech import asked_for, speak, tr
from engine.errors import AftercareError
from engine.label import Label, Language
from engine.settings import Settings, spoken

COMMANDS = {
    "setup": ("init", "doctor"),
    "starting": ("new", "schema"),
    "definitions": ("check", "test", "publish", "render"),
    "procedures": ("procedures",),
    "pictures": ("diagram",),
    "wishes": ("intake", "open", "move", "correct", "comment", "undo", "withdraw"),
    "bulk": ("bulk",),
    "handing": ("assign", "claim"),
    "disclosure": ("disclose",),
    "cases": ("cases", "find", "case", "subject", "options", "why", "history", "file"),
    "time": ("clock", "overdue", "missed", "calendar"),
    "work": ("work", "sweep", "deliver", "release"),
    "server": ("serve",),
    "messages": ("inbox", "messages", "template"),
    "incidents": ("incidents",),
    "people": ("people",),
    "substitution": ("absent", "delegate"),
    "endpoints": ("endpoints",),
    "tokens": ("tokens",),
    "sources": ("sources",),
    "events": ("events",),
    "data": ("verify", "backup", "restore"),
}
"""Module of `commands` → the commands in it, in the order in which the help lists them."""


class Root(Group):
    """Finds commands, and turns every failure into a sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in order."""
        return [name for names in COMMANDS.values() for name in names]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of this name, read from its module."""
        module = next((module for module, names in COMMANDS.items() if cmd_name in names), None)
        if module is None:
            return None
        found: Command | Group = importlib.import_module(f"commands.{module}").COMMANDS[cmd_name]
        return found

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that a line begins with, or the nearest ones to what was typed."""
        if args[0] not in self.list_commands(ctx) and not args[0].startswith("-"):
            raise NoSuchCommand(args[0], possibilities=self.list_commands(ctx), ctx=ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **settings: Any) -> NoReturn:  # type: ignore[override]
        """Run one command line and exit."""
        arguments = list(sys.argv[1:] if args is None else args) or ["--help"]
        speak(_language(arguments))
        try:
            status = super().main(arguments, prog_name or "aftercare", standalone_mode=False, rich_help_config=_look(), **settings)
            sys.stdout.flush()
        except BrokenPipeError:
            status = failure.PROBLEM  # the reader has gone: nobody is left to be told
        except (Exception, KeyboardInterrupt) as error:
            status = failure.explain(error, in_json="--json" in arguments)
        _let_go_of_output()
        sys.exit(status if isinstance(status, int) else failure.DONE)


def _let_go_of_output() -> None:
    """What could not be written by now never will be; Python's own last flush at exit must not complain about it."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _language(arguments: Sequence[str]) -> Language:
    match asked_for(arguments):
        case "zh" | "en" as language:
            return language
    try:
        return Settings.load(os.environ, Path.cwd()).language
    except (AftercareError, OSError):
        return spoken(os.environ)


def _look() -> dict[str, Any]:
    return {
        "theme": "default-slim",
        "panel_title_string": tr("{}：", "{}:"),
        "options_panel_title": tr("选项", "Options"),
        "arguments_panel_title": tr("参数", "Arguments"),
        "commands_panel_title": tr("命令", "Commands"),
        "required_long_string": tr("[必填]", "[required]").replace("[", "\\["),
        "default_string": tr("[默认：{}]", "[default: {}]").replace("[", "\\["),
        "append_range_help_string": tr("[范围：{}]", "[range: {}]").replace("[", "\\["),
        "show_arguments": True,
        "commands_before_options": True,
    }


def _show_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted:
        return
    try:
        number = metadata.version("aftercare")
    except metadata.PackageNotFoundError:
        number = tr("（未安装，直接从源码运行）", "(not installed, run from its source)")
    click.echo(f"aftercare {number}")
    context.exit()


@click.group(
    cls=Root,
    label=Label(
        "售后工单：由 YAML 流程驱动，可解释、可核对、永久留存。",
        "After-sales cases that run from YAML: explained, checked, and kept for good.",
    ),
)
@option("--lang", type=click.Choice(["zh", "en"]), zh="界面语言", en="Language to speak")
@option("--database", metavar="URL", zh="使用此数据库", en="Use this database")
@option("--at", metavar="INSTANT", zh="把模拟数据库的时钟推进到此刻", en="Move the clock of a simulated database to this instant")
@option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, zh="显示版本", en="Show the version")
@click.pass_context
def aftercare(context: click.Context, lang: str | None, database: str | None, at: str | None) -> None:
    """Keep the options for the command that follows."""
    given = {"language": lang, "database": database}
    context.obj = Session({name: value for name, value in given.items() if value is not None}, at)


def main() -> NoReturn:
    """The program `aftercare`."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started us
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that knows no Chinese shows ? instead of failing
    aftercare.main()


if __name__ == "__main__":
    main()
