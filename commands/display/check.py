"""The tree of checks on the terminal: what was asked before a step, ✓ what holds, ✗ what does not and why, ? what the form will decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rich.text import Text

from commands.speech import listed, say, tr
from engine.core.decision import Check, CheckKind, Reason
from engine.core.entitlement import IN_UNIT
from engine.core.field import FieldRule
from engine.core.showing import EMPTY
from engine.label import Label


@dataclass(frozen=True, slots=True)
class Names:
    """What is shown by its title: the fields of the definition, and the units there are."""

    fields: Mapping[str, FieldRule]
    units: Mapping[str, Label]


_MARKS = {True: ("✓", "green"), False: ("✗", "red"), None: ("?", "yellow")}

_KINDS: Mapping[CheckKind, Label] = {
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


def mark(*, holds: bool | None) -> Text:
    """✓, ✗ or ?, in its colour."""
    return Text(*_MARKS[holds])


def in_full(checks: Sequence[Check], names: Names, indent: int = 2) -> list[Text]:
    """Every question down to the last."""
    return [line for check in checks for line in _lines(check, names, indent, whole=True)]


def in_brief(checks: Sequence[Check], names: Names, indent: int = 2) -> list[Text]:
    """What does not hold in full; of the rest only what it was about, each under its worst mark."""
    lines = [line for check in checks if check.holds is False for line in _lines(check, names, indent, whole=False)]
    told = {check.kind for check in checks if check.holds is False}
    for holds in (None, True):
        kinds = dict.fromkeys(check.kind for check in checks if check.holds is holds and check.kind not in told)
        told.update(kinds)
        if kinds:
            lines.append(Text.assemble(" " * indent, mark(holds=holds), (f" {listed([say(_KINDS[kind]) for kind in kinds])}", "dim")))
    return lines


def _lines(check: Check, names: Names, indent: int, *, whole: bool) -> Iterator[Text]:
    yield Text.assemble(" " * indent, mark(holds=check.holds), f" {say(_said(check, names))}")
    yield from (Text(" " * (indent + 4) + line, "dim") for line in _decisive(check, names))
    for part in check.parts:
        if whole or (check.holds is not True and _tells_more(part)):
            yield from _lines(part, names, indent + 4, whole=whole)


def _said(check: Check, names: Names) -> Label:
    """Why not, or what was asked; of a question whose parts say why not, only what it is about."""
    if check.reason is not None:
        return check.reason.sentence
    if check.holds is False and any(part.reason is not None for part in check.parts):
        return _KINDS[check.kind]
    if check.kind == "guard" and check.holds:  # its sentence is a complaint
        return Label("条件已满足：{line}", "met: {line}").fill(line=check.sentence)
    if check.kind == "unit" and check.subject is not None and check.subject in names.units:
        return IN_UNIT.fill(unit=names.units[check.subject])
    return _of_holder(check) if _is_of_holder(check) else check.sentence


def _is_of_holder(check: Check) -> bool:
    return check.kind in ("assignee", "separation") and "assignee" in (check.subject, *(value.name for value in check.values))


def _of_holder(check: Check) -> Label:
    """Whether he is the one who holds the case, and who does."""
    asked = Label("是承办人", "holds the case") if check.kind == "assignee" else Label("不是承办人", "does not hold the case")
    who = check.values[0].value if check.values else EMPTY
    now = Label("（现无人承办）", " (now: nobody)") if who == EMPTY else Label("（现为 {who}）", " (now: {who})").fill(who=who)
    return Label("{asked}{now}", "{asked}{now}").fill(asked=asked, now=now)


def _tells_more(part: Check) -> bool:
    """Whether a part says what the reason above it does not: a cause of its own, who stood there, a unit, for whom."""
    return part.reason is not None or bool(part.values) or any(map(_tells_more, part.parts)) or part.kind == "unit"


def _decisive(check: Check, names: Names) -> Iterator[str]:
    """The values that decided and what is missing."""
    if check.values and not _is_of_holder(check):
        shown = listed([f"{say(value.title)} = {say(value.value)}" for value in check.values])
        yield tr("现值：{shown}", "as it is: {shown}", shown=shown)
    if check.reason is not None and check.reason.missing:
        yield tr("尚缺：{names}", "missing: {names}", names=_missing(check.reason, names))


def _missing(reason: Reason, names: Names) -> str:
    return listed([say(names.fields[name].title) if name in names.fields else name for name in reason.missing])
