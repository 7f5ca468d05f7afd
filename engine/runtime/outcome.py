"""The outcome of a wish: what every door answers, what an idempotency key gives back, and how a request is recognised.

Canonical (DESIGN law 15): number, state, revision, seq, events – no options, no personal values – so that the same
request gets the same bytes for as long as its key lives.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

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
    said = {each.name: _plain(getattr(command, each.name)) for each in fields(command)}
    wish = {"target": target, "actor": actor, "kind": type(command).__name__, **said}
    return hmac.digest(secret, json.dumps(wish, ensure_ascii=False, sort_keys=True, default=str).encode(), "sha256").hex()


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value
