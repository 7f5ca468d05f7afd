"""The one error root. Each class says whose fault it is; each instance says what to do.

Refusals of a move are not errors: they are values (`core.decision.Refused`). Errors are misuse and failure – an unknown
number, a damaged database – and every one carries a stable code, one sentence and a way out in both languages.
"""

from __future__ import annotations

import difflib
import errno
from collections.abc import Iterable, Mapping
from typing import ClassVar, Literal

from engine.label import Label

Fault = Literal["caller", "author", "system"]


class AftercareError(Exception):
    """Root of all errors that a user may meet.

    `sentence` says what was expected and what was found; `way_out` says what to do, and may name the nearest valid name.
    """

    code: ClassVar[str] = "error"
    fault: ClassVar[Fault] = "system"

    def __init__(self, sentence: Label, way_out: Label | None = None) -> None:
        super().__init__(sentence.en)
        self.sentence = sentence
        self.way_out = way_out


class Unknown(AftercareError):
    """A name, number or id that does not exist here."""

    code = "unknown"
    fault = "caller"


class Misuse(AftercareError):
    """The wish itself is malformed: a bad option, an unreadable file, a value of the wrong kind."""

    code = "misuse"
    fault = "caller"


class Conflict(AftercareError):
    """The wish contradicts what is already recorded: a key reused, a version number already published."""

    code = "conflict"
    fault = "caller"


class Unauthenticated(AftercareError):
    """Nobody knows who is calling: no token, or one that is good for nothing."""

    code = "unauthenticated"
    fault = "caller"


class Forbidden(AftercareError):
    """It is known who is calling, and that he may not do this at all."""

    code = "forbidden"
    fault = "caller"


class Unavailable(AftercareError):
    """The database or the disk cannot serve now; nothing was changed."""

    code = "unavailable"
    fault = "system"


class Damaged(AftercareError):
    """What was stored cannot be trusted as it stands."""

    code = "damaged"
    fault = "system"


_REASONS: Mapping[int | None, Label] = {
    errno.ENOENT: Label("没有这个文件或文件夹", "no such file or folder"),
    errno.EEXIST: Label("已经存在", "it exists already"),
    errno.EISDIR: Label("这是一个文件夹", "it is a folder"),
    errno.ENOTDIR: Label("路径中有一段不是文件夹", "a part of the path is no folder"),
    errno.EACCES: Label("没有权限", "no permission"),
    errno.EPERM: Label("没有权限", "no permission"),
    errno.EROFS: Label("此处只能读取", "the place is read-only"),
    errno.ENOSPC: Label("磁盘已满", "the disk is full"),
    errno.EDQUOT: Label("磁盘配额已用完", "the disk quota is used up"),
    errno.ENAMETOOLONG: Label("名称过长", "the name is too long"),
}


def reason_of(error: OSError) -> Label:
    """What the operating system says about a file or a folder, in both languages; in its own words where ours have none."""
    words = error.strerror or str(error)
    return _REASONS.get(error.errno, Label(words, words))


_SHORT = 4
"""Letters of a name of which two that agree are already a likeness."""


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None. The low cut-off for short names is for two-character Chinese words (派丹 → 派单)."""
    matches = difflib.get_close_matches(name, list(known), n=1, cutoff=0.4 if len(name) <= _SHORT else 0.56)
    return matches[0] if matches else None


def did_you_mean(name: str, known: Iterable[str]) -> Label | None:
    """A way out that offers the nearest valid name, if there is one."""
    suggestion = nearest(name, known)
    if suggestion is None:
        return None
    return Label("是不是想写“{it}”？", "Did you mean “{it}”?").fill(it=suggestion)


def by_title(name: str, titles: Iterable[tuple[str, Label]]) -> Label | None:
    """A way out for a title that stands where an id must: the first id that is called so, if there is one."""
    found = next((id for id, title in titles if name in (title.zh, title.en)), None)
    if found is None:
        return None
    return Label("请写 id，不写标题：“{it}”。", "Write the id, not the title: “{it}”.").fill(it=found)


def with_nearest(sentence: Label, name: str, known: Iterable[str]) -> Label:
    """The sentence with the nearest valid name behind it, if there is one: for a refusal, which has no way out of its own."""
    hint = did_you_mean(name, known)
    return sentence if hint is None else Label("{sentence}。{hint}", "{sentence}. {hint}").fill(sentence=sentence, hint=hint)
