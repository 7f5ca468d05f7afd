"""A wire between a program and a PostgreSQL server that can be cut at the worst moment: with the commit, or with its answer."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

Moment = Literal["request", "answer"]
_FILE = ".s.PGSQL.5432"


class Proxy:
    """Forwards everything until certain requests have come by; then it loses the last of them, or the answer to it, and hangs up."""

    def __init__(self, folder: Path, server: Path) -> None:
        self._server = server / _FILE
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / _FILE))
        self._listener.listen(64)
        self._wires: list[threading.Thread] = []
        self._words: list[bytes] = []
        self._moment: Moment = "request"
        self.cuts = 0

    def cut_at(self, *words: bytes, moment: Moment) -> None:
        """Cut the wire once, at the request with the last of these words, when those with the others have come by in order."""
        self._words, self._moment = [*words], moment

    def run(self) -> None:
        """Accept connections until closed, then wait until the last has hung up."""
        with suppress(OSError):
            while True:
                program, _ = self._listener.accept()
                wire = threading.Thread(target=self._connect, args=(program,), daemon=True)
                wire.start()
                self._wires.append(wire)
        for wire in self._wires:
            wire.join()

    def close(self) -> None:
        """Accept no more."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _connect(self, program: socket.socket) -> None:
        with program, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self._server))
            while True:
                ready, _, _ = select.select([program, server], [], [])
                for end in ready:
                    data = end.recv(65536)
                    if not data:
                        return
                    if end is program and self._is_cut(data):
                        self._cut(program, server, data)
                        return
                    (server if end is program else program).sendall(data)

    def _is_cut(self, data: bytes) -> bool:
        if not self._words or self._words[0] not in data:
            return False
        self._words.pop(0)
        return not self._words

    def _cut(self, program: socket.socket, server: socket.socket, data: bytes) -> None:
        self.cuts += 1
        if self._moment == "answer":
            server.sendall(data)
            server.recv(65536)  # carried out; nobody but us will know
        server.shutdown(socket.SHUT_WR)
        while server.recv(65536):
            pass
        program.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxied(folder: Path, server: Path) -> Iterator[Proxy]:
    """A running proxy whose socket lies in the folder."""
    proxy = Proxy(folder, server)
    thread = threading.Thread(target=proxy.run, daemon=True)
    thread.start()
    yield proxy
    proxy.close()
    thread.join()
