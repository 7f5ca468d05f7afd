"""The state machine of one definition: does this move exist? The only module that imports `transitions`.

`decide` selects the step and its target; this machine confirms that the move exists from that state (DESIGN laws 1, 7).
`transitions` resolves string callbacks by importing them and keeps models in a registry; so no callback ever reaches it,
automatic transitions are off, and each question is asked with an unregistered throw-away object.
"""

from __future__ import annotations

from collections.abc import Iterable

from transitions import Machine as TransitionsMachine
from transitions import MachineError

BIRTH = "(birth)"
"""The place before the first state; starts lead out of it. Not a legal state id, so it cannot clash."""


class _Subject:
    """What the machine moves: nothing but a state."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


class Machine:
    """All moves of one definition. Immutable after construction, shared by threads.

    What it has confirmed once it remembers: the same question has the same answer for as long as the machine lives.
    """

    __slots__ = ("_events", "_known")

    def __init__(self, states: Iterable[str], moves: Iterable[tuple[str, str, str]]) -> None:
        """`moves`: (source, step, target); a step that stays has target == source."""
        machine = TransitionsMachine(model=None, states=[BIRTH, *states], initial=BIRTH, auto_transitions=False, send_event=False)
        # One trigger per step and target: with one trigger per step, `transitions` would take the first target it finds.
        for source, step, target in dict.fromkeys(moves):
            machine.add_transition(trigger=_trigger(step, target), source=source, dest=target)
        self._events = machine.events
        self._known: dict[tuple[str, str, str], bool] = {}

    def confirms(self, source: str, step: str, target: str) -> bool:
        """Whether the step leads from `source` to `target`."""
        question = (source, step, target)
        known = self._known.get(question)
        if known is None:
            known = self._known[question] = self._ask(source, step, target)
        return known

    def _ask(self, source: str, step: str, target: str) -> bool:
        event = self._events.get(_trigger(step, target))
        if event is None:
            return False
        subject = _Subject(source)
        try:
            return bool(event.trigger(subject)) and subject.state == target
        except MachineError:
            return False


def _trigger(step: str, target: str) -> str:
    return f"{step}→{target}"
