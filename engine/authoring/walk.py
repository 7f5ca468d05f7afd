"""From the place that pydantic names to the place in the document, along the annotations of the models.

pydantic's places also name the branches it took (`plain`, `cases`, `when`), and a branch may be called like a key. Only the
models tell them apart. Knows annotations and paths; must not know errors or texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import Discriminator, Tag

from engine.core.problem import Path
from engine.definition.element import Element

_KEY = "[key]"


@dataclass(frozen=True, slots=True)
class Spot:
    """A path of the document, what the models expect there, and the model whose key comes last in the path."""

    path: Path
    expected: Any
    holder: type[Element] | None
    of_key: bool

    @property
    def words(self) -> tuple[str, ...]:
        """The words allowed here, if the models expect one of a few."""
        return tuple(str(word) for word in get_args(self.expected)) if get_origin(self.expected) is Literal else ()


def follow(model: type[Element], loc: Sequence[int | str]) -> Spot:
    """Where an error of `model.model_validate` lies in the validated data."""
    path: list[int | str] = []
    expected, branches = _bare(model)
    holder: type[Element] | None = None
    key: Any = Any
    for part in loc:
        if branches:
            expected, branches = _bare(branches[str(part)])
            continue
        if part == _KEY:
            return Spot(tuple(path), _bare(key)[0], None, of_key=True)
        holder = expected if _is_element(expected) else None
        path.append(part)
        key = get_args(expected)[0] if get_origin(expected) is dict else Any
        expected, branches = _bare(_within(expected, part))
    return Spot(tuple(path), expected, holder, of_key=False)


@cache
def keys(model: type[Element]) -> dict[str, Any]:
    """The keys of a model as an author writes them, each with its annotation, in the order of the model."""
    hints = get_type_hints(model, include_extras=True)
    return {field.alias or name: hints[name] for name, field in model.model_fields.items()}


def takes_list(model: type[Element], path: Path) -> bool:
    """Whether a list may stand at a path of keys; a list of cases, which is one value, is none."""
    expected, branches = _expected(model, path)
    shapes = [_bare(branch)[0] for branch in branches.values()] if "switch" not in branches else []
    return any(get_origin(shape) is tuple for shape in (expected, *shapes))


def model_at(model: type[Element], path: Path) -> type[Element] | None:
    """The model of the mapping that stands at a path of keys, if the models expect one."""
    expected, _ = _expected(model, path)
    return expected if _is_element(expected) else None


def _expected(model: type[Element], path: Path) -> tuple[Any, dict[str, Any]]:
    expected, branches = _bare(model)
    for part in path:
        expected, branches = _bare(_within(expected, part))
    return expected, branches


def _within(expected: Any, part: int | str) -> Any:
    if _is_element(expected):
        return keys(expected).get(str(part), Any)
    arguments = get_args(expected)
    if get_origin(expected) is dict:
        return arguments[1]
    if get_origin(expected) in (tuple, list) and isinstance(part, int):
        repeated = len(arguments) == 1 or arguments[1] is Ellipsis
        return arguments[0] if repeated or part >= len(arguments) else arguments[part]
    return Any


def _bare(annotation: Any) -> tuple[Any, dict[str, Any]]:
    """An annotation without what surrounds it, and its branches by tag if pydantic chooses among them."""
    notes: tuple[Any, ...] = ()
    while True:
        if get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            notes = (*notes, *more)
            continue
        members = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else ()
        present = [member for member in members if member is not NoneType]
        if len(present) != 1:
            break
        annotation = present[0]
    chosen = any(isinstance(note, Discriminator) for note in notes)
    return annotation, {_tag(member): member for member in present} if chosen else {}


def _tag(member: Any) -> str:
    return next(note.tag for note in get_args(member)[1:] if isinstance(note, Tag))


def _is_element(expected: Any) -> bool:
    return isinstance(expected, type) and issubclass(expected, Element)
