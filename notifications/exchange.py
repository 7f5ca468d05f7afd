"""One post to one destination: to a machine that was looked at, in bounded time, reading a bounded answer.

The only module that knows httpx2. It follows no redirect and asks no proxy: either would lead to what was not looked at. A receiver
may accept and fall silent, or answer a byte at a time, which no timeout of a socket bounds; so each exchange runs in a thread of its
own, and at the deadline its connection is broken off.
"""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import httpx2

from engine.label import Label
from notifications.answer import Answer, wanted_wait
from notifications.destination import Destination, Reach, is_allowed
from notifications.message import Deferred, Rejected

_MOST = 64 * 1024
"""Bytes of an answer that are read; the rest is left."""
_TRIES = 4
"""Machines of one name that are tried, one after the other, until one lets us in."""

_FORBIDDEN = Label(
    "推送地址指向不允许访问的机器（内部网络或保留地址）",
    "The address leads to a machine that may not be reached, in an inner network or a reserved one",
)
_NOT_FOUND = Label("找不到对方的主机", "The host of the receiver was not found")
_SLOW = Label("对方没有及时回答", "The receiver did not answer in time")
_TROUBLES: tuple[tuple[type[BaseException], Label], ...] = (
    (TimeoutError, _SLOW),
    (ssl.SSLCertVerificationError, Label("对方的证书不可信", "The certificate of the receiver is not trusted")),
    (ssl.SSLError, Label("与对方的加密连接失败", "The encrypted connection to the receiver failed")),
    (ConnectionRefusedError, Label("对方拒绝连接", "The receiver refused the connection")),
    (ConnectionError, Label("对方断开了连接", "The receiver closed the connection")),
    (httpx2.ProtocolError, Label("对方没有给出完整的 HTTP 回答", "The receiver gave no proper answer in HTTP")),
)

for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)  # they would log addresses, and with them keys


class Exchange:
    """`post` returns in time; the thread behind it ends soon after, with its connection."""

    def __init__(self, destination: Destination, reach: Reach, resolve: Callable[[str, int], Sequence[str]], deadline: timedelta) -> None:
        self._destination = destination
        self._reach = reach
        self._resolve = resolve
        self._seconds = deadline.total_seconds()
        self._head: tuple[int, timedelta | None] | None = None
        self._body = bytearray()
        self._failure: Deferred | Rejected | None = None
        self._connection: socket.socket | None = None
        self._is_handed_over = False
        self._is_broken_off = False

    def post(self, content: bytes, headers: Mapping[str, str]) -> Answer | Deferred | Rejected:
        """Post this, and give the answer or why there is none."""
        thread = Thread(target=self._run, args=(content, headers), name="aftercare-outbound", daemon=True)
        thread.start()
        thread.join(self._seconds)
        self._is_broken_off = True
        if self._connection is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)  # beneath TLS, which may wait for an answer
        if self._head is not None:
            return Answer(*self._head, bytes(self._body))
        return self._failure or self._unanswered(_SLOW)

    def _run(self, content: bytes, headers: Mapping[str, str]) -> None:
        try:
            machines = self._resolve(self._destination.host.strip("[]"), self._destination.port)
        except (OSError, ValueError):
            self._failure = Deferred(_NOT_FOUND)
            return
        if not all(is_allowed(machine, self._reach) for machine in machines):
            self._failure = Rejected(_FORBIDDEN)
            return
        for machine in machines[:_TRIES]:
            try:
                self._talk(machine, content, headers)
            except httpx2.ConnectError as error:  # the next machine may let us in
                self._failure = self._unanswered(_trouble(error))
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
                self._failure = self._unanswered(_trouble(error))
                return
            else:
                return

    def _talk(self, machine: str, content: bytes, headers: Mapping[str, str]) -> None:
        destination = self._destination
        sent = {"Host": destination.authority, "Accept-Encoding": "identity", "User-Agent": "aftercare", **headers}
        extensions: dict[str, Any] = {"sni_hostname": destination.host.strip("[]"), "trace": self._watch}
        trusted = httpx2.create_ssl_context() if destination.scheme == "https" else False
        with (
            httpx2.Client(verify=trusted, timeout=self._seconds, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", destination.at(machine), content=content, headers=sent, extensions=extensions) as response,
        ):
            self._head = response.status_code, wanted_wait(response.headers.get("Retry-After"), datetime.now(UTC))
            for piece in response.iter_raw():
                self._body += piece[: _MOST - len(self._body)]
                if len(self._body) >= _MOST:
                    break

    def _watch(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._connection = info["return_value"].get_extra_info("socket")
        self._is_handed_over |= event.endswith("send_request_body.complete")
        if self._is_broken_off and event.endswith(".started"):
            raise TimeoutError

    def _unanswered(self, why: Label) -> Deferred:
        if self._is_handed_over:
            sentence = Label("已发出但没有收到回答，不知是否送达：{why}", "Posted without an answer, perhaps it arrived: {why}")
            return Deferred(sentence.fill(why=why))
        return Deferred(why)


def _trouble(error: BaseException) -> Label:
    """What went wrong, by the deepest cause that has words here; never with the address, which may hold a key."""
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and cause not in causes:
        causes.append(cause)
    known = (why for each in reversed(causes) for kind, why in _TROUBLES if isinstance(each, kind))
    sentence = Label("与对方的连接失败：{kind}", "The connection to the receiver failed: {kind}")
    return next(known, sentence.fill(kind=type(error).__name__))
