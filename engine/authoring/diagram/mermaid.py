"""A drawing as text for Mermaid: a flowchart with the phases as groups, ready for a fence in Markdown.

Steps are the texts of arrows here. A step that applies in many states leads out of a node of its own, or it would hide all the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from engine.authoring.diagram.drawing import Drawing, Node, Step, Way
from engine.authoring.diagram.figure import capital, timed
from engine.authoring.diagram.marks import Marks
from engine.label import Language

_SPECIAL = str.maketrans({"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "`": "#96;", "\n": " "})
_CLASSES = {
    "success": "fill:#e3f4e8,stroke:#2a7d46,color:#1b2530",
    "failure": "fill:#fdeee0,stroke:#b3641b,color:#1b2530",
    "abandoned": "fill:#eceff2,stroke:#66727f,color:#1b2530",
    "covered": "stroke:#1e8449,stroke-width:2px",
    "never": "stroke:#cc2f26,stroke-width:2px,stroke-dasharray:6 4",
}
_START = "start((( )))"


def mermaid(drawing: Drawing, language: Language, marks: Marks | None = None) -> str:
    """The text of the diagram."""
    return "".join(f"{line}\n" for line in _lines(drawing, language, marks))


def _lines(drawing: Drawing, language: Language, marks: Marks | None) -> Iterator[str]:
    yield from ("---", f"title: {json.dumps(drawing.title.within(language), ensure_ascii=False)}", "---", "flowchart TD")
    if any(step.is_start for step in drawing.steps):
        yield f"    {_START}"
    for band in drawing.bands:
        yield f'    subgraph p_{band.phase or "none"}["{capital(band.title.within(language)).translate(_SPECIAL)}"]'
        for state in band.states:
            yield f"        {_box(drawing.nodes[state], language)}"
        yield "    end"
    for index, step in enumerate(drawing.spanning):
        if step.out_of is not None:
            yield f'    many_{index}[/"{capital(step.out_of.within(language)).translate(_SPECIAL)}"/]'
    arrows = [(step, way) for step in drawing.steps for way in step.ways]
    for step, way in arrows:
        yield f"    {_arrow(drawing, step, way, language, marks)}"
    yield from _styles(drawing, arrows, marks)


def _box(node: Node, language: Language) -> str:
    waits = [capital(node.waits_on.within(language))] if node.waits_on is not None else []
    clocks = [f"⏱ {timed(clock, language)}" for clock in node.clocks]
    first, last = ("[", "]") if node.outcome is None else ("([", "])")
    text = "<br>".join(text.translate(_SPECIAL) for text in (node.title.within(language), *waits, *clocks))
    return f'{_name(node.id)}{first}"{text}"{last}'


def _arrow(drawing: Drawing, step: Step, way: Way, language: Language, marks: Marks | None) -> str:
    source = "start" if step.is_start else _name(step.sources[0])
    if step.out_of is not None:
        source = f"many_{drawing.spanning.index(step)}"
    title = step.title.within(language) + (f" [{way.when.within(language)}]" if way.when is not None else "")
    if marks is not None and marks.gone(step, way):
        title += f" ×{marks.gone(step, way)}"
    text = "<br>".join(each.translate(_SPECIAL) for each in (title, *_notes(step, language)))
    return f'{source} -->|"{text}"| {source if way.target is None else _name(way.target)}'


def _notes(step: Step, language: Language) -> Iterator[str]:
    if step.clocks:
        yield f"⏱ {' / '.join(title.within(language) for title in step.clocks)}"
    else:
        yield capital((step.when or step.who).within(language))
    if step.signatures is not None:
        yield step.signatures.within(language)
    for child in step.opens:
        yield f"+ {child.within(language)}"


def _styles(drawing: Drawing, arrows: list[tuple[Step, Way]], marks: Marks | None) -> Iterator[str]:
    classes: dict[str, list[str]] = {}
    for node in drawing.nodes.values():
        if node.outcome is not None:
            classes.setdefault(node.outcome, []).append(_name(node.id))
    for node in drawing.nodes.values() if marks is not None else ():
        classes.setdefault("covered" if marks is not None and marks.states.get(node.id) else "never", []).append(_name(node.id))
    for name, nodes in classes.items():
        yield f"    classDef {name} {_CLASSES[name]}"
        yield f"    class {','.join(nodes)} {name}"
    if marks is not None:
        for name, covered in (("covered", True), ("never", False)):
            numbers = [str(index) for index, (step, way) in enumerate(arrows) if bool(marks.gone(step, way)) is covered]
            if numbers:
                yield f"    linkStyle {','.join(numbers)} {_CLASSES[name]}"


def _name(state: str) -> str:
    """The name as Mermaid takes it: a hyphen could begin an arrow, and `end` would be its own word."""
    return f"s_{state.replace('-', '·')}"
