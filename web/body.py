"""Bodies on their way in: read whole within their size and time, and JSON that is what it seems, before anybody looks at it.

Files are not read here, only counted: who sends one is asked first. Knows sizes, media types and the depth of JSON, and the paths that
have limits of their own.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Iterator
from math import inf, isfinite
from typing import Any, NoReturn

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.label import Label
from web.failing import of_status
from web.limits import Limits
from web.problem import KINDS, problem
from web.route import API, OPERATORS, is_page
from web.storable import is_whole

FILES = f"{API}/files"
REPORTS = "/csp-reports"
"""Where browsers tell what a page was not allowed to load."""
_SHEETS = re.compile(r"/intake/[^/]+/[^/]+/sheet")
_FORM, _FORM_WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"
_SHOWN = 80
"""How much of what is wrong is repeated."""
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


Fault = Callable[[Request, bytes], ASGIApp | None]
"""What is wrong with a body, as an answer."""


class TooLarge(Exception):
    """More bytes than may be."""


class TooSlow(Exception):
    """They do not come."""


class Bodies:
    """Around the API and the pages; what operators ask for has none."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._files = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body and hand it on whole, or count it on its way, or answer."""
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY or scope["path"] in OPERATORS:
            await self._app(scope, receive, send)
        elif is_page(scope["path"]):
            await self._page(scope, receive, send)
        elif scope["path"] == FILES:
            await self._file(scope, receive, send, self._limits.file)
        else:
            await self._whole(scope, receive, send, self._limits.body, self._fault)

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        media = _media(request)
        if scope["path"] == REPORTS:
            await self._whole(scope, receive, send, self._limits.report)
        elif media == _FORM_WITH_FILES:
            limit = self._limits.sheet if _SHEETS.fullmatch(scope["path"]) else self._limits.file
            await self._file(scope, receive, send, limit + self._limits.body)  # a file, and a form about it
        elif media in (_FORM, ""):
            await self._whole(scope, receive, send, self._limits.body)
        else:
            await of_status(request, 415)(scope, receive, send)

    async def _whole(self, scope: Scope, receive: Receive, send: Send, limit: int, fault: Fault | None = None) -> None:
        request = Request(scope, receive)
        try:
            async with asyncio.timeout(self._limits.body_within):
                body = await _read(request, limit)
        except TooLarge:
            await of_status(request, 413)(scope, receive, send)
        except TimeoutError:
            await of_status(request, 408, {"Connection": "close"})(scope, receive, send)
        except ClientDisconnect:
            return
        else:
            refused = fault(request, body) if fault is not None else None
            await (self._app(scope, _once(body, receive), send) if refused is None else refused(scope, receive, send))

    async def _file(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        request = Request(scope)
        if _announced(request) > limit:
            await of_status(request, 413)(scope, receive, send)
            return
        if self._files >= self._limits.files_at_once:
            await of_status(request, 503)(scope, receive, send)
            return
        self._files += 1
        try:
            await self._app(scope, self._counted(receive, limit), send)
        except TooLarge:
            await of_status(request, 413)(scope, receive, send)
        except TooSlow:
            await of_status(request, 408, {"Connection": "close"})(scope, receive, send)
        finally:
            self._files -= 1

    def _counted(self, receive: Receive, limit: int) -> Receive:
        """The body as it comes, until it is too large or takes too long."""
        seen, until = 0, asyncio.get_running_loop().time() + self._limits.file_within

        async def counted() -> Message:
            nonlocal seen, until
            try:
                async with asyncio.timeout_at(until):
                    message = await receive()
            except TimeoutError as error:
                raise TooSlow from error
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge
            if not message.get("more_body", False):
                until = inf  # it is all there; what comes now is only that somebody has gone
            return message

        return counted

    def _fault(self, request: Request, body: bytes) -> ASGIApp | None:
        """The answer to a body that is no JSON to be worked with. Where it is, whoever reads it says what is wrong with it."""
        if not body:
            return None
        if _media(request) != "application/json":
            return of_status(request, 415)
        try:
            data = json.loads(body, parse_constant=_no_number, parse_float=_finite, object_pairs_hook=_once_each)
            fault = _unusable(data, self._limits.depth)
        except _Unusable as found:
            fault = found.sentence
        except RecursionError:
            fault = _deep(self._limits.depth)
        except UnicodeDecodeError:
            fault = Label("正文不是 UTF-8 编码。", "The body is not encoded in UTF-8.")
        except ValueError:
            return None  # FastAPI says where
        return None if fault is None else problem(request, KINDS[400].code, 400, fault)


class _Unusable(Exception):
    def __init__(self, sentence: Label) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence


def _media(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _read(request: Request, limit: int) -> bytes:
    if _announced(request) > limit:
        raise TooLarge
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > limit:
            raise TooLarge
    return bytes(read)


def _announced(request: Request) -> int:
    """How many bytes are said to come; what is said wrongly is counted all the same."""
    said = request.headers.get("content-length", "")
    return int(said) if said.isdecimal() and len(said) < 19 else 0


def _once(body: bytes, receive: Receive) -> Receive:
    """The body as one message, and after it what else comes."""
    waiting = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def received() -> Message:
        return next(waiting, None) or await receive()

    return received


def _no_number(name: str) -> NoReturn:
    sentence = Label("{name} 不是合法的 JSON 数值。", "{name} is no number of JSON.")
    raise _Unusable(sentence.fill(name=name))


def _finite(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _no_number(text[:_SHOWN])


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unusable(Label("“{name}”出现了两次。", "“{name}” stands there twice.").fill(name=_shown(twice)))
    return found


def _unusable(data: Any, depth: int) -> Label | None:
    """Why nobody can work with it: lists within lists without end, half a character, or one that no database keeps."""
    for text in _texts(data, depth):
        if "\0" in text:
            return Label("正文中有数据库无法保存的字符 U+0000。", "The body holds a character that no database keeps: U+0000.")
        if not is_whole(text):
            return Label("正文中有不完整的字符（孤立的代理码位）。", "The body holds half a character (a lone surrogate).")
    return None


def _texts(data: Any, depth: int) -> Iterator[str]:
    level = [data]
    for _ in range(depth + 1):
        yield from (each for each in level if isinstance(each, str))
        yield from (name for each in level if isinstance(each, dict) for name in each)
        level = [part for each in level if isinstance(each, dict | list) for part in (each.values() if isinstance(each, dict) else each)]
        if not level:
            return
    raise _Unusable(_deep(depth))


def _deep(depth: int) -> Label:
    return Label("正文嵌套超过 {depth} 层。", "The body is nested more than {depth} deep.").fill(depth=depth)


def _shown(text: str) -> str:
    return text[:_SHOWN].encode("utf-8", "replace").decode()
