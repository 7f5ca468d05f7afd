"""Documents that are right and cannot be carried out by the people of the tests: told once, at the very words that demand too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.checks import WARNINGS
from engine.authoring.document import read
from engine.authoring.excerpt import render
from engine.authoring.library import check_documents
from engine.authoring.staffed import check_staff
from tests.corpus.test_broken_definitions import CORRECT, ENGINE, SUPPLIES, TOO_BIG_FOR_A_FILE, codes_in
from tests.corpus.test_corpus import EXPECTATION
from tests.process import BEGINS, ROLES, roster

FOLDER = Path(__file__).parent / "people"
BROKEN = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_people_cannot_do_is_told_once_and_at_its_place(path: Path) -> None:
    content = path.read_bytes()
    expected = EXPECTATION.match(content.decode())
    assert expected, "the first line must say what is expected"
    library = check_documents([read(content, path.name)], ROLES, SUPPLIES)
    assert library.diagnostics == ()

    staffed = check_staff(library.checked, roster(), BEGINS)

    (one,) = staffed.diagnostics
    assert (one.code, one.span.line, one.span.column) == (expected[1], int(expected[2]), int(expected[3]))
    assert one.severity == ("warning" if one.code in WARNINGS else "error")
    for language in ("zh", "en"):
        shown = render([one], {path.name: content.decode()}, language).splitlines()
        assert shown[0].endswith(f"{one.severity}[{one.code}]: {one.sentence.within(language)}")
        assert "^" in shown[3]


def test_a_process_of_which_nobody_holds_a_role_is_passed_over() -> None:
    library = check_documents([read(CORRECT.read_bytes(), CORRECT.name)], ROLES, SUPPLIES)

    staffed = check_staff(library.checked, roster({"nil": frozenset()}), BEGINS)

    assert (staffed.diagnostics, staffed.unstaffed) == ((), library.checked)


def test_whatever_is_told_of_people_has_a_broken_example() -> None:
    shown = {match[1] for path in BROKEN if (match := EXPECTATION.match(path.read_text(encoding="utf-8")))}

    assert shown == codes_in([ENGINE / "authoring" / "checks" / "people" / "wording.py"]) - TOO_BIG_FOR_A_FILE
