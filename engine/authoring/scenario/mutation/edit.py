"""Puts another value into a document: the models as they are, with one place exchanged; everything else is shared.

Places are paths as a document writes them (`in`, `with`, `else`), so that they also say where to look in its file.
"""

from __future__ import annotations

from typing import Any, Final, TypeVar

from engine.core.problem import Path
from engine.definition.element import Element

E = TypeVar("E", bound=Element)


class _Gone:
    """The only value of its kind."""


GONE: Final = _Gone()
"""Put at a place, it takes away what stands there: an entry, an item, or a key, which then has its default."""


def edited(element: E, path: Path, value: object) -> E:
    """The element with this value at the path, which must lead to something that is written there."""
    found: E = _put(element, path, value)
    return found


def _put(node: Any, path: Path, value: object) -> Any:
    if not path:
        return value
    head, rest = path[0], path[1:]
    if isinstance(node, Element):
        name = _attribute(node, str(head))
        new = _put(getattr(node, name), rest, value)
        return node.model_copy(update={name: _default(node, name) if new is GONE else new})
    if isinstance(node, dict):
        new = _put(node[head], rest, value)
        return {key: new if key == head else each for key, each in node.items() if key != head or new is not GONE}
    assert isinstance(head, int)
    new = _put(node[head], rest, value)
    return (*node[:head], *(() if new is GONE else (new,)), *node[head + 1 :])


def _attribute(node: Element, key: str) -> str:
    return next(name for name, field in type(node).model_fields.items() if key in (field.alias, name))


def _default(node: Element, name: str) -> Any:
    return type(node).model_fields[name].get_default(call_default_factory=True)
