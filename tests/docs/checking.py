"""Checks the examples of the documentation through the public pipeline, against the roles, calendars and templates that are shipped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from zoneinfo import ZoneInfo

from engine.authoring.calendar import check_calendar, check_official, shipped_official
from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document, read, read_file
from engine.authoring.library import Library, check_documents, find_documents
from engine.authoring.mention import inside_roles
from engine.authoring.organisation import read_roles
from engine.authoring.procedures import check_procedures, read_procedures
from engine.authoring.scenario.reading import read_script
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.authoring.shelf import Shelf
from engine.authoring.supplies import Supplies, read_supplies
from roles.registry import RoleRegistry
from tests.docs.pages import REFERENCE, ROOT, Example, completed, examples

LANGUAGE = REFERENCE / "language.md"
CALENDARS: Mapping[str, Callable[[Document], tuple[object, tuple[Diagnostic, ...]]]] = {
    "calendar": check_calendar,
    "official": check_official,
    "procedures": lambda document: (None, check_procedures([document]).diagnostics),
}


@cache
def registry() -> RoleRegistry:
    """The shipped roles."""
    found, diagnostics, _ = read_roles([ROOT / "roles"])
    assert diagnostics == ()
    return found


@cache
def supplies() -> Supplies:
    """The shipped calendars, templates and written procedures."""
    return replace(read_supplies([ROOT / "workflows"]), procedures=read_procedures([ROOT / "workflows"]))


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


@cache
def sharing() -> Supplies:
    """The same with the shared parts that the language reference shows."""
    parts = {example.info[2]: read(example.text.encode(), f"{example.info[2]}.yaml") for example in examples(LANGUAGE, "yaml", "part")}
    return replace(supplies(), shelf=Shelf([ROOT / "workflows"], parts))


def check(text: str, file: str = "example.yaml") -> Library:
    """What the pipeline makes of one document; it may be a variant of the process at the beginning of the language reference."""
    return check_documents([read(text.encode(), file)], registry(), sharing(), (*around(), read(base().encode(), "base.yaml")))


@cache
def setting() -> Setting:
    """The process at the beginning of the language reference, of which the stories tell."""
    return Setting.of((each.compiled for each in check(base()).checked), registry(), ZoneInfo("Asia/Shanghai"), shipped_official())


def scenarios(example: Example) -> tuple[Script | None, tuple[Diagnostic, ...]]:
    """The stories of an example, and what is wrong with them."""
    return read_script(read(example.text.encode(), example.page), setting(), inside_roles(registry()))


def diagnostics_of(example: Example) -> tuple[Diagnostic, ...]:
    """What the pipeline says about an example: of a process, of a file for calendars, or of stories."""
    if example.info[1] == "scenarios":
        return scenarios(example)[1]
    if example.info[1] in CALENDARS:
        return CALENDARS[example.info[1]](read(example.text.encode(), example.page))[1]
    # A fragment may take the place of whatever used a field of the base.
    ignored = {"asked-never-used"} - {example.refused}
    return tuple(one for one in check(whole(example)).diagnostics if one.code not in ignored)
