"""The robot of a Feishu (Lark) group. With a secret, the instant is signed; otherwise a key word or the sender's address guard it."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from engine.label import Label
from notifications.message import Message, Recipient, Result, one_line
from notifications.outbound import Outbound
from notifications.robot import Dialect, body_with_link, post, within

_AMBIGUOUS = 9499
"""Too many requests, or a request that cannot be read: only the words tell."""
_DIALECT = Dialect(
    title=Label("飞书", "Feishu"),
    code="code",
    words="msg",
    later={_AMBIGUOUS: timedelta(minutes=1), 11232: timedelta(minutes=1)},  # more than 100 in a minute or 5 in a second
    is_for_good=lambda code, words: code == _AMBIGUOUS and "bad request" in words.lower(),
)
_MOST = 15_000
"""Bytes of a text; 20 kB with all that is around it."""
_LONGEST_TITLE = 200


class Feishu:
    """Reaches endpoints of its kind."""

    name = "feishu"

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    def reaches(self, recipient: Recipient) -> bool:
        """Whether he is a robot of Feishu."""
        return recipient.endpoint is not None and recipient.endpoint.kind == self.name

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Post it as rich text of one plain piece: in a message of mere text, `<at user_id="all">` would call everybody."""
        endpoint = recipient.endpoint
        assert endpoint is not None
        title = one_line(message.text.subject, _LONGEST_TITLE)
        paragraphs = [[{"tag": "text", "text": within(body_with_link(message), _MOST)}]]
        content: dict[str, object] = {"msg_type": "post", "content": {"post": {"zh_cn": {"title": title, "content": paragraphs}}}}
        if endpoint.secrets:
            content |= signature(endpoint.secrets[0], datetime.now(UTC))
        return post(self._outbound, _DIALECT, endpoint, endpoint.url, content)


def signature(secret: str, now: datetime) -> dict[str, object]:
    """The two values of a signed message: the secret is a part of the key, and what is signed is empty."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256).digest()
    return {"timestamp": timestamp, "sign": base64.b64encode(digest).decode()}
