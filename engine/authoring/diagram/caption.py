"""The lines above and below a picture: the title, clocks and steps that belong to many states, and what the signs mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from engine.authoring.diagram.drawing import Clock, Drawing
from engine.authoring.diagram.figure import ICON, Icon, capital, standing, staying, timed
from engine.authoring.diagram.marks import Marks
from engine.authoring.diagram.measure import width, wrapped
from engine.label import Label, Language

_VERSION = Label("{workflow} · 第 {version} 版", "{workflow} · version {version}")
_WHOLE = Label("多个状态的时限", "Clocks of many states")
_ANYTIME = Label("多个状态的步骤", "Steps of many states")
_STANDS = Label("暂停于：{states}", "paused in: {states}")
_SIGNS: dict[Icon, Label] = {
    "clock": Label("时限", "clock"),
    "wait": Label("等待他人", "waits for others"),
    "person": Label("可执行者", "who may"),
    "system": Label("自动步骤的条件", "automatic, as soon as"),
    "sign": Label("会签", "signatures"),
    "child": Label("开立子工单", "opens a child case"),
    "stay": Label("留在原状态", "stays in the state"),
}
_LEGEND = Label("图例", "Legend")
_UP = Label("回到前面的状态", "back to an earlier state")
_COVERED = Label("场景走过（×次数）", "taken by scenarios (× how often)")
_NEVER = Label("场景从未走过", "never taken by a scenario")

_SAMPLE = 34.0
_APART = 22.0


@dataclass(frozen=True, slots=True)
class Row:
    """A line of text, with an icon or a sample of a line before it. `height`: down to its base line."""

    text: str
    size: float
    height: float
    look: str = "soft"
    icon: Icon | None = None
    sample: str | None = None
    indent: float = 0.0
    is_bold: bool = False

    @property
    def shift(self) -> float:
        """The room before the text."""
        return _SAMPLE if self.sample is not None else ICON + 2 if self.icon is not None else 0.0


def head(drawing: Drawing, language: Language, most: float) -> tuple[Row, ...]:
    """The title, and the clocks that count in many states."""
    title = [Row(text, 22, 26, "ink", is_bold=True) for text in wrapped(drawing.title.within(language), 22, most)]
    rows = [*title, Row(_VERSION.fill(workflow=drawing.workflow, version=drawing.version).within(language), 12, 20)]
    if drawing.clocks:
        rows.append(Row(_WHOLE.within(language), 12, 26, "ink", is_bold=True))
    for clock in drawing.clocks:
        rows += _item(_counting(clock, language), "clock", "soft", most)
    return tuple(rows)


def foot(
    drawing: Drawing, language: Language, marks: Marks | None, shown: Collection[Icon], most: float, *, goes_up: bool
) -> tuple[Row, ...]:
    """The steps of many states that lead nowhere else, and the legend: of the icons, those that are `shown`; `goes_up`: some line does."""
    rows: list[Row] = []
    stays = [step for step in drawing.spanning if step.stays]
    if stays:
        rows.append(Row(_ANYTIME.within(language), 12, 14, "ink", is_bold=True))
    for step in stays:
        marked = standing(marks, step)
        where = capital(step.out_of.within(language)) if step.out_of is not None else ""
        look = "soft" if marked == "plain" else f"{marked}-ink"
        rows += _item(f"{staying(step, language, marks, 0)} · {where}", "stay", look, most)
    signs = {*shown, "stay"} if stays else set(shown)
    signs |= {"clock"} if drawing.clocks else set()
    rows.append(Row(_LEGEND.within(language), 12, 26 if stays else 14, "ink", is_bold=True))
    rows += _side_by_side(
        [Row(label.within(language), 11.5, 20, "soft", icon, line) for icon, line, label in _legend(marks, signs, goes_up=goes_up)], most
    )
    return tuple(rows)


def _side_by_side(rows: list[Row], most: float) -> Iterator[Row]:
    at = 0.0
    for index, row in enumerate(rows):
        across = row.shift + width(row.text, row.size) + _APART
        new = index == 0 or at + across > most
        at = 0.0 if new else at
        yield replace(row, indent=at, height=row.height if new else 0.0)
        at += across


def _legend(marks: Marks | None, signs: Collection[Icon], *, goes_up: bool) -> Iterator[tuple[Icon | None, str | None, Label]]:
    yield from ((icon, None, label) for icon, label in _SIGNS.items() if icon in signs)
    if marks is None and goes_up:
        yield None, "up-line", _UP
    if marks is not None:
        yield None, "covered-line", _COVERED
        yield None, "never-line", _NEVER


def _counting(clock: Clock, language: Language) -> str:
    parts = [timed(clock, language), *([clock.where.within(language)] if clock.where is not None else [])]
    if clock.pauses is not None:
        parts.append(_STANDS.fill(states=clock.pauses).within(language))
    return " · ".join(parts)


def _item(text: str, icon: Icon, look: str, most: float) -> Iterator[Row]:
    for index, line in enumerate(wrapped(text, 11.5, most - ICON - 2)):
        yield Row(line, 11.5, 18, look, icon) if index == 0 else Row(line, 11.5, 16, look, indent=ICON + 2)
