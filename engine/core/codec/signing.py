"""Steps that wait for signatures, as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from engine.core.case import Signature, Signing
from engine.core.codec.text import Json, decode_instant, encode_instant
from engine.core.codec.value import Kinds, decode_changes, encode_changes


def encode_signing(signing: Mapping[str, Signing], kinds: Kinds) -> Json:
    """step → what it waits for, as JSON."""
    return {
        step: {
            "form": cast(Json, encode_changes(each.form, kinds)),
            "reason": each.reason,
            "signatures": [
                [signature.actor, signature.on_behalf_of, encode_instant(signature.at), list(signature.through)]
                for signature in each.signatures
            ],
        }
        for step, each in signing.items()
    }


def decode_signing(body: Mapping[str, Any], kinds: Kinds) -> dict[str, Signing]:
    """What `encode_signing` wrote."""
    return {
        step: Signing(
            decode_changes(each["form"], kinds),
            each["reason"],
            tuple(
                [Signature(actor, behalf, decode_instant(at), tuple(through)) for actor, behalf, at, through in each["signatures"]],
            ),
        )
        for step, each in body.items()
    }
