"""The gate: whoever asks too much, too often, or while too many others are served, is turned away before anything is done.

Counts in the memory of this process. Knows how a request looks from outside – its address, its token or cookie as text –, not whose it is:
what opens a door is known by its hash, and good once the application has not said otherwise. A browser from which somebody has signed in is
remembered beyond his session, by what it keeps: strangers at its address do not shut it out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from time import monotonic

from fastapi.security.utils import get_authorization_scheme_param
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.runtime.budget import Budget, Standing
from web.console.browser.cookies import shown_in
from web.console.display.statics import PREFIX
from web.failing import of_status
from web.limits import Limits
from web.route import API, OPERATORS, state_of


@dataclass(frozen=True, slots=True)
class _Side:
    """The API, or the pages: what callers show there, and how often they may come."""

    shown: Callable[[Request], str | None]
    known: Budget
    failures: Budget
    tells: bool
    """Whether callers are told how they stand: programs are, people are not."""


class Gate:
    """Around the API and the pages; what operators and browsers' stores ask for goes through."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._api = _Side(_token, Budget(limits.per_token), Budget(limits.failures), tells=True)
        self._pages = _Side(shown_in, Budget(limits.per_session), Budget(limits.strangers), tells=False)
        self._served = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it."""
        if scope["type"] != "http" or scope["path"] in OPERATORS or scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        side = self._api if scope["path"].startswith(API) else self._pages
        shown = _hash(side.shown(request))
        status, wait = self._against(request, side, shown)
        if status is not None:
            await of_status(request, status, {"Retry-After": str(wait)} if wait else None)(scope, receive, send)
            return
        self._served += 1
        try:
            await self._app(scope, receive, self._watched(request, side, shown, send))
        finally:
            self._served -= 1

    def _against(self, request: Request, side: _Side, shown: str | None) -> tuple[int | None, int]:
        """The status with which a request is turned away, and after how many seconds it may come again."""
        limits, scope, now = self._limits, request.scope, monotonic()
        if "\0" in scope["path"]:
            return 404, 0  # no database keeps it, so nothing is called so
        if side is self._pages and b"%00" in scope["query_string"]:
            return 400, 0
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > limits.address:
            return 414, 0
        if sum(len(name) + len(value) for name, value in scope["headers"]) > limits.headers:
            return 431, 0
        if shown is None or not side.known.knows(shown):  # what was good before is not shut out by its neighbours
            wait = side.failures.look(address_of(request), now).wait
        else:
            wait = side.known.take(shown, now).wait
        if wait:
            return 429, wait
        return (503, 0) if self._served >= limits.at_once else (None, 0)

    def _watched(self, request: Request, side: _Side, shown: str | None, send: Send) -> Send:
        """Hands on the answer, with how the caller stands; a failure to say who one is counts against the address."""

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._note(request, side, shown, message)
            await send(message)

        return watched

    def _note(self, request: Request, side: _Side, shown: str | None, message: Message) -> None:
        now, kept = monotonic(), state_of(request.scope).get("kept")
        if isinstance(kept, str):
            side.known.take(sha256(kept.encode()).hexdigest(), now)
        if message["status"] == 401:
            if side is self._api or shown is None or not side.known.knows(shown):  # a browser that was let in before has paid itself
                side.failures.take(address_of(request), now)
        elif shown is not None and "principal" in state_of(request.scope):  # it was good, so it has a bucket of its own from now on
            standing = side.known.look(shown, now) if side.known.knows(shown) else side.known.take(shown, now)
            if side.tells:
                self._told(standing, message)

    def _told(self, standing: Standing, message: Message) -> None:
        headers, rate = MutableHeaders(scope=message), self._limits.per_token
        window = max(1, round(rate.burst / rate.per_second))
        headers["RateLimit-Policy"] = f'"token";q={rate.burst};w={window}'
        headers["RateLimit"] = f'"token";r={standing.left};t={window}'


def address_of(request: Request) -> str:
    """Where the request came from; behind a proxy what the server makes of it."""
    return request.client.host if request.client is not None else "unknown"


def _token(request: Request) -> str | None:
    """However the header is written, it is the token that the application sees."""
    return get_authorization_scheme_param(request.headers.get("authorization"))[1] or None


def _hash(secret: str | None) -> str | None:
    """What is kept in memory opens no door."""
    return sha256(secret.encode("utf-8", "replace")).hexdigest() if secret else None
