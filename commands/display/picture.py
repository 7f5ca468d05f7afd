"""Drawings as they are asked for: of what is published or of a file, with what scenarios take of it; shown, written or opened."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import rich_click as click

from commands import terminal
from commands.browser import shown
from commands.display.definition import checked_in, is_file, only
from commands.display.scenario import Rehearsal
from commands.session import Session
from commands.speech import counted, language, tr
from engine.authoring.diagram.drawing import Drawing, draw
from engine.authoring.diagram.marks import Marks
from engine.authoring.diagram.mermaid import mermaid
from engine.authoring.diagram.outline import outline
from engine.authoring.diagram.svg import svg
from engine.authoring.scenario.coverage import coverage
from engine.core.compiled import CompiledDefinition
from engine.errors import Misuse
from engine.label import Label

Form = Literal["text", "svg", "mermaid"]

_BY_ENDING: dict[str, Form] = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid"}
_COLUMNS = 100

_Found = tuple[CompiledDefinition, Marks | None]


def show(session: Session, workflow: str, form: Form | None, output: Path | None, *, opened: bool, covered: bool) -> bool:
    """Draw a workflow and hand the drawing over; False, once told, where its file or its scenarios have mistakes. Raises Misuse."""
    if opened and form not in (None, "svg"):
        raise Misuse(Label("--open 打开的是 SVG。", "What --open opens is an SVG."), Label("去掉 --format。", "Leave --format out."))
    found = (_covered if covered else _plain)(session, workflow)
    if found is None:
        return False
    definition, marks = found
    drawing = draw(definition)
    if opened:
        _open(drawing, marks, output)
    elif output is None:
        click.echo(_drawn(drawing, form or "text", marks), nl=False)
    else:
        output.write_text(_drawn(drawing, form or _BY_ENDING.get(output.suffix.lower(), "text"), marks), encoding="utf-8")
        terminal.remark(tr("已写入 {file}", "Written to {file}", file=output))
    return True


def _plain(session: Session, workflow: str) -> _Found | None:
    """The newest version that is published, or what a file holds, without marks; None, once told, if that has mistakes."""
    if not is_file(workflow):
        with session.application() as application:
            return application.catalog.newest(workflow), None
    checked = checked_in(session.settings, workflow)
    return (checked.compiled, None) if checked is not None else None


def _covered(session: Session, workflow: str) -> _Found | None:
    """What a file holds and what its scenarios take of it; None, once told, if either has mistakes."""
    if not is_file(workflow):
        sentence = Label("覆盖率来自流程文件旁的场景。", "Coverage comes from the scenarios beside the file of a workflow.")
        raise Misuse(sentence, Label("请写流程文件的路径。", "Name that file."))
    rehearsal = Rehearsal.of(session.settings, (Path(workflow),))
    if not rehearsal.is_sound:
        rehearsal.show_diagnostics()
        return None
    definition = only(rehearsal.reading.library.checked, workflow).compiled
    runs = [run for each in rehearsal.run() if each.workflow == definition.workflow for run in each.runs]
    terminal.remark(counted(len(runs), "个场景已运行", "scenario was run", "scenarios were run"))
    if failed := sum(not run.passed for run in runs):
        terminal.remark(counted(failed, "个未通过", "of them failed", "of them failed"))
    taken = coverage(definition, [trace for run in runs for trace in run.traces])
    return definition, Marks(taken.states, taken.transitions)


def _drawn(drawing: Drawing, form: Form, marks: Marks | None) -> str:

    if form == "text":
        return outline(drawing, language(), marks, terminal.width(_COLUMNS))
    return svg(drawing, language(), marks) if form == "svg" else mermaid(drawing, language(), marks)


def _open(drawing: Drawing, marks: Marks | None, output: Path | None) -> None:
    """The picture in the browser, or the drawing in words here; where the picture lies is said in any case."""
    file = output
    if file is None:
        with tempfile.NamedTemporaryFile(prefix=f"{drawing.workflow}-", suffix=".svg", delete=False) as made:
            file = Path(made.name)
    file.write_text(_drawn(drawing, "svg", marks), encoding="utf-8")
    if not shown(file):
        click.echo(_drawn(drawing, "text", marks), nl=False)
        terminal.remark("", tr("此处没有浏览器，图片在：", "There is no browser here. The picture is in:"))
    click.echo(file)
