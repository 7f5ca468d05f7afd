"""The digest: several messages that wait for one person, said as one, what is due first coming first.

Knows no queue: which messages belong together, and under which identity they leave, is for the store and the relay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from engine.core.wording import left, local
from engine.label import Label, Language
from notifications import library
from notifications.message import Recipient, Text
from notifications.render import render
from notifications.template import Template

DIGEST = "digest"
"""The template of the product that says it. No document names it, so none can replace it."""
VARIABLES: dict[str, frozenset[str]] = {
    "recipient": frozenset({"name"}),
    "count": frozenset(),
    "first": frozenset(),
    "entries": frozenset(),
}
"""What the template may show."""

_LAST = datetime.max.replace(tzinfo=UTC)
_DUE = Label("{sentence}\n  工单 {number}，{due} 到期，{left}", "{sentence}\n  Case {number}, due {due}, {left}")
_NOT_DUE = Label("{sentence}\n  工单 {number}", "{sentence}\n  Case {number}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One message of a digest: the case, what it says in one line, and when its clock is due, told in `zone`; None: nothing is due."""

    number: str
    sentence: str
    due_at: datetime | None
    zone: ZoneInfo | None
    link: str
    """The address of the case; empty without a screen."""


def by_time_left(entries: Iterable[Entry]) -> list[Entry]:
    """What is due first comes first, what is not due at all comes last; else in the order given."""
    return sorted(entries, key=lambda each: each.due_at or _LAST)


def digest(entries: Sequence[Entry], recipient: Recipient, language: Language, now: datetime) -> Text:
    """One text for all of these, in this order; there is at least one."""
    return render(_template(), language, values_of(entries, recipient.name, language, now))


def values_of(entries: Sequence[Entry], name: str, language: Language, now: datetime) -> dict[str, object]:
    """What the template shows of them. `name`: the recipient's."""
    lines = [_line(each, now).within(language) + (f"\n  {each.link}" if each.link else "") for each in entries]
    return {"recipient": {"name": name}, "count": len(entries), "first": entries[0].sentence, "entries": lines}


def _line(entry: Entry, now: datetime) -> Label:
    if entry.due_at is None or entry.zone is None:
        return _NOT_DUE.fill(sentence=entry.sentence, number=entry.number)
    due, remaining = local(entry.due_at, entry.zone), left(entry.due_at, now)
    return _DUE.fill(sentence=entry.sentence, number=entry.number, due=due, left=remaining)


@cache
def _template() -> Template:
    found = library.find(DIGEST, [library.SHIPPED])
    assert found is not None  # it comes with the product
    return found
