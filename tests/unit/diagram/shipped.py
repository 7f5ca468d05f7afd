"""The processes that are shipped, as drawings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import get_args

from engine.authoring.diagram.drawing import Drawing, draw
from engine.authoring.diagram.marks import Marks
from engine.authoring.library import find_documents, read_library
from engine.authoring.organisation import read_roles
from engine.core.compiled import CompiledDefinition
from engine.label import Language

ROOT = Path(__file__).parents[3]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def definitions() -> Mapping[str, CompiledDefinition]:
    registry, _, _ = read_roles([ROOT / "roles"])
    library = read_library(find_documents([ROOT / "workflows"]), registry, [ROOT / "workflows"])
    found = {each.compiled.workflow: each.compiled for each in library.checked}
    assert len(found) >= 4
    return found


@cache
def drawings() -> Mapping[str, Drawing]:
    return {name: draw(each) for name, each in definitions().items()}


def marked(drawing: Drawing) -> Marks:
    """Every second way is gone, out of all its states, and every second state entered."""
    ways = [(step, way) for step in drawing.steps for way in step.ways]
    moves = {(source, step.id, way.target or source): 3 for step, way in ways[::2] for source in step.sources}
    return Marks(dict.fromkeys(list(drawing.nodes)[::2], True), moves)
