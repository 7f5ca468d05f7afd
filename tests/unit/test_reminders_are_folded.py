"""The history on the page of a case: several reminders after each other stand back together, what people did never does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.core.event import Assigned, Event, RungFired
from engine.label import verbatim
from engine.runtime.chronicle import EntryView
from engine.store.history import HistoryEntry
from web.console.case.folder import folded

AT = datetime(2026, 9, 28, 1, 0, tzinfo=UTC)
EVENTS: dict[str, Event] = {
    "r": RungFired(AT, "system", None, "diagnosis", 1, "75%", 1, AT, "told"),
    "a": Assigned(AT, "amy", None, None, "tom"),
}


def entry(seq: int, what: str) -> EntryView:
    """A reminder (r), or an assignment (a)."""
    kept = HistoryEntry(seq, AT, what, EVENTS[what], "cli", "os:test", "amy", None, None, None, "", "", frozenset())
    return EntryView(kept, verbatim(what), verbatim("amy"), None, ())


@pytest.mark.parametrize(
    ("history", "shown"),
    [("arra", ["a", "r", "r", "a"]), ("arrra", ["a", "rrr", "a"]), ("rrrr", ["rrrr"]), ("aaaa", ["a", "a", "a", "a"]), ("", [])],
)
def test_three_and_more_reminders_are_one(history: str, shown: list[str]) -> None:
    entries = [entry(seq, what) for seq, what in enumerate(history, 1)]
    assert ["".join(each.entry.kind for each in run) for run in folded(entries)] == shown
