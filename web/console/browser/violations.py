"""What browsers tell that a page was not allowed to load or to do: a line in the log, so that a mistake of ours, or an attempt, is seen.

Believes nothing: a line holds names out of lists of ours, and of an address no more than whose it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import Response

from engine.runtime.budget import Budget
from web.body import REPORTS
from web.console.display.statics import PREFIX
from web.logs import Log

router = APIRouter(include_in_schema=False)

_DIRECTIVE = re.compile(r"[a-z-]{3,32}")
_BLOCKED = frozenset({"inline", "eval", "wasm-eval", "self", "data", "blob", "trusted-types-sink", "trusted-types-policy"})
_SCHEMES = frozenset({"http", "https", "ws", "wss"})
_MOST = 5
"""Reports of one request that are looked at."""
_ALL = "all"


@router.post(REPORTS)
async def report(request: Request) -> Response:
    """Write it down, and answer nothing."""
    log: Log = request.app.state.log
    budget: Budget = request.app.state.reports
    for each in _reports(await request.body()):
        if budget.take(_ALL, monotonic()).wait:
            break
        log.warning("csp_violation", **_told(request, each))
    return Response(status_code=204)


def _reports(body: bytes) -> Iterator[Mapping[str, Any]]:
    """What is in a report, of the old kind or the new."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return
    for each in data[:_MOST] if isinstance(data, list) else [data]:
        told = each.get("csp-report", each.get("body")) if isinstance(each, dict) else None
        if isinstance(told, dict):
            yield told


def _told(request: Request, told: Mapping[str, Any]) -> dict[str, object]:
    line = _first(told, "line-number", "lineNumber")
    return {
        "directive": _directive(_first(told, "effective-directive", "effectiveDirective", "violated-directive")),
        "blocked": _blocked(str(_first(told, "blocked-uri", "blockedURL"))),
        "page": _page(request, str(_first(told, "document-uri", "documentURL"))),
        "script": _script(str(_first(told, "source-file", "sourceFile"))),
        "line": line if isinstance(line, int) and abs(line) < 10**6 else None,
    }


def _first(told: Mapping[str, Any], *names: str) -> Any:
    return next((told[name] for name in names if name in told), "")


def _directive(said: object) -> str:
    found = _DIRECTIVE.match(str(said))
    return found[0] if found is not None else "other"


def _blocked(said: str) -> str:
    """A word, or whose address it was."""
    if said in _BLOCKED:
        return said
    address = _split(said)
    return f"{address[0]}://{address[1]}" if address[0] in _SCHEMES else "other"


def _page(request: Request, said: str) -> str:
    """Where it was, as far as that says nothing of a case."""
    section = _split(said)[2].strip("/").partition("/")[0]
    return f"/{section}" if section in request.app.state.sections else "other"


def _script(said: str) -> str | None:
    """Which of our files it was."""
    path = _split(said)[2]
    return path.rpartition("/")[2] if path.startswith(PREFIX) else None


def _split(address: str) -> tuple[str, str, str]:
    try:
        found = urlsplit(address)
        return found.scheme, found.netloc.rpartition("@")[2], found.path
    except ValueError:
        return "", "", ""
