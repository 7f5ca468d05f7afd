"""One process that serves: requests and workers over one database, until a signal. The only module that knows uvicorn.

At the first SIGTERM or SIGINT nobody is let in any more, requests are answered, and workers finish their turn. At the second it ends at
once: what is stored is whole at any moment.
"""

from __future__ import annotations

import errno
import gc
import os
import socket
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from typing import Any

import anyio.to_thread
import uvicorn

from engine.app import Application
from engine.errors import Misuse, Unavailable, reason_of
from engine.label import Label
from engine.runtime.stopping import asked_to_stop
from engine.settings import Listen
from web.app import build
from web.health import Watchdog
from web.logs import Log, hear_others
from web.warming import begin_to_warm, look_through
from web.workers import Workers

THREADS = 64
"""Requests worked on at once. SQLite has one writer anyway, for which they queue; PostgreSQL has some fifty connections for them."""
GRACE = 20
"""Seconds for which a stop waits for requests."""
KEEP_ALIVE = 75
"""Seconds for which an idle connection stays open: longer than proxies keep theirs, so that none is closed under a request."""
BACKLOG = 1024
"""Connections that wait to be let in."""


def bind(listen: Listen) -> socket.socket:
    """A socket that listens there. Raises Misuse for an address that is none of this machine, Unavailable when another program has it."""
    family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
    try:
        return socket.create_server((listen.host, listen.port), family=family, backlog=BACKLOG)
    except socket.gaierror as error:
        raise _no_address(listen) from error
    except OSError as error:
        if error.errno == errno.EADDRNOTAVAIL:
            raise _no_address(listen) from error
        if error.errno == errno.EADDRINUSE:
            raise Unavailable(
                Label("{listen} 已被占用。", "{listen} is in use already.").fill(listen=listen),
                Label(
                    "请用 --listen 换一个端口，或停止占用它的程序。", "Choose another port with --listen, or stop the program that uses it."
                ),
            ) from error
        sentence = Label("无法监听 {listen}：{why}。", "It is not possible to listen at {listen}: {why}.")
        raise Unavailable(sentence.fill(listen=listen, why=reason_of(error))) from error


def served(application: Application, listener: socket.socket, log: Log, ready: Callable[[], None], *, works: bool) -> bool:
    """Serve until a signal; whether everything that was begun was finished. `ready` is called when requests are let in.

    `works`: with workers; on simulated time, which never passes by itself, there is nothing for them to do.
    """
    hear_others(log)
    app = build(application, log)
    workers = Workers(application, log) if works and not application.is_simulated else None

    def opened() -> None:
        look_through(app)
        gc.freeze()  # what is loaded now stays: to look through it for waste takes a seventh of a second, in which nobody is answered
        ready()
        begin_to_warm(app)
        if workers is not None:
            workers.start()  # not before: they and what is loaded for a first answer would be in each other's way

    server = _Server(app, log, opened)
    with asked_to_stop(partial(_stop, server, app.state.watchdog, workers)):
        try:
            log.info("started", workers=workers is not None)
            server.run(sockets=[listener])
        finally:
            if workers is not None:
                workers.stop()
                workers.join()
    log.info("stopped", cut_off=server.cut_off)
    return server.cut_off == 0


class _Server(uvicorn.Server):
    """Leaves signals to us, says when it is ready, and counts the requests it did not wait for."""

    def __init__(self, app: Any, log: Log, opened: Callable[[], None]) -> None:
        settings = uvicorn.Config(
            app,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=GRACE,
            backlog=BACKLOG,
        )
        super().__init__(settings)
        self._log = log
        self._opened = opened
        self.cut_off = 0

    def capture_signals(self) -> Any:
        """They are captured already, for the workers too."""
        return nullcontext()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open for requests."""
        anyio.to_thread.current_default_thread_limiter().total_tokens = THREADS
        await super().startup(sockets)
        if not self.should_exit:
            self._opened()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in any more, and answer whoever is in."""
        self._log.info("stopping", in_flight=len(self.server_state.tasks))
        await super().shutdown(sockets)
        self.cut_off = len(self.server_state.tasks)


def _stop(server: _Server, dog: Watchdog, workers: Workers | None) -> None:
    """At the first signal; at the second at once."""
    if dog.is_stopping:
        os._exit(1)
    dog.is_stopping = server.should_exit = True
    if workers is not None:
        workers.stop()


def _no_address(listen: Listen) -> Misuse:
    sentence = Label("本机没有地址“{host}”。", "This machine has no address “{host}”.")
    return Misuse(
        sentence.fill(host=listen.host),
        Label(
            "例如 127.0.0.1:8000，只供本机；或 0.0.0.0:8000，供所有网络。",
            "For example 127.0.0.1:8000, for this machine alone; or 0.0.0.0:8000, for every network.",
        ),
    )
