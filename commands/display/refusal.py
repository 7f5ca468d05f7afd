"""Why not, and who can: a refusal, what each step of a case asks, and one step in full – each as the same tree of checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from rich.text import Text

from commands import terminal
from commands.display.check import Fields, in_brief, in_full, mark
from commands.speech import listed, say, tr
from engine.core.decision import Check
from engine.core.examine import verdict
from engine.core.explain import Option
from engine.core.wording import local
from engine.runtime.standing import Who, Why

SHOWN = 8
"""How many of those who can are named; the others are counted."""


def show_refusal(checks: Sequence[Check], fields: Fields, who: Sequence[Who] | None, zone: ZoneInfo) -> None:
    """Every reason, on stderr; nothing has changed. `who` can, if that is the question."""
    terminal.remark(Text(tr("未执行，原因如下：", "Refused, for these reasons:"), "bold"))
    terminal.remark(*in_brief(checks, fields), *([] if who is None else [f"  {named(who, zone)}"]))


def show_options(options: Sequence[Option], who: Mapping[str, Sequence[Who]], fields: Fields, zone: ZoneInfo) -> None:
    """Each step: allowed, with what it asks; or not, with every reason, and who can where that is the question."""
    if not options:
        terminal.show(tr("工单已结束，没有后续步骤。", "The case has ended; no step leads on."))
    for each in options:
        terminal.show(_heading(each))
        if not each.allowed:
            terminal.show(*in_brief(each.checks, fields), *([f"  {named(who[each.step], zone)}"] if each.step in who else []))
        else:
            terminal.pairs(_asked(each), indent=4)


def show_why(why: Why, zone: ZoneInfo) -> None:
    """One step in full: every question, who can, and who has the right but is kept from it."""
    terminal.show(Text.assemble((why.case.number, "bold"), "  ", say(why.definition.states[why.case.state].title)))
    terminal.show(Text.assemble((why.step.id, "bold"), "  ", say(why.step.title), "  ", _verdict(verdict(why.checks))))
    terminal.show(*in_full(why.checks, why.definition.fields))
    if why.who is None:
        return
    terminal.show("", named(why.who, zone))
    for each in (each for each in why.who if each.able.hindrances):
        terminal.show(tr("有权但受限：{name}", "has the right, but is kept from it: {name}", name=_name(each, zone)))
        terminal.show(*in_brief(each.able.hindrances, why.definition.fields, indent=4))


def named(who: Sequence[Who], zone: ZoneInfo) -> str:
    """Who can, those who are there first."""
    able = [each for each in who if not each.able.hindrances]
    if not able:
        return tr("谁可以办：目前没有人", "who can: nobody at present")
    more = tr("，另有 {n} 人", " and {n} more", n=len(able) - SHOWN) if len(able) > SHOWN else ""
    names = listed([_name(each, zone) for each in able[:SHOWN]])
    return tr("谁可以办：{names}", "who can: {names}", names=names) + more


def _name(who: Who, zone: ZoneInfo) -> str:
    said = [who.able.person]
    if who.stands_for is not None:
        said.append(tr("代{other}", "for {other}", other=who.stands_for))
    if who.back_at is not None:
        said.append(tr("不在岗至 {at}", "away until {at}", at=say(local(who.back_at, zone))))
    elif who.able.is_present:
        said.append(tr("在岗", "present"))
    return tr("{name}（{said}）", "{name} ({said})", name=who.name, said=tr("，", ", ").join(said))


def _heading(option: Option) -> Text:
    return Text.assemble((option.step, "bold"), "  ", say(option.title), "  ", _verdict(verdict(option.checks)))


def _verdict(holds: bool | None) -> Text:
    """What the marks come to: a step that the form will decide is allowed so far."""
    words = tr("不可执行", "not now") if holds is False else tr("可执行", "allowed")
    return mark(holds=holds).append(f" {words}")


def _asked(option: Option) -> list[tuple[str, str]]:
    needed = [f"{say(ask.field.title)} ({ask.field.id})" for ask in option.asks if not ask.optional]
    optional = [f"{say(ask.field.title)} ({ask.field.id})" for ask in option.asks if ask.optional]
    rows = [
        (tr("须填", "fill in"), listed(needed)),
        (tr("可填", "optional"), listed(optional)),
        (tr("条件", "conditions"), tr("；", "; ").join(map(say, option.conditions))),
        (tr("原因", "reason"), tr("须写明", "required") if option.needs_reason else ""),
    ]
    return [(name, value) for name, value in rows if value]
