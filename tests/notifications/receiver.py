"""A receiver of posts that keeps what it got and answers as told – or as badly as a test wants."""

from __future__ import annotations

import json
import socket
import ssl
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from time import perf_counter
from typing import Any

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Post:
    """One request, as it came over the wire."""

    target: str
    headers: Mapping[str, str]
    body: bytes
    at: float = field(default_factory=perf_counter, compare=False)
    """When, by a clock of its own."""

    @property
    def content(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Reply:
    """What is answered: a status, headers, a body – or instead of it whatever `misbehave` does with the connection."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b"{}"
    misbehave: Callable[[socket.socket, Event], None] | None = None


class Receiver:
    """Answers every post with `reply`, or with what `replies` still holds for it. `over` is set when the test is done."""

    def __init__(self, reply: Reply | None = None) -> None:
        self.reply = reply or Reply()
        self.replies: list[Reply] = []
        self.posts: list[Post] = []
        self.over = Event()
        self._lock = Lock()

    def take(self, post: Post) -> Reply:
        """Keep it, and say how to answer."""
        with self._lock:
            self.posts.append(post)
            return self.replies.pop(0) if self.replies else self.reply


@contextmanager
def receiving(receiver: Receiver, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port at which the receiver is reached."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = receiver.take(Post(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if reply.misbehave is not None:
                reply.misbehave(self.connection, receiver.over)
                self.close_connection = True
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: Any, client_address: Any) -> None:
            """Clients that hang up are what we test."""

    server = Server((HOST, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        receiver.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def said(content: Mapping[str, object], status: int = 200, **headers: str) -> Reply:
    """An answer in JSON."""
    return Reply(status, headers, json.dumps(content, ensure_ascii=False).encode())


def silence(_connection: socket.socket, over: Event) -> None:
    """Nothing at all."""
    over.wait(20)


def drip(connection: socket.socket, over: Event) -> None:
    """A byte at a time of an endless header, always in time for the next timeout of a socket."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not over.wait(0.02):
        connection.sendall(b"x")


def drip_body(connection: socket.socket, over: Event) -> None:
    """A proper beginning, and then a byte at a time."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    while not over.wait(0.02):
        connection.sendall(b"x")


def reset(connection: socket.socket, _over: Event) -> None:
    """Hangs up the hard way, the request in hand."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def gibberish(connection: socket.socket, _over: Event) -> None:
    """Speaks no HTTP."""
    connection.sendall(b"220 mail.example.com ESMTP\r\n")


class Flood:
    """Answers with 100 MB; `sent` tells how much was taken."""

    def __init__(self) -> None:
        self.sent = 0

    def __call__(self, connection: socket.socket, _over: Event) -> None:
        """As fast as it goes, until nobody listens."""
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        while self.sent < 100_000_000:
            self.sent += connection.send(b"x" * 65536)
