"""Templates of messages on the terminal, or as objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text

from commands import terminal
from commands.display.definition import near
from commands.failure import DONE, PROBLEM
from commands.speech import listed, say, tr
from engine.label import Label, Language
from engine.representation.label import of_label
from engine.runtime.preview import Listed, Preview
from notifications.template import Part

_LANGUAGES: Mapping[Language, Label] = {"zh": Label("中文", "Chinese"), "en": Label("英文", "English")}
_PARTS: Mapping[Part, Label] = {"subject": Label("标题", "subject"), "body": Label("正文", "body")}


def show_templates(found: Sequence[Listed], *, in_json: bool) -> int:
    """Every template: its name, its subject, and where it comes from; the exit code."""
    if in_json:
        terminal.as_json({"templates": [_object(each) for each in found]})
        return DONE
    rows = [(Text(each.name, "bold"), _source(each), say(each.subject)) for each in found]
    terminal.table([tr("模板", "Template"), tr("来源", "From"), tr("标题", "Subject")], rows, kept=(0, 1))
    return DONE


def show_preview(preview: Preview, *, in_json: bool) -> int:
    """One template with sample data in both languages, or what is wrong with it; the exit code."""
    if in_json:
        texts = {language: {"subject": text.subject, "body": text.body} for language, text in preview.texts}
        faults = [{"code": each.code, "sentence": of_label(each.sentence)} for each in preview.faults]
        terminal.as_json({**_object(preview.listed), "passed": list(preview.passed), "texts": texts, "faults": faults})
    else:
        _show(preview)
    return PROBLEM if preview.faults else DONE


def _show(preview: Preview) -> None:
    terminal.show(Text.assemble((preview.listed.name, "bold"), "  ", (_source(preview.listed), "dim")))
    if preview.passed:
        terminal.show(tr("须由 with 传入：{names}", "To be passed by “with”: {names}", names=listed(preview.passed)))
    for language, text in preview.texts:
        body = [f"    {line}".rstrip() for line in text.body.strip().splitlines()]
        terminal.show("", Text.assemble((say(_LANGUAGES[language]), "dim"), "  ", (text.subject, "bold")), *body)
    for fault in preview.faults:
        place = tr("{language}{part} 第 {line} 行", "{language} {part}, line {line}")
        where = place.format(language=say(_LANGUAGES[fault.language]), part=say(_PARTS[fault.part]), line=fault.line)
        terminal.show(f"{where}: {say(fault.sentence)}", *([f"  → {say(fault.way_out)}"] if fault.way_out is not None else []))


def _source(listed: Listed) -> str:
    return tr("随附", "shipped") if listed.is_shipped else str(near(listed.folder))


def _object(listed: Listed) -> dict[str, Any]:
    return {"template": listed.name, "shipped": listed.is_shipped, "folder": listed.folder, "subject": of_label(listed.subject)}
