"""Answers: how an object leaves. What it holds was made by `engine.representation`, to whose declarations the type checker holds it.

Nothing is validated again on the way out, and nothing is kept by anybody between: what a case says is for its caller alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi.responses import JSONResponse

UNKEPT = {"Cache-Control": "no-store"}


class Json(JSONResponse):
    """An object as it was made, in UTF-8: Chinese as it is, members in their order."""

    def __init__(self, content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(content, status, {**UNKEPT, **(headers or {})})
