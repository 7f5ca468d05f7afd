"""What became of sheets that were taken in lately: whoever reloads the page, or comes back to it, sees it again.

Kept in memory, and few of them. Nothing is lost with them: a sheet that is sent again is answered anew, and no row is taken in twice.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from secrets import token_urlsafe
from threading import Lock

from engine.runtime.intake import Intake
from engine.runtime.sheet import Sheet

MOST = 32
"""Answers that are kept, the newest of all people: 2 000 rows are some megabytes."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A sheet by its name, and what became of it. `place`: which start of which workflow; `unit`: where the cases were to belong."""

    person: str
    place: tuple[str, str]
    unit: str
    name: str
    sheet: Sheet
    intake: Intake


class Answers:
    """The newest ones; safe to share between threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Answer] = OrderedDict()
        self._lock = Lock()

    def keep(self, answer: Answer) -> str:
        """The word by which it is found again."""
        word = token_urlsafe(12)
        with self._lock:
            self._kept[word] = answer
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return word

    def find(self, word: str, person: str, place: tuple[str, str]) -> Answer | None:
        """One of his own, unless it had to make room."""
        with self._lock:
            found = self._kept.get(word)
        return found if found is not None and (found.person, found.place) == (person, place) else None
