"""Envelopes: where a request from outside says which event it is, what it is called, and what there is to know.

Understands JSON and no event. A number with decimals is kept exact.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.errors import Misuse
from engine.label import Label

LONGEST = 200
"""Characters of an event id and of a name."""

_TOKEN = re.compile(r"[!-~]+")
"""Printable ASCII without spaces: what fits into an address."""
_ODD_BODY = Label("正文应为 JSON 对象，实际不是。", "Expected the body to be a JSON object, found something else.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a word stands: in a header, or in the body under a key or a path of keys, `event.id`."""

    kind: Literal["header", "key"]
    name: str

    @staticmethod
    def parse(text: str) -> Place:
        """From `header:X-Event-Id` or `key:event.id`. Raises Misuse."""
        kind, _, name = text.partition(":")
        if kind not in ("header", "key") or not _TOKEN.fullmatch(name):
            raise Misuse(
                Label("位置应为 header:名称 或 key:名称，实际为“{text}”。", "Expected header:NAME or key:NAME, found “{text}”.").fill(
                    text=text
                ),
                Label("例如 header:X-Event-Id 或 key:event.id。", "For example header:X-Event-Id or key:event.id."),
            )
        return Place("header" if kind == "header" else "key", name)

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where the sender writes the id of the event, its name, and (None: in the body itself) the object with what there is to know."""

    id: Place
    name: Place
    data: str | None = None


STANDARD = Envelope(Place("header", "webhook-id"), Place("key", "type"), "data")
"""As Standard Webhooks recommends it."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it came in. `body`: the whole text, of which `data_of` takes what there is to know."""

    id: str
    name: str
    body: str


def opened(envelope: Envelope, headers: Mapping[str, str], body: bytes) -> Arrival:
    """The event that a request brings. `headers`: name in lower case → value. Raises Misuse for what is no event."""
    content = _parsed(body)
    found = {
        place: headers.get(place.name.lower()) if place.kind == "header" else at(content, place.name)
        for place in (envelope.id, envelope.name)
    }
    words = {place: str(word) if isinstance(word, int) and not isinstance(word, bool) else word for place, word in found.items()}
    for place, word in words.items():
        if not isinstance(word, str) or len(word) > LONGEST or not _TOKEN.fullmatch(word):
            what = Label("事件编号", "the id of the event") if place == envelope.id else Label("事件名称", "the name of the event")
            sentence = Label(
                "{what}应在 {place}，为至多 {longest} 个不含空格的 ASCII 字符，实际不是。",
                "Expected {what} in {place}, at most {longest} characters of ASCII without spaces, found something else.",
            )
            raise Misuse(sentence.fill(what=what, place=str(place), longest=LONGEST))
    _data(envelope, content)
    return Arrival(str(words[envelope.id]), str(words[envelope.name]), body.decode())


def data_of(envelope: Envelope, body: str) -> Mapping[str, object]:
    """What there is to know of an event: key → text, number (int or Decimal), boolean, None, list or nested object. Raises Misuse."""
    return _data(envelope, _parsed(body.encode()))


def at(content: object, path: str) -> object:
    """What stands at this path of keys; None where nothing does."""
    for part in path.split("."):
        content = content.get(part) if isinstance(content, Mapping) else None
    return content


def _data(envelope: Envelope, content: Mapping[str, object]) -> Mapping[str, object]:
    found = content if envelope.data is None else at(content, envelope.data)
    if not isinstance(found, Mapping):
        sentence = Label(
            "正文的“{key}”应为 JSON 对象，实际不是。", "Expected “{key}” of the body to be a JSON object, found something else."
        )
        raise Misuse(sentence.fill(key=envelope.data))
    return found


def _parsed(body: bytes) -> Mapping[str, object]:
    try:
        content = json.loads(body.decode(), parse_float=Decimal, parse_constant=_no_number)
        # A half of a surrogate pair is no text: nothing could store or show it.
        json.dumps(content, ensure_ascii=False, default=str).encode()
    except (ValueError, RecursionError) as error:
        raise Misuse(_ODD_BODY) from error
    if not isinstance(content, dict):
        raise Misuse(_ODD_BODY)
    return content


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number of JSON")
