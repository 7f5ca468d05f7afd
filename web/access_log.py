"""One line for each request, and its identity: taken from the caller where he gave a good one, else made, and answered in either case.

Sees the shape of a request – its method, the template of its path –, never its values: no query, no header, no body. What is raised and
nobody has foreseen ends here as a problem, or a page, that names the identity under which the log has it.
"""

from __future__ import annotations

import re
import secrets
from time import perf_counter

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.failing import of_status
from web.logs import Log, raised
from web.route import OPERATORS, method_of, state_of, template_of

HEADER = "X-Request-Id"
_GOOD = re.compile(r"[A-Za-z0-9._-]{8,64}")


class AccessLog:
    """Around everything that answers."""

    def __init__(self, app: ASGIApp, log: Log) -> None:
        self._app = app
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it be answered, and write it down."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        id = _given(scope) or secrets.token_hex(8)
        state_of(scope)["request_id"] = id
        answered: list[int] = []

        async def identified(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = id
                answered.append(message["status"])
            await send(message)

        try:
            await self._app(scope, receive, identified)
        except Exception as error:
            self._log.error("defect", id=id, route=template_of(scope), raised=raised(error))
            if answered:
                raise  # half an answer is out: only breaking the connection says that it is none
            await of_status(Request(scope), 500, id=id)(scope, receive, identified)
        finally:
            self._write(scope, id, answered[0] if answered else None, perf_counter() - began)

    def _write(self, scope: Scope, id: str, status: int | None, took: float) -> None:
        route, state = template_of(scope), state_of(scope)
        if route in OPERATORS and status == 200:
            return  # they ask every few seconds
        say = self._log.info if status is not None and status < 500 else self._log.warning
        say(
            "request",
            id=id,
            method=method_of(scope),
            route=route,
            status=status,
            ms=round(took * 1000, 1),
            principal=state.get("principal"),
            code=state.get("code"),
            said=state.get("said"),
        )


def _given(scope: Scope) -> str | None:
    found = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"), "")
    return found if _GOOD.fullmatch(found) else None
