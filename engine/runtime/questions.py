"""What was asked before a step, in words: why not, or what holds, and the values that decided. For every door that tells why."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.decision import Check, CheckKind
from engine.core.field import FieldRule
from engine.core.showing import EMPTY
from engine.label import Label, listed, verbatim

KINDS: Mapping[CheckKind, Label] = {
    "state": Label("状态", "state"),
    "revision": Label("版本", "revision"),
    "role": Label("权限", "right"),
    "delegation": Label("委托代理", "delegation"),
    "unit": Label("单位", "unit"),
    "assignee": Label("承办人", "holder"),
    "separation": Label("职责分离", "separation of duties"),
    "form": Label("表单", "form"),
    "guard": Label("条件", "conditions"),
    "choice": Label("流程定义", "definition"),
    "unique": Label("唯一性", "unique values"),
    "approval": Label("签署", "signatures"),
    "child": Label("子工单", "child cases"),
    "undo": Label("撤销", "undoing"),
}
"""What a question is about."""


def said(check: Check) -> Label:
    """Why not, or what was asked; of a question whose parts say why not, only what it is about."""
    if check.reason is not None:
        return check.reason.sentence
    if check.holds is False and any(part.reason is not None for part in check.parts):
        return KINDS[check.kind]
    if check.kind == "guard" and check.holds:  # its sentence is a complaint
        return Label("条件已满足：{line}", "met: {line}").fill(line=check.sentence)
    return _of_holder(check) if _is_of_holder(check) else check.sentence


def decisive(check: Check, fields: Mapping[str, FieldRule]) -> tuple[Label, ...]:
    """The values that decided, and what is missing, a line each."""
    lines = []
    if check.values and not _is_of_holder(check):
        shown = (Label("{title} = {value}", "{title} = {value}").fill(title=each.title, value=each.value) for each in check.values)
        lines.append(Label("现值：{shown}", "as it is: {shown}").fill(shown=listed(shown)))
    if check.reason is not None and check.reason.missing:
        names = (fields[name].title if name in fields else verbatim(name) for name in check.reason.missing)
        lines.append(Label("尚缺：{names}", "missing: {names}").fill(names=listed(names)))
    return tuple(lines)


def _is_of_holder(check: Check) -> bool:
    return check.kind in ("assignee", "separation") and "assignee" in (check.subject, *(value.name for value in check.values))


def _of_holder(check: Check) -> Label:
    """Whether he is the one who holds the case, and who does."""
    asked = Label("是承办人", "holds the case") if check.kind == "assignee" else Label("不是承办人", "does not hold the case")
    who = check.values[0].value if check.values else EMPTY
    now = Label("（现无人承办）", " (now: nobody)") if who == EMPTY else Label("（现为{who}）", " (now: {who})").fill(who=who)
    return Label("{asked}{now}", "{asked}{now}").fill(asked=asked, now=now)
