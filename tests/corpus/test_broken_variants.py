"""Variants and documents that share, one defect each: told once, in the very file, at its place.

Each is a variant of the correct definition, read beside it, and may include the parts in `sharing/shared`.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.authoring.document import read
from engine.authoring.excerpt import render
from engine.authoring.library import Library, check_documents
from engine.authoring.shelf import Shelf
from tests.corpus.test_broken_definitions import CORRECT, ENGINE, SUPPLIES, codes_in
from tests.corpus.test_corpus import EXPECTATION
from tests.process import ROLES

FOLDER = Path(__file__).parent / "sharing"
BASE = read(CORRECT.read_bytes(), CORRECT.name)
WITH_PARTS = replace(SUPPLIES, shelf=Shelf([FOLDER]))


def checked(content: bytes, file: str) -> Library:
    return check_documents([BASE, read(content, file)], ROLES, WITH_PARTS)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_broken_variant_is_told_once_and_at_its_place(path: Path) -> None:
    content = path.read_bytes()
    expected = EXPECTATION.match(content.decode())
    assert expected, "the first line must say what is expected"

    library = checked(content, path.name)

    place = (path.name, expected[1], int(expected[2]), int(expected[3]))
    assert [(one.file, one.code, one.span.line, one.span.column) for one in library.diagnostics] == [place]
    assert [each.document.file for each in library.checked] == [CORRECT.name]
    for language in ("zh", "en"):
        shown = render(library.diagnostics, {path.name: content.decode()}, language).splitlines()
        assert (
            shown[0] == f"{path.name}:{expected[2]}:{expected[3]}: error[{expected[1]}]: {library.diagnostics[0].sentence.within(language)}"
        )
        assert "^" in shown[3]


def test_a_variant_that_includes_is_without_fault() -> None:
    text = "workflow: parcel-express\nextends: parcel\nversion: 1\ntitle: {zh: 加急收件, en: Express}\ninclude: [shared/notes]\n"

    assert checked(text.encode(), "correct.yaml").diagnostics == ()


def test_every_mistake_of_sharing_has_a_broken_example() -> None:
    authoring = ENGINE / "authoring"
    emitted = codes_in(
        [
            *(authoring / f"{name}.py" for name in ("sharing", "variant", "rendering")),
            authoring / "checks" / "legal.py",
            authoring / "scenario" / "inheritance.py",
        ]
    )
    shown = {match[1] for path in FOLDER.glob("*.yaml") if (match := EXPECTATION.match(path.read_text(encoding="utf-8")))}

    assert "legal-weakened" in emitted
    assert sorted(emitted - shown) == []
