"""Robots of chats: what WeCom, DingTalk and Feishu have in common. Each takes JSON, and answers with a code of its own.

HTTP 200 says nothing: wrong keys, wrong signatures and too many messages all come with it. The code decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl, urlsplit

from engine.label import Label
from notifications.answer import Answer
from notifications.endpoint import Endpoint
from notifications.message import Deferred, Delivered, Message, Rejected, Result, one_line
from notifications.outbound import Outbound

_LONGEST_WORDS = 200
_SHORTEST_KEY = 10
"""Characters; what is shorter in an address is a word of the path, such as “send”."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a vendor's robot answers."""

    title: Label
    code: str
    """The key of its code in the answer; 0 is success."""
    words: str
    """The key of what it says about it."""
    later: Mapping[int, timedelta | None]
    """Codes that pass, and after how long if that is known. Every other code is for good."""
    is_for_good: Callable[[int, str], bool] = lambda _code, _words: False
    """Where the words tell apart what one code in `later` stands for."""


def post(outbound: Outbound, dialect: Dialect, endpoint: Endpoint, url: str, content: Mapping[str, object]) -> Result:
    """Post it to this address – the endpoint's, perhaps signed – and say what came of it, in the vendor's words."""
    sent = json.dumps(content, ensure_ascii=False).encode()
    answer = outbound.post(url, sent, {"Content-Type": "application/json; charset=utf-8"})
    return _judged(answer, dialect, endpoint) if isinstance(answer, Answer) else answer


def whole(message: Message, most: int) -> str:
    """Subject, body and link as one text of at most `most` bytes."""
    return within(f"{message.text.subject}\n{body_with_link(message)}".strip(), most)


def body_with_link(message: Message) -> str:
    """The body, and the address of the case if the body does not name it."""
    body, link = message.text.body.strip(), message.matter.link if message.matter is not None else ""
    return body if link in body else f"{body}\n{link}"


def within(text: str, most: int) -> str:
    """The text, or its beginning and an ellipsis: at most so many bytes of UTF-8.

    >>> within("逾期", 6), within("逾期两天", 9)
    ('逾期', '逾期…')
    """
    encoded = text.encode("utf-8", "replace")
    if len(encoded) <= most:
        return encoded.decode()
    return encoded[: most - len("…".encode())].decode("utf-8", "ignore") + "…"


def _judged(answer: Answer, dialect: Dialect, endpoint: Endpoint) -> Result:
    said = _said(answer.body)
    code = said.get(dialect.code)
    if not isinstance(code, int) or isinstance(code, bool):
        why = Label("{title}回答 HTTP {status}，没有错误码", "{title} answered HTTP {status} without a code")
        why = why.fill(title=dialect.title, status=answer.status)
        is_final = not (answer.is_success or answer.is_passing or answer.status == 408)
        return Rejected(why, answer=answer.status) if is_final else Deferred(why, answer.retry_after, answer.status)
    words = _without_keys(one_line(str(said.get(dialect.words, "")), _LONGEST_WORDS), endpoint)
    if code == 0 and answer.is_success:
        return Delivered(words, answer.status)
    why = Label("{title}回答 {code} {words}", "{title} answered {code} {words}").fill(title=dialect.title, code=code, words=words)
    if code in dialect.later and not dialect.is_for_good(code, words):
        return Deferred(why, answer.retry_after or dialect.later[code], answer.status)
    return Deferred(why, answer.retry_after, answer.status) if answer.is_passing else Rejected(why, answer=answer.status)


def _said(body: bytes) -> Mapping[str, object]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _without_keys(words: str, endpoint: Endpoint) -> str:
    """The vendor's words without what must not be told: the keys in the address, and the secrets."""
    parts = urlsplit(endpoint.url)
    in_address = [value for _, value in parse_qsl(parts.query)] + parts.path.split("/")
    keys = [each for each in in_address if len(each) >= _SHORTEST_KEY] + [each for each in endpoint.secrets if each]
    for key in sorted(keys, key=len, reverse=True):
        words = words.replace(key, "***")
    return words
