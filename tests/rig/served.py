"""A company served by `aftercare serve` as a process of its own, and how it is asked."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from engine.settings import SHIPPED

PATIENCE = 60
"""Seconds for which a test waits for what must come."""


class Served:
    """A company, and a process that serves it."""

    def __init__(self, url: str, log: Path, *more: str) -> None:
        self.url = url
        self._log = log
        command = [sys.executable, "-m", "cli", "--database", url, "serve", "--listen", "127.0.0.1:0", *more]
        environment = {**os.environ, "PYTHONPATH": str(SHIPPED), "AFTERCARE_LANGUAGE": "en"}
        with log.open("wb") as errors:
            self.process = subprocess.Popen(command, cwd=log.parent, env=environment, stdout=subprocess.PIPE, stderr=errors)
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline().decode()
        at = re.search(r"http://127\.0\.0\.1:(\d+)", self.line)
        assert at is not None, log.read_text()
        self.port = int(at[1])

    def ask(self, path: str, token: str = "", **more: Any) -> tuple[int, bytes]:
        """Status and body of an answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", **more.pop("headers", {})}
        try:
            connection.request(more.get("method", "GET"), path, more.get("body"), headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def health(self) -> str:
        """In one word."""
        return str(json.loads(self.ask("/healthz")[1])["status"])

    def in_flight(self) -> int:
        """How many requests are being answered."""
        (value,) = re.findall(r"^aftercare_requests_in_flight (\d+)", self.ask("/metrics")[1].decode(), re.MULTILINE)
        return int(value)

    def lines(self) -> list[dict[str, Any]]:
        """The log."""
        return [json.loads(line) for line in self._log.read_text().splitlines()]

    def has_written(self, event: str) -> bool:
        """Whether an event stands in the log."""
        return f'"event": "{event}"' in self._log.read_text()

    def refuses(self) -> bool:
        """Whether nobody is let in any more."""
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except ConnectionError:
            return True
        except TimeoutError:  # so many have asked that they wait to be let in
            return False
        return False

    def end(self) -> None:
        """Kill it, if it still runs."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()
