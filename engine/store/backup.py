"""Backups of a SQLite database: taken while it is in use, and put back only when sound. PostgreSQL has its own tools."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlalchemy import make_url

from engine.errors import Conflict, Misuse, Unavailable
from engine.label import Label
from engine.store.database import sqlite_path
from engine.store.failure import busy, damaged, translated_files
from engine.store.schema import VERSION


def backup(url: str, target: Path, *, force: bool = False) -> None:
    """Copy the database at `url` into the file `target`, complete as of one instant, beside its running use.

    Raises Conflict when the file exists (unless `force`), Misuse for PostgreSQL, Unavailable or Damaged as the files are.
    """
    source = _file(url)
    _refuse_itself(source, target)
    _refuse_existing(target, force)
    with translated_files(str(source)):
        _require(source)
    with translated_files(str(target)), _beside(target) as copy, translated_files(str(source)):
        _copy(source, copy, "DELETE")
        _inspect(copy)


def restore(source: Path, url: str, *, force: bool = False) -> None:
    """Put a backup in the place of `url`. The backup is checked first, and takes the place at once or not at all.

    Raises Conflict when a database is there already (unless `force`), Damaged for an unsound backup, Unavailable when it is
    newer than this program or the place is in use.
    """
    target = _file(url)
    _refuse_itself(source, target)
    _refuse_existing(target, force)
    with translated_files(str(source)):
        _require(source)
        _inspect(source)
    with translated_files(str(target)), _beside(target) as copy:
        _copy(source, copy, "WAL")
        _inspect(copy)
        _vacate(target)


def _file(url: str) -> Path:
    path = sqlite_path(url)
    if path is None:
        raise Misuse(
            Label("PostgreSQL 数据库不由 Aftercare 备份：{place}。", "A PostgreSQL database is not backed up by Aftercare: {place}.").fill(
                place=make_url(url).render_as_string(hide_password=True)
            ),
            Label("请使用 pg_dump 备份、pg_restore 恢复。", "Use pg_dump to back it up and pg_restore to put it back."),
        )
    return path


def _refuse_itself(source: Path, target: Path) -> None:
    if source.resolve() == target.resolve():
        raise Misuse(
            Label("{path} 就是数据库本身。", "{path} is the database itself.").fill(path=target),
            Label("请另选一个文件。", "Choose another file."),
        )


def _refuse_existing(path: Path, force: bool) -> None:
    if path.is_dir():
        raise Misuse(
            Label("应为文件，实际 {path} 是一个文件夹。", "Expected a file, found the folder {path}.").fill(path=path),
            Label("请写出文件名。", "Name a file in it."),
        )
    if path.exists() and not force:
        raise Conflict(
            Label("{path} 已存在，未作任何更改。", "{path} exists already; nothing was changed.").fill(path=path),
            Label("请另选一个文件；确要覆盖请加 --force。", "Choose another file, or add --force to replace it."),
        )


def _require(path: Path) -> None:
    if not path.is_file():
        raise Unavailable(
            Label("找不到文件 {path}。", "Expected a file at {path}, found none.").fill(path=path),
            Label("请检查路径。", "Check the path."),
        )


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An unfinished file beside the target; it takes the target's place, synced, when all went well, and vanishes otherwise."""
    copy = target.with_name(f".{target.name}.{os.getpid()}.part")
    # Made by us and empty, so that nobody else may read the personal values in it.
    os.close(os.open(copy, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield copy
        _sync(copy)
        copy.replace(target)
        with suppress(OSError):  # some file systems cannot sync a folder
            _sync(target.parent)
    finally:
        for leftover in (copy, *_companions(copy)):
            leftover.unlink(missing_ok=True)


def _copy(source: Path, target: Path, mode: str) -> None:
    with closing(_read_only(source)) as original, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        original.backup(copy)
        copy.execute(f"PRAGMA journal_mode={mode}")


def _inspect(path: Path) -> None:
    """Raises Damaged or Unavailable unless the file is a sound database that this program can use or upgrade."""
    with closing(_read_only(path)) as connection:
        if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            raise damaged(str(path))
        try:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            raise damaged(str(path)) from error
    if version is None:
        raise damaged(str(path))
    if version[0] > VERSION:
        raise Unavailable(
            Label("备份 {path} 来自更新版本的程序。", "The backup {path} was made by a newer version.").fill(path=path),
            Label("请升级 Aftercare 后再恢复。", "Upgrade Aftercare, then restore it."),
        )


def _vacate(target: Path) -> None:
    """See that nobody uses the old database, and fold its log away: a log left behind would be played into the new file."""
    if target.is_file():
        with closing(sqlite3.connect(target, timeout=1.0, isolation_level=None)) as old:
            try:
                old.execute("PRAGMA journal_mode=DELETE")
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                    raise busy(str(target)) from error
    for leftover in _companions(target):
        leftover.unlink(missing_ok=True)


def _companions(path: Path) -> list[Path]:
    return [path.with_name(f"{path.name}{suffix}") for suffix in ("-wal", "-shm", "-journal")]


def _read_only(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
