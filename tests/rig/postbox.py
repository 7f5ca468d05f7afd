"""A mail server that keeps what it gets and can do harm: kill who hands a letter over, at a stage, or answer each address as told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, Literal

from tests.notifications.mail import Sink

Stage = Literal["address", "letter"]
"""When the address is told, and when the letter is there but not yet acknowledged."""


class Postbox(Sink):
    """Keeps every letter, then does what `harm` does at its stage; `answers` says what single addresses are answered with."""

    def __init__(self) -> None:
        super().__init__()
        self.harm: Callable[[], object] | None = None
        self.stage: Stage = "letter"
        self.answers: dict[str, str] = {}
        """Address → answer to RCPT, where it is not 250."""
        self.letters: dict[str, str] = {}
        """Address → answer to the final dot, where it is not 250."""

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if self.stage == "address":
            self._do_harm()
        self.recipient = self.answers.get(address, "250 OK")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.message = self.letters.get(envelope.rcpt_tos[0], "250 OK queued as 4711")
        answer = await super().handle_DATA(server, session, envelope)
        if self.stage == "letter":
            self._do_harm()
        return answer

    def identities(self) -> Counter[str]:
        """The local part of each Message-ID, and how often it arrived."""
        return Counter(str(mail["Message-ID"]).strip("<>").partition("@")[0] for mail in self.received)

    def _do_harm(self) -> None:
        harm, self.harm = self.harm, None
        if harm is not None:
            harm()
