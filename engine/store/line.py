"""The line before the writer of a file: who has the turn to write, who waits for it, and who lets the one ahead write for him.

First come, first served. Knows threads and works, but neither database nor transaction: what is done in a turn says `store.writer`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from contextvars import Context, copy_context
from threading import Lock, get_ident
from typing import Any, Literal

Standing = Literal["open", "committing", "committed"]


class Group:
    """Works that joined the transaction of another. Until it is committed, whatever they answered has not happened."""

    __slots__ = ("places", "standing")

    def __init__(self) -> None:
        self.places: list[Place] = []
        self.standing: Standing = "open"


class Place:
    """The place of one thread in the line. `work`: what may be done for it by whoever has the turn; None: nobody else can."""

    __slots__ = ("answer", "bell", "context", "error", "group", "leads", "thread", "work")

    def __init__(self, work: Callable[..., Any] | None) -> None:
        self.work = work
        self.context: Context | None = None
        self.thread = get_ident()
        self.bell: Lock | None = None
        self.leads = False
        self.group: Group | None = None
        """Those with whom its work was done; None as long as nobody else has done it."""
        self.answer: Any = None
        self.error: Exception | None = None


class Line:
    """Hands the turn from thread to thread, in the order in which they came."""

    __slots__ = ("_gate", "_owner", "_waiting")

    def __init__(self) -> None:
        self._gate = Lock()
        self._owner: int | None = None
        self._waiting: deque[Place] = deque()

    def enter(self, place: Place) -> bool:
        """Wait until it is this thread's turn, which it must `leave`; False when somebody ahead has done its work meanwhile.

        Asking for a second turn within one is a mistake, not a wait for ever: RuntimeError.
        """
        with self._gate:
            if self._owner == place.thread:
                raise RuntimeError("this thread is already writing: a unit of work cannot begin another")
            if self._owner is None:
                self._owner = place.thread
                return True
            place.bell = Lock()
            place.bell.acquire()
            place.context = copy_context()
            self._waiting.append(place)
        try:
            place.bell.acquire()
        except BaseException:
            self._withdraw(place)
            raise
        return place.leads

    def join(self, group: Group) -> Place | None:
        """Whoever is next in the line, if his work may be done by another: it belongs to this group now, and he waits for its end."""
        if not self._waiting:
            return None
        with self._gate:
            if not self._waiting or self._waiting[0].work is None:
                return None
            place = self._waiting.popleft()
            place.group = group
            group.places.append(place)
            return place

    def leave(self, group: Group | None = None) -> None:
        """The turn is over: the next one has it, and those whose work was done in it go on."""
        with self._gate:
            following = self._waiting.popleft() if self._waiting else None
            self._owner = following.thread if following is not None else None
            if following is not None:
                following.leads = True
        for place in (following, *(group.places if group is not None else ())):
            if place is not None and place.bell is not None:
                place.bell.release()

    def _withdraw(self, place: Place) -> None:
        """Whoever waited was interrupted: he is out of the line, or hands on the turn that he was just given."""
        with self._gate:
            if place in self._waiting:
                self._waiting.remove(place)
        if place.leads:
            self.leave()
