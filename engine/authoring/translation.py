"""Every complaint of pydantic as a problem in our own words, each mistake once.

Knows which complaints only follow from another one – a key is missing because it is misspelt. Must not know how anything
is worded, nor files and lines.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pydantic import ValidationError

from engine.authoring.complaint import Complaint
from engine.authoring.wording import told
from engine.core.problem import Path, Problem
from engine.definition.element import Element

_EXPLAIN_ABSENCE = frozenset({"<<", "extends", "include"})
"""Keys that would have brought others along: beside them nothing is called missing."""


def problems(error: ValidationError, data: Any, refused: Collection[Path], model: type[Element]) -> Iterator[Problem]:
    """What `model` does not accept in `data`, leaving out what lies at or below a refused path."""
    read = (Complaint.read(details, data, model) for details in error.errors(include_url=False, include_input=False))
    complaints = [complaint for complaint in read if not _lies_in(complaint.path, refused)]
    unknown = {complaint.path: complaint for complaint in complaints if complaint.kind == "extra_forbidden"}
    for complaint in complaints:
        if not (_is_shortened(complaint) or _is_misspelt(complaint, unknown)):
            yield told(complaint)


def _lies_in(path: Path, refused: Collection[Path]) -> bool:
    return any(path[:length] in refused for length in range(len(path) + 1))


def _is_shortened(complaint: Complaint) -> bool:
    """pydantic counts the items that are left after refusing others; the author wrote enough of them."""
    return complaint.kind == "too_short" and len(complaint.found or ()) >= complaint.bounds["min_length"]


def _is_misspelt(complaint: Complaint, unknown: dict[Path, Complaint]) -> bool:
    """A key that is missing only because the mapping holds a misspelt one, or is something else altogether."""
    if complaint.kind != "missing" or not complaint.mapping:
        return False
    strangers = [unknown[path] for key in complaint.mapping if (path := (*complaint.path[:-1], key)) in unknown]
    if len(strangers) == len(complaint.mapping) or not _EXPLAIN_ABSENCE.isdisjoint(complaint.mapping):
        return True
    if any(stranger.is_awaited() for stranger in strangers):
        return True  # what it will bring along, nobody knows yet
    return any(stranger.suggestion() == complaint.path[-1] for stranger in strangers)
