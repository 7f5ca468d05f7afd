"""What a story types: the raw data of a wish, with the files and the cases that it names, which exist because they are named.

A file is named as people would, `a.jpg`; its content is what the ending says, or what its field takes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.core.attaching import MEDIA, FileRule
from engine.core.compiled import CompiledDefinition
from engine.core.field import FieldRule
from engine.core.kind import Attachment

_SIZE = 1000
_UNKNOWN = "application/octet-stream"


@dataclass(slots=True)
class Props:
    """The data of one wish."""

    data: dict[str, object] = field(default_factory=dict)
    files: dict[str, tuple[int, str]] = field(default_factory=dict)
    """id → size in bytes and media type."""
    links: dict[str, str] = field(default_factory=dict)
    """number → workflow."""


def props_of(definition: CompiledDefinition, typed: Mapping[str, object]) -> Props:
    """What is typed, by field. What fits no field is left as it is, to be refused with a sentence."""
    props = Props()
    for name, value in typed.items():
        rule = definition.fields.get(name)
        props.data[name] = value if rule is None else _put(rule, value, props)
    return props


def names_of(value: object) -> tuple[str, ...]:
    """The names of files as they are typed: one, several with commas between, or a list."""
    parts = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else ()
    return tuple(str(part).strip() for part in parts)


def _put(rule: FieldRule, value: object, props: Props) -> object:
    if rule.rows is not None and isinstance(value, list | tuple):
        return [_row(rule.rows.columns, row, props) if isinstance(row, Mapping) else row for row in value]
    if rule.files is not None:
        found = [_file(name, rule.files) for name in names_of(value)]
        props.files.update({each.id: (each.size, each.media) for each in found})
        return [{"id": each.id, "name": each.name} for each in found]
    if rule.workflow is not None and isinstance(value, str):
        props.links[value.strip()] = rule.workflow
    return value


def _row(columns: Mapping[str, FieldRule], row: Mapping[str, object], props: Props) -> dict[str, object]:
    return {name: _put(columns[name], cell, props) if name in columns else cell for name, cell in row.items()}


def _file(name: str, rule: FileRule) -> Attachment:
    ending = name.rpartition(".")[2].lower()
    taken = MEDIA[rule.accept[0]] if rule.accept else _UNKNOWN
    return Attachment(hashlib.sha256(name.encode()).hexdigest(), name, _SIZE, MEDIA.get(ending, taken))
