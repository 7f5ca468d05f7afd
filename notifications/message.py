"""What is said, to whom, and what came of it: Message, Recipient, Result.

Knows neither channels nor templates. Whether something is tried again is for the caller to decide, with `backoff`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.label import Label
from notifications.endpoint import Endpoint

_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A person as a channel sees him. `is_outside`: not of this organisation, so that he has no inbox here.

    With an endpoint it is no person: what is said goes there, and nowhere else.
    """

    id: str
    name: str
    email: str | None
    is_outside: bool
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """A subject of one line and a plain body, in the language of the reader."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Happening:
    """An event that a process gives out: its name, and the fields that it says go with it, as JSON; personal ones if it names them."""

    name: str
    fields: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a message is about, for programs: a case and where it stood. Nothing in it is personal but what `happening` says."""

    number: str
    workflow: str
    version: int
    """Of the workflow."""
    state: str
    seq: int
    """The entry of the history that it came of: messages of one case sort by it, in whatever order they arrive."""
    template: str
    recorded_at: datetime
    due_at: datetime | None
    link: str
    """Where the case can be looked at; empty without such a place."""
    happening: Happening | None = None
    """What programs are told has happened; None for what people are told, which they may read too."""


@dataclass(frozen=True, slots=True)
class Message:
    """A text with an identity that stays the same at every attempt: letters, digits and `.` `_` `-`, at most 64 of them.

    Raises ValueError for another id: it would not survive as a Message-ID.
    """

    id: str
    text: Text
    """Of a happening: its name, and no body."""
    matter: Matter | None = None
    """None: it is about no case, as when a channel is tried out."""

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError(f"a message needs an id of letters, digits, dots, lines and hyphens, found {self.id!r}")


@dataclass(frozen=True, slots=True)
class Delivered:
    """The channel has taken the message over. `note`: its own words, such as the number it gave the message."""

    note: str = ""
    answer: int | None = None
    """The status of its answer in HTTP, if it gave one; so below."""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Not delivered, or not known to be; another attempt may succeed, not before `retry_after` if the other side said so."""

    why: Label
    retry_after: timedelta | None = None
    answer: int | None = None


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused for good: another attempt would end the same way. `is_gone`: so would every other message to there."""

    why: Label
    is_gone: bool = False
    answer: int | None = None


Result = Delivered | Deferred | Rejected


def one_line(text: str, limit: int) -> str:
    """The text with every run of blanks, line breaks and control characters made one space; cut to `limit` characters.

    >>> one_line("quote\\r\\nBcc: all", 200), one_line("overdue", 5)
    ('quote Bcc: all', 'over…')
    """
    return cut(_BREAKS.sub(" ", text).strip(), limit)


def cut(text: str, limit: int) -> str:
    """The text, or its beginning and an ellipsis: never more than `limit` characters."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"
