"""How the server is, for whoever keeps it running: `/healthz` in three words, `/readyz` in one. Without a token, and fit for everybody."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from engine.app import Application
from engine.representation.label import of_label
from engine.runtime.health import NO_ANSWER, Checkup, Health
from web.probe import Probe

KEPT = 1.0
"""Seconds for which a look is good."""

router = APIRouter(include_in_schema=False)


class Watchdog:
    """Looks after one application."""

    def __init__(self, application: Application) -> None:
        self.health = Probe(Checkup(application.database, application.catalog, application.time).look, KEPT)
        self.ready = Probe(lambda: _can_serve(application), KEPT)
        self.is_stopping = False
        """Set when the server is asked to stop."""


@router.get("/healthz")
async def healthz(request: Request) -> JSONResponse:
    """Ok, degraded or down, and why."""
    dog: Watchdog = request.app.state.watchdog
    health = await dog.health.ask(Health((NO_ANSWER,)))
    because = [{"code": each.code, "sentence": of_label(each.sentence)} for each in health.because]
    return JSONResponse({"status": health.status, "because": because}, 503 if health.status == "down" else 200)


@router.get("/readyz")
async def readyz(request: Request) -> JSONResponse:
    """Whether a request can be served now."""
    dog: Watchdog = request.app.state.watchdog
    is_ready = not dog.is_stopping and await dog.ready.ask(False)
    return JSONResponse({"ready": is_ready}, 200 if is_ready else 503)


def _can_serve(application: Application) -> bool:
    try:
        return application.database.is_current()
    except Exception:
        return False
