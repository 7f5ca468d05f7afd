"""Signatures of what comes in: whether a request was signed with one of these secrets, by the scheme that its sender declares.

The other half of what `channels/` signs. Says yes or no and never why: whoever guesses shall learn nothing. Reads no clock.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args

Algorithm = Literal["sha256", "sha512", "sha1"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
"""`sha1` only where a sender cannot do better, and only because it is declared."""
Encoding = Literal["hex", "base64"]
ENCODINGS: tuple[Encoding, ...] = get_args(Encoding)

TOLERANCE = timedelta(minutes=5)
"""How far the timestamp of a request may lie from now, as Standard Webhooks wants it."""

BODY, TIMESTAMP = "{body}", "{timestamp}"
"""What may stand in the template of what is signed."""

_SECONDS = re.compile(r"[0-9]{1,13}")
_MILLISECONDS_FROM = 10**11
"""A greater number counts milliseconds: as seconds it would lie in the year 5138."""


@dataclass(frozen=True, slots=True)
class Standard:
    """Standard Webhooks: `webhook-id`, `webhook-timestamp`, `webhook-signature`; the secrets are `whsec_` and Base64."""


@dataclass(frozen=True, slots=True)
class Hmac:
    """An HMAC in a header, as its sender declares it; the secrets are taken as their UTF-8 bytes."""

    header: str
    algorithm: Algorithm = "sha256"
    encoding: Encoding = "hex"
    prefix: str = ""
    """What stands before the signature in its header, such as `sha256=`."""
    signed: str = BODY
    """What is signed, as a template: `{timestamp}.{body}`."""
    timestamp: str | None = None
    """The header with the instant of sending, in seconds or milliseconds since 1970; None: the sender tells none."""
    tolerance: timedelta = TOLERANCE


Scheme = Standard | Hmac

Headers = Mapping[str, str]
"""Name in lower case → value."""


def is_signed(scheme: Scheme, headers: Headers, body: bytes, secrets: Iterable[str], now: datetime) -> bool:
    """Whether the request carries a signature by one of these secrets, and was sent about now."""
    return _is_standard(headers, body, secrets, now) if isinstance(scheme, Standard) else _is_hmac(scheme, headers, body, secrets, now)


def sent_at(scheme: Scheme, headers: Headers) -> datetime | None:
    """When the request says that it was sent; None where it says nothing that can be read, or its sender tells none."""
    name = "webhook-timestamp" if isinstance(scheme, Standard) else scheme.timestamp
    return _instant(headers.get(name.lower(), "")) if name is not None else None


def _is_standard(headers: Headers, body: bytes, secrets: Iterable[str], now: datetime) -> bool:
    from standardwebhooks import Webhook  # noqa: PLC0415 - an extra that not every installation has

    id, sent = headers.get("webhook-id", ""), sent_at(Standard(), headers)
    given = [each.removeprefix("v1,").encode() for each in headers.get("webhook-signature", "").split(" ") if each.startswith("v1,")]
    if not id or sent is None or abs(now - sent) > TOLERANCE:
        return False
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return False
    valid = [Webhook(secret).sign(id, sent, text).removeprefix("v1,").encode() for secret in secrets]
    return any(hmac.compare_digest(one, other) for one in valid for other in given)


def _is_hmac(scheme: Hmac, headers: Headers, body: bytes, secrets: Iterable[str], now: datetime) -> bool:
    told, stamp = headers.get(scheme.header.lower(), ""), ""
    if scheme.timestamp is not None:
        stamp, sent = headers.get(scheme.timestamp.lower(), ""), sent_at(scheme, headers)
        if sent is None or abs(now - sent) > scheme.tolerance:
            return False
    given = _decoded(told.removeprefix(scheme.prefix), scheme.encoding) if told.startswith(scheme.prefix) else None
    if given is None:
        return False
    content = _filled(scheme.signed, stamp.encode(), body)
    digest = getattr(hashlib, scheme.algorithm)
    return any(hmac.compare_digest(hmac.new(secret.encode(), content, digest).digest(), given) for secret in secrets)


def _filled(template: str, stamp: bytes, body: bytes) -> bytes:
    """What is signed. The body is put in last and once, so that nothing in it is taken for a part of the template.

    >>> _filled("v0:{timestamp}:{body}", b"12", b'{"timestamp"}')
    b'v0:12:{"timestamp"}'
    """
    before, _, after = template.partition(BODY)
    return b"".join((before.encode().replace(TIMESTAMP.encode(), stamp), body, after.encode().replace(TIMESTAMP.encode(), stamp)))


def _instant(text: str) -> datetime | None:
    if not _SECONDS.fullmatch(text):
        return None
    number = int(text)
    return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)


def _decoded(text: str, encoding: Encoding) -> bytes | None:
    try:
        return bytes.fromhex(text) if encoding == "hex" else base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
