"""The contract of a channel: a way in which a message reaches a person. Implementations stand in `channels`."""

from __future__ import annotations

from typing import Protocol

from notifications.message import Message, Recipient, Result


class Channel(Protocol):
    """One way to tell somebody something."""

    name: str
    """How deliveries record it; never changes once used."""

    def reaches(self, recipient: Recipient) -> bool:
        """Whether it has what it needs to reach him, an address for example."""
        ...

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Hand over one message to one person. Takes bounded time, and raises nothing for anything the outside does."""
        ...
