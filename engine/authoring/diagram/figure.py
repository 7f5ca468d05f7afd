"""The boxes of a picture and what joins them: texts broken into lines, with their sizes, in one language.

A state is a box, a step is a box on the way to where it leads, and so is the case in which it leads there: so every text gets
room. Must not know where a box will stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.authoring.diagram.drawing import Clock, Drawing, Node, Step
from engine.authoring.diagram.marks import Marks
from engine.authoring.diagram.measure import width, wrapped
from engine.label import Label, Language

Shape = Literal["start", "state", "success", "failure", "abandoned", "step", "many", "case"]
Style = Literal["title", "name", "note"]
Icon = Literal["clock", "wait", "stay", "child", "system", "sign", "person"]
Standing = Literal["plain", "covered", "never"]
"""What marks say of a thing; `plain` where there are none."""

SIZES: dict[Style, tuple[float, float]] = {"title": (14.0, 19.0), "name": (12.5, 17.0), "note": (11.0, 15.0)}
"""Size of the font and height of a line."""

ICON = 15.0
"""The room of an icon before a line."""

START = "start"
_MARGINS: dict[Shape, tuple[float, float]] = {"step": (10, 5), "many": (10, 5), "case": (4, 2), "start": (0, 0)}
_OTHERS = (14.0, 9.0)
_MOST: dict[Shape, float] = {"step": 150, "many": 150, "case": 128}
_MOST_IN_STATE = 190.0

LEGAL = Label("法定", "legal")
PAUSED = Label("暂停", "paused")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in a box."""

    text: str
    style: Style
    icon: Icon | None = None
    indented: bool = False
    """Under the text of a line with an icon."""
    standing: Standing = "plain"

    @property
    def width(self) -> float:
        """With its icon."""
        return width(self.text, SIZES[self.style][0]) + (ICON if self.icon is not None or self.indented else 0)


@dataclass(frozen=True, slots=True)
class Box:
    """A box with its lines. `hover`: what it is called in full."""

    id: str
    shape: Shape
    lines: tuple[Line, ...]
    width: float
    height: float
    standing: Standing = "plain"
    hover: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A line between two boxes; only one that reaches a state has a head."""

    tail: str
    head: str
    standing: Standing = "plain"


@dataclass(frozen=True, slots=True)
class Figure:
    """All boxes and links; which box belongs to which step is told by `pill` and `case`."""

    boxes: dict[str, Box]
    links: tuple[Link, ...]


def place(state: str) -> str:
    """The id of the box of a state."""
    return f"state {state}"


def pill(index: int) -> str:
    """The id of the box of a step, by its place among the steps of the drawing."""
    return f"step {index}"


def case(index: int, way: int) -> str:
    """The id of the box of a case in which a step leads somewhere."""
    return f"case {index} {way}"


def figure(drawing: Drawing, language: Language, marks: Marks | None) -> Figure:
    """Everything that is placed; what only stays, in many states, is not among it."""
    boxes: dict[str, Box] = {}
    links: list[Link] = []
    if any(step.is_start for step in drawing.steps):
        boxes[START] = Box(START, "start", (), 18, 18)
    for node in drawing.nodes.values():
        boxes[place(node.id)] = _state(drawing, node, language, marks)
    for index, step in enumerate(drawing.steps):
        if not step.stays:
            for box in _boxes(index, step, language, marks):
                boxes[box.id] = box
            links.extend(_links(index, step, marks))
    return Figure(boxes, tuple(links))


def standing(marks: Marks | None, step: Step, *ways: int) -> Standing:
    """What the marks say of these ways of a step; of all of them, if none is named."""
    if marks is None:
        return "plain"
    chosen = [step.ways[way] for way in ways] if ways else step.ways
    return "covered" if any(marks.gone(step, way) for way in chosen) else "never"


def counted(marks: Marks | None, step: Step, way: int) -> str:
    """How often a step led this way, as it stands behind its text."""
    gone = marks.gone(step, step.ways[way]) if marks is not None else 0
    return f" ×{gone}" if gone else ""


def timed(clock: Clock, language: Language) -> str:
    """A clock in one line: its title and its limit, whether it is legal, whether it stands."""
    remarks = [LEGAL] * clock.is_legal + [PAUSED] * clock.is_paused
    return " · ".join(label.within(language) for label in (clock.title, clock.limit, *remarks))


def capital(text: str) -> str:
    """With a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def staying(step: Step, language: Language, marks: Marks | None, way: int) -> str:
    """A step that stays, in one line: its title, when, who, and how often."""
    when = step.ways[way].when
    parts = [step.title.within(language), *([when.within(language)] if when is not None else []), capital(step.who.within(language))]
    return " · ".join(parts) + counted(marks, step, way)


def _state(drawing: Drawing, node: Node, language: Language, marks: Marks | None) -> Box:
    texts: list[tuple[str, Style, Icon | None, Standing]] = [(node.title.within(language), "title", None, "plain")]
    if node.waits_on is not None:
        texts.append((capital(node.waits_on.within(language)), "note", "wait", "plain"))
    texts += [(timed(clock, language), "note", "clock", "plain") for clock in node.clocks]
    texts += [(staying(step, language, marks, 0), "note", "stay", standing(marks, step)) for step in drawing.leaving(node.id) if step.stays]
    entered: Standing = "plain" if marks is None else "covered" if marks.states.get(node.id) else "never"
    shape: Shape = "state" if node.outcome is None else _ENDS[node.outcome]
    return _box(place(node.id), shape, texts, entered, f"{node.title.within(language)} ({node.id})")


_ENDS: dict[str, Shape] = {"success": "success", "failure": "failure", "abandoned": "abandoned"}


def _boxes(index: int, step: Step, language: Language, marks: Marks | None) -> Iterator[Box]:
    leading = [way for way, each in enumerate(step.ways) if each.target is not None]
    alone = counted(marks, step, leading[0]) if len(step.ways) == 1 else ""
    texts: list[tuple[str, Style, Icon | None, Standing]] = []
    if step.out_of is not None:
        texts.append((capital(step.out_of.within(language)), "note", None, "plain"))
    texts.append((step.title.within(language) + alone, "name", None, "plain"))
    texts += [(text, "note", icon, "plain") for text, icon in _notes(step, language)]
    for way, each in enumerate(step.ways):
        if each.target is None and each.when is not None:
            said = each.when.within(language) + counted(marks, step, way)
            texts.append((said, "note", "stay", standing(marks, step, way)))
    yield _box(
        pill(index), "step" if step.out_of is None else "many", texts, standing(marks, step), f"{step.title.within(language)} ({step.id})"
    )
    for way in leading:
        when = step.ways[way].when
        if when is not None:
            said = capital(when.within(language)) + counted(marks, step, way)
            yield _box(case(index, way), "case", [(said, "note", None, "plain")], standing(marks, step, way), said)


def _notes(step: Step, language: Language) -> Iterator[tuple[str, Icon]]:
    if step.when is not None:
        yield capital(step.when.within(language)), "system"
    elif step.clocks:
        yield " / ".join(title.within(language) for title in step.clocks), "clock"
    else:
        yield capital(step.who.within(language)), "person"
    if step.signatures is not None:
        yield step.signatures.within(language), "sign"
    for title in step.opens:
        yield title.within(language), "child"


def _box(id: str, shape: Shape, texts: list[tuple[str, Style, Icon | None, Standing]], marked: Standing, hover: str) -> Box:
    most = _MOST.get(shape, _MOST_IN_STATE)
    lines = [
        Line(text, style, icon if first == 0 else None, icon is not None and first > 0, stand)
        for whole, style, icon, stand in texts
        for first, text in enumerate(wrapped(whole, SIZES[style][0], most - (ICON if icon is not None else 0)))
    ]
    across, down = _MARGINS.get(shape, _OTHERS)
    widest = max(line.width for line in lines)
    return Box(id, shape, tuple(lines), widest + 2 * across, sum(SIZES[line.style][1] for line in lines) + 2 * down, marked, hover)


def _links(index: int, step: Step, marks: Marks | None) -> Iterator[Link]:
    if step.out_of is None:
        yield Link(START if step.is_start else place(step.sources[0]), pill(index), standing(marks, step))
    for way, each in enumerate(step.ways):
        if each.target is None:
            continue
        marked = standing(marks, step, way)
        if each.when is not None:
            yield Link(pill(index), case(index, way), marked)
        yield Link(case(index, way) if each.when is not None else pill(index), place(each.target), marked)
