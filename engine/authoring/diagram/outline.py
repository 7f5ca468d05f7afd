"""A drawing in words, for a terminal: phase by phase each state, below it its clocks and its steps with where they lead and who may.

Columns stand below each other, with Chinese counted as two; wide texts are broken under their own beginning. No colours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.authoring.diagram.drawing import OUTCOMES, Drawing, Node, Step, Way
from engine.authoring.diagram.figure import capital, timed
from engine.authoring.diagram.marks import Marks
from engine.authoring.diagram.measure import columns, folded
from engine.label import Label, Language

_VERSION = Label("{title}（{workflow}，第 {version} 版）", "{title} ({workflow}, version {version})")
_START = Label("开始", "Start")
_MANY = Label("多个状态", "Many states")
_AUTOMATIC = Label("自动：{when}", "automatic: {when}")
_FIRED = Label("由时限触发：{clocks}", "by the clock: {clocks}")
_OPENS = Label("开立子工单：{child}", "opens: {child}")
_PAUSES = Label("暂停于：{states}", "paused in: {states}")
_GONE = Label("×{n}", "×{n}")
_NEVER = Label("从未走过", "never taken")
_ENTERED = Label("从未进入", "never entered")

_STEPS = 26
"""Columns for the title of a step before where it leads, at most."""
_LEAST = 60


@dataclass(frozen=True, slots=True)
class _Way:
    """A line of a step: its title – only on its first –, where it leads, and the rest."""

    title: str
    target: str
    rest: str


def outline(drawing: Drawing, language: Language, marks: Marks | None = None, width: int = 100) -> str:
    """The whole text, in lines of at most so many columns."""
    return "".join(f"{line.rstrip()}\n" for line in _Page(drawing, language, marks, max(width, _LEAST)).lines())


class _Page:
    """One drawing while it is written."""

    def __init__(self, drawing: Drawing, language: Language, marks: Marks | None, width: int) -> None:
        self.drawing, self.language, self.marks, self.width = drawing, language, marks, width
        ways = [way for step in drawing.steps for way in self._ways(step)]
        self.first = min(max((columns(way.title) for way in ways), default=0), _STEPS)
        self.second = max((columns(way.target) for way in ways), default=0)

    def lines(self) -> Iterator[str]:
        """One line after the other."""
        drawing = self.drawing
        yield self._say(_VERSION, title=drawing.title, workflow=drawing.workflow, version=drawing.version)
        for clock in drawing.clocks:
            pauses = [self._say(_PAUSES, states=clock.pauses)] if clock.pauses is not None else []
            where = [clock.where.within(self.language)] if clock.where is not None else []
            yield from self._folded("  ⏱ ", " · ".join([timed(clock, self.language), *where, *pauses]))
        yield from self._block(self._say(_START), [], [step for step in drawing.steps if step.is_start])
        for band in drawing.bands:
            yield ""
            title = capital(band.title.within(self.language))
            yield f"── {title} {'─' * (self.width - columns(title) - 4)}"
            for state in band.states:
                node = drawing.nodes[state]
                yield from self._block(self._heading(node), self._notes(node), list(drawing.leaving(state)))
        if drawing.spanning:
            yield ""
            title = self._say(_MANY)
            yield f"── {title} {'─' * (self.width - columns(title) - 4)}"
        for step in drawing.spanning:
            yield from self._block(capital(step.out_of.within(self.language)) if step.out_of is not None else "", [], [step])

    def _heading(self, node: Node) -> str:
        sign = {None: "●", "success": "✔", "failure": "✘", "abandoned": "○"}[node.outcome]
        remarks = [OUTCOMES[node.outcome].within(self.language)] if node.outcome is not None else []
        if self.marks is not None and not self.marks.states.get(node.id):
            remarks.append(self._say(_ENTERED))
        return " · ".join([f"{sign} {node.title.within(self.language)}", *remarks])

    def _notes(self, node: Node) -> list[str]:
        waits = [f"⧗ {node.waits_on.within(self.language)}"] if node.waits_on is not None else []
        return [*waits, *(f"⏱ {timed(clock, self.language)}" for clock in node.clocks)]

    def _block(self, heading: str, notes: Sequence[str], steps: Sequence[Step]) -> Iterator[str]:
        yield ""
        yield from self._folded("  ", heading)
        for note in notes:
            yield from self._folded("    ", note)
        for step in steps:
            for way in self._ways(step):
                yield from self._line(way)

    def _line(self, way: _Way) -> Iterator[str]:
        title = way.title if columns(way.title) <= self.first else ""
        if way.title != title:
            yield f"    {way.title}"
        start = f"    {_padded(title, self.first)}  {_padded(way.target, self.second)}  "
        yield from self._folded(start, way.rest)

    def _ways(self, step: Step) -> Iterator[_Way]:
        """A step that leads one way is one line; else it has a line for each way below its own."""
        title, rests = step.title.within(self.language), self._rests(step)
        if len(step.ways) == 1:
            yield _Way(title, self._target(step.ways[0]), "  ".join([*rests, *self._mark(step, 0)]))
            return
        yield _Way(title, "", "  ".join(rests))
        for index, way in enumerate(step.ways):
            when = [way.when.within(self.language)] if way.when is not None else []
            yield _Way("", self._target(way), "  ".join([*when, *self._mark(step, index)]))

    def _target(self, way: Way) -> str:
        return "↻" if way.target is None else f"→ {self.drawing.nodes[way.target].title.within(self.language)}"

    def _rests(self, step: Step) -> list[str]:
        if step.when is not None:
            found = [self._say(_AUTOMATIC, when=step.when)]
        elif step.clocks:
            found = [self._say(_FIRED, clocks=" / ".join(each.within(self.language) for each in step.clocks))]
        else:
            found = [capital(step.who.within(self.language))]
        signatures = [step.signatures.within(self.language)] if step.signatures is not None else []
        return [*found, *signatures, *(self._say(_OPENS, child=child) for child in step.opens)]

    def _mark(self, step: Step, way: int) -> list[str]:
        if self.marks is None:
            return []
        gone = self.marks.gone(step, step.ways[way])
        return [self._say(_GONE, n=gone) if gone else f"✗ {self._say(_NEVER)}"]

    def _folded(self, start: str, text: str) -> Iterator[str]:
        indent = " " * columns(start)
        for index, line in enumerate(folded(text, self.width - columns(start))):
            yield (start if index == 0 else indent) + line

    def _say(self, label: Label, **values: object) -> str:
        return label.fill(**values).within(self.language)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - columns(text))
