"""Puts around an application what those see who keep it running: its health, its figures, one line in the log for each request."""

from __future__ import annotations

from fastapi import FastAPI

from engine.app import Application
from web import health, metrics
from web.access_log import AccessLog
from web.gauges import StoreCollector
from web.health import Watchdog
from web.logs import Log
from web.metrics import Measures, Measuring


def observe(app: FastAPI, application: Application, log: Log) -> None:
    """To be called last: what is added to an application later stands around what was added before."""
    measures = Measures()
    measures.registry.register(StoreCollector(application))
    app.state.measures, app.state.watchdog = measures, Watchdog(application)
    for router in (health.router, metrics.router):
        app.include_router(router)
    app.add_middleware(AccessLog, log=log)
    app.add_middleware(Measuring, measures=measures)
