"""The robot of a DingTalk group. With a secret, address and instant are signed; otherwise a key word or the sender's address guard it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from engine.label import Label
from notifications.message import Message, Recipient, Result
from notifications.outbound import Outbound
from notifications.robot import Dialect, post, whole

_DIALECT = Dialect(
    title=Label("钉钉", "DingTalk"),
    code="errcode",
    words="errmsg",
    later={
        -1: None,  # busy
        130101: timedelta(minutes=10),  # more than 20 messages in a minute: shut out for ten
        410100: timedelta(minutes=10),
    },
)
_MOST = 16_000
"""Bytes of a text; 20 kB with all that is around it."""


class DingTalk:
    """Reaches endpoints of its kind."""

    name = "dingtalk"

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    def reaches(self, recipient: Recipient) -> bool:
        """Whether he is a robot of DingTalk."""
        return recipient.endpoint is not None and recipient.endpoint.kind == self.name

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Post it as plain text that mentions nobody. Of several secrets the first signs: there is room for one signature."""
        endpoint = recipient.endpoint
        assert endpoint is not None
        url = endpoint.url
        if endpoint.secrets:
            url += ("&" if "?" in url else "?") + signature(endpoint.secrets[0], datetime.now(UTC))
        content = {"msgtype": "text", "text": {"content": whole(message, _MOST)}, "at": {"isAtAll": False}}
        return post(self._outbound, _DIALECT, endpoint, url, content)


def signature(secret: str, now: datetime) -> str:
    """The two parameters of a signed address. Encoded here, once; nothing after this encodes it again."""
    timestamp = str(int(now.timestamp() * 1000))
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return urlencode({"timestamp": timestamp, "sign": base64.b64encode(digest).decode()})
