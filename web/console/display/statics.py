"""What a browser keeps for good: style, script, icons and the vendored library, under addresses that change with their content.

Style and script are written in small files and served as one of each, joined when the program starts: there is no build.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

PREFIX = "/static"
_FOLDER = Path(__file__).parent.parent / "static"
_FOR_GOOD = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Static:
    """One file as it is served. `packed`: the same, compressed once for all."""

    name: str
    media: str
    content: bytes = field(repr=False)

    @property
    def address(self) -> str:
        """Where it is found."""
        return f"{PREFIX}/{sha256(self.content).hexdigest()[:12]}/{self.name}"

    def packed(self) -> bytes:
        """Compressed."""
        return gzip.compress(self.content, 9, mtime=0)


@cache
def statics() -> dict[str, Static]:
    """name → what is served under it."""
    found = [
        Static("console.css", "text/css; charset=utf-8", _joined("css")),
        Static("console.js", "text/javascript; charset=utf-8", _joined("js")),
        Static("icons.svg", "image/svg+xml", (_FOLDER / "icons.svg").read_bytes()),
        Static("mark.svg", "image/svg+xml", (_FOLDER / "mark.svg").read_bytes()),
        Static("htmx.min.js", "text/javascript; charset=utf-8", (_FOLDER / "vendor" / "htmx.min.js").read_bytes()),
    ]
    return {each.name: each for each in found}


def address(name: str) -> str:
    """Where a file of this name is found."""
    return statics()[name].address


@cache
def _packed(name: str) -> bytes:
    return statics()[name].packed()


def _joined(folder: str) -> bytes:
    return b"\n".join(each.read_bytes() for each in sorted((_FOLDER / folder).iterdir()))


async def _serve(request: Request) -> Response:
    found = statics().get(request.path_params["name"])
    if found is None or found.address != request.url.path:
        return Response(status_code=404)
    headers = {"Cache-Control": _FOR_GOOD, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(found.name), headers={**headers, "Content-Encoding": "gzip"}, media_type=found.media)
    return Response(found.content, headers=headers, media_type=found.media)


ROUTE = Route(f"{PREFIX}/{{digest}}/{{name}}", _serve)
