"""The shipped definitions, compiled, and their documents as plain data read by ruamel alone."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from engine.authoring.library import Checked, find_documents, read_library
from engine.authoring.organisation import read_roles
from engine.authoring.rendition import rendition

ROOT = Path(__file__).parents[3]
FILES = find_documents([ROOT / "workflows"])

_REGISTRY = read_roles([ROOT / "roles"])[0]
_LIBRARY = read_library(FILES, _REGISTRY, [ROOT / "workflows"])
assert _LIBRARY.diagnostics == ()

CHECKED = _LIBRARY.checked
"""The same as they are published."""

DEFINITIONS = tuple(one.compiled for one in CHECKED)
_LARGE = 25
"""Steps beyond which a process takes its time."""


def _marks(one: Checked) -> list[pytest.MarkDecorator]:
    if one.rendered.base is not None:
        return [pytest.mark.full]
    return [pytest.mark.reliability] if len(one.compiled.steps()) > _LARGE else []


EACH = [pytest.param(one.compiled, marks=_marks(one), id=one.compiled.workflow) for one in CHECKED]
"""The same for a test of each; the largest beside the quick suite, a variant, mostly the same as its base, only where there is time."""


@cache
def document_of(workflow: str) -> Any:
    """The whole document of a process, by a reader that is not ours."""
    return YAML(typ="safe").load(next(rendition(one.document) for one in CHECKED if one.compiled.workflow == workflow))


ROLES = tuple(_REGISTRY.roles)
"""All roles of all organisations, those of outsiders included."""
