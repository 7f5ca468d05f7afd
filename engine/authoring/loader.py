"""From a document to a model of the vocabulary, or to everything in the document that the model does not accept.

Generic over the models; knows how they are validated, not what any of them means.
"""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from engine.authoring.diagnostic import Diagnostic, arranged, has_errors
from engine.authoring.document import Document
from engine.authoring.translation import problems
from engine.definition.element import Element

M = TypeVar("M", bound=Element)


def load(document: Document, model: type[M]) -> tuple[M | None, tuple[Diagnostic, ...]]:
    """The document as `model`, and all diagnostics so far, those of reading it included.

    Never half of each: with an error among the diagnostics the first is None.
    """
    if document.data is None:
        return None, document.diagnostics
    value, found = None, document.diagnostics
    try:
        # Keys are what authors write (`in`, `is`, `else`), never the names that Python forced upon us.
        value = model.model_validate(document.data, by_alias=True, by_name=False)
    except ValidationError as error:
        said = (Diagnostic.of(problem, document) for problem in problems(error, document.data, document.refused, model))
        found = arranged((*found, *said))
    return (None if has_errors(found) else value), found
