"""What must hold of every pause, whatever the calendar: how it is written changes nothing, and more of it never hurries."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.timing.deadline import Deadline, deadline, own_time, point
from engine.timing.interval import Interval
from engine.timing.moment import LATEST
from tests.unit.timing.calendars import Question, questions

TRIES = settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])


def due(asked: Question, *paused: Interval) -> Deadline | None:
    return deadline(asked.start, asked.period, asked.calendar, paused or asked.paused)


@TRIES
@given(asked=questions(), cut=st.integers(0, 100))
def test_a_pause_cut_in_two_is_the_same_pause(asked: Question, cut: int) -> None:
    pieces = []
    for each in asked.paused:
        between = each.begins + (timedelta(hours=cut) if each.ends is None else (each.ends - each.begins) * (cut / 100))
        pieces += [Interval(between, each.ends), Interval(each.begins, between)]

    assert due(asked, *pieces) == due(asked)


@TRIES
@given(asked=questions(), when=st.integers(-2000, 8000))
def test_pausing_and_resuming_at_one_instant_changes_nothing(asked: Question, when: int) -> None:
    instant = asked.start + timedelta(minutes=when)

    assert due(asked, *asked.paused, Interval(instant, instant)) == due(asked)


@TRIES
@given(asked=questions(), longer=st.integers(0, 5000), which=st.integers(0, 3))
def test_a_longer_pause_never_gives_an_earlier_deadline(asked: Question, longer: int, which: int) -> None:
    paused = list(asked.paused)
    if which < len(paused):
        ends = paused[which].ends
        paused[which] = replace(paused[which], ends=None if ends is None else ends + timedelta(minutes=longer))
    else:
        paused.append(Interval(asked.start, asked.start + timedelta(minutes=longer)))
    before, after = due(asked), due(asked, *paused)

    if before is None or after is None:
        assert after is None
    else:
        assert before.at <= after.at
        assert before.latest <= after.latest


@TRIES
@given(asked=questions(("m", "h", "wh")))
def test_pauses_before_the_start_do_not_count(asked: Question) -> None:
    before = [
        Interval(asked.start - timedelta(days=3), asked.start),
        Interval(asked.start - timedelta(days=9), asked.start - timedelta(days=8)),
    ]

    assert due(asked, *asked.paused, *before) == due(asked)


@TRIES
@given(asked=questions(("h", "wh")))
def test_the_own_time_until_the_deadline_is_the_period(asked: Question) -> None:
    found = due(asked)
    working = asked.period.unit == "wh"
    length = timedelta(hours=max(asked.period.count, 0))

    assert found is None or own_time(asked.start, found.at, working, asked.calendar, asked.paused) == length
    assert point(asked.start, length, working, asked.calendar, asked.paused) == (None if found is None else found.at)


@TRIES
@given(asked=questions())
def test_a_longer_period_never_ends_earlier(asked: Question) -> None:
    found, more = due(asked), due(replace(asked, period=replace(asked.period, count=asked.period.count + 1)))

    if found is None or more is None:
        assert more is None
    else:
        assert found.at <= more.at <= more.latest < LATEST
