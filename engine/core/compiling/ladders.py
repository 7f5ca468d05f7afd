"""Compiles ladders: the point of each rung, its id, and whether it tells somebody or fires a step. Knows no clock."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import cast

from engine.core import ladder
from engine.core.compiling.draft import Draft
from engine.core.compiling.notices import compile_notice
from engine.core.expression import Expression
from engine.core.kind import BOOLEAN
from engine.core.problem import Path
from engine.core.telling import NoticeRule
from engine.definition.clock import Rung
from engine.label import Label
from engine.timing.period import Period, Unit

UNTIL_IT_STOPS = 1000
"""How often a rung with `every` is repeated that does not say how often."""

_POINT = re.compile(r"(?:(?P<percent>[0-9]+)%|(?P<due>due)?(?P<sign>[+-])?(?:(?P<count>[0-9]+)(?P<unit>[a-z]+))?)")


def compile_rungs(draft: Draft, rungs: Sequence[Rung], path: Path) -> tuple[ladder.Rung, ...]:
    """The rungs of one ladder, in order. A point that comes again is told apart by `/2`, `/3` … behind its id."""
    seen: Counter[str] = Counter()
    found: list[ladder.Rung] = []
    for index, rung in enumerate(rungs):
        point = rung.at.replace(" ", "")
        seen[point] += 1
        name = point if seen[point] == 1 else f"{point}/{seen[point]}"
        found.append(_compile_rung(draft, rung, name, (*path, index)))
    return tuple(found)


def _compile_rung(draft: Draft, rung: Rung, name: str, path: Path) -> ladder.Rung:
    percent, after_start, after_due = _point(rung.at.replace(" ", ""))
    if rung.times is not None and rung.every is None:
        sentence = Label("times 须与 every 一起写", "“times” needs “every”")
        draft.report("not-allowed-here", (*path, "times"), sentence, of_key=True)
    return ladder.Rung(
        id=name,
        percent=percent,
        after_start=after_start,
        after_due=after_due,
        when=_compile_when(draft, rung, path),
        notice=_compile_telling(draft, rung, path),
        fire=rung.fire,
        every=_period(rung.every) if rung.every is not None else None,
        times=1 if rung.every is None else rung.times or UNTIL_IT_STOPS,
        late=rung.late,
        path=path,
    )


def _compile_telling(draft: Draft, rung: Rung, path: Path) -> NoticeRule | None:
    if rung.fire is None:
        if rung.tell:
            return replace(compile_notice(draft, rung, path), when=None)
        sentence = Label("此级提醒既不告知谁，也不执行步骤", "this rung neither tells anybody nor fires a step")
        draft.report("rung-does-nothing", path, sentence, Label("写 tell 或 fire。", "Give it “tell” or “fire”."), of_key=True)
        return None
    if rung.tell:
        sentence = Label("一级提醒或告知（tell），或执行步骤（fire），不能兼有", "a rung either tells or fires, not both")
        way_out = Label("在同一时点另写一级。", "Write a second rung at the same point.")
        draft.report("rung-tells-and-fires", (*path, "fire"), sentence, way_out, of_key=True)
        return None
    for key, given in (("template", rung.template is not None), ("with", bool(rung.values))):
        if given:
            sentence = Label("{key} 只用于告知（tell），不用于 fire", "“{key}” goes with “tell”, not with “fire”").fill(key=key)
            way_out = Label("消息写在步骤自己的 notify 里。", "Tell it in “notify” of the step itself.")
            draft.report("not-allowed-here", (*path, key), sentence, way_out, of_key=True)
    return None


def _compile_when(draft: Draft, rung: Rung, path: Path) -> Expression | None:
    when = draft.expression(rung.when, (*path, "when"), BOOLEAN) if rung.when is not None else None
    if when is not None:
        draft.decide_by(when.reads)
    return when


def _point(text: str) -> tuple[int | None, Period | None, Period | None]:
    """Percent, length after the start, length after due; all None at the due instant itself."""
    match = _POINT.fullmatch(text)
    assert match, "the pattern of RungPoint admits nothing else"
    if match["percent"]:
        return int(match["percent"]), None, None
    if match["count"] is None:
        return None, None, None
    count = int(match["count"])
    period = Period(-count if match["sign"] == "-" else count, cast(Unit, match["unit"]))
    return (None, None, period) if match["due"] else (None, period, None)


def _period(text: str) -> Period:
    count, unit = re.split(r"(?<=[0-9])(?=[a-z])", text)
    return Period(int(count), cast(Unit, unit))
