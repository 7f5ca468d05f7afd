"""Puts shared parts into a document as read: what it includes, and the choices that its fields take by name.

Works on plain data, before any model; what comes of it remembers where each piece was written. Knows parts and their places; must
not know variants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document
from engine.authoring.shelf import Part, Shelf, fields_in
from engine.core.problem import Path, Problem
from engine.definition.sharing import PART
from engine.errors import did_you_mean
from engine.label import Label

SECTIONS = ("parties", "fields", "choices", "ladders")
"""What a part may hold."""


def with_parts(document: Document, shelf: Shelf) -> tuple[Document, tuple[Part, ...]]:
    """The document with all that it includes, and the parts, faulty ones too. Where one cannot be had, `include` stays in the data."""
    data = document.data
    if not isinstance(data, dict) or "include" not in data:
        return document, ()
    named = data["include"] if isinstance(data["include"], list) else [data["include"]]
    found: dict[str, Part] = {}
    faulty: list[Part] = []
    problems: list[Problem] = []
    well_named = [name for name in named if isinstance(name, str) and re.fullmatch(PART, name)]
    for index, name in enumerate(named):
        if name not in well_named or ("include", index) in document.refused:
            continue
        part = shelf.find(name, document.file)
        problem = _unusable(name, part, shelf.names(document.file), again=name in found)
        if problem is not None:
            problems.append(replace(problem, path=("include", index)))
        if part is not None and part.is_sound:
            found.setdefault(name, part)
        elif part is not None:
            faulty.append(part)
    joined = _joined(document, found, [named.index(name) for name in found])
    complete = len(found) == len(named)
    rest = {key: value for key, value in joined.data.items() if key != "include" or not complete}
    told = tuple(Diagnostic.of(problem, document) for problem in problems)
    return replace(joined, data=rest, diagnostics=(*joined.diagnostics, *told)), (*found.values(), *faulty)


def _unusable(name: str, part: Part | None, known: Iterable[str], *, again: bool) -> Problem | None:
    if again:
        sentence = Label("“{name}”已引入过", "“{name}” is included already").fill(name=name)
        return Problem("part-clash", (), sentence, Label("删去其中一行。", "Delete one of the lines."))
    if part is None:
        sentence = Label("没有共用部分“{name}”（{name}.yaml）", "there is no shared part “{name}” ({name}.yaml)").fill(name=name)
        return Problem("unknown-part", (), sentence, did_you_mean(name, known))
    if not part.is_sound:
        sentence = Label("共用部分“{name}”的文件有错误", "the file of the shared part “{name}” has mistakes").fill(name=name)
        return Problem("unknown-part", (), sentence, Label("先改正该文件。", "Mend that file first."))
    return None


def _joined(document: Document, parts: Mapping[str, Part], indexes: list[int]) -> Document:
    """The sections of the parts before those of the document, each entry with the file it came from."""
    data = dict(document.data)
    origins = dict(document.origins)
    problems: list[Problem] = []
    for section in SECTIONS:
        own = data.get(section, {})
        if not isinstance(own, dict):
            continue
        entries: dict[str, Any] = {}
        holders: dict[str, str] = {}
        for index, (name, part) in zip(indexes, parts.items(), strict=True):
            for key, value in part.document.data.get(section, {}).items():
                if key in holders:
                    problems.append(_clash(key, holders[key], ("include", index)))
                    continue
                entries[key], holders[key] = value, name
                origins[section, key] = (part.document, (section, key))
        for key in own.keys() & holders.keys():
            problems.append(_clash(key, holders[key], (section, key)))
            del origins[section, key]
        if entries:
            data[section] = {**entries, **own}
    told = tuple(Diagnostic.of(problem, document) for problem in problems)
    return replace(document, data=data, origins=origins, diagnostics=(*document.diagnostics, *told))


def _clash(key: str, holder: str, path: Path) -> Problem:
    sentence = Label("“{key}”已在共用部分“{holder}”中", "“{key}” is already in the shared part “{holder}”").fill(key=key, holder=holder)
    way_out = Label("改名，或删去其中一处。", "Rename it, or delete one of the two.")
    return Problem("part-clash", path, sentence, way_out, of_key=path[0] != "include")


def with_choices(document: Document) -> Document:
    """The document in which each field that names choices has them itself."""
    data = document.data
    sets = data.get("choices", {}) if isinstance(data, dict) else {}
    origins, refused = dict(document.origins), set(document.refused)
    problems: list[Problem] = []
    for place, field in fields_in(data):
        name, path = field.get("choices"), (*place, "choices")
        if not isinstance(name, str) or path in refused:
            continue
        if isinstance(sets, dict) and isinstance(sets.get(name), dict):
            data = _replaced(data, path, sets[name])
            origins[path] = (document, ("choices", name))
            continue
        refused.add(path)
        if not isinstance(sets, dict) or name not in sets:
            sentence = Label("没有名为“{name}”的共用选项", "there are no shared choices “{name}”").fill(name=name)
            problems.append(Problem("unknown-choices", path, sentence, did_you_mean(name, sets)))
    told = tuple(Diagnostic.of(problem, document) for problem in problems)
    return replace(document, data=data, origins=origins, refused=frozenset(refused), diagnostics=(*document.diagnostics, *told))


def _replaced(data: Any, path: Path, value: Any) -> Any:
    """A copy of the data with another value at a path of keys."""
    return {**data, path[0]: _replaced(data[path[0]], path[1:], value)} if path else value
