"""The webhook: a message as JSON for a program, signed as Standard Webhooks asks.

A delivery keeps its `webhook-id` over all attempts, so a receiver can tell a repetition. Only 2xx is success; 410 gives the endpoint
up; everything else is tried again. While a secret is being replaced there are two signatures, of the new one and of the former.
"""

from __future__ import annotations

from datetime import UTC, datetime

from engine.label import Label
from notifications.answer import Answer
from notifications.endpoint import Endpoint
from notifications.message import Deferred, Delivered, Message, Recipient, Rejected, Result
from notifications.outbound import MISSING, Outbound, is_installed
from notifications.payload import CONTENT_TYPE, HOMELESS, payload


class Webhook:
    """Reaches endpoints of its kind."""

    name = "webhook"

    def __init__(self, outbound: Outbound, source: str = HOMELESS) -> None:
        """`source`: who sends, a URI."""
        self._outbound = outbound
        self._source = source

    def reaches(self, recipient: Recipient) -> bool:
        """Whether he is an endpoint for programs."""
        return recipient.endpoint is not None and recipient.endpoint.kind == self.name

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Post it. The note names the status alone: what a machine answers that somebody typed in is shown to nobody."""
        assert recipient.endpoint is not None
        if not is_installed():
            return Deferred(MISSING)
        now = datetime.now(UTC)
        content = payload(message, self._source, now)
        answer = self._outbound.post(recipient.endpoint.url, content, _headers(message.id, now, content, recipient.endpoint))
        return _judged(answer) if isinstance(answer, Answer) else answer


def _headers(id: str, now: datetime, content: bytes, endpoint: Endpoint) -> dict[str, str]:
    from standardwebhooks import Webhook as Signer  # noqa: PLC0415 - an extra that not every installation has

    return {
        "Content-Type": CONTENT_TYPE,
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Signer(secret).sign(id, now, content.decode()) for secret in endpoint.secrets),
    }


def _judged(answer: Answer) -> Result:
    if answer.is_success:
        return Delivered(str(answer.status), answer.status)
    why = Label("对方回答 HTTP {status}", "The receiver answered HTTP {status}").fill(status=answer.status)
    if answer.status == 410:
        return Rejected(why, is_gone=True, answer=answer.status)
    return Deferred(why, answer.retry_after, answer.status)
