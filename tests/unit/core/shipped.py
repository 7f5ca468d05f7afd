"""The shipped definitions, compiled, and their documents as plain data read by ruamel alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from engine.authoring.library import find_documents, read_library
from engine.authoring.organisation import read_roles

ROOT = Path(__file__).parents[3]
FILES = find_documents([ROOT / "workflows"])

_REGISTRY = read_roles([ROOT / "roles"])[0]
_LIBRARY = read_library(FILES, _REGISTRY, [ROOT / "workflows"])
assert _LIBRARY.diagnostics == ()

CHECKED = _LIBRARY.checked
"""The same as they are published."""

DEFINITIONS = tuple(one.compiled for one in CHECKED)
DOCUMENTS: dict[str, Any] = {document["workflow"]: document for document in (YAML(typ="safe").load(path) for path in FILES)}
"""workflow → its document, by a reader that is not ours."""

ROLES = tuple(_REGISTRY.roles)
"""All roles of all organisations, those of outsiders included."""
