"""Why a wish was refused, and what each step of a case asks: reasons, the values that decided, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.text import Text

from commands import terminal
from commands.speech import listed, say, tr
from engine.core.decision import Reason
from engine.core.explain import Option
from engine.core.field import FieldRule

Fields = Mapping[str, FieldRule]
"""The fields of the definition, for their titles."""


def show_refusal(reasons: Sequence[Reason], fields: Fields) -> None:
    """Every reason, on stderr; nothing has changed."""
    terminal.remark(Text(tr("未执行，原因如下：", "Refused, for these reasons:"), "bold"))
    for reason in reasons:
        terminal.remark(*lines_of(reason, fields))


def show_options(options: Sequence[Option], fields: Fields) -> None:
    """Each step: allowed, with what it asks; or not, with every reason."""
    for each in options:
        mark = Text(tr("可执行", "allowed"), "green") if each.allowed else Text(tr("不可执行", "not now"), "yellow")
        terminal.show(Text.assemble((each.step, "bold"), "  ", say(each.title), "  ", mark))
        for reason in each.reasons:
            terminal.show(*lines_of(reason, fields))
        if each.allowed:
            terminal.pairs(_asked(each), indent=4)


def lines_of(reason: Reason, fields: Fields) -> list[str]:
    """A reason: its sentence, then the values that decided and what is missing."""
    lines = [f"  - {say(reason.sentence)}"]
    if reason.values:
        shown = listed([f"{say(value.title)} = {say(value.value)}" for value in reason.values])
        lines.append(f"      {tr('现值：{shown}', 'as it is: {shown}', shown=shown)}")
    if reason.missing:
        names = listed([say(fields[name].title) if name in fields else name for name in reason.missing])
        lines.append(f"      {tr('尚缺：{names}', 'missing: {names}', names=names)}")
    return lines


def _asked(option: Option) -> list[tuple[str, str]]:
    needed = [f"{say(ask.field.title)} ({ask.field.id})" for ask in option.asks if not ask.optional]
    optional = [f"{say(ask.field.title)} ({ask.field.id})" for ask in option.asks if ask.optional]
    rows = [
        (tr("须填", "fill in"), listed(needed)),
        (tr("可填", "optional"), listed(optional)),
        (tr("条件", "provided"), tr("；", "; ").join(map(say, option.conditions))),
        (tr("原因", "reason"), tr("须写明", "required") if option.needs_reason else ""),
    ]
    return [(name, value) for name, value in rows if value]
