"""The guard of the pages: what changes something comes from a page of ours, and what a page may load is said with each.

Knows paths and headers, no session.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from web.body import REPORTS
from web.console.failing import of_foreign
from web.route import is_page

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        f"report-uri {REPORTS}",
    )
)
_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_ENCRYPTED_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
_SAFE = frozenset({"GET", "HEAD"})


class Envelope:
    """Around everything: what a browser may do with a page is said with each, whatever has become of it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let it be answered, and say so."""
        if scope["type"] != "http" or not is_page(scope["path"]):
            await self._app(scope, receive, send)
            return
        said = _HEADERS | (_ENCRYPTED_ONLY if scope["scheme"] == "https" else {})

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in said.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, sealed)


class Guard:
    """Around the pages; other paths go through."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let the request through, or answer it."""
        if scope["type"] != "http" or not is_page(scope["path"]):
            await self._app(scope, receive, send)
        elif scope["method"] == "HEAD":
            await self._head(scope, receive, send)
        elif scope["method"] in _SAFE or scope["path"] == REPORTS or is_ours(Headers(scope=scope), scope["scheme"]):
            await self._app(scope, receive, send)
        else:
            await of_foreign(scope)(scope, receive, send)

    async def _head(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As GET, without what it would show. To everybody around it stays a HEAD."""

        async def bare(message: Message) -> None:
            scope["method"] = "HEAD"
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        scope["method"] = "GET"
        await self._app(scope, receive, bare)


def is_ours(headers: Headers, scheme: str = "https") -> bool:
    """Whether a page of this very host has sent it, as far as the browser says; one that says nothing of it is refused.

    To a server that is reached over HTTPS a page of the same host without it – whoever is between could have written that – is another's.

    >>> is_ours(Headers({"sec-fetch-site": "same-origin"})), is_ours(Headers({"origin": "https://a.example", "host": "a.example"}))
    (True, True)
    >>> is_ours(Headers({"sec-fetch-site": "same-site"})), is_ours(Headers({"origin": "null", "host": ""})), is_ours(Headers())
    (False, False, False)
    >>> [is_ours(Headers({"origin": "http://a.example", "host": "a.example"}), scheme) for scheme in ("http", "https")]
    [True, False]
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    try:
        origin = urlsplit(headers.get("origin", ""))
    except ValueError:
        return False
    return origin.netloc != "" and origin.netloc == headers.get("host") and (origin.scheme == "https" or scheme != "https")
