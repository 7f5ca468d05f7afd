"""Where shared parts lie: the files of fields, choices, ladders and parties that documents include, read once.

Knows folders and the shape of a part; must not know the documents that take from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from engine.authoring.diagnostic import Diagnostic, has_errors
from engine.authoring.document import Document, read_file
from engine.authoring.loader import load
from engine.core.problem import Path as Place
from engine.definition.sharing import PartFile

SHARED = "shared"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of shared parts, and everything that is wrong with it."""

    document: Document
    diagnostics: tuple[Diagnostic, ...]

    @property
    def is_sound(self) -> bool:
        """Whether a document may take from it."""
        return not has_errors(self.diagnostics)

    @staticmethod
    def of(document: Document) -> Part:
        """The same for a file already read."""
        return Part(document, load(_by_itself(document), PartFile)[1])


class Shelf:
    """The parts within reach: `parts` by name, and the files below the folders, nearest first.

    `has_neighbours`: whether documents lie in folders, beside which parts are found too.
    """

    def __init__(self, folders: Sequence[Path] = (), parts: Mapping[str, Document] | None = None, *, has_neighbours: bool = True) -> None:
        self._folders = folders
        self._has_neighbours = has_neighbours
        self._parts = {name: Part.of(document) for name, document in (parts or {}).items()}
        self._read: dict[Path, Part] = {}

    def find(self, name: str, beside: str) -> Part | None:
        """The part called so (`shared/x`): beside the file `beside`, before those of the folders. Raises Misuse like `read_file`."""
        if not self._has_neighbours and name in self._parts:
            return self._parts[name]  # what came together is nearest
        for folder in self._reached(beside):
            path = folder / f"{name}.yaml"
            if path in self._read or path.is_file():
                return self._read.setdefault(path, self._read.get(path) or read_part(path))
        return self._parts.get(name)

    def names(self, beside: str) -> Iterable[str]:
        """Every name that `find` knows: to offer the nearest."""
        for folder in self._reached(beside):
            yield from (f"{SHARED}/{path.stem}" for path in sorted((folder / SHARED).glob("*.yaml")))
        yield from self._parts

    def _reached(self, beside: str) -> tuple[Path, ...]:
        return (*([Path(beside).parent] if self._has_neighbours else []), *self._folders)


def read_part(path: Path) -> Part:
    """The part in a file. Raises Misuse when it cannot be read."""
    return Part.of(read_file(path))


def is_part(path: Path) -> bool:
    """Whether a file lies where shared parts lie, and so is no process."""
    return path.absolute().parent.name == SHARED


def _by_itself(document: Document) -> Document:
    """The part without its fields that name choices: those may be in the document that includes it."""
    named = {(*place, "choices") for place, field in fields_in(document.data) if isinstance(field.get("choices"), str)}
    return replace(document, refused=document.refused | named)


def fields_in(data: Any) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every field and every column of a document or part as read, with its place; what is none is passed over."""
    fields = data.get("fields") if isinstance(data, dict) else None
    for name, field in fields.items() if isinstance(fields, dict) else ():
        if isinstance(field, dict):
            yield ("fields", name), field
            columns = field.get("of")
            for column, each in columns.items() if isinstance(columns, dict) else ():
                if isinstance(each, dict):
                    yield ("fields", name, "of", column), each
