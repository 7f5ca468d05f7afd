"""Words of the language that this version does not support yet. When a feature arrives, its lines are deleted here.

A word is listed only as long as the models do not know it. Must not know anything about how such a word would work.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.definition.element import Element
from engine.definition.field import Field
from engine.definition.scenario import Scenario, ScenarioFile
from engine.definition.state import State
from engine.definition.step import Start, Step
from engine.definition.workflow import Workflow
from engine.label import Label

_WAS = Label("曾用标识", "former ids")
_SURROUNDINGS = {"registers": Label("台账", "registers"), "shifts": Label("班次", "shifts")}

KEYS: Mapping[type[Element], Mapping[str, Label]] = {
    Workflow: {
        "moves": Label("在办工单的迁移", "moving open cases"),
        "was": _WAS,
        "registers": Label("台账", "registers"),
    },
    Step: {
        "was": _WAS,
    },
    Start: {
        "opens": Label("按日历开单", "opening cases by the calendar"),
    },
    State: {
        "was": _WAS,
    },
    Field: {
        "lookup": Label("台账查询", "looking up a register"),
        "was": _WAS,
    },
    ScenarioFile: _SURROUNDINGS,
    Scenario: _SURROUNDINGS,
}


def awaited_key(model: type[Element], key: str) -> Label | None:
    """What a key of `model` will be, if it belongs to the language but is not supported yet."""
    for kind in model.__mro__:
        if issubclass(kind, Element) and key in KEYS.get(kind, {}):
            return KEYS[kind][key]
    return None
