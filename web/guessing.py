"""Guessing: whoever sees a case in masks may still find it by the whole of a value, and could try one value after another.

A search that finds something is asked at a counter all day long; one that finds nothing is counted, for the holder of the token – so that
another token of his begins no new count – in the memory of this process.
"""

from __future__ import annotations

from time import monotonic

from fastapi import HTTPException, Request

from engine.runtime.budget import Budget
from web.visitor import Visitor


class Guesses:
    """The searches of one caller, counted with those of all."""

    def __init__(self, request: Request, visitor: Visitor) -> None:
        self._vain: Budget = request.app.state.vain
        self._holder = visitor.admitted.token.holder

    def require_few(self) -> None:
        """Raises HTTPException 429 for whoever has lately searched in vain too often."""
        wait = self._vain.look(self._holder, monotonic()).wait
        if wait:
            raise HTTPException(429, headers={"Retry-After": str(wait)})

    def count(self) -> None:
        """Another search has found nothing."""
        self._vain.take(self._holder, monotonic())
