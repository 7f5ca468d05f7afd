"""What is read by hand of a request – tags, keys, cursors, languages, tokens, signatures, JSON – is understood or refused, whatever it is.

Anything that is raised but an error of our own would be an answer 500.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from engine.errors import Misuse, Unauthenticated, Unknown
from engine.store.cases import Filter
from notifications.envelope import STANDARD, Arrival, Envelope, Place, data_of, opened
from notifications.secret import fresh
from notifications.signature import Hmac, Standard, is_signed
from tests.web.counter import Counter
from web.body import Bodies
from web.etag import etag, is_known, revision_in
from web.limits import Limits
from web.problem import wanted

NOW = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
DEPTH = Limits().depth
SECRET = fresh()
HEADER = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60)
"""What a header may hold: octets, read as Latin-1."""
TAGS = st.from_regex(r'(W/)?"[0-9]{1,12}(-[0-9a-f]{14,18})?"( ?, ?\*)?', fullmatch=True)
NESTED = st.integers(1, 2 * DEPTH).map(lambda depth: "[" * depth + "]" * depth) | st.just("[" * 100_000)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(st.characters(), max_size=8),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(st.characters(), max_size=8), below, max_size=3),
    max_leaves=8,
).map(json.dumps)
BODY = st.binary(max_size=80) | (JSON | NESTED | st.from_regex(r'\{"[ab]": [0-9eE.+-]{1,12}(, "a": 1)?\}', fullmatch=True)).map(str.encode)
SCHEMES = st.sampled_from([Standard(), Hmac("X-Signature"), Hmac("X-Signature", encoding="base64", prefix="v=", timestamp="X-At")])
ENVELOPES = st.sampled_from(
    [STANDARD, Envelope(Place("header", "X-Id"), Place("key", "event.name")), Envelope(Place("key", "a"), Place("key", "b"))]
)


@given(HEADER | TAGS)
def test_a_tag_is_a_revision_or_refused(text: str) -> None:
    is_known(etag(7, b"{}"), text)
    with suppress(Misuse):
        revision = revision_in(text)
        assert text.strip() == "*" if revision is None else text.strip().endswith('"')


@given(st.integers(0, 999_999_999), st.binary())
def test_a_tag_that_was_told_is_understood(revision: int, body: bytes) -> None:
    assert revision_in(etag(revision, body)) == revision
    assert is_known(etag(revision, body), f'"x", W/{etag(revision, body)}')


@given(HEADER | st.from_regex(r"(zh|en|[a-z]{1,3})(-[A-Z]{2})?(;q=[0-9.]{0,4})?(, ?[a-z]{2})?", fullmatch=True))
def test_every_wish_for_a_language_is_answered_in_one(text: str) -> None:
    assert wanted(text, "zh") in ("zh", "en")


@given(
    SCHEMES, st.dictionaries(st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature", "x-signature", "x-at"]), HEADER), BODY
)
def test_nothing_is_signed_by_chance(scheme: Standard | Hmac, headers: dict[str, str], body: bytes) -> None:
    assert not is_signed(scheme, headers, body, [SECRET], NOW)


@given(ENVELOPES, st.dictionaries(st.sampled_from(["webhook-id", "x-id"]), HEADER | st.just("e-1")), BODY)
def test_an_event_is_opened_or_refused(envelope: Envelope, headers: dict[str, str], body: bytes) -> None:
    with suppress(Misuse):
        arrival = opened(envelope, headers, body)
        assert isinstance(arrival, Arrival)
        data_of(envelope, arrival.body)


@given(BODY)
def test_a_body_that_is_let_through_can_be_worked_with(body: bytes) -> None:
    status = asyncio.run(_sent(body))
    assert status in (204, 400)
    try:
        read = json.loads(body)
    except (ValueError, RecursionError):
        return  # whoever wants to read it says where
    if status == 204:
        for text in _texts(read):
            assert "\0" not in text.encode().decode()


@given(HEADER | st.from_regex(r"aftercare_[0-9a-f]{7,9}_[A-Za-z0-9_-]{42,44}", fullmatch=True))
def test_a_text_that_is_no_token_opens_nothing(counter: Counter, text: str) -> None:
    with suppress(Unauthenticated):
        raise AssertionError(counter.company.app.tokens.admit(text))


@given(HEADER | st.from_regex(r"[A-Z]{2}[0-9]{2}-[0-9]{4,6}(/[0-9.]{1,5})?", fullmatch=True))
def test_a_cursor_is_a_place_or_unknown(counter: Counter, text: str) -> None:
    app = counter.company.app
    for read in (
        lambda: app.views.page(Filter(), 10, text),
        lambda: app.due.overdue(10, after=text),
        lambda: app.incidents.page(10, after=text),
        lambda: app.messages.outbox(10, after=text),
    ):
        with suppress(Unknown, Misuse):
            read()


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict | list):
        for part in [*data, *(data.values() if isinstance(data, dict) else ())]:
            yield from _texts(part)


async def _sent(body: bytes) -> int:
    """The status with which a body of JSON is answered; 204 by what stands behind the middleware."""
    told: list[int] = []

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=204)(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        told.append(message.get("status", 0))

    scope = {"type": "http", "method": "POST", "path": "/api/v1/cases", "headers": [(b"content-type", b"application/json")]}
    await Bodies(behind, Limits())(scope, receive, send)
    return told[0]
