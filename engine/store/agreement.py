"""Whether what a case says of others is so: of its parent and its children, and of the files that it holds.

Compares what is stored; knows nothing of histories, and does not judge how far a parent has heard of its children.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy import select

from engine.core.case import Case
from engine.core.kind import Attachment, Row, Value
from engine.store import files
from engine.store.failure import SENSELESS
from engine.store.reader import Reader
from engine.store.schema import cases


@dataclass(frozen=True, slots=True)
class Families:
    """What the relatives of some cases say of themselves."""

    _parents: Mapping[str, str | None]
    """id of a relative that exists → the id of its parent."""
    _children: Mapping[str, frozenset[str]]
    """id of a relative that exists → the ids of its children."""

    @classmethod
    def of(cls, reader: Reader, chosen: Iterable[Case]) -> Self:
        """The families of these cases; one query, and none when none of them has any."""
        ids = {id for case in chosen for id in _relatives(case)}
        if not ids:
            return cls({}, {})
        rows = reader.connection.execute(select(cases.c.id, cases.c.document).where(cases.c.id.in_(ids)))
        told = {id: _family(text) for id, text in rows}
        return cls({id: parent for id, (parent, _) in told.items()}, {id: children for id, (_, children) in told.items()})

    def agree_with(self, case: Case) -> bool:
        """Whether every child of the case exists and names it as its parent, and the parent exists and names it as its child."""
        if case.parent is not None and case.id not in self._children.get(case.parent.id, ()):
            return False
        return all(self._parents.get(child.id) == case.id for of_alias in case.children.values() for child in of_alias)


class Contents:
    """Which contents are there and whole; each is read once."""

    def __init__(self) -> None:
        self._sound: dict[str, bool] = {}

    def are_whole(self, reader: Reader, case: Case) -> bool:
        """Whether every file that the case holds is stored, with the bytes that its id tells."""
        return all(self._is_whole(reader, file.id) for file in _files(case))

    def _is_whole(self, reader: Reader, id: str) -> bool:
        if id not in self._sound:
            found = files.get(reader.connection, id)
            self._sound[id] = found is not None and files.content_id(found.content) == id
        return self._sound[id]


def _relatives(case: Case) -> Iterator[str]:
    if case.parent is not None:
        yield case.parent.id
    for of_alias in case.children.values():
        yield from (child.id for child in of_alias)


def _family(document: str) -> tuple[str | None, frozenset[str]]:
    """The ids of the parent and of the children; none of either where the document makes no sense."""
    try:
        told: dict[str, Any] = json.loads(document)
        parent = told["parent"]["id"] if "parent" in told else None
        return parent, frozenset(child["id"] for of_alias in told.get("children", {}).values() for child in of_alias)
    except SENSELESS:
        return None, frozenset()


def _files(case: Case) -> Iterator[Attachment]:
    yield from _files_in(case.data)
    for signing in case.signing.values():
        yield from _files_in(signing.form)
    for of_alias in case.children.values():
        for child in of_alias:
            yield from _files_in(child.returns)


def _files_in(values: Mapping[str, Value | None]) -> Iterator[Attachment]:
    for value in values.values():
        for each in value if isinstance(value, tuple) else (value,):
            if isinstance(each, Attachment):
                yield each
            elif isinstance(each, Row):
                yield from _files_in(each.cells)
