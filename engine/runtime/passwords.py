"""Passwords: hashed with argon2 by a library that not every installation has, one of few at a time. Knows no person.

However a password is put together of its characters, and however wide its spaces are, it is the same one (RFC 8265): a keyboard decides
that, not who types.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from threading import BoundedSemaphore
from typing import TYPE_CHECKING
from unicodedata import category, normalize

from engine.errors import Misuse, Unavailable
from engine.label import Label

if TYPE_CHECKING:
    from pwdlib import PasswordHash

_AT_ONCE = BoundedSemaphore(2)
"""A hash takes a tenth of a second of a processor and 64 MB, on purpose: many at once must not keep all others waiting."""
_IN_LINE = BoundedSemaphore(16)
"""How many are worked on or wait: each of them keeps a thread of the server."""
_READ = 1_000
"""Characters that are looked at: putting a million accents in order would keep a processor for minutes."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Whether a password was the right one. `renewed`: what is to be kept of it from now on, where the way of hashing has changed."""

    is_right: bool
    renewed: str | None


def normal(password: str) -> str:
    """A password as it is hashed and counted. Of one that is longer than any can be, the beginning is enough to be wrong.

    >>> normal("kettle　lamp") == normal("kettle lamp")
    True
    """
    return normalize("NFC", "".join(" " if category(each) == "Zs" else each for each in password[:_READ]))


@cache
def hasher() -> PasswordHash:
    """What hashes here. Raises Misuse where the library is missing."""
    try:
        from pwdlib import PasswordHash  # noqa: PLC0415 - an extra that not every installation has
    except ImportError as error:
        raise missing("pwdlib") from error
    return PasswordHash.recommended()


def hashed(password: str) -> str:
    """What is kept of a password. Raises Misuse where the library is missing, Unavailable where too many wait."""
    library = hasher()
    with _turn():
        return library.hash(_bytes(password))


def compared(password: str, hash: str) -> Compared:
    """Whether this is the password of which that is kept. Raises as `hashed`."""
    library = hasher()
    with _turn():
        return Compared(*library.verify_and_update(_bytes(password), hash))


@cache
def nobodys() -> str:
    """A hash that no password has: who asks for a person that does not exist shall wait as long."""
    return hashed("")


@contextmanager
def _turn() -> Iterator[None]:
    if not _IN_LINE.acquire(blocking=False):
        raise Unavailable(
            Label("此刻登录的人太多。", "Too many people are signing in at this moment."),
            Label("请几秒后再试。", "Try again in a few seconds."),
        )
    try:
        with _AT_ONCE:
            yield
    finally:
        _IN_LINE.release()


def _bytes(password: str) -> bytes:
    return normal(password).encode("utf-8", "surrogatepass")


def missing(package: str) -> Misuse:
    """What is said where a package of the extra is not there."""
    return Misuse(
        Label("缺少处理密码所需的软件包 {name}。", "The package {name}, which passwords need, is missing.").fill(name=package),
        Label('请运行 `pip install "aftercare[web]"`。', 'Run `pip install "aftercare[web]"`.'),
    )
