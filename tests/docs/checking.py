"""Checks the examples of the documentation through the public pipeline, against the roles, calendars and templates that are shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from engine.authoring.calendar import check_calendar, check_official
from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document, read, read_file
from engine.authoring.library import Library, check_documents, find_documents
from engine.authoring.organisation import read_roles
from engine.authoring.supplies import Supplies, read_supplies
from roles.registry import RoleRegistry
from tests.docs.pages import REFERENCE, ROOT, Example, completed, examples

LANGUAGE = REFERENCE / "language.md"
CALENDARS: Mapping[str, Callable[[Document], tuple[object, tuple[Diagnostic, ...]]]] = {
    "calendar": check_calendar,
    "official": check_official,
}


@cache
def registry() -> RoleRegistry:
    """The shipped roles."""
    found, diagnostics, _ = read_roles([ROOT / "roles"])
    assert diagnostics == ()
    return found


@cache
def supplies() -> Supplies:
    """The shipped calendars and templates."""
    return read_supplies([ROOT / "workflows"])


@cache
def base() -> str:
    """The whole process at the beginning of the language reference, inside which fragments are checked."""
    return examples(LANGUAGE, "yaml", "workflow")[0].text


def whole(example: Example) -> str:
    """The text of an example as a document: a fragment in its place within the base."""
    return completed(base(), example.text) if "fragment" in example.info else example.text


@cache
def around() -> tuple[Document, ...]:
    """The shipped processes: those whose cases an example may open."""
    return tuple(read_file(path) for path in find_documents([ROOT / "workflows"]))


def check(text: str, file: str = "example.yaml") -> Library:
    """What the pipeline makes of one document."""
    return check_documents([read(text.encode(), file)], registry(), supplies(), around())


def diagnostics_of(example: Example) -> tuple[Diagnostic, ...]:
    """What the pipeline says about an example: of a process, or of a file for calendars."""
    if example.info[1] in CALENDARS:
        return CALENDARS[example.info[1]](read(example.text.encode(), example.page))[1]
    return check(whole(example)).diagnostics
