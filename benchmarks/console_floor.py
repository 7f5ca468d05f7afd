"""The floor of pages: the same framework, compressing as ours does, that sends a page it holds. It knows nobody and reads nothing."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

import uvicorn
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from starlette.middleware.gzip import GZipMiddleware


@dataclass(frozen=True, slots=True)
class Floor:
    """A server that sends what lies in its folder."""

    port: int
    folder: Path

    def holding(self, page: bytes) -> str:
        """The path at which it sends this page."""
        (self.folder / "page").write_bytes(page)
        return "/page"


def build(folder: Path) -> FastAPI:
    """The application, with one page."""
    app = FastAPI()
    app.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)

    @app.get("/page")
    def page() -> HTMLResponse:
        return HTMLResponse((folder / "page").read_bytes())

    return app


@contextmanager
def serving_floor() -> Iterator[Floor]:
    """It, in a process of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        process = subprocess.Popen([sys.executable, "-m", "benchmarks.console_floor", folder, str(port)], cwd=Path(__file__).parents[1])
        try:
            while process.poll() is None:
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                sleep(0.05)
            yield Floor(port, Path(folder))
        finally:
            process.terminate()
            process.wait()


if __name__ == "__main__":
    uvicorn.run(build(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="error", access_log=False)
