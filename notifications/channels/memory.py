"""A channel that keeps what it was given: for scenarios and tests, where nobody must be disturbed."""

from __future__ import annotations

from notifications.message import Delivered, Message, Recipient, Result


class Memory:
    """Reaches everybody. `given` holds each attempt, first to last; `answer` is what the next one is answered with."""

    def __init__(self, name: str = "memory", answer: Result | None = None) -> None:
        self.name = name
        self.answer: Result = answer or Delivered()
        self.given: list[tuple[Message, Recipient]] = []

    def reaches(self, recipient: Recipient) -> bool:  # noqa: ARG002 - whoever he is
        """Always."""
        return True

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Keep it, and give the present answer."""
        self.given.append((message, recipient))
        return self.answer
