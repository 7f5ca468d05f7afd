"""Guessing: whoever sees a case in masks may still find it by the whole of a value, and could try one value after another.

A search that finds something is asked at a counter all day long; one that finds nothing is counted, for the person or the holder of the
token – so that another token of his begins no new count – in the memory of this process.
"""

from __future__ import annotations

from time import monotonic

from fastapi import HTTPException, Request

from engine.runtime.budget import Budget


class Guesses:
    """The searches of one caller, counted with those of all."""

    def __init__(self, request: Request, holder: str) -> None:
        """`holder`: who is looking, by id."""
        self._vain: Budget = request.app.state.vain
        self._holder = holder

    def require_few(self) -> None:
        """Raises HTTPException 429 for whoever has lately searched in vain too often."""
        wait = self.wait()
        if wait:
            raise HTTPException(429, headers={"Retry-After": str(wait)})

    def wait(self) -> int:
        """Seconds that he has to wait before he may search again; 0 for whoever has not searched in vain too often."""
        return self._vain.look(self._holder, monotonic()).wait

    def count(self) -> None:
        """Another search has found nothing."""
        self._vain.take(self._holder, monotonic())
