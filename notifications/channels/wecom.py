"""The robot of a WeCom group. Its key is a part of its address; it takes no signature."""

from __future__ import annotations

from datetime import timedelta

from engine.label import Label
from notifications.message import Message, Recipient, Result
from notifications.outbound import Outbound
from notifications.robot import Dialect, post, whole

_DIALECT = Dialect(
    title=Label("企业微信", "WeCom"),
    code="errcode",
    words="errmsg",
    later={
        -1: None,  # busy
        45009: timedelta(minutes=1),  # more than 20 messages in a minute
        45033: None,  # too many at once
    },
)
_MOST = 2048
"""Bytes of a text."""


class WeCom:
    """Reaches endpoints of its kind."""

    name = "wecom"

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    def reaches(self, recipient: Recipient) -> bool:
        """Whether he is a robot of WeCom."""
        return recipient.endpoint is not None and recipient.endpoint.kind == self.name

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Post it as plain text, in which nothing is taken for a link or a mention."""
        assert recipient.endpoint is not None
        content = {"msgtype": "text", "text": {"content": whole(message, _MOST)}}
        return post(self._outbound, _DIALECT, recipient.endpoint, recipient.endpoint.url, content)
