"""A variant laid over its base, as plain data: maps merge by key, `remove` deletes, `{add: …, remove: …}` edits a list, all else replaces.

What comes of it remembers of each piece whether the base or the variant wrote it. Knows from the models where a list may stand; must not
know what anything means.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.authoring.charset import shown
from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document
from engine.authoring.walk import keys, model_at, takes_list
from engine.core.problem import Path, Problem
from engine.definition.element import Bilingual
from engine.definition.sharing import WorkflowFile
from engine.errors import did_you_mean
from engine.label import Label

REMOVE = "remove"
_ADD = "add"
_OF_ITS_OWN = frozenset({"workflow", "version", "title", "extends", "include", "except_scenarios"})
"""Keys of a document that its variants do not inherit."""

_NAMED = {"choices": "choices", "ladder": "ladders"}
"""Keys under which a name may stand for what a section of the document holds."""

_TEXTS = ("that", "at", "template", "as", "rows", "role", "phase", "waits_on", "clause")
"""The keys by whose text a line of a list is called, the first that it has."""

_Line = tuple[Any, tuple[Document, Path]]
"""A line of a list, and where it was written."""


def derived(variant: Document, base: Document) -> Document:
    """The whole document of a variant. `base` must be without errors and whole itself; `variant` is as written, its parts included."""
    overlay = _Overlay(variant, base)
    own = {key: value for key, value in variant.data.items() if key != "extends"}
    inherited = {key: value for key, value in base.data.items() if key not in _OF_ITS_OWN}
    data = overlay.merged(inherited, own, (), ())
    return replace(
        variant,
        data=data,
        origins={**variant.origins, **overlay.origins},
        refused=variant.refused | overlay.refused,
        diagnostics=(*variant.diagnostics, *(Diagnostic.of(problem, variant) for problem in overlay.problems)),
    )


class _Overlay:
    """Collects, while data are merged, where each piece was written and what is wrong. `root`: where the base has what stands at `path`."""

    def __init__(self, variant: Document, base: Document) -> None:
        self._variant = variant
        self._base = base
        self.origins: dict[Path, tuple[Document, Path]] = {}
        self.refused: set[Path] = set()
        self.problems: list[Problem] = []

    def merged(self, base: Mapping[str, Any], own: Mapping[str, Any], path: Path, root: Path) -> dict[str, Any]:
        """A map of the base with the entries of the variant laid over it; its own new ones come last."""
        result: dict[str, Any] = {}
        is_label = model_at(WorkflowFile, path) is Bilingual
        for key in (*base, *(key for key in own if key not in base)):
            here, there = (*path, key), (*root, key)
            if key not in own:
                self.origins[here] = (self._base, there)
                result[key] = base[key]
            elif own[key] != REMOVE or is_label:
                result[key] = self._value(base.get(key), own[key], here, there)
            elif key not in base:
                self._not_there(key, list(base), here)
        return result

    def _value(self, base: Any, own: Any, path: Path, root: Path) -> Any:
        if not isinstance(own, dict) or _is_switch(own) or _is_unknown(path):
            return own
        section = self._base.data.get(_NAMED.get(str(path[-1]), ""))
        if isinstance(base, str) and isinstance(section, dict) and base in section:
            root, base = (_NAMED[str(path[-1])], base), section[base]
        if takes_list(WorkflowFile, path):
            return self._edited(self._lines(base, root), own, path) if _is_edit(own) else own
        return self.merged(base if isinstance(base, dict) and not _is_switch(base) else {}, own, path, root)

    def _lines(self, base: Any, root: Path) -> list[_Line]:
        if isinstance(base, list):
            return [(line, (self._base, (*root, index))) for index, line in enumerate(base)]
        return [] if base is None else [(base, (self._base, root))]

    def _edited(self, lines: list[_Line], own: Mapping[str, Any], path: Path) -> list[Any]:
        for key in own.keys() - {_ADD, REMOVE}:
            sentence = Label("此处应为 add 或 remove，实际为“{key}”", "expected “add” or “remove” here, found “{key}”").fill(key=key)
            self.problems.append(Problem("unknown-key", (*path, key), sentence, did_you_mean(key, (_ADD, REMOVE)), of_key=True))
        for index, entry in enumerate(_listed(own.get(REMOVE, []))):
            meant = [place for place, (line, _) in enumerate(lines) if _is_meant(line, entry)]
            if len(meant) == 1:
                del lines[meant[0]]
            elif (*path, REMOVE, index) not in self._variant.refused:
                self._not_one(entry, len(meant), [_text(line) for line, _ in lines], (*path, REMOVE, index))
        first = len(lines)
        lines += [(line, (self._variant, (*path, _ADD, index))) for index, line in enumerate(_listed(own.get(_ADD, [])))]
        self.origins |= {(*path, index): origin for index, (_, origin) in enumerate(lines)}
        added = (*path, _ADD)
        for each in self._variant.refused:
            if each[: len(added)] == added and len(each) > len(added):
                self.refused.add((*path, first + int(each[len(added)]), *each[len(added) + 1 :]))
        return [line for line, _ in lines]

    def _not_one(self, entry: Any, count: int, known: list[str], path: Path) -> None:
        name = entry if isinstance(entry, str) else _text(entry)
        if count == 0:
            self._not_there(name, known, path)
            return
        sentence = Label("应指明一行，“{name}”有 {count} 行", "expected the text of one line, found “{name}”, which {count} lines have")
        way_out = Label("请写出整行：{键: 值, …}。", "Write the line out: {key: value, …}.")
        self.problems.append(Problem("bad-removal", path, sentence.fill(name=shown(name), count=count), way_out))

    def _not_there(self, name: str, known: list[str], path: Path) -> None:
        sentence = Label("应为基础流程此处已有的内容，实际为“{name}”", "expected something that the base has here, found “{name}”")
        self.problems.append(Problem("bad-removal", path, sentence.fill(name=shown(name)), did_you_mean(name, known)))


def _is_unknown(path: Path) -> bool:
    """Whether the last key of a path is none of its map: whatever stands below is told once, with the key."""
    holder = model_at(WorkflowFile, path[:-1])
    return holder is not None and path[-1] not in keys(holder)


def _is_switch(value: Any) -> bool:
    """Whether a map is one value: `{field: F, is: {…}}`."""
    return isinstance(value, dict) and "is" in value


def _is_edit(own: Mapping[str, Any]) -> bool:
    # `{rows: lines, columns: [done], add: true}` is a line of `asks`, not an edit of the list.
    return not own.keys().isdisjoint((_ADD, REMOVE)) and own.keys().isdisjoint(("rows", "columns"))


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_meant(line: Any, entry: Any) -> bool:
    if isinstance(entry, dict):
        return isinstance(line, dict) and all(line.get(key) == value for key, value in entry.items())
    return isinstance(entry, str) and _text(line) == entry.removesuffix("?")


def _text(line: Any) -> str:
    """What a line of a list is called: the word itself, without `?`, or its most telling text."""
    if isinstance(line, dict):
        return next((line[key] for key in _TEXTS if isinstance(line.get(key), str)), "")
    return line.removesuffix("?") if isinstance(line, str) else ""
