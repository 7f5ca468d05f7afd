"""The outcome of a wish: what every door answers, what an idempotency key gives back, and how a request is recognised.

Canonical (DESIGN law 15): number, state, revision, seq, events – no options, no personal values – so that the same
request gets the same bytes for as long as its key lives.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from engine.core.codec import EVENT_KINDS, canonical
from engine.core.command import Command
from engine.core.decision import Accepted


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done."""

    number: str
    state: str
    revision: int
    seq: int
    events: tuple[str, ...]

    @staticmethod
    def of(accepted: Accepted) -> Outcome:
        """The outcome of an accepted decision."""
        case = accepted.case
        return Outcome(case.number, case.state, case.revision, case.seq, tuple(EVENT_KINDS[type(event)] for event in accepted.events))

    def text(self) -> str:
        """As canonical JSON."""
        return canonical({**asdict(self), "events": list(self.events)})

    @staticmethod
    def read(text: str) -> Outcome:
        """The outcome that `text` was made from."""
        fields = json.loads(text)
        return Outcome(**{**fields, "events": tuple(fields["events"])})


def fingerprint(secret: bytes, target: str, command: Command, actor: str) -> str:
    """What a request asks, as a keyed hash: it covers personal values, which a plain hash would let one guess."""
    wish = {"target": target, "actor": actor, "kind": type(command).__name__, **_plain(asdict(command))}
    return hmac.digest(secret, json.dumps(wish, ensure_ascii=False, sort_keys=True, default=str).encode(), "sha256").hex()


def _plain(wish: Mapping[str, object]) -> dict[str, object]:
    return {name: dict(value) if isinstance(value, Mapping) else value for name, value in wish.items()}
