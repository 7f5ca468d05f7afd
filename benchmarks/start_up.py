"""P9: how long it takes until the help is there, and until a server that was just started gives its first answer.

Beside what no program built on the same libraries could go below: the bare interpreter, and the bare import of FastAPI and uvicorn.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks import workload
from benchmarks.report import show

ROOT = Path(__file__).parents[1]
TURNS = 11
STARTS = 5


def main() -> None:
    """Measure and print."""
    help_line()
    with tempfile.TemporaryDirectory(prefix="aftercare-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'aftercare.db'}"
        workload.company(url).close()
        first_answer(url)


def help_line() -> None:
    """`aftercare --help`, beside the interpreter itself."""
    helped, bare = [], []
    for _ in range(TURNS):
        helped.append(seconds(["-m", "cli", "--help"]))
        bare.append(seconds(["-c", "pass"]))
    show("P9", "aftercare --help, in s (lower is better)", median(helped), "≤ 0.3")
    print(f"      the bare interpreter: {median(bare):.3f} s; ratio {median(helped) / median(bare):.1f}")


def first_answer(url: str) -> None:
    """From the start of `aftercare serve` to the first 200 of `/readyz`."""
    ours, bare = [], []
    for _ in range(STARTS):
        ours.append(until_ready(url))
        bare.append(seconds(["-c", "import fastapi, uvicorn"]))
    show("P9", "first answer of aftercare serve, in s (lower is better)", median(ours), "≤ 2")
    print(f"      the bare import of FastAPI and uvicorn: {median(bare):.3f} s; ratio {median(ours) / median(bare):.1f}")


def until_ready(url: str) -> float:
    """Seconds from the start of a process to its first answer; it is stopped afterwards."""
    command = [sys.executable, "-m", "cli", "--lang", "en", "--database", url, "serve", "--listen", "127.0.0.1:0"]
    began = perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        assert server.stdout is not None
        at = re.search(rb"http://127\.0\.0\.1:(\d+)", server.stdout.readline())
        assert at is not None
        connection = HTTPConnection("127.0.0.1", int(at[1]))
        connection.request("GET", "/readyz")
        assert connection.getresponse().status == 200
        taken = perf_counter() - began
        connection.close()
        server.terminate()
    return taken


def seconds(arguments: list[str]) -> float:
    """What a run of the interpreter takes."""
    began = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT, check=True, capture_output=True)
    return perf_counter() - began


if __name__ == "__main__":
    main()
