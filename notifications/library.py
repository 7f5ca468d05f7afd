"""Where templates are kept: a folder for each, with four files, in the folders of the user and of the product.

Reads texts as they are; whether they are good is for `render.check`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from engine.errors import Misuse, reason_of
from engine.label import Label
from notifications.template import Template

SHIPPED = Path(__file__).resolve().parent / "templates"
"""The folder of the templates that come with the product."""

_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def find(name: str, folders: Sequence[Path]) -> Template | None:
    """The template of this name in the first folder that has it, or None. Raises Misuse for a file that cannot be read."""
    folder = next((folder / name for folder in folders if _NAME.fullmatch(name) and (folder / name).is_dir()), None)
    if folder is None:
        return None
    return Template(
        subject_zh=_read(folder / "subject.zh.txt.j2"),
        body_zh=_read(folder / "body.zh.txt.j2"),
        subject_en=_read(folder / "subject.en.txt.j2"),
        body_en=_read(folder / "body.en.txt.j2"),
    )


def names(folders: Sequence[Path]) -> tuple[str, ...]:
    """The names of all templates in the folders, each once, in alphabetical order."""
    inside = (path for folder in folders if folder.is_dir() for path in folder.iterdir())
    return tuple(sorted({path.name for path in inside if path.is_dir() and _NAME.fullmatch(path.name)}))


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        sentence = Label("无法读取模板文件“{path}”：{why}。", "The template file “{path}” cannot be read: {why}.")
        way_out = Label(
            "每个模板需要四个文件：subject 和 body，各有 .zh.txt.j2 与 .en.txt.j2。",
            "A template needs four files: subject and body, each with .zh.txt.j2 and .en.txt.j2.",
        )
        raise Misuse(sentence.fill(path=path, why=reason_of(error)), way_out) from error
    except UnicodeDecodeError as error:
        sentence = Label("模板文件“{path}”应为 UTF-8，实际不是。", "Expected the template file “{path}” to be UTF-8, found other bytes.")
        raise Misuse(sentence.fill(path=path), Label("请另存为 UTF-8。", "Save it as UTF-8.")) from error
