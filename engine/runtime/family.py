"""The family of a case as people read it: the case that opened it, and those that it opened, each with where it stands now.

A case knows its children as at their end; where an open one stands is asked of the store. Reads, never writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.core.case import Case, Child
from engine.core.compiled import CompiledDefinition
from engine.label import Label
from engine.runtime.access import OPERATOR, Access
from engine.runtime.catalog import Catalog
from engine.store import cases
from engine.store.reader import Reader
from engine.store.record import Record


@dataclass(frozen=True, slots=True)
class Relative:
    """A parent or a child. `alias`: what the parent calls its child; `state` is None for one that is only thought."""

    number: str
    workflow: Label
    alias: str
    state: Label | None
    outcome: str | None
    opened_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Family:
    """Whom a case belongs to. Its children stand in the order in which they were opened."""

    parent: Relative | None = None
    children: tuple[Relative, ...] = ()


def family_of(reader: Reader, catalog: Catalog, definition: CompiledDefinition, case: Case, access: Access = OPERATOR) -> Family:
    """The family of a case, one generation up and down. Of a child that may not be seen only what the case itself knows of it."""
    children = sorted(
        ((alias, child) for alias, of_alias in case.children.items() for child in of_alias), key=lambda each: each[1].opened_at
    )
    numbers = [child.number for _, child in children] + ([case.parent.number] if case.parent is not None else [])
    if not numbers:
        return Family()
    records = cases.records(reader, numbers)
    found = {number: each for number, each in records.items() if access.finds(catalog.by_digest(each.case.digest), each.case)}
    parent = found.get(case.parent.number) if case.parent is not None else None
    return Family(
        _relative(parent.case, case.parent.alias, catalog) if parent is not None and case.parent is not None else None,
        tuple(_child(alias, child, found, catalog, definition) for alias, child in children),
    )


def _child(alias: str, child: Child, found: Mapping[str, Record], catalog: Catalog, definition: CompiledDefinition) -> Relative:
    record = found.get(child.number)
    if record is not None:
        return _relative(record.case, alias, catalog)
    return Relative(child.number, definition.aliases[alias].title, alias, None, child.outcome, child.opened_at, child.ended_at)


def _relative(case: Case, alias: str, catalog: Catalog) -> Relative:
    definition = catalog.by_digest(case.digest)
    state = definition.states[case.state].title
    return Relative(case.number, definition.title, alias, state, case.outcome, case.opened_at, case.ended_at)
