"""Deadlines against a naive walk over the wall clock, minute by minute, in six zones: none may differ."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings

from engine.timing.deadline import deadline, own_time, point
from engine.timing.wall import clamp
from tests.unit.timing.calendars import Question, calendars, questions
from tests.unit.timing.oracle import Walker, instant_of, minute_of

QUICK, FULL = 3_000, 100_000


@cache
def walker(zone: str, id: str) -> Walker:
    return Walker(next(each for each in calendars(zone) if each.id == id))


def is_answered_as_by_the_oracle(asked: Question) -> None:
    walking = walker(asked.calendar.zone.key, asked.calendar.id)
    expected = walking.due(minute_of(asked.start), asked.period, asked.paused)
    strict = deadline(asked.start, asked.period, asked.calendar, asked.paused, roll=False)
    if expected is None:
        assert strict is None, asked
        return
    assert strict is not None
    assert strict.at == instant_of(expected), asked
    assert not strict.provisional
    found = deadline(asked.start, asked.period, asked.calendar, asked.paused)
    assert found is not None
    counts_days = asked.period.unit in ("d", "mo", "y") and expected > minute_of(asked.start)
    assert found.at == (instant_of(walking.rolled(expected, asked.calendar.roll)) if counts_days else strict.at), asked
    assert found.latest == strict.latest == (instant_of(walking.rolled(expected, "rest_day")) if counts_days else strict.at), asked


def is_measured_as_by_the_oracle(asked: Question) -> None:
    walking = walker(asked.calendar.zone.key, asked.calendar.id)
    end = asked.start + timedelta(minutes=asked.period.count * 11)
    for working in (False, True):
        passed = own_time(asked.start, end, working, asked.calendar, asked.paused)
        minutes = walking.worked(minute_of(asked.start), minute_of(end), asked.paused, working) if end > asked.start else 0
        assert passed == timedelta(minutes=minutes), asked
        reached = point(asked.start, passed, working, asked.calendar, asked.paused)
        assert reached is not None
        assert reached <= max(end, clamp(asked.start))
        assert own_time(asked.start, reached, working, asked.calendar, asked.paused) == passed, asked


def tried(times: int) -> int:
    """How many questions were asked."""
    asked_so_far = 0

    @settings(max_examples=times, suppress_health_check=[HealthCheck.too_slow])
    @given(asked=questions())
    def ask(asked: Question) -> None:
        nonlocal asked_so_far
        asked_so_far += 1
        is_answered_as_by_the_oracle(asked)

    ask()
    return asked_so_far


@pytest.mark.reliability
def test_no_deadline_differs() -> None:
    assert tried(QUICK) >= QUICK


@pytest.mark.full
def test_no_deadline_differs_in_a_long_run() -> None:
    assert tried(FULL) >= FULL


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(asked=questions(("m",)))
def test_no_measure_differs(asked: Question) -> None:
    is_measured_as_by_the_oracle(asked)
