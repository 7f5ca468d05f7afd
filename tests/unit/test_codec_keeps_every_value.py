"""Whatever a field can hold, and whatever was decided, is the same after it was stored as text and read again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.core.codec import EVENT_KINDS, canonical, decode_event, decode_instant, decode_value, encode_event, encode_instant, encode_value
from engine.core.event import Commented, Corrected, Event, Moved, Opened
from engine.core.kind import DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, TEXT, Kind, Value
from engine.timing.period import Period

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
instants = st.datetimes(timezones=st.just(UTC))
decimals = st.decimals(allow_nan=False, allow_infinity=False)
VALUES: dict[str, tuple[Kind, st.SearchStrategy[Value]]] = {
    "remark": (TEXT, texts),
    "agreed": (Kind("boolean"), st.booleans()),
    "pieces": (INTEGER, st.integers()),
    "weight": (DECIMAL, decimals),
    "price": (Kind("money", "CNY"), decimals),
    "due": (DATE, st.dates()),
    "arrived": (DATETIME, instants),
    "helpers": (PEOPLE, st.lists(texts).map(tuple)),
    "wait": (Kind("duration", "clock"), st.builds(Period, st.integers(), st.sampled_from(["m", "h", "d", "mo", "y", "wh", "wd"]))),
}
KINDS = {field: kind for field, (kind, _) in VALUES.items()}
changes = st.fixed_dictionaries({}, optional={field: st.none() | values for field, (_, values) in VALUES.items()})
maybe = st.none() | texts
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Opened, instants, texts, maybe, maybe, texts, texts, texts, texts, maybe, texts, texts, maybe, changes, maybe
    ),
    st.builds(Moved, instants, texts, maybe, maybe, texts, texts, texts, st.booleans(), maybe, changes, maybe, maybe),
    st.builds(Corrected, instants, texts, maybe, texts, changes),
    st.builds(Commented, instants, texts, maybe, maybe),
)  # fmt: skip


@given(events)
def test_every_event_survives(event: Event) -> None:
    stored = canonical(encode_event(event, KINDS))
    assert decode_event(EVENT_KINDS[type(event)], json.loads(stored), KINDS) == event


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
