"""Secrets that sign webhooks, as Standard Webhooks wants them: `whsec_` and 24 to 64 bytes in Base64."""

from __future__ import annotations

import base64
import binascii
import secrets as chance

PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes."""


def fresh() -> str:
    """A new one."""
    return PREFIX + base64.b64encode(chance.token_bytes(32)).decode()


def is_secret(text: str) -> bool:
    """Whether this can sign."""
    try:
        length = len(base64.b64decode(text.removeprefix(PREFIX), validate=True))
    except (binascii.Error, ValueError):
        return False
    return _SHORTEST <= length <= _LONGEST
