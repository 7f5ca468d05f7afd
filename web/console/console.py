"""The pages put onto the web application: their paths, what guards them, and where a browser is sent that comes without one."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from engine.app import Application
from web.console.answers import Answers
from web.console.browser import violations
from web.console.display.rendering import Renderer
from web.console.display.statics import ROUTE
from web.console.menu import alarms_of
from web.console.pages import (
    absences,
    account,
    board,
    bulk,
    cases,
    find,
    help,
    incidents,
    intake,
    people,
    pictures,
    receipts,
    selecting,
    sheets,
    sign_in,
    staff,
    steps,
    wishes,
    work,
)
from web.console.screen import Elsewhere, gone

PAGES = (
    board,
    selecting,
    bulk,
    work,
    cases,
    steps,
    wishes,
    pictures,
    sign_in,
    account,
    intake,
    sheets,
    receipts,
    find,
    incidents,
    absences,
    staff,
    people,
    help,
)


def show_console(app: FastAPI, application: Application) -> None:
    """Let people sign in at this application."""
    app.state.renderer = Renderer(application.settings.zone)
    app.state.alarms = alarms_of(application)
    app.state.answers = Answers()
    app.router.routes.append(ROUTE)
    for each in (*PAGES, violations):
        app.include_router(each.router)
    app.state.sections = frozenset(route.path.split("/")[1] for each in PAGES for route in each.router.routes if isinstance(route, Route))

    @app.get("/", include_in_schema=False)
    def home() -> Response:
        return RedirectResponse(work.PATH, 303)

    @app.exception_handler(Elsewhere)
    def elsewhere(request: Request, found: Elsewhere) -> Response:
        return gone(request, found.address)

    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
