"""Bodies on their way in: read whole within their size and time, and JSON that is what it seems, before anybody looks at it.

Files are not read here, only counted: who sends one is asked first. Knows sizes, media types and the depth of JSON; no path but one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from math import isfinite
from typing import Any, NoReturn

from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.label import Label
from web.limits import Limits
from web.problem import KINDS, of_status, problem
from web.route import API

FILES = f"{API}/files"
_SHOWN = 80
"""How much of what is wrong is repeated."""
_WITH_BODY = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class TooLarge(Exception):
    """More bytes than may be."""


class Bodies:
    """Around the API; other paths go through."""

    def __init__(self, app: ASGIApp, limits: Limits) -> None:
        self._app = app
        self._limits = limits
        self._files = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the body and hand it on whole, or answer."""
        if scope["type"] != "http" or scope["method"] not in _WITH_BODY or not scope["path"].startswith(API):
            await self._app(scope, receive, send)
        elif scope["path"] == FILES:
            await self._file(scope, receive, send)
        else:
            await self._whole(scope, receive, send)

    async def _whole(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            async with asyncio.timeout(self._limits.body_within):
                body = await _read(request, self._limits.body)
        except TooLarge:
            await of_status(request, 413)(scope, receive, send)
        except TimeoutError:
            await of_status(request, 408, {"Connection": "close"})(scope, receive, send)
        except ClientDisconnect:
            return
        else:
            refused = self._fault(request, body)
            await (self._app(scope, _once(body, receive), send) if refused is None else refused(scope, receive, send))

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, limit, seen = Request(scope), self._limits.file, 0
        if _announced(request) > limit:
            await of_status(request, 413)(scope, receive, send)
            return
        if self._files >= self._limits.files_at_once:
            await of_status(request, 503)(scope, receive, send)
            return

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise TooLarge
            return message

        self._files += 1
        try:
            await self._app(scope, counted, send)
        except TooLarge:
            await of_status(request, 413)(scope, receive, send)
        finally:
            self._files -= 1

    def _fault(self, request: Request, body: bytes) -> ASGIApp | None:
        """The answer to a body that is no JSON to be worked with. Where it is, whoever reads it says what is wrong with it."""
        if not body:
            return None
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media != "application/json":
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
        if not _is_whole(text):
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


def _is_whole(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)


def _shown(text: str) -> str:
    return text[:_SHOWN].encode("utf-8", "replace").decode()
