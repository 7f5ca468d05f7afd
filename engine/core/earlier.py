"""The list `earlier`: the other cases of the same subject, oldest first, as expressions read them. Knows kinds and titles, no case."""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.kind import BOOLEAN, DATETIME, TEXT, Kind
from engine.label import Label

EARLIER = "earlier"

OUTCOMES: Mapping[str, Label] = {
    "success": Label("成功", "success"),
    "failure": Label("失败", "failure"),
    "abandoned": Label("中止", "abandoned"),
}

TITLES: Mapping[str, Label] = {
    "workflow": Label("流程", "workflow"),
    "number": Label("工单号", "number"),
    "open": Label("未结", "open"),
    "outcome": Label("结果", "outcome"),
    "opened_at": Label("开单时间", "opened at"),
    "ended_at": Label("结束时间", "ended at"),
}

_OUTCOME = f"{EARLIER}.outcome"
_NOT_SHARED = frozenset({"case", "file", "files", "list"})


def earlier_kind(fields: Mapping[str, Kind]) -> Kind:
    """What is known of every case, and the fields that another case may have too.

    `fields`: those of this document that are not personal. A row has a cell for one only where the other document has a field of that
    name and kind, and the cell is filled.
    """
    shared = {name: kind for name, kind in fields.items() if kind.name not in _NOT_SHARED}
    own = {
        "workflow": TEXT,
        "number": TEXT,
        "open": BOOLEAN,
        "outcome": Kind("choice", _OUTCOME),
        "opened_at": DATETIME,
        "ended_at": DATETIME,
    }
    return Kind("list", EARLIER, tuple({**shared, **own}.items()))


def earlier_choices() -> Mapping[str, Mapping[str, Label]]:
    """The choices that its columns have of their own, as a scope holds them."""
    return {_OUTCOME: OUTCOMES}
