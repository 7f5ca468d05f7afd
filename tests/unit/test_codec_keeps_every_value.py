"""Whatever a field can hold, and whatever was decided, is the same after it was stored as text and read again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.codec import (
    EVENT_KINDS,
    canonical,
    decode_event,
    decode_instant,
    decode_runs,
    decode_value,
    encode_event,
    encode_instant,
    encode_runs,
    encode_value,
)
from engine.core.event import CalendarExtended, Commented, Corrected, Event, Moved, Opened, RungFired, TimerLapsed
from engine.core.kind import DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, TEXT, Kind, Value
from engine.core.run import Break, ClockChange, ClockRun
from engine.timing.period import Period

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
instants = st.datetimes(timezones=st.just(UTC))
decimals = st.decimals(allow_nan=False, allow_infinity=False)
periods = st.builds(Period, st.integers(), st.sampled_from(["m", "h", "d", "mo", "y", "wh", "wd"]))
VALUES: dict[str, tuple[Kind, st.SearchStrategy[Value]]] = {
    "remark": (TEXT, texts),
    "agreed": (Kind("boolean"), st.booleans()),
    "pieces": (INTEGER, st.integers()),
    "weight": (DECIMAL, decimals),
    "price": (Kind("money", "CNY"), decimals),
    "due": (DATE, st.dates()),
    "arrived": (DATETIME, instants),
    "helpers": (PEOPLE, st.lists(texts).map(tuple)),
    "wait": (Kind("duration", "clock"), periods),
}
KINDS = {field: kind for field, (kind, _) in VALUES.items()}
changes = st.fixed_dictionaries({}, optional={field: st.none() | values for field, (_, values) in VALUES.items()})
maybe = st.none() | texts
whys = st.sampled_from(["pause", "outside", "condition", "closed", "done"])
clock_changes = st.lists(
    st.builds(
        ClockChange,
        texts,
        st.sampled_from(["started", "resumed", "paused", "stopped", "ended", "revised"]),
        instants,
        st.none() | periods,
        st.none() | instants,
        st.none() | whys,
        st.booleans(),
    ),
    max_size=3,
).map(tuple)
results = st.sampled_from(["told", "performed", "refused", "merged", "skipped", "unmet"])
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Opened, instants, texts, maybe, maybe, texts, texts, texts, texts, maybe, texts, texts, maybe, changes, maybe,
        clock_changes, st.integers(min_value=0),
    ),
    st.builds(
        Moved, instants, texts, maybe, maybe, texts, texts, texts, st.booleans(), maybe, changes, maybe, maybe, clock_changes, maybe
    ),
    st.builds(Corrected, instants, texts, maybe, texts, changes, clock_changes),
    st.builds(Commented, instants, texts, maybe, maybe),
    st.builds(
        RungFired, instants, texts, maybe, texts, st.integers(), texts, st.integers(), instants, results, maybe, st.lists(texts).map(tuple)
    ),
    st.builds(TimerLapsed, instants, texts, maybe),
    st.builds(CalendarExtended, instants, texts, maybe, st.integers()),
)  # fmt: skip
runs = st.builds(
    ClockRun,
    st.integers(),
    st.sampled_from(["running", "paused", "stopped", "ended"]),
    instants,
    instants,
    st.none() | periods,
    st.none() | instants,
    st.lists(st.builds(Break, instants, st.none() | instants, whys, texts)).map(tuple),
    st.dictionaries(texts, st.integers()),
    st.lists(texts).map(tuple),
)


@given(events)
def test_every_event_survives(event: Event) -> None:
    stored = canonical(encode_event(event, KINDS))
    assert decode_event(EVENT_KINDS[type(event)], json.loads(stored), KINDS) == event


@given(st.dictionaries(texts, runs))
def test_every_run_of_a_clock_survives(given_runs: dict[str, ClockRun]) -> None:
    assert decode_runs(json.loads(canonical(encode_runs(given_runs)))) == given_runs


OLD_BODIES = {
    "opened": '{"actor":"u01","assignee":null,"at":"2026-11-25T09:00:00.000000Z","changes":{"pieces":3},"digest":"d","id":"i",'
    '"number":"R-1","on_behalf_of":null,"outcome":null,"reason":null,"start":"receive","to":"received","unit":"center","workflow":"repair"}',
    "moved": '{"actor":"u01","assignee":null,"at":"2026-11-25T09:00:00.000000Z","changes":{},"entered":true,"on_behalf_of":null,'
    '"outcome":null,"reason":null,"source":"received","step":"diagnose","to":"diagnosed","unit":"center"}',
    "corrected": '{"actor":"u01","at":"2026-11-25T09:00:00.000000Z","changes":{"pieces":4},"on_behalf_of":null,"reason":"写错了"}',
}


@pytest.mark.parametrize("kind", OLD_BODIES)
def test_what_was_stored_before_there_were_clocks_is_read_and_written_as_it_was(kind: str) -> None:
    event = decode_event(kind, json.loads(OLD_BODIES[kind]), KINDS)
    assert isinstance(event, Opened | Moved | Corrected)
    assert event.clocks == ()
    assert canonical(encode_event(event, KINDS)) == OLD_BODIES[kind]


@given(st.sampled_from(sorted(VALUES)).flatmap(lambda field: st.tuples(st.just(KINDS[field]), st.none() | VALUES[field][1])))
def test_every_value_survives(given_value: tuple[Kind, Value | None]) -> None:
    kind, value = given_value
    assert decode_value(kind, json.loads(canonical(encode_value(kind, value)))) == value


@given(decimals, st.integers(0, 6))
def test_equal_amounts_have_one_text(amount: Decimal, zeros: int) -> None:
    exponent = int(amount.as_tuple().exponent)
    padded = Decimal((amount.as_tuple().sign, (*amount.as_tuple().digits, *(0 for _ in range(zeros))), exponent - zeros))
    assert encode_value(DECIMAL, padded) == encode_value(DECIMAL, amount)


@given(instants, instants)
def test_instants_sort_as_their_texts(one: datetime, other: datetime) -> None:
    assert (encode_instant(one) < encode_instant(other)) == (one < other)


def test_the_text_of_a_value_is_fixed() -> None:
    kinds = {"金额": Kind("money", "CNY"), "arrived": DATETIME, "due": DATE, "helpers": PEOPLE}
    values: dict[str, Value] = {
        "helpers": ("样例工程师01",),
        "金额": Decimal("120.50"),
        "due": date(2026, 11, 25),
        "arrived": datetime(2026, 11, 25, 21, 10, 6, tzinfo=timezone(timedelta(hours=8))),
    }
    assert canonical({field: encode_value(kinds[field], value) for field, value in values.items()}) == (
        '{"arrived":"2026-11-25T13:10:06.000000Z","due":"2026-11-25","helpers":["样例工程师01"],"金额":"120.5"}'
    )


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (DATETIME, datetime(2026, 11, 25)),  # noqa: DTZ001
        (DATE, datetime(2026, 11, 25, tzinfo=UTC)),
        (DECIMAL, 1.5),
        (DECIMAL, Decimal("NaN")),
        (DATETIME, "2026-11-25"),
    ],
)
def test_a_value_of_another_kind_is_refused(kind: Kind, value: Value) -> None:
    with pytest.raises(ValueError, match="expected"):
        encode_value(kind, value)


@pytest.mark.parametrize("text", ["2026-11-25T13:10:06", "2026-11-25T13:10:06+08:00", "yesterday"])
def test_what_is_not_an_instant_in_utc_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        decode_instant(text)


@pytest.mark.parametrize("body", [{}, {"at": "2026-11-25T13:10:06.000000Z", "actor": "u", "colour": "red"}])
def test_a_body_that_is_no_event_is_refused(body: dict[str, str]) -> None:
    with pytest.raises((KeyError, ValueError)):
        decode_event("commented", body, KINDS)
