"""Mail servers to send to: a real one that keeps what it gets and answers as told, and one that speaks as badly as a test wants."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

HOST = "127.0.0.1"
PATIENCE = 60.0
"""Seconds that a server may take to begin."""


class Sink:
    """What the real server does with a message; `recipient` and `message` are its answers to RCPT and to the final dot."""

    def __init__(self, recipient: str = "250 OK", message: str = "250 OK queued as 4711", dies: bool = False) -> None:
        self.recipient = recipient
        self.message = message
        self.dies = dies
        self.received: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: ARG002
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: ARG002
        self.received.append(message_from_bytes(envelope.content, policy=policy.default))
        self.envelopes.append((envelope.mail_from, list(envelope.rcpt_tos)))
        if self.dies:
            server.transport.abort()
        return self.message

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, login: LoginPassword) -> AuthResult:  # noqa: ARG002
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == b"s3cret", handled=False)


@contextmanager
def refusing() -> Iterator[int]:
    """A port at which nobody listens, nor can while it is held."""
    with socket.socket() as held:
        held.bind((HOST, 0))
        yield held.getsockname()[1]


class _Server(Controller):
    """Listens where it is told: a port that was only looked for could be another's by now."""

    def __init__(self, listener: socket.socket, sink: Sink, **options: Any) -> None:
        super().__init__(sink, port=listener.getsockname()[1], authenticator=sink.authenticate, ready_timeout=PATIENCE, **options)
        self._listener = listener

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listener, ssl=self.ssl_context)


@contextmanager
def serving(sink: Sink, host: str = HOST, **options: Any) -> Iterator[int]:
    """The port at which the sink is reached."""
    with socket.create_server((host, 0)) as listener:
        server = _Server(listener, sink, hostname=host, **options)
        server.start()
        try:
            yield server.port
        finally:
            server.stop()


@contextmanager
def speaking(talk: Callable[[socket.socket, Event], None]) -> Iterator[int]:
    """The port of a server that has one conversation; its Event is set when the test is over."""
    over = Event()

    def serve() -> None:
        connection, _ = listener.accept()
        with connection, suppress(OSError):  # clients that hang up are what we test
            talk(connection, over)

    with socket.create_server((HOST, 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            over.set()
            thread.join()


def trusting(certificate: str, key: str) -> ssl.SSLContext:
    """How a server shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
