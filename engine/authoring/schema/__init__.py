"""JSON Schemas of all that people write, made from the models: an editor completes, explains and corrects by them.

What a schema accepts, the loader accepts (`authoring.loader`), and the other way round; both follow the models. Names that only a
document knows – states, fields, roles – are for `aftercare check`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from engine.authoring.schema.shape import ChangeShaper, Shaper
from engine.definition.calendar import CalendarFile, OfficialFile
from engine.definition.element import Element
from engine.definition.organisation import PeopleFile, RoleFile
from engine.definition.procedure import ProcedureFile
from engine.definition.scenario import ScenarioFile
from engine.definition.sharing import PartFile, WorkflowFile
from engine.errors import Unknown, did_you_mean
from engine.label import Label

DRAFT = "http://json-schema.org/draft-07/schema#"
"""The draft that every editor knows."""

KINDS: Mapping[str, tuple[type[Element], Label]] = MappingProxyType(
    {
        "workflow": (WorkflowFile, Label("流程文件", "A workflow")),
        "part": (PartFile, Label("共用部分文件", "Shared parts")),
        "scenarios": (ScenarioFile, Label("场景文件", "Scenarios of a workflow")),
        "calendar": (CalendarFile, Label("日历文件", "A working calendar")),
        "official": (OfficialFile, Label("法定节假日文件", "Official holidays")),
        "roles": (RoleFile, Label("角色文件", "The roles of an organisation")),
        "procedures": (ProcedureFile, Label("书面规程文件", "The written procedures")),
        "people": (PeopleFile, Label("人员文件", "Units and people")),
    }
)
"""kind of file → its model, and what it is."""


_OF_A_VARIANT = ("workflow", "version", "title", "extends")
"""The keys that a variant writes itself, whatever its base says."""


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema of a kind of file (a key of `KINDS`), with titles and descriptions in both languages."""
    model, what = KINDS[kind]
    shaper = Shaper()
    root = shaper.model(model)
    if model is WorkflowFile:
        variant = {**ChangeShaper(shaper).model(model), "required": list(_OF_A_VARIANT)}
        root = {"if": {"required": ["extends"]}, "then": variant, "else": root}
    return {"$schema": DRAFT, "title": f"Aftercare: {what.zh} · {what.en}", **root, "definitions": shaper.definitions}


def text_of(kind: str) -> str:
    """The same as the text of a file. Raises Unknown for a kind that there is not."""
    if kind not in KINDS:
        sentence = Label("没有文件种类“{kind}”。", "There is no kind of file “{kind}”.").fill(kind=kind)
        raise Unknown(sentence, did_you_mean(kind, KINDS) or Label("可用：{kinds}。", "There are: {kinds}.").fill(kinds=", ".join(KINDS)))
    return json.dumps(schema_of(kind), ensure_ascii=False, indent=1) + "\n"


def file_name(kind: str) -> str:
    """How the file of a schema is called: `workflow.schema.json`."""
    return f"{kind}.schema.json"
