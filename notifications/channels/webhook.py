"""The webhook: a message as JSON for a program, signed as Standard Webhooks asks.

A delivery keeps its `webhook-id` over all attempts, so a receiver can tell a repetition. Only 2xx is success; 410 gives the endpoint
up; everything else is tried again. While a secret is being replaced there are two signatures, of the new one and of the former.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from engine.label import Label
from notifications.answer import Answer
from notifications.endpoint import Endpoint
from notifications.message import Deferred, Delivered, Message, Recipient, Rejected, Result, cut
from notifications.outbound import MISSING, Outbound, is_installed

_LONGEST_BODY = 4000
"""Characters of a text: with all its marks the JSON stays under 20 kB."""


class Webhook:
    """Reaches endpoints of its kind."""

    name = "webhook"

    def __init__(self, outbound: Outbound) -> None:
        self._outbound = outbound

    def reaches(self, recipient: Recipient) -> bool:
        """Whether he is an endpoint for programs."""
        return recipient.endpoint is not None and recipient.endpoint.kind == self.name

    def send(self, message: Message, recipient: Recipient) -> Result:
        """Post it. The note names the status alone: what a machine answers that somebody typed in is shown to nobody."""
        assert recipient.endpoint is not None
        if not is_installed():
            return Deferred(MISSING)
        now = datetime.now(UTC)
        content = json.dumps(_content(message, now), ensure_ascii=False, separators=(",", ":"))
        answer = self._outbound.post(recipient.endpoint.url, content.encode(), _headers(message.id, now, content, recipient.endpoint))
        return _judged(answer) if isinstance(answer, Answer) else answer


def _content(message: Message, now: datetime) -> dict[str, object]:
    text = {"subject": message.text.subject, "body": cut(message.text.body, _LONGEST_BODY)}
    matter = message.matter
    if matter is None:
        return {"type": "endpoint.test", "timestamp": _instant(now), "data": text}
    about = {
        "case": matter.number,
        "workflow": matter.workflow,
        "state": matter.state,
        "seq": matter.seq,
        "template": matter.template,
        "due_at": _instant(matter.due_at) if matter.due_at is not None else None,
        "link": matter.link or None,
    }
    return {"type": "case.message", "timestamp": _instant(matter.recorded_at), "data": about | text}


def _headers(id: str, now: datetime, content: str, endpoint: Endpoint) -> dict[str, str]:
    from standardwebhooks import Webhook as Signer  # noqa: PLC0415 - an extra that not every installation has

    return {
        "Content-Type": "application/json; charset=utf-8",
        "webhook-id": id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Signer(secret).sign(id, now, content) for secret in endpoint.secrets),
    }


def _judged(answer: Answer) -> Result:
    if answer.is_success:
        return Delivered(str(answer.status))
    why = Label("对方回答 HTTP {status}", "The receiver answered HTTP {status}").fill(status=answer.status)
    return Rejected(why, is_gone=True) if answer.status == 410 else Deferred(why, answer.retry_after)


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
