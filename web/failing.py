"""What is raised on the way to an answer becomes a problem, or a page that says so: errors of the application, malformed requests, paths
that do not exist.

What nobody has foreseen is none of these; the log of requests deals with it (`web.access_log`).
"""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from engine.errors import AftercareError
from web import faults, problem
from web.console import failing as pages
from web.route import is_page, template_of


def answer_failures(app: FastAPI) -> None:
    """Let every failure that has a name be answered as a problem."""

    @app.exception_handler(AftercareError)
    def failed(request: Request, error: AftercareError) -> Response:
        return pages.of_error(request, error) if is_page(request.url.path) else problem.of_error(request, error)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        return pages.of_place(request, 404) if is_page(request.url.path) else faults.of_faults(request, error.errors())

    @app.exception_handler(HTTPException)
    def refused(request: Request, error: HTTPException) -> Response:
        if is_page(request.url.path):
            return pages.of_place(request, error.status_code, error.headers)
        return problem.of_status(request, error.status_code, _allowed(app, request) if error.status_code == 405 else error.headers)


def of_status(request: Request, status: int, headers: Mapping[str, str] | None = None, *, id: str | None = None) -> Response:
    """What the server says of a request by its status alone: to people as a page, to programs as a problem. `id`: of a defect."""
    if is_page(request.scope["path"]):
        return pages.of_status(request, status, headers, id)
    return problem.of_status(request, status, headers, **({"id": id} if id is not None else {}))


def _allowed(app: FastAPI, request: Request) -> dict[str, str]:
    """All methods of a path: the router only tells those of the first module that has it."""
    known = app.openapi()["paths"].get(template_of(request.scope), {})
    return {"Allow": ", ".join(sorted(each.upper() for each in known))}
