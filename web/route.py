"""What may be said of a request by those who watch: the template of its path, its method, and what was noted of it on the way.

Never a path as it was sent: it may hold anything.
"""

from __future__ import annotations

from typing import Any

from starlette.types import Scope

API = "/api/v1"
OPERATORS = ("/healthz", "/readyz", "/metrics")
"""Paths for whoever keeps the server running, not for its callers."""
UNMATCHED = "unmatched"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def template_of(scope: Scope) -> str:
    """The path with names in the place of values, once a route was found: `/api/v1/cases/{number}`."""
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is None:
        return UNMATCHED
    return f"{API}{path}" if scope["path"].startswith(API) else path


def is_page(path: str) -> bool:
    """Whether it is for people before a screen, neither for programs nor for operators."""
    return not path.startswith(API) and path not in OPERATORS


def method_of(scope: Scope) -> str:
    """The method, if there is such a one."""
    method: str = scope["method"]
    return method if method in _METHODS else "other"


def state_of(scope: Scope) -> dict[str, Any]:
    """What is noted of the request: `principal`, `code`, `request_id`; of a failure of the system what it `said`.

    `request.state` is the same.
    """
    found: dict[str, Any] = scope.setdefault("state", {})
    return found
