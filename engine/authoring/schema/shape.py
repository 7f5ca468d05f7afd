"""From the annotations of the models to the shapes of JSON Schema.

A scalar of a document is read from its raw text by the type expected; an editor resolves it before it looks. So wherever a text may look
like a number or a flag, the schema takes these too. Knows annotations and pydantic's limits; must not know what any key means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from annotated_types import BaseMetadata, Ge, Le, MaxLen, MinLen
from pydantic import BeforeValidator, StringConstraints
from pydantic.fields import FieldInfo

from engine.authoring.schema.wording import description_of, title_of
from engine.authoring.walk import keys
from engine.definition.element import Bilingual, Element
from engine.definition.field import Field

Schema = dict[str, Any]

_NAMED = frozenset({(Field, "choices")})
"""Where a name may stand for what documents share."""
_NAME: Schema = {"type": ["string", "boolean", "number"]}
"""Any scalar: the loader takes each for a name, and says of which there is none. An editor sees no text in a plain `true` or `7`."""
_REMOVE: Schema = {"const": "remove"}

_DATE = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_NUMBERS = ("1", "12.5", "-3")
_FLAGS = ("true", "false")


class Shaper:
    """Collects the shapes of models under `definitions`, each once."""

    _suffix = ""
    """What the name of a definition ends in."""

    def __init__(self) -> None:
        self.definitions: dict[str, Schema] = {}

    def model(self, model: type[Element]) -> Schema:
        """A mapping with the keys of the model and no others."""
        required = self._required(model)
        by_alias = {field.alias or name: field for name, field in model.model_fields.items()}
        properties = {key: self._key(model, key, annotation, by_alias[key]) for key, annotation in keys(model).items()}
        return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}

    def _required(self, model: type[Element]) -> list[str]:
        return [field.alias or name for name, field in model.model_fields.items() if field.is_required()]

    def _key(self, model: type[Element], key: str, annotation: Any, field: FieldInfo) -> Schema:
        shape = self._shape(annotation, field.metadata)
        if (model, key) in _NAMED:
            shape = {"anyOf": [_NAME, shape]}
        explained = {"title": title_of(model, key), "description": description_of(model, key)}
        told = {name: text for name, text in explained.items() if text is not None}
        return {"allOf": [shape], **told} if "$ref" in shape else {**shape, **told}

    def _shape(self, annotation: Any, limits: Iterable[Any] = ()) -> Schema:
        notes = list(limits)
        while get_origin(annotation) is Annotated:
            annotation, *more = get_args(annotation)
            notes += more
        notes = [part for note in notes for part in (note.metadata if isinstance(note, FieldInfo) else (note,))]
        origin = get_origin(annotation)
        if origin in (Union, UnionType):
            return self._any_of(annotation, notes)
        if origin is Literal:
            return _words(get_args(annotation))
        if origin is dict:
            return self._mapping(annotation, notes)
        if origin is tuple:
            return self._list(annotation, notes)
        if isinstance(annotation, type) and issubclass(annotation, Element):
            return self._reference(annotation)
        return _scalar(annotation, notes)

    def _any_of(self, annotation: Any, notes: list[Any]) -> Schema:
        branches = [self._shape(member, notes) for member in get_args(annotation) if member is not NoneType]
        return branches[0] if len(branches) == 1 else {"anyOf": branches}

    def _mapping(self, annotation: Any, notes: list[Any]) -> Schema:
        name, value = get_args(annotation)
        shape: Schema = {"type": "object", "additionalProperties": self._shape(value)}
        names = _names(self._shape(name))
        if names:
            shape["propertyNames"] = names
        shape |= _lengths(notes, "minProperties", "maxProperties")
        if not _has_shorthand(notes):
            return shape
        word = self._shape(name)
        return {"anyOf": [word, {"type": "array", "items": word}, shape]}

    def _list(self, annotation: Any, notes: list[Any]) -> Schema:
        members = get_args(annotation)
        if len(members) == 2 and members[1] is Ellipsis:
            item = self._shape(members[0])
            several: Schema = {"type": "array", "items": item, **_lengths(notes, "minItems", "maxItems")}
            return {"anyOf": [item, several]} if _has_shorthand(notes) else several
        count = len(members)
        return {"type": "array", "items": [self._shape(each) for each in members], "minItems": count, "maxItems": count}

    def _reference(self, model: type[Element]) -> Schema:
        name = model.__name__ + self._suffix
        if name not in self.definitions:
            self.definitions[name] = {}  # a model may hold itself
            self.definitions[name] = self.model(model)
        return {"$ref": f"#/definitions/{name}"}


class ChangeShaper(Shaper):
    """The shapes of a variant, which writes only what differs: nothing is required, `remove` deletes, `{add, remove}` edits a list.

    Takes everything that can be laid over a base, and more: whether it fits this base, only rendering knows.
    """

    _suffix = "Change"

    def __init__(self, whole: Shaper) -> None:
        super().__init__()
        self.definitions = whole.definitions
        self._whole = whole

    def _required(self, model: type[Element]) -> list[str]:  # noqa: ARG002
        return []

    def _key(self, model: type[Element], key: str, annotation: Any, field: FieldInfo) -> Schema:
        shape = super()._key(model, key, annotation, field)
        told: Schema = {name: shape.pop(name) for name in ("title", "description") if name in shape}
        return {"anyOf": [shape, _REMOVE], **told}

    def _mapping(self, annotation: Any, notes: list[Any]) -> Schema:  # noqa: ARG002
        shape = super()._mapping(annotation, [])
        return {**shape, "additionalProperties": {"anyOf": [shape["additionalProperties"], _REMOVE]}}

    def _list(self, annotation: Any, notes: list[Any]) -> Schema:
        whole = self._whole._list(annotation, notes)
        edit = {"type": "object", "additionalProperties": False, "properties": {"add": whole, "remove": {}}}
        return {"anyOf": [whole, edit]}

    def _reference(self, model: type[Element]) -> Schema:
        return self._whole._reference(model) if model is Bilingual else super()._reference(model)


def _has_shorthand(notes: Iterable[Any]) -> bool:
    """Whether its only item may stand for a list: the models put such a validator before lists for no other reason."""
    return any(isinstance(note, BeforeValidator) for note in notes)


def _scalar(annotation: Any, notes: list[Any]) -> Schema:
    if annotation is bool:
        return {"enum": [True, False, *_FLAGS]}
    if annotation is int:
        return {"type": ["integer", "string"], "pattern": "^-?[0-9]+$", **_bounds(notes)}
    if annotation is date:
        return {"type": "string", "pattern": _DATE}
    return _text(notes) if annotation is str else {}


def _text(notes: list[Any]) -> Schema:
    constraints = [note for note in notes if isinstance(note, StringConstraints)]
    shape: Schema = {}
    for each in constraints:
        pattern = each.pattern if isinstance(each.pattern, str) else each.pattern.pattern if each.pattern is not None else None
        given = {"minLength": each.min_length, "maxLength": each.max_length, "pattern": pattern}
        shape |= {key: limit for key, limit in given.items() if limit is not None}
    pattern = shape.get("pattern", "")
    others = [name for name, samples in (("number", _NUMBERS), ("boolean", _FLAGS)) if any(re.search(pattern, text) for text in samples)]
    return {"type": ["string", *others] if others else "string", **shape}


def _names(shape: Schema) -> Schema:
    """A shape as it holds for keys, which are texts whatever they look like."""
    if "minimum" in shape and "maximum" in shape:
        return {"enum": [str(number) for number in range(shape["minimum"], shape["maximum"] + 1)]}
    return {key: limit for key, limit in shape.items() if key != "type"}


def _words(words: Iterable[Any]) -> Schema:
    return {"enum": list(words)}


def _bounds(notes: Iterable[Any]) -> Mapping[str, Any]:
    return {"minimum" if isinstance(note, Ge) else "maximum": note.ge if isinstance(note, Ge) else note.le
            for note in notes if isinstance(note, Ge | Le)}  # fmt: skip


def _lengths(notes: Iterable[Any], least: str, most: str) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for note in notes:
        if isinstance(note, BaseMetadata):
            if isinstance(note, MinLen):
                found[least] = note.min_length
            elif isinstance(note, MaxLen):
                found[most] = note.max_length
    return found
