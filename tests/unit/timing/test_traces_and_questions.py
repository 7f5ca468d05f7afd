"""Why is it due then: the trace of a deadline, and the question as it is typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import Misuse
from engine.timing.deadline import deadline
from engine.timing.interval import Interval
from engine.timing.period import Period
from engine.timing.question import parse
from engine.timing.trace import MOST_DAYS, Trace, trace
from tests.unit.timing.calendars import OFFICE, SHANGHAI, Question, questions
from tests.unit.timing.test_official_days_of_china import CHINA

NOW = datetime(2026, 9, 28, 8, tzinfo=UTC)


def remarks(shown: Trace) -> list[str | None]:
    return [None if each.remark is None else each.remark.en for each in shown.days]


def test_working_hours_over_a_long_holiday() -> None:
    shown = trace(*_asked("3wh from 2026-09-30 16:30"), CHINA)

    assert [(each.day.day, each.kind, each.counted) for each in shown.days] == [
        (30, "working_day", timedelta(hours=1, minutes=30)),
        *((day, "holiday", timedelta()) for day in range(1, 8)),
        (8, "working_day", timedelta(hours=1, minutes=30)),
    ]
    assert [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in shown.days[0].hours] == ["09:00-12:00", "13:30-18:00"]
    assert shown.days[1].hours == ()
    assert shown.deadline is not None
    assert shown.deadline.at == datetime(2026, 10, 8, 10, 30, tzinfo=SHANGHAI)


def _asked(text: str) -> tuple[datetime, Period]:
    period, start = parse(text, SHANGHAI, NOW)
    return start, period


def test_working_days_are_counted_aloud() -> None:
    paused = [Interval(datetime(2026, 9, 29, 8, tzinfo=SHANGHAI), datetime(2026, 9, 29, 19, tzinfo=SHANGHAI))]
    shown = trace(*_asked("2wd from 2026-09-26 10:00"), OFFICE, paused)

    assert remarks(shown) == [
        "the start day does not count",
        None,
        "day 1 of 2",
        "paused for all of its working time, does not count",
        "day 2 of 2",
    ]


def test_days_are_counted_aloud_and_move_on_from_a_day_of_rest() -> None:
    paused = [Interval(datetime(2026, 9, 29, 22, tzinfo=SHANGHAI), datetime(2026, 9, 30, 8, tzinfo=SHANGHAI))]
    rolling = replace(OFFICE, roll="rest_day")
    shown = trace(*_asked("4d from 2026-09-28 16:00"), rolling, paused)

    assert remarks(shown) == [
        "the start day does not count",
        "paused at 24:00, does not count",
        "day 1 of 4",
        "day 2 of 4",
        "day 3 of 4",
        "day 4 of 4",
        "the last day was a day of rest, so the end moves on",
        "the last day was a day of rest, so the end moves on",
    ]
    assert shown.deadline is not None
    assert shown.deadline.at == datetime(2026, 10, 6, tzinfo=SHANGHAI)


def test_an_open_pause_ends_the_trace() -> None:
    shown = trace(*_asked("3d from 2026-09-28 16:00"), OFFICE, [Interval(datetime(2026, 9, 30, 9, tzinfo=SHANGHAI))])

    assert shown.deadline is None
    assert [each.day for each in shown.days] == [date(2026, 9, day) for day in (28, 29, 30)]


def test_days_without_a_decree_are_marked() -> None:
    shown = trace(*_asked("4wh from 2026-12-31 17:00"), CHINA)

    assert [each.provisional for each in shown.days] == [False, True, True, True, True]
    assert shown.days[1].kind == "holiday"


def test_a_long_trace_is_cut_off() -> None:
    shown = trace(*_asked("3y from 2026-09-28"), OFFICE)

    assert len(shown.days) == MOST_DAYS
    assert shown.omitted == 3 * 365 + 1 + 1 - MOST_DAYS


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(asked=questions())
def test_a_trace_adds_up_to_its_deadline(asked: Question) -> None:
    shown = trace(asked.start, asked.period, asked.calendar, asked.paused)

    assert shown.deadline == deadline(asked.start, asked.period, asked.calendar, asked.paused)
    if shown.deadline is None or shown.omitted:
        return
    whole = asked.period.count
    if asked.period.unit in ("m", "h", "wh"):
        counted = sum((each.counted for each in shown.days if each.counted is not None), timedelta())
        assert counted == max(timedelta(minutes=whole) if asked.period.unit == "m" else timedelta(hours=whole), timedelta())
    elif whole > 0:
        counting = [remark for remark in remarks(shown) if remark is not None and remark.startswith("day ")]
        assert len(counting) == int(counting[-1].split()[-1])
        assert asked.period.unit == "mo" or len(counting) == whole


@pytest.mark.parametrize(
    ("text", "period", "start"),
    [
        ("3wh from 2026-09-30 16:30", Period(3, "wh"), datetime(2026, 9, 30, 8, 30, tzinfo=UTC)),
        ("３wh　from　2026-09-30　16：30", Period(3, "wh"), datetime(2026, 9, 30, 8, 30, tzinfo=UTC)),
        ("3WH 从 2026-09-30 16:30", Period(3, "wh"), datetime(2026, 9, 30, 8, 30, tzinfo=UTC)),
        ("2wd自现在", Period(2, "wd"), NOW),
        ("30 m from now", Period(30, "m"), NOW),
        ("1mo from 2026-01-31", Period(1, "mo"), datetime(2026, 1, 30, 16, tzinfo=UTC)),
        ("1d from 2026-01-31 24:00", Period(1, "d"), datetime(2026, 1, 31, 16, tzinfo=UTC)),
        ("4h from 2026-09-30T16:30+02:00", Period(4, "h"), datetime(2026, 9, 30, 14, 30, tzinfo=UTC)),
        ("4h from 2026-09-30 16:30 -0330", Period(4, "h"), datetime(2026, 9, 30, 20, 0, tzinfo=UTC)),
        ("4h from 2026-09-30 16:30Z", Period(4, "h"), datetime(2026, 9, 30, 16, 30, tzinfo=UTC)),
    ],
)
def test_a_question_is_read(text: str, period: Period, start: datetime) -> None:
    assert parse(text, SHANGHAI, NOW) == (period, start)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Expected a length and a moment, found “”."),
        ("3wh", "Expected a length and a moment, found “3wh”."),
        ("wh from now", "Expected a length and a moment, found “wh from now”."),
        ("3hours from now", "Expected a unit m h d mo y wh wd, found “hours”."),
        ("3wh from tomorrow", "Expected a date and time such as 2026-09-30 16:30, or now, found “tomorrow”."),
        ("3wh from 2026-02-30 10:00", "Expected a date and time such as 2026-09-30 16:30, or now, found “2026-02-30 10:00”."),
        ("3wh from 2026-02-20 24:01", "Expected a date and time such as 2026-09-30 16:30, or now, found “2026-02-20 24:01”."),
        ("3wh from 2026-02-20 10:00+99:00", "Expected a date and time such as 2026-09-30 16:30, or now, found “2026-02-20 10:00+99:00”."),
    ],
)
def test_another_text_is_misuse_with_a_way_out(text: str, sentence: str) -> None:
    with pytest.raises(Misuse) as caught:
        parse(text, SHANGHAI, NOW)

    assert caught.value.sentence.en == sentence
    assert caught.value.way_out is not None


@given(text=st.text(alphabet="0123456789wdhmoy from-:+Tz从自now ３：", max_size=40))
def test_any_text_is_read_or_misuse(text: str) -> None:
    try:
        period, start = parse(text, SHANGHAI, NOW)
    except Misuse:
        return
    assert deadline(start, period, CHINA) is not None
