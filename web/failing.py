"""What is raised on the way to an answer becomes a problem: errors of the application, malformed requests, paths that do not exist.

What nobody has foreseen is none of these; the log of requests deals with it (`web.access_log`).
"""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from engine.errors import AftercareError
from web import faults, problem
from web.route import template_of


def answer_failures(app: FastAPI) -> None:
    """Let every failure that has a name be answered as a problem."""

    @app.exception_handler(AftercareError)
    def failed(request: Request, error: AftercareError) -> JSONResponse:
        return problem.of_error(request, error)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        return faults.of_faults(request, error.errors())

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> JSONResponse:
        return problem.of_status(request, error.status_code, _allowed(app, request) if error.status_code == 405 else error.headers)


def _allowed(app: FastAPI, request: Request) -> dict[str, str]:
    """All methods of a path: the router only tells those of the first module that has it."""
    known = app.openapi()["paths"].get(template_of(request.scope), {})
    return {"Allow": ", ".join(sorted(each.upper() for each in known))}
