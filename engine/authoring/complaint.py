"""One thing that pydantic does not accept, together with the value in the document that it is about.

Knows pydantic's places and the raw data; must not know how it is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic_core import ErrorDetails

from engine.authoring import not_yet
from engine.authoring.walk import Spot, follow, keys
from engine.core.problem import Path
from engine.definition.element import Element
from engine.errors import nearest


@dataclass(frozen=True, slots=True)
class Complaint:
    """`kind` is pydantic's error type, `bounds` what it compares with; `found` is the value, or the key if that is at fault."""

    kind: str
    spot: Spot
    path: Path
    bounds: Mapping[str, Any]
    found: Any
    mapping: Mapping[str, Any]
    """The mapping that holds the last key of the path; empty where there is none."""

    @staticmethod
    def read(details: ErrorDetails, data: Any, model: type[Element]) -> Complaint:
        """One of pydantic's errors about `data`."""
        spot = follow(model, details["loc"])
        path = spot.path
        above = at(data, path[:-1])
        if path and isinstance(above, str):
            # One word may stand for a list of one: its item 0 is the word itself.
            path, above = path[:-1], at(data, path[:-2])
        found = path[-1] if spot.of_key else at(data, path)
        return Complaint(details["type"], spot, path, details.get("ctx", {}), found, above if isinstance(above, dict) else {})

    def suggestion(self) -> str | None:
        """The key that an unknown one was probably meant to be: a word of the model that is not there yet."""
        holder, key = self.spot.holder, str(self.path[-1])
        if holder is None or self.is_awaited():
            return None
        return nearest(key, [known for known in keys(holder) if known not in self.mapping])

    def is_awaited(self) -> bool:
        """Whether its key is a word of the language that is not supported yet."""
        return self.spot.holder is not None and not_yet.awaited_key(self.spot.holder, str(self.path[-1])) is not None


def at(data: Any, path: Path) -> Any:
    """The value at a path of plain data; None where there is none. Item 0 of a mapping that stands alone is it itself."""
    for part in path:
        if isinstance(data, dict):
            data = data if part == 0 else data.get(part)
        elif isinstance(data, list) and isinstance(part, int) and part < len(data):
            data = data[part]
        else:
            return None
    return data
