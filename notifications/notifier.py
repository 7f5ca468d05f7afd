"""The notifier: which channels reach a person, and the one door through which a message leaves.

Knows no queue and no attempt: who calls it records what came of it and tries again.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.label import Label
from notifications.channel import Channel
from notifications.message import Deferred, Message, Recipient, Result, one_line


class Notifier:
    """The channels of this installation, in the order in which they are used. Raises ValueError for two of one name."""

    def __init__(self, channels: Sequence[Channel]) -> None:
        self._channels = {channel.name: channel for channel in channels}
        if len(self._channels) != len(channels):
            raise ValueError("two channels have the same name")

    def plan(self, recipient: Recipient) -> tuple[str, ...]:
        """The names of the channels that reach him; empty if none does. Each endpoint is a channel by itself, with its own queue."""
        names = (name for name, channel in self._channels.items() if channel.reaches(recipient))
        return tuple(name if recipient.endpoint is None else f"{name}:{recipient.endpoint.name}" for name in names)

    def names(self) -> tuple[str, ...]:
        """The names of all channels that are set up."""
        return tuple(self._channels)

    def send(self, channel: str, message: Message, recipient: Recipient) -> Result:
        """Send by the channel of this name. Never raises: a channel that fails, or is no longer set up, defers."""
        way = channel.partition(":")[0]
        if way not in self._channels:
            sentence = Label("没有设置渠道“{name}”", "The channel “{name}” is not set up")
            return Deferred(sentence.fill(name=channel))
        try:
            return self._channels[way].send(message, recipient)
        except Exception as error:  # one bad channel or message must hold up nobody else
            sentence = Label("渠道“{name}”出错：{kind} {reason}", "The channel “{name}” failed: {kind} {reason}")
            return Deferred(sentence.fill(name=channel, kind=type(error).__name__, reason=one_line(str(error), 200)))
