"""What a driver's or the operating system's failure means, and what to do about it: one table from error codes to errors.

Both drivers follow PEP 249, SQLite adds `sqlite_errorcode`, PostgreSQL `sqlstate`. Nothing here opens a connection.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from sqlalchemy import exc

from engine.errors import AftercareError, Conflict, Damaged, Misuse, Unavailable
from engine.label import Label


class Raced(Conflict):
    """Somebody else wrote first: the guard of the case found another seq, or a unique key was taken meanwhile."""


class Lost(Unavailable):
    """The connection to the database broke; whether the last statement was carried out is known only to the caller."""


class Crowded(Exception):
    """A unit of work cannot share the transaction of others: it shall be done again, in one of its own. Nobody outside hears of it."""


class Unreadable(Damaged):
    """What is stored of one case makes no sense: it was changed past the program, or the disk has lost something."""


SENSELESS = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)
"""What decoding raises on stored bytes that no program of ours has written."""


def unreadable(case: str) -> Unreadable:
    """What is stored of this case cannot be decoded."""
    return Unreadable(
        Label("工单 {case} 的存储内容已损坏，无法读取。", "What is stored of case {case} is damaged and cannot be read.").fill(case=case),
        Label(
            "请运行“aftercare verify”查看损坏范围，并从备份恢复。",
            "Run “aftercare verify” to see how far the damage goes, and restore a backup.",
        ),
    )


def raced(number: str) -> Raced:
    """The case has been moved by somebody else between reading and writing it."""
    return Raced(
        Label(
            "工单 {number} 在读取之后已被他人更改，本次未写入任何内容。",
            "Case {number} was changed by someone else after it was read; nothing was written.",
        ).fill(number=number),
        Label("请重新读取工单后再操作。", "Read the case again and repeat the command."),
    )


def outrun() -> Raced:
    """Somebody else was quicker, and no case's guard tells: a unique key is taken, or an errand was asked anew or dealt with."""
    return Raced(_RACE, _AGAIN)


class translated:
    """Within it, failures of drivers and of SQLAlchemy at `place` become AftercareErrors."""

    # Not a generator: every move passes through here, and this costs a third.
    __slots__ = ("_place",)

    def __init__(self, place: str) -> None:
        self._place = place

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            return
        if isinstance(error, sqlite3.Error | exc.SQLAlchemyError | UnicodeEncodeError) or (
            isinstance(error, Exception) and _is_driver_error(error)
        ):
            raise translate(error, self._place) from error


@contextmanager
def translated_files(place: str) -> Iterator[None]:
    """Within it, failures of the file system become AftercareErrors too. Not around a caller's code: its own files are not ours."""
    try:
        with translated(place):
            yield
    except OSError as error:
        raise translate(error, place) from error


def translate(error: Exception, place: str) -> AftercareError:
    """The error to show for a failure at `place` (a path or an address without its password)."""
    original = error.orig if isinstance(error, exc.DBAPIError) else error
    if isinstance(original, UnicodeEncodeError):
        return _unstorable()
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original, place)
    if original is not None and _is_driver_error(original):
        return _of_postgresql(original, place)
    if isinstance(original, OSError):
        return _of_system(original, place)
    if isinstance(error, exc.TimeoutError):
        return busy(place)
    return _other(error, place)


def busy(place: str) -> Unavailable:
    """Somebody else holds the database longer than we are willing to wait."""
    return Unavailable(
        Label(
            "数据库 {place} 正被其他程序占用，等待已超时，未写入任何内容。",
            "Another program keeps the database {place} locked and did not let go in time; nothing was changed.",
        ).fill(place=place),
        Label(
            "请稍后重试；如一直如此，请检查是否有程序长时间占用该文件。",
            "Try again in a moment; if it stays so, look for a program that holds the file open.",
        ),
    )


def damaged(place: str, finding: str = "") -> Damaged:
    """The file is not a sound database."""
    tail = f" ({finding})" if finding else ""
    tail_zh = f"（{finding}）" if finding else ""
    return Damaged(
        Label(
            f"{place} 已损坏，或不是 Aftercare 数据库{tail_zh}。",
            f"Expected an Aftercare database, found a damaged file or something else: {place}{tail}.",
        ),
        Label(
            "请用“aftercare restore”恢复最近的备份，或改用其他数据库。",
            "Restore the latest backup with “aftercare restore”, or name another database.",
        ),
    )


def no_log(place: str) -> Unavailable:
    """The file system cannot hold a write-ahead log, as network file systems cannot."""
    return Unavailable(
        Label(
            "{place} 所在的文件系统不支持预写日志（WAL）。",
            "Expected a file system that supports a write-ahead log, found none at {place}.",
        ).fill(place=place),
        Label(
            "请把数据库放在本机磁盘上，不要放在网络共享目录，或改用 PostgreSQL。",
            "Keep the database on a disk of this machine, not on a network share, or use PostgreSQL.",
        ),
    )


def unreachable(place: str, detail: str = "") -> Lost:
    """No answer from the PostgreSQL server."""
    tail, tail_zh = (f" ({detail})", f"（{detail}）") if detail else ("", "")
    return Lost(
        Label(f"无法连接 PostgreSQL 数据库 {place}{tail_zh}。", f"The PostgreSQL database {place} cannot be reached{tail}."),
        Label(
            "请检查服务是否运行、地址与密码是否正确，然后重试。",
            "Check that the server runs and that address and password are right, then try again.",
        ),
    )


def unknown_outcome(place: str) -> Unavailable:
    """The connection broke while a decision was being written."""
    return Unavailable(
        Label(
            "写入时与数据库 {place} 的连接中断，尚不知是否已写入。",
            "The connection to {place} broke while writing; it is not known whether the move was recorded.",
        ).fill(place=place),
        Label(
            "请用同一个请求键重试：若已写入，将得到第一次的结果。",
            "Repeat it with the same key: if it was recorded, the first answer is given again.",
        ),
    )


def _is_driver_error(error: object) -> bool:
    return type(error).__module__.partition(".")[0] == "psycopg"


def _of_sqlite(error: sqlite3.Error, place: str) -> AftercareError:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return _unstorable() if isinstance(error, sqlite3.DataError) else _other(error, place)
    if code in (sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY):
        return outrun()
    primary = code & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return busy(place)
    if primary == sqlite3.SQLITE_FULL or code == sqlite3.SQLITE_IOERR_SHMSIZE:  # no room even for the index of the log
        return _full(place)
    if primary in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM):
        return _read_only(place)
    if primary == sqlite3.SQLITE_CANTOPEN:
        return _cannot_open(place)
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return damaged(place)
    if primary == sqlite3.SQLITE_TOOBIG:
        return _unstorable()
    return _other(error, place)


def _of_postgresql(error: BaseException, place: str) -> AftercareError:
    state = getattr(error, "sqlstate", None) or ""
    if state == "23505":
        return outrun()
    if state in ("40001", "40P01"):
        return outrun()
    if state == "53100":
        return _full(place)
    if state == "25006":
        return _read_only(place)
    if state.startswith("22"):
        return _unstorable()
    if state in ("55P03", "57014"):
        return busy(place)
    if state[:2] in ("08", "28", "3D", "57", "53") or (
        not state and type(error).__name__ in ("OperationalError", "InterfaceError", "ConnectionTimeout")
    ):
        return unreachable(place, str(error).strip().splitlines()[0] if str(error).strip() else "")
    return _other(error, place)


def _of_system(error: OSError, place: str) -> AftercareError:
    if error.errno in (28, 122):  # ENOSPC, EDQUOT
        return _full(place)
    if error.errno in (1, 13, 30):  # EPERM, EACCES, EROFS
        return _read_only(place)
    return _cannot_open(place)


_RACE = Label("同一时间有其他写入抢先，本次未写入任何内容。", "Another write at the same time came first; nothing was written.")
_AGAIN = Label("请重新读取后再操作。", "Read again and repeat the command.")


def _full(place: str) -> Unavailable:
    return Unavailable(
        Label("{place} 所在磁盘已满，未写入任何内容。", "The disk of {place} is full; nothing was changed.").fill(place=place),
        Label("请腾出空间后重试，无需重新启动。", "Free some space and try again; no restart is needed."),
    )


def _read_only(place: str) -> Unavailable:
    return Unavailable(
        Label("{place} 只能读取，无法写入。", "Expected a writable database, found a read-only place: {place}.").fill(place=place),
        Label(
            "请检查该文件及其目录的权限，或把数据库放到可写的位置。",
            "Check the rights of the file and of its folder, or keep the database in a writable place.",
        ),
    )


def _cannot_open(place: str) -> Unavailable:
    return Unavailable(
        Label("无法打开数据库文件 {place}。", "The database file {place} cannot be opened.").fill(place=place),
        Label("请检查目录是否存在、是否有权限写入。", "Check that its folder exists and may be written to."),
    )


def _unstorable() -> Misuse:
    return Misuse(
        Label(
            "内容中含有数据库无法保存的字符，或内容过长。",
            "Expected text that the database can keep, found a character it cannot store or a value too long.",
        ),
        Label("请删去控制字符或残缺字符后重试。", "Remove control characters and broken characters, then try again."),
    )


def _other(error: BaseException, place: str) -> Unavailable:
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return Unavailable(
        Label("数据库 {place} 未能执行：{detail}。", "The database {place} failed: {detail}.").fill(place=place, detail=lines[0]),
        Label("请运行“aftercare doctor”查看原因。", "Run “aftercare doctor” to see what is wrong."),
    )
