"""The files that Aftercare ships, read through the public doors, for the tests that look after them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.authoring.library import find_documents, read_library
from engine.authoring.organisation import read_people, read_roles
from engine.definition.organisation import PeopleFile
from engine.definition.step import Step
from engine.definition.workflow import Workflow
from roles.registry import RoleRegistry

ROOT = Path(__file__).parents[3]
WORKFLOWS = find_documents([ROOT / "workflows"])


def workflow(path: Path) -> Workflow:
    """The document as it is meant: with the parts that it includes, and laid over the one that it extends."""
    library = read_library([path], registry(), [ROOT / "workflows"])
    assert library.diagnostics == ()
    return library.checked[0].bundle.workflow


def registry() -> RoleRegistry:
    found, diagnostics, _ = read_roles([ROOT / "roles"])
    assert diagnostics == ()
    return found


def people() -> PeopleFile:
    found, diagnostics, _ = read_people(ROOT / "roles" / "people.demo.yaml")
    assert diagnostics == ()
    assert found is not None
    return found


def steps(document: Workflow) -> Iterator[tuple[str, Step]]:
    yield from document.start.items()
    for state in document.states.values():
        yield from state.transitions.items()
    yield from document.anywhere.items()


def lineage(team: PeopleFile, unit: str) -> tuple[str, ...]:
    """The unit and those above it, nearest first."""
    found = [unit]
    while (above := team.units[found[-1]].above) is not None:
        assert above not in found
        found.append(above)
    return tuple(found)
