"""Checks the examples of the documentation through the public pipeline, against the roles that are shipped."""

from __future__ import annotations

from functools import cache

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import read
from engine.authoring.library import Library, check_documents
from engine.authoring.organisation import read_roles
from roles.registry import RoleRegistry
from tests.docs.pages import REFERENCE, ROOT, Example, completed, examples

LANGUAGE = REFERENCE / "language.md"


@cache
def registry() -> RoleRegistry:
    """The shipped roles."""
    found, diagnostics, _ = read_roles([ROOT / "roles"])
    assert diagnostics == ()
    return found


@cache
def base() -> str:
    """The whole process at the beginning of the language reference, inside which fragments are checked."""
    return examples(LANGUAGE, "yaml", "workflow")[0].text


def whole(example: Example) -> str:
    """The text of an example as a document: a fragment in its place within the base."""
    return completed(base(), example.text) if "fragment" in example.info else example.text


def check(text: str, file: str = "example.yaml") -> Library:
    """What the pipeline makes of one document."""
    return check_documents([read(text.encode(), file)], registry())


def diagnostics_of(example: Example) -> tuple[Diagnostic, ...]:
    """What the pipeline says about an example."""
    return check(whole(example)).diagnostics
