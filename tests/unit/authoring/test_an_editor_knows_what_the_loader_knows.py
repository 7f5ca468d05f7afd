"""The JSON Schemas accept what the loader accepts and refuse what it refuses: on all documents, and on documents changed at random."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from engine.authoring.document import Document, read, read_file
from engine.authoring.library import find_documents
from engine.authoring.loader import load
from engine.authoring.rendering import Renderer
from engine.authoring.schema import KINDS, file_name, schema_of
from engine.authoring.schema.wording import description_of, title_of
from engine.authoring.shelf import Shelf
from engine.authoring.walk import keys
from engine.definition.element import Element

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "tests" / "corpus"
FOLDERS = {
    "workflow": [CORPUS / "document", CORPUS / "definition", *(ROOT / "workflows" / name for name in ("phone", "dealer"))],
    "calendar": [CORPUS / "calendar", ROOT / "workflows" / "calendars"],
    "official": [CORPUS / "official", ROOT / "workflows" / "calendars" / "official"],
    "procedures": [ROOT / "workflows" / "procedures"],
    "part": [ROOT / "workflows" / "dealer" / "shared"],
    "roles": [ROOT / "roles"],
    "people": [ROOT / "roles"],
}


def documents() -> Iterator[tuple[str, Path]]:
    for kind, folders in FOLDERS.items():
        for path in (path for folder in folders for path in sorted(folder.glob("*.yaml"))):
            if not path.name.endswith(".scenarios.yaml") and (kind == "people") == path.name.startswith("people"):
                yield kind, path
    yield from (("scenarios", path) for path in sorted((ROOT / "workflows").rglob("*.scenarios.yaml")))


ALL = list(documents())
SHIPPED = [read_file(path) for path in find_documents([ROOT / "workflows"])]
SHELF = Shelf([ROOT / "workflows"])
VOCABULARY = {
    "unknown-key", "missing-key", "missing-language", "wrong-shape", "not-supported", "unknown-word", "bad-name", "bad-flag", "bad-number",
    "out-of-range", "too-short", "too-long", "too-few", "too-many", "bad-value", "full-width",
}  # fmt: skip
"""What a schema can know. That a name stands for something, it cannot."""

BEYOND_A_SCHEMA = {"date-that-does-not-exist", "official-date-that-does-not-exist"}
"""A pattern cannot tell the 30th of February."""


@cache
def validator(kind: str) -> Draft7Validator:
    return Draft7Validator(schema_of(kind))


def accepts(kind: str, data: Any) -> bool:
    return bool(validator(kind).is_valid(data))


def loads(kind: str, document: Document) -> bool:
    if kind != "workflow":
        return load(document, KINDS[kind][0])[0] is not None
    found = Renderer([(document, SHELF)], lambda: SHIPPED, SHELF).render(document).diagnostics
    return not [one for one in found if one.code in VOCABULARY]


def resolved(data: Any) -> Any:
    """Data as an editor sees it: scalars by the core schema of YAML 1.2."""
    if isinstance(data, dict):
        return {key: resolved(value) for key, value in data.items()}
    if isinstance(data, list):
        return [resolved(each) for each in data]
    if re.fullmatch(r"[-+]?[0-9]+", data):
        return int(data)
    if re.fullmatch(r"[-+]?[0-9]+\.[0-9]+", data):
        return float(data)
    return {"true": True, "false": False}.get(data, data)


@pytest.mark.reliability
@pytest.mark.parametrize("kind", KINDS)
def test_every_document_there_is_is_judged_alike(kind: str) -> None:
    judged = 0
    for path in (path for known, path in ALL if known == kind):
        document = read(path.read_bytes(), path.name)
        if document.diagnostics or path.stem in BEYOND_A_SCHEMA:
            continue  # what is no YAML in this language, an editor's YAML refuses or a schema never sees
        judged += 1
        accepted = accepts(kind, resolved(document.data))
        if isinstance(document.data, dict) and "extends" in document.data:
            assert accepted, path  # of a variant nobody knows without its base which of its pieces are whole
        else:
            assert accepted == loads(kind, document), path
    assert judged


WHOLE = {
    kind: read((folder / name).read_bytes(), name)
    for kind, folder, name in (
        ("workflow", ROOT / "workflows" / "phone", "phone-repair.yaml"),
        ("calendar", ROOT / "workflows" / "calendars", "service-hours.yaml"),
        ("people", ROOT / "roles", "people.demo.yaml"),
    )
}
SCALARS = ["", "true", "7", "-1", "1.5", "x", "Ä", "a b", "stay", "4wh", "required", "no", "due", "text", "2026-02-01", "x" * 70]


def places(data: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield above
    if isinstance(data, dict | list):
        for key in data if isinstance(data, dict) else range(len(data)):
            yield from places(data[key], (*above, key))


PLACES = {kind: [place for place in places(document.data) if place] for kind, document in WHOLE.items()}


@given(st.data())
def test_a_document_changed_at_random_is_judged_alike(chance: st.DataObject) -> None:
    kind = chance.draw(st.sampled_from(sorted(WHOLE)))
    data = copy.deepcopy(WHOLE[kind].data)
    place = chance.draw(st.sampled_from(PLACES[kind]))
    holder = data
    for part in place[:-1]:
        holder = holder[part]
    change = chance.draw(st.sampled_from(["leave out", "another key", "scalar", "list", "mapping", "double"]))
    if change == "leave out":
        del holder[place[-1]]
    elif change == "another key" and isinstance(holder, dict):
        holder[chance.draw(st.sampled_from(["titel", "when", "final", "until", "x", "Ö", "include"]))] = "x"
    elif change == "scalar":
        holder[place[-1]] = chance.draw(st.sampled_from(SCALARS[1:]))
    elif change == "list":
        holder[place[-1]] = [chance.draw(st.sampled_from(SCALARS[1:]))]
    elif change == "mapping":
        holder[place[-1]] = {chance.draw(st.sampled_from(["zh", "role", "when", "else", "x"])): "x"}
    else:
        holder[place[-1]] = [holder[place[-1]], holder[place[-1]]]
    document = replace(WHOLE[kind], data=data)

    assert accepts(kind, resolved(document.data)) == loads(kind, document), (place, change)


@pytest.mark.parametrize("kind", KINDS)
def test_every_key_is_explained_in_both_languages(kind: str) -> None:
    model = KINDS[kind][0]
    for each in reached(model):
        for key in keys(each):
            zh, en = title_of(each, key).split(" · ")
            assert zh
            assert en
            assert re.search(r"[\u4e00-\u9fff]", zh), (each, key)
            description = description_of(each, key)
            assert description is None or len(description.split("\n\n")) == 2


def reached(model: type[Element]) -> list[type[Element]]:
    return [model, *(each for each in Element.__subclasses__() if each.__name__ in schema_of_definitions(model))]


def schema_of_definitions(model: type[Element]) -> set[str]:
    kind = next(kind for kind, (known, _) in KINDS.items() if known is model)
    return set(schema_of(kind)["definitions"])


@pytest.mark.parametrize("kind", KINDS)
def test_the_schemas_that_are_shipped_are_up_to_date(kind: str) -> None:
    shipped = ROOT / "workflows" / "schema" / file_name(kind)

    assert json.loads(shipped.read_text(encoding="utf-8")) == schema_of(kind), "run: aftercare schema --all workflows/schema"
