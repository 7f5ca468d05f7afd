"""The command that draws a process: in words for the terminal, as SVG, or as text for Mermaid."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rich_click as click

from commands.failure import DONE, PROBLEM
from commands.grammar import argument, command, option
from commands.session import Session

if TYPE_CHECKING:
    from commands.display.picture import Form


@command(
    "diagram",
    "画流程图：终端文字、SVG 图片或 Mermaid。",
    "Draw a workflow: in words for the terminal, as SVG, or as Mermaid.",
)
@argument("workflow", "已发布的流程（标识或名称），或一个文件", "A published workflow by id or title, or a file")
@option(
    "--format",
    "form",
    type=click.Choice(["text", "svg", "mermaid"]),
    zh="图的形式；不写则按 --output 的扩展名，否则为 text",
    en="The form of the drawing; by default that of the ending of --output, else text",
)
@option("--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", zh="写入此文件", en="Write it into this file")
@option(
    "--open",
    "opened",
    is_flag=True,
    zh="把 SVG 写入文件（不写 --output 则为临时文件）并用浏览器打开；没有浏览器时显示文字图",
    en="Write an SVG, by default into a temporary file, and open it in the browser; where there is none, show the drawing in words",
)
@option(
    "--coverage",
    is_flag=True,
    zh="运行流程文件旁的场景，标出走过与从未走过之处",
    en="Run the scenarios beside the file, and mark what they take and what they never take",
)
@click.pass_obj
def diagram(session: Session, workflow: str, form: Form | None, output: Path | None, opened: bool, coverage: bool) -> int:
    """Draw a workflow."""
    from commands.display.picture import show

    return DONE if show(session, workflow, form, output, opened=opened, covered=coverage) else PROBLEM


COMMANDS = {each.name: each for each in (diagram,)}
