"""A clock that jumps, forwards or back, holds what goes out until it has run evenly for two minutes or a person says that it is right.

Nothing fires twice, nothing fires while held, nothing is lost, and no history runs backwards (reliability bar 13). The clock is
one of the tests' own, on a database of real time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app import Application
from engine.runtime.pulse import MAX_GAP, STABLE, Pulse, felt, release
from engine.runtime.relay import Relayed
from engine.runtime.sweeper import Swept
from tests.rig.desk import Desk, OwnClock, found, going_by
from tests.rig.oracle import look
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import START, granted, settings

pytestmark = pytest.mark.reliability

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BEAT = timedelta(seconds=20)
SELDOM = timedelta(minutes=6)
"""Still less than a gap that matters."""
JUMPS: Mapping[str, Callable[[datetime], datetime]] = {
    "an hour on": lambda now: now + HOUR,
    "an hour back": lambda now: now - HOUR,
    "a day on": lambda now: now + DAY + timedelta(minutes=30),
    "a day back": lambda now: now - DAY,
    "a year on": lambda now: now + 365 * DAY,
    "to 1970": lambda _: datetime(1970, 1, 1, tzinfo=UTC),
    "to 2038": lambda _: datetime(2038, 1, 20, tzinfo=UTC),
    "eleven minutes on": lambda now: now + timedelta(minutes=11),
    "eleven minutes back": lambda now: now - timedelta(minutes=11),
}


@contextmanager
def at_work(url: str) -> Iterator[tuple[Desk, OwnClock]]:
    """The desk and its clock, and the workers have beaten once."""
    found(url, simulated=False)
    with Application.open(settings(url)) as app:
        clock = OwnClock(START)
        desk = Desk(going_by(app, clock))
        beat(desk)
        yield desk, clock
        desk.prove()


def beat(desk: Desk) -> tuple[Swept, Relayed]:
    swept, relayed = desk.work()
    assert swept.pulse.is_held == relayed.pulse.is_held
    return swept, relayed


def run_evenly(desk: Desk, clock: OwnClock, length: timedelta, every: timedelta = BEAT) -> int:
    """Let the clock run and the workers beat; how many rungs were reached."""
    rungs, until = 0, clock.at + length
    while clock.at < until:
        clock.at += every
        rungs += beat(desk)[0].rungs
    return rungs


def test_nothing_goes_out_until_the_clock_is_trusted_again(database_url: str, told: Tell) -> None:
    run = Run(13, store_of(database_url))
    with at_work(database_url) as (desk, clock):
        number = desk.receive("hourly")
        run_evenly(desk, clock, HOUR, SELDOM)
        assert desk.reached(number) == [("due", "told")]
        for jump in JUMPS.values():
            run.faults += 1
            there = jump(clock.at)
            back = clock.at + BEAT
            before = len(desk.ledger()), len(desk.inbox("rui"))
            clock.at = there
            for _ in range(3):  # somebody sees it within a minute
                swept, relayed = beat(desk)
                assert (swept.pulse.is_held, swept.pulse.free_at) == (True, there + STABLE)
                assert (swept.cases, relayed.told, relayed.sent) == (0, 0, 0)
                clock.at += BEAT
            clock.at = back
            assert beat(desk)[0].pulse.is_held  # it jumped again
            assert run_evenly(desk, clock, STABLE - BEAT) == 0
            assert (len(desk.ledger()), len(desk.inbox("rui"))) == before
            run_evenly(desk, clock, BEAT)
            assert not beat(desk)[0].pulse.is_held
        run_evenly(desk, clock, HOUR, SELDOM)
        repetitions = [each.repetition for each in desk.ledger()]
        assert repetitions == list(range(1, len(repetitions) + 1))
        seen = look(database_url)
        told(run, run.faults, len(seen.violations))
        assert seen.violations == ()


@pytest.mark.parametrize("jump", ["an hour on", "a day on"])
def test_a_jump_that_was_right_is_caught_up_after_two_minutes(database_url: str, jump: str) -> None:
    with at_work(database_url) as (desk, clock):
        number = desk.receive("hourly")
        clock.at = JUMPS[jump](clock.at)
        assert run_evenly(desk, clock, STABLE - BEAT) == 0
        assert run_evenly(desk, clock, 2 * BEAT) == (1 if jump == "an hour on" else 24)
        assert desk.reached(number)[-1] == ("due" if jump == "an hour on" else "due#24", "told")
        assert len(desk.inbox("rui")) == 1
        assert look(database_url).violations == ()


def test_after_a_jump_back_nothing_fires_twice(database_url: str) -> None:
    with at_work(database_url) as (desk, clock):
        number = desk.receive("hourly")
        run_evenly(desk, clock, 3 * HOUR, SELDOM)
        before = desk.reached(number)
        assert len(before) == 3
        clock.at -= 2 * HOUR
        assert run_evenly(desk, clock, 2 * HOUR, SELDOM) == 0
        assert desk.reached(number) == before
        assert run_evenly(desk, clock, HOUR, SELDOM) == 1
        assert look(database_url).violations == ()


def test_a_person_lets_it_go_on_at_once(database_url: str) -> None:
    with at_work(database_url) as (desk, clock):
        number = desk.receive("hourly")
        clock.at += HOUR
        assert beat(desk)[0].pulse.is_held
        assert release(desk.app.database, clock.at)
        assert not release(desk.app.database, clock.at)
        assert beat(desk)[0].rungs == 1
        assert desk.reached(number) == [("due", "told")]


def test_two_programs_hold_together(database_url: str) -> None:
    with at_work(database_url) as (desk, clock), Application.open(settings(database_url)) as app:
        other = Desk(going_by(app, clock))
        desk.receive("hourly")
        clock.at += HOUR
        assert beat(desk)[0].pulse.held_since == beat(other)[0].pulse.held_since == clock.at
        release(app.database, clock.at)
        assert beat(desk)[0].rungs + beat(other)[0].rungs == 1


def test_what_people_do_meanwhile_is_recorded_and_no_history_runs_backwards(database_url: str) -> None:
    with at_work(database_url) as (desk, clock):
        number = desk.receive("none")
        granted(desk.fire(number, "take", "rui"))
        right = clock.at
        clock.at += 365 * DAY
        assert beat(desk)[0].pulse.is_held
        granted(desk.comment(number, "sun"))
        clock.at = right + BEAT
        beat(desk)
        granted(desk.fire(number, "finish", "rui"))
        instants = [entry.at for entry in desk.history(number)]
        assert instants == sorted(instants)
        assert instants[-1] == right + 365 * DAY
        run_evenly(desk, clock, STABLE + BEAT)

        assert desk.rungs("cai") == ["-"]  # though by its history it is told only in a year


def test_a_case_whose_history_lies_ahead_still_rings_by_the_clock(database_url: str) -> None:
    with at_work(database_url) as (desk, clock):
        number = desk.receive("hourly")
        right = clock.at
        clock.at += DAY
        beat(desk)
        granted(desk.comment(number, "sun"))
        clock.at = right + BEAT
        assert run_evenly(desk, clock, timedelta(minutes=50), SELDOM) == 0
        assert run_evenly(desk, clock, HOUR, SELDOM) == 1
        assert run_evenly(desk, clock, HOUR, SELDOM) == 1

        assert desk.reached(number) == [("due", "told"), ("due#2", "told")]
        assert desk.rungs("sun") == ["due", "due"]
        assert look(database_url).violations == ()


def test_a_downtime_is_held_too_since_nobody_can_tell_it_from_a_jump(database_url: str) -> None:
    with at_work(database_url) as (desk, clock):
        desk.receive("hourly")
        clock.at += timedelta(hours=3, minutes=30)
        assert beat(desk)[0].pulse.is_held
        run_evenly(desk, clock, STABLE)
        assert [each.result for each in desk.ledger()] == ["merged", "merged", "told"]


GAPS = st.one_of(st.timedeltas(-400 * DAY, 400 * DAY), st.timedeltas(-timedelta(minutes=12), timedelta(minutes=12)), st.just(BEAT))


@given(st.lists(GAPS, max_size=40))
def test_the_pulse_is_free_only_after_an_even_run(gaps: list[timedelta]) -> None:
    now, pulse = START, Pulse(START)
    even_since: datetime | None = None  # of the present even run, while it is not trusted
    for gap in gaps:
        now += gap
        if abs(gap) > MAX_GAP:
            even_since = now
        elif even_since is not None and now - even_since >= STABLE:
            even_since = None
        pulse = felt(pulse, now)
        assert pulse.is_held == (even_since is not None)
        assert pulse.free_at == (None if even_since is None else even_since + STABLE)
        assert pulse.is_held or pulse.beaten_at == now
