"""Warming up: what is made when it is first asked for is made before, so that nobody waits for being the first.

Knows what is dear to make – the table of the paths, the templates, a hash –, and answers nothing.
"""

from __future__ import annotations

from contextlib import suppress
from threading import Thread

from fastapi import FastAPI

from engine.errors import AftercareError
from engine.runtime.passwords import nobodys

_NOWHERE = {"type": "http", "method": "GET", "path": "/nowhere", "root_path": "", "headers": []}


def look_through(app: FastAPI) -> None:
    """Let the framework build what it knows of each path: an eighth of a second, which the first request of any kind would take longer."""
    for each in app.router.routes:
        each.matches(dict(_NOWHERE))


def begin_to_warm(app: FastAPI) -> None:
    """Make the rest beside the first requests; answers at once."""
    Thread(target=_warm, args=(app,), name="aftercare-warming", daemon=True).start()


def _warm(app: FastAPI) -> None:
    app.state.renderer.prepare()
    with suppress(AftercareError):  # whoever signs in is told
        nobodys()
