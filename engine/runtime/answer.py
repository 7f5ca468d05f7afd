"""What a wish is answered: that it was granted, or every reason why not – and the first answer again when it comes again under its key.

Says what is kept of a request and how it is known again; decides and records nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.briefing import INTEGRATION
from engine.core.case import Case
from engine.core.command import Command
from engine.core.decision import Check, Refused
from engine.core.effect import Effect
from engine.errors import Conflict
from engine.label import Label
from engine.runtime.caller import Caller, Key
from engine.runtime.outcome import Outcome, fingerprint
from engine.store.record import Request
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Granted:
    """The wish came true. `repeated`: it had been done before under this key. `case` is None then."""

    outcome: Outcome
    case: Case | None
    repeated: bool = False
    checks: tuple[Check, ...] = ()
    """Everything that was asked; only of a dry run."""
    effects: tuple[Effect, ...] = ()
    """What would be told, armed and cancelled; only of a dry run."""
    asking: tuple[str, ...] = ()
    """The ids of the cases that now ask something of their parent or of a child: errands that wait."""
    alarms: tuple[Label, ...] = ()
    """What went wrong beside it and is an incident now: whoever made the wish can often mend it at once."""


Answer = Granted | Refused


class KeyReused(Conflict):
    """An idempotency key, or a reference of an intake, came again with other content."""

    code = "key_reused"


@dataclass(frozen=True, slots=True)
class Asked:
    """A key, and the hash of what was asked under it."""

    key: Key
    hash: str

    def kept(self, outcome: Outcome) -> Request:
        """What is kept of it once it was granted."""
        return Request(self.key.scope, self.key.value, self.hash, outcome.text())


def asked(key: Key | None, secret: bytes, target: str, command: Command, caller: Caller, reference: str | None = None) -> Asked | None:
    """The request, where it has a key. `target`: a workflow, or a case; `secret`: of the database."""
    if key is None:
        return None
    return Asked(key, fingerprint(secret, target, command, caller.person or INTEGRATION.id, reference))


def answered(unit: UnitOfWork, request: Asked | None) -> Granted | None:
    """What was answered under its key before. Raises KeyReused when that was something else."""
    known = unit.known(request.key.scope, request.key.value) if request is not None else None
    if request is None or known is None:
        return None
    if known.hash != request.hash:
        raise KeyReused(
            Label("键“{key}”已用于内容不同的请求。", "The key “{key}” was used for another request.").fill(key=request.key.value),
            Label("同一请求请原样重发；新的请求请换一个键。", "Repeat the first request unchanged, or take a new key."),
        )
    return Granted(Outcome.read(known.outcome), None, repeated=True)
