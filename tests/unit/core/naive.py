"""Clocks reckoned anew from a raw list of what happened: slow, naive, and independent of the product's clocks and deadlines.

Times are minutes since Monday, 28 September 2026, 00:00 in Shanghai. Of every entry only its instant, the step, the state and the
values are read; what a clock does follows from walking along them (docs/reference/language.md, Clocks and Ladders).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.process import SHANGHAI

DAY = 1440
MONDAY = datetime(2026, 9, 28, tzinfo=SHANGHAI)
WINDOWS = ((540, 720), (810, 1080))
WORKED = 450
FOREVER = 10**7

Data = Mapping[str, Any]


def minute(at: datetime) -> float:
    """The minutes until an instant."""
    return (at - MONDAY) / timedelta(minutes=1)


def instant(at: float) -> datetime:
    """The instant so many minutes on."""
    return (MONDAY + timedelta(minutes=at)).astimezone(UTC)


def midnight(day: date) -> int:
    """The minute at which a day begins."""
    return (day - MONDAY.date()).days * DAY


@dataclass(frozen=True)
class Entry:
    """From `at` on the case stands so."""

    at: float
    step: str | None
    state: str
    data: Data
    reopens: bool = False


@dataclass(frozen=True)
class Point:
    """A rung: `at` is `due`, a number of per cent, or a length after the start; then so many hours off, hourly so often."""

    id: str
    at: str | int | tuple[int, str]
    shifted: int = 0
    times: int = 1


@dataclass(frozen=True)
class Spec:
    """A clock as its owner thinks of it."""

    states: str
    limit: Callable[[Data], tuple[int, str] | None] = lambda _data: None
    pauses: str = ""
    until: str = ""
    restart: str = "never"
    when: Callable[[Data], bool] = lambda _data: True
    start: str | None = None
    due: str | None = None
    legal: bool = False
    rungs: tuple[Point, ...] = ()


@dataclass(frozen=True)
class Firing:
    """A rung as it was reached, and what became of it."""

    cycle: int
    rung: str
    repetition: int
    due_at: float
    at: float
    result: str


@dataclass
class Naive:
    """One clock of one case."""

    spec: Spec
    cycle: int = 0
    kind: str = "none"
    start: float = 0
    limit: tuple[int, str] | None = None
    promised: float | None = None
    kinds: list[tuple[float, str]] = field(default_factory=list)
    """Since when it was of which kind, in this cycle."""
    reached: dict[str, int] = field(default_factory=dict)
    firings: list[Firing] = field(default_factory=list)

    def enter(self, entry: Entry) -> None:
        """The case comes to stand so."""
        kind = self._kind(entry)
        if kind != "none":
            self.kinds.append((entry.at, kind))
        self.kind = kind

    def pass_until(self, now: float, since: float) -> None:
        """Time passes from the last entry until `now`, and somebody looks at every minute."""
        if self.kind != "run":
            return
        found = sorted(
            ((at, point.id, repetition) for point in self.spec.rungs for repetition, at in self._points(point) if at <= now),
        )
        past = [each for each in found if each[0] <= since and not self._is_before_start(each)]
        for at, rung, repetition in found:
            told = at > since or (past and (at, rung, repetition) == past[-1])
            if self._is_before_start((at, rung, repetition)):
                told = False
            self.reached[rung] = repetition
            self.firings.append(Firing(self.cycle, rung, repetition, max(at, since), max(at, since), "told" if told else "merged"))

    def elapsed(self, now: float) -> float:
        """The minutes of its own that have passed."""
        return sum(ends - begins for begins, ends in self._own(now))

    def due(self) -> float | None:
        """When it is due, if that is known."""
        if self.promised is not None:
            return self.promised
        assert self.limit is not None
        count, unit = self.limit
        if unit in ("h", "wh"):
            return self._reach(count * 60)
        return self._by_days(count) if unit == "d" else self._by_working_days(count)

    def _kind(self, entry: Entry) -> str:
        spec, data = self.spec, entry.data
        has_run, is_ended = self.cycle > 0, self.kind == "ended"
        if entry.step is not None and entry.step in spec.until.split():
            return "ended" if has_run else "none"
        if entry.state not in spec.states.split():
            away = "closed" if entry.state == "done" else "outside"
            return "none" if not has_run else "ended" if is_ended else away
        begins = not has_run or self._begins(entry)
        if is_ended and not begins:
            return "ended"
        limit = spec.limit(data)
        promised = data.get(spec.due) if spec.due is not None else None
        since = data.get(spec.start) if spec.start is not None else None
        if not spec.when(data) or (limit is None and promised is None) or (spec.start is not None and since is None):
            return "none" if not has_run else "ended" if is_ended else "condition"
        if begins:
            self.cycle, self.start, self.kinds, self.reached = self.cycle + 1, entry.at, [], {}
        self.limit, self.promised = limit, None if promised is None else midnight(promised) + DAY
        self.start = self.start if since is None else midnight(since)
        return "pause" if entry.state in spec.pauses.split() else "run"

    def _begins(self, entry: Entry) -> bool:
        if self.spec.restart == "any_step":
            return entry.step is not None
        if self.spec.restart == "on_entry":
            was_away = any(kind in ("outside", "closed") for _, kind in self.kinds)
            return entry.reopens if self.kind == "ended" else was_away
        return entry.step in self.spec.restart.split()

    def _counted(self) -> Iterator[tuple[float, float]]:
        # What counts, the last without an end; what lies before the first entry of the cycle always does.
        bounds = [*(at for at, _ in self.kinds[1:]), FOREVER]
        yield self.start, self.kinds[0][0]
        for (begins, kind), ends in zip(self.kinds, bounds, strict=True):
            if kind == "run" or (self.spec.legal and kind == "closed" and ends < FOREVER and self._was_reopened(begins)):
                yield begins, ends

    def _was_reopened(self, at: float) -> bool:
        return any(begins > at and kind != "closed" for begins, kind in self.kinds)

    def _is_working(self) -> bool:
        return self.promised is None and self.limit is not None and self.limit[1] in ("wh", "wd")

    def _own(self, until: float) -> Iterator[tuple[float, float]]:
        for begins, ends in self._counted():
            low, high = max(begins, self.start), min(ends, until)
            if low < high:
                yield from _worked(low, high) if self._is_working() else [(low, high)]

    def _reach(self, length: float) -> float | None:
        if length <= 0:
            return self.start
        for begins, ends in self._own(FOREVER):
            if length <= ends - begins:
                return begins + length
            length -= ends - begins
        return None

    def _counts_at(self, at: float) -> bool:
        return any(max(begins, self.start) <= at < ends for begins, ends in self._counted())

    def _is_open(self, at: float) -> bool:
        # Nobody knows of this instant yet whether it will count.
        return self.kind != "run" and at >= self.kinds[-1][0]

    def _by_days(self, days: int) -> float | None:
        at = (self.start // DAY + 1) * DAY
        while not self._is_open(at):
            if self._counts_at(at):
                days -= 1
                if days < 0:
                    return at
            at += DAY
        return None

    def _by_working_days(self, days: int) -> float | None:
        day = int(self.start // DAY) + 1
        while not self._is_open(day * DAY + WINDOWS[0][0]):
            if any(True for begins, ends in self._counted() for _ in _worked(max(begins, day * DAY), min(ends, (day + 1) * DAY))):
                days -= 1
                if days == 0:
                    return day * DAY + WINDOWS[-1][1]
            day += 1
        return None

    def _points(self, point: Point) -> Iterator[tuple[int, float]]:
        at = self._place(point)
        for repetition in range(1, point.times + 1):
            if at is not None and repetition > self.reached.get(point.id, 0):
                yield repetition, at + 60 * (point.shifted + repetition - 1)

    def _place(self, point: Point) -> float | None:
        if isinstance(point.at, tuple):
            return replace(self, spec=Spec("", legal=self.spec.legal), limit=point.at, promised=None).due()
        due = self.due()
        if not isinstance(point.at, int) or due is None or due <= self.start:
            return due
        return self._reach(sum(ends - begins for begins, ends in self._own(due)) * point.at / 100)

    def _is_before_start(self, found: tuple[float, str, int]) -> bool:
        return "due-" in found[1] and found[0] < self.start


def _worked(begins: float, ends: float) -> Iterator[tuple[float, float]]:
    for day in range(int(begins // DAY), int(ends // DAY) + 1):
        if day % 7 < 5:
            for opens, closes in WINDOWS:
                low, high = max(begins, day * DAY + opens), min(ends, day * DAY + closes)
                if low < high:
                    yield low, high
