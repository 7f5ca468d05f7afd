"""The outcome of a wish: what every door answers, what an idempotency key gives back, and how a request is recognised.

Canonical (DESIGN law 15): number, state, revision, seq, events, opened cases – no options, no personal values – so that the same
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
from engine.core.event import Moved, Opened


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done."""

    number: str
    state: str
    revision: int
    seq: int
    events: tuple[str, ...]
    opened: tuple[tuple[str, str], ...] = ()
    """(alias, number) of each case that was opened with it, in order."""

    @staticmethod
    def of(accepted: Accepted) -> Outcome:
        """The outcome of an accepted decision."""
        case = accepted.case
        kinds = tuple(EVENT_KINDS[type(event)] for event in accepted.events)
        deeds = [event for event in accepted.events if isinstance(event, Opened | Moved)] if accepted.openings else []
        opened = tuple((child.alias, child.number) for event in deeds for child in event.children)
        return Outcome(case.number, case.state, case.revision, case.seq, kinds, opened)

    def text(self) -> str:
        """As canonical JSON; without what was opened where nothing was."""
        said = {**asdict(self), "events": list(self.events), "opened": [list(each) for each in self.opened]}
        return canonical({name: value for name, value in said.items() if name != "opened" or self.opened})

    @staticmethod
    def read(text: str) -> Outcome:
        """The outcome that `text` was made from."""
        said = json.loads(text)
        opened = tuple((alias, number) for alias, number in said.get("opened", ()))
        return Outcome(**{**said, "events": tuple(said["events"]), "opened": opened})


def fingerprint(secret: bytes, target: str, command: Command, actor: str, reference: str | None = None) -> str:
    """What a request asks, as a keyed hash: it covers personal values, which a plain hash would let one guess.

    Not the revision that it expects: whoever has lost the answer reads the case again, and then expects another one.
    """
    said = {each.name: _plain(getattr(command, each.name)) for each in fields(command) if each.name != "expect"}
    wish = {"target": target, "actor": actor, "kind": type(command).__name__, "reference": reference, **said}
    return hmac.digest(secret, json.dumps(wish, ensure_ascii=False, sort_keys=True, default=str).encode(), "sha256").hex()


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else value
