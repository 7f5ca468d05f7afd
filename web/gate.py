"""The gate of the API: whoever asks too much, too often, or while too many others are served, is turned away before anything is done.

Counts in the memory of this process. Knows how a request looks from outside – its address, its token as text –, not whose it is: a token is
known by its hash, and good once the application has not said otherwise.
"""

from __future__ import annotations

from hashlib import sha256
from time import monotonic

from fastapi.security.utils import get_authorization_scheme_param
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.runtime.budget import Budget, Standing
from web.limits import Limits
from web.problem import of_status
from web.route import API, state_of


class Gate:
    """Around the API; other paths go through."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._tokens = Budget(limits.per_token)
        self._failures = Budget(limits.failures)
        self._served = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it."""
        if scope["type"] != "http" or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        status, wait = self._against(request)
        if status is not None:
            await of_status(request, status, {"Retry-After": str(wait)} if wait else None)(scope, receive, send)
            return
        self._served += 1
        try:
            await self._app(scope, receive, self._watched(request, send))
        finally:
            self._served -= 1

    def _against(self, request: Request) -> tuple[int | None, int]:
        """The status with which a request is turned away, and after how many seconds it may come again."""
        limits, scope, now = self._limits, request.scope, monotonic()
        if "\0" in scope["path"]:
            return 404, 0  # no database keeps it, so nothing is called so
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > limits.address:
            return 414, 0
        if sum(len(name) + len(value) for name, value in scope["headers"]) > limits.headers:
            return 431, 0
        token = _token(request)
        if token is None or not self._tokens.knows(token):  # a token that was good before is not shut out by its neighbours
            wait = self._failures.look(_address(request), now).wait
        else:
            wait = self._tokens.take(token, now).wait
        if wait:
            return 429, wait
        return (503, 0) if self._served >= limits.at_once else (None, 0)

    def _watched(self, request: Request, send: Send) -> Send:
        """Hands on the answer, with how the token stands; a failure to say who one is counts against the address."""

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(request, message)
            await send(message)

        return watched

    def _note(self, request: Request, message: Message) -> None:
        now, token = monotonic(), _token(request)
        if message["status"] == 401:
            self._failures.take(_address(request), now)
        elif token is not None and "principal" in state_of(request.scope):  # it was good, so it has a bucket of its own from now on
            known = self._tokens.knows(token)
            self._told(self._tokens.look(token, now) if known else self._tokens.take(token, now), message)

    def _told(self, standing: Standing, message: Message) -> None:
        headers, rate = MutableHeaders(scope=message), self._limits.per_token
        window = max(1, round(rate.burst / rate.per_second))
        headers["RateLimit-Policy"] = f'"token";q={rate.burst};w={window}'
        headers["RateLimit"] = f'"token";r={standing.left};t={window}'


def _token(request: Request) -> str | None:
    """The token, hashed: what is kept in memory opens no door. However the header is written, it is the token that the application sees."""
    _, token = get_authorization_scheme_param(request.headers.get("authorization"))
    return sha256(token.encode()).hexdigest() if token else None


def _address(request: Request) -> str:
    """Where the request came from; behind a proxy what the server makes of it."""
    return request.client.host if request.client is not None else "unknown"
