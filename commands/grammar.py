"""The grammar of the command line: commands, groups and options whose texts are Labels, and the options that many share.

A text is asked for its language only when it is shown, so that one process can speak both. Knows no command.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import rich_click as click
from rich.text import Text
from rich_click.rich_command import RichCommand, RichGroup
from rich_click.rich_help_rendering import get_rich_usage
from rich_click.rich_parameter import RichArgument, RichOption

from commands.speech import say, tr
from engine.label import Label

Function = TypeVar("Function", bound=Callable[..., Any])


class _Told:
    """Help that is a Label. click writes texts of its own into these places when it is made; they are not wanted."""

    label: Label

    @property
    def help(self) -> str | None:
        """The help in the language spoken now."""
        return say(self.label)

    @help.setter
    def help(self, _text: str | None) -> None:
        pass


class Option(_Told, RichOption):
    """An option."""

    def __init__(self, *names: Any, label: Label, **settings: Any) -> None:
        self.label = label
        super().__init__(*names, **settings)


class Argument(_Told, RichArgument):
    """A positional argument."""

    def __init__(self, *names: Any, label: Label, **settings: Any) -> None:
        self.label = label
        super().__init__(*names, **settings)

    def get_rich_table_row(self, ctx: Any, formatter: Any, panel: Any = None) -> Any:  # noqa: ARG002
        """Its name and its help; the usage line says already whether it is needed."""
        name = self.make_metavar(ctx).strip("[].")
        return [None, Text(name, formatter.config.style_argument), Text(self.help or "")]


class _Spoken(_Told, RichCommand):
    """A command whose usage line is spoken too."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """`Usage:` and the pieces of the line."""
        pieces = [say(_PIECES[piece]) if piece in _PIECES else piece for piece in self.collect_usage_pieces(ctx)]
        get_rich_usage(formatter, ctx.command_path, " ".join(pieces), tr("用法：", "Usage:"))

    def get_help_option(self, ctx: Any) -> click.Option | None:
        """The option `--help`, which click makes once and in one language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = tr("显示本帮助", "Show this help")
        return option

    def get_help(self, ctx: Any) -> str:
        """The whole help, without the spaces that fill its lines."""
        return "\n".join(line.rstrip() for line in super().get_help(ctx).splitlines())


_PIECES = {
    "[OPTIONS]": Label("[选项]", "[OPTIONS]"),
    "COMMAND [ARGS]...": Label("命令 [参数]…", "COMMAND [ARGUMENTS]…"),
    "[COMMAND] [ARGS]...": Label("[命令] [参数]…", "[COMMAND] [ARGUMENTS]…"),
}


class Command(_Spoken):
    """A command."""

    def __init__(self, *names: Any, label: Label, **settings: Any) -> None:
        self.label = label
        super().__init__(*names, **settings)


class Group(_Spoken, RichGroup):  # type: ignore[misc]  # rich-click's two bases disagree about a signature
    """A group of commands, listed as they were added."""

    def __init__(self, *names: Any, label: Label, **settings: Any) -> None:
        self.label = label
        super().__init__(*names, **settings)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in order."""
        return list(self.commands)


class Asking(Group):
    """A group that answers a question: what does not begin with the name of one of its commands is the question itself."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its own parameters; none in the path of one of its commands, which have no question before them."""
        return super().get_params(ctx) if ctx.command is self else []

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """The question with its options, or the command and what belongs to it."""
        if args and args[0] in self.commands:
            super().parse_args(ctx, [])
            ctx._protected_args, ctx.args = args[:1], args[1:]
            return args
        ctx.allow_interspersed_args = True
        return super().parse_args(ctx, args)


class Day(click.ParamType[date]):
    """A day as people write it, also 2026/9/1 or 2026年9月1日, as in a form."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The day, or a usage error."""
        from engine.core.field import Unreadable, day_in

        try:
            return value if isinstance(value, date) else day_in(value, Label("日期（如 2026-09-01）", "a date such as 2026-09-01"))
        except Unreadable as fault:
            self.fail(say(fault.sentence), param, ctx)


def command(name: str, zh: str, en: str, **settings: Any) -> Callable[[Callable[..., Any]], Command]:
    """A function as a command."""
    return click.command(name, cls=Command, label=Label(zh, en), **settings)


def option(*names: Any, zh: str, en: str, **settings: Any) -> Callable[[Function], Function]:
    """An option of a command."""
    return click.option(*names, cls=Option, label=Label(zh, en), **settings)


def argument(name: str, zh: str, en: str, **settings: Any) -> Callable[[Function], Function]:
    """A positional argument of a command; it is called by its name in capitals."""
    return click.argument(name, cls=Argument, label=Label(zh, en), metavar=settings.pop("metavar", name.upper()), **settings)


def pairs(_context: click.Context, _parameter: click.Parameter, given: tuple[str, ...]) -> Mapping[str, str]:
    """`k=v` texts as a mapping. Everything after the first `=` is the value."""
    from engine.core.prose import quoted

    typed: dict[str, str] = {}
    for pair in given:
        name, separator, value = pair.partition("=")
        if not separator or not name.strip():
            raise click.BadParameter(tr("应为 字段=值，实际是{pair}", "expected FIELD=VALUE, found {pair}", pair=quoted(pair)))
        if name in typed:
            raise click.BadParameter(tr("“{name}”给了两次", "“{name}” is given twice", name=name))
        typed[name] = value
    return typed


number = argument("number", "工单编号", "Number of the case")
as_json = option("--json", "as_json", is_flag=True, zh="以 JSON 输出", en="Answer in JSON")
limit = option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, metavar="N", zh="最多几条", en="At most so many")
acting = option("--as", "person", required=True, metavar="PERSON", zh="以谁的身份（人员标识）", en="Who acts: the id of a person")
seeing = option("--as", "viewer", metavar="PERSON", zh="只看此人可见的工单（人员标识）", en="Only what this person may see, by id")
values = option(
    "--set",
    "values",
    multiple=True,
    callback=pairs,
    metavar="FIELD=VALUE",
    zh="填写字段（标识或名称）；值为空即清空；可重复",
    en="Fill a field, by id or title; an empty value empties it; may be repeated",
)
key = option("--key", metavar="KEY", zh="幂等键：同一键重复执行只生效一次", en="Idempotency key: the same wish under one key is done once")
reason = option("--reason", metavar="TEXT", zh="原因，写入历史", en="Why; kept in the history")
dry_run = option("--dry-run", is_flag=True, zh="只看会有什么变化，不写入", en="Show what would change and write nothing")
