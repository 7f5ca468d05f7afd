"""What is written out of a rendered document means the same, needs no other file, and says of each line where it was written."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.authoring import charset
from engine.authoring.document import Document, read, read_file
from engine.authoring.library import find_documents
from engine.authoring.rendering import Renderer
from engine.authoring.rendition import rendition
from engine.authoring.shelf import Shelf
from engine.settings import SHIPPED
from tests.process import written
from tests.unit.authoring.test_a_variant_is_its_base_with_changes import BASE, found, head
from tests.unit.authoring.test_parts_are_shared import DOCUMENT, PART

SHIPPED_FILES = find_documents([SHIPPED / "workflows"])
ORIGIN = re.compile(r"  # (\S+):(\d+)$")


def rendered(document: Document) -> Document:
    shelf = Shelf([SHIPPED / "workflows"], {"shared/desk": read(PART.encode(), "shared/desk.yaml")})
    around = [read_file(path) for path in SHIPPED_FILES]
    return Renderer([(document, shelf)], lambda: around, shelf).render(document, shelf).document


def meant(document: Document) -> dict[str, object]:
    return {key: value for key, value in document.data.items() if key not in ("choices", "except_scenarios")}


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
def test_the_rendition_of_a_shipped_document_reads_back_as_the_same(path: Path) -> None:
    whole = rendered(read_file(path))

    again = read(rendition(whole).encode(), "again.yaml")

    assert again.diagnostics == ()
    assert again.data == meant(whole)


@pytest.mark.parametrize("path", SHIPPED_FILES, ids=lambda path: path.stem)
@pytest.mark.parametrize("repeats", [False, True], ids=["nothing-said", "all-said-again"])
def test_a_variant_without_a_difference_means_what_its_base_means(path: Path, repeats: bool) -> None:
    base = rendered(read_file(path))
    said = {key: value for key, value in base.data.items() if key not in ("choices", "except_scenarios")} if repeats else {}
    own = {"workflow": "same", "extends": base.data["workflow"], "version": "1", "title": base.data["title"]}

    whole = rendered(replace(read(b"workflow: same", "same.yaml"), data={**said, **own}))

    assert whole.diagnostics == ()
    assert meant(whole) | {"workflow": "", "version": ""} == meant(base) | {"workflow": "", "version": ""}


def test_a_rendition_is_checked_alone_and_keeps_the_digest() -> None:
    change = "fields: {note: {lines: 3}}\nclocks: {work: {ladder: {add: [{at: due + 1wd, tell: boss, template: overdue}]}}}\n"
    variant = found(BASE, head() + change).checked[1]

    (alone,) = found(rendition(variant.document)).checked

    assert alone.compiled.digest == variant.compiled.digest


def test_every_line_names_the_file_and_line_of_its_text() -> None:
    document = read(written(DOCUMENT).encode(), "parcel.yaml")
    texts = {"parcel.yaml": document.text.splitlines(), "desk.yaml": PART.splitlines()}
    lines = [line for line in rendition(rendered(document)).splitlines() if line]

    places = [(match[1], int(match[2])) for line in lines if (match := ORIGIN.search(line))]

    assert len(places) == len(lines)
    assert {file for file, _ in places} == set(texts)
    for line, (file, number) in zip(lines, places, strict=True):
        key = line.strip().lstrip("- ").partition(":")[0]
        named = "faults" if key == "choices" else key
        assert named in texts[file][number - 1]


# What stands for an unseen character is in no document that was read.
_TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Cn", "Co"), exclude_characters=charset.STAND_IN),
    max_size=12,
)
_VALUE = st.recursive(
    _TEXT, lambda inner: st.lists(inner, min_size=1, max_size=3) | st.dictionaries(_TEXT, inner, min_size=1, max_size=3), max_leaves=8
)


@given(_VALUE)
def test_any_value_is_written_so_that_it_reads_back(value: object) -> None:
    document = replace(read(b"workflow: any", "any.yaml"), data={"workflow": "any", "fields": {"x": value}})

    again = read(rendition(document).encode(), "again.yaml")

    assert again.data == document.data
    assert [one.code for one in again.diagnostics if one.code != "empty-value"] == []
