"""Whatever a field can hold, and whatever was decided, is the same after it was stored as text and read again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.case import Child, Parent, Signature, Signing
from engine.core.codec import (
    EVENT_KINDS,
    canonical,
    decode_children,
    decode_event,
    decode_instant,
    decode_runs,
    decode_signing,
    decode_value,
    encode_children,
    encode_event,
    encode_instant,
    encode_parent,
    encode_runs,
    encode_signing,
    encode_value,
)
from engine.core.event import (
    Assigned,
    CalendarExtended,
    ChildChanged,
    ChildOpened,
    Commented,
    Corrected,
    Disclosed,
    Event,
    Moved,
    Opened,
    RungFired,
    Signed,
    TimerLapsed,
    Undone,
    Voided,
)
from engine.core.kind import DATE, DATETIME, DECIMAL, INTEGER, PEOPLE, TEXT, Attachment, Kind, Row, Value
from engine.core.run import Break, ClockChange, ClockRun
from engine.timing.period import Period

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
instants = st.datetimes(timezones=st.just(UTC))
decimals = st.decimals(allow_nan=False, allow_infinity=False)
periods = st.builds(Period, st.integers(), st.sampled_from(["m", "h", "d", "mo", "y", "wh", "wd"]))
attachments = st.builds(Attachment, texts, texts, st.integers(min_value=0), texts)
COLUMNS: dict[str, tuple[Kind, st.SearchStrategy[Value]]] = {
    "part": (TEXT, texts),
    "price": (Kind("money", "CNY"), decimals),
    "picked": (DATE, st.dates()),
    "photo": (Kind("file"), attachments),
}
LIST = Kind("list", "lines", tuple((column, kind) for column, (kind, _) in COLUMNS.items()))
cells = st.fixed_dictionaries({}, optional={column: values for column, (_, values) in COLUMNS.items()})
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
    "link": (Kind("case", "repair"), texts),
    "photo": (Kind("file"), attachments),
    "photos": (Kind("files"), st.lists(attachments, max_size=3).map(tuple)),
    "lines": (LIST, st.lists(st.builds(Row, texts, cells), max_size=3).map(tuple)),
}
KINDS: dict[str, Kind] = {field: kind for field, (kind, _) in VALUES.items()} | {"parts": LIST, "calls": Kind("list", "calls")}
"""The kinds of the fields, and of the two aliases under which children stand."""
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
at_ends = st.sampled_from(["wait", "leave", "cancel"])
parents = st.builds(Parent, texts, texts, texts, maybe)
opened_children = st.lists(st.builds(ChildOpened, texts, texts, texts, texts, maybe, at_ends, maybe), max_size=3).map(tuple)
names = st.lists(texts, max_size=3).map(tuple)
results = st.sampled_from(["told", "performed", "refused", "merged", "skipped", "unmet"])
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Opened, instants, texts, maybe, maybe, texts, texts, texts, texts, maybe, texts, texts, maybe, changes, maybe,
        clock_changes, st.integers(min_value=0), st.none() | parents, opened_children,
    ),
    st.builds(
        Moved, instants, texts, maybe, maybe, texts, texts, texts, st.booleans(), maybe, changes, maybe, maybe, clock_changes, maybe,
        opened_children,
    ),
    st.builds(Corrected, instants, texts, maybe, texts, changes, clock_changes),
    st.builds(Commented, instants, texts, maybe, maybe),
    st.builds(Disclosed, instants, texts, maybe, texts, names),
    st.builds(
        RungFired, instants, texts, maybe, texts, st.integers(), texts, st.integers(), instants, results, maybe, st.lists(texts).map(tuple)
    ),
    st.builds(TimerLapsed, instants, texts, maybe),
    st.builds(CalendarExtended, instants, texts, maybe, st.integers()),
    st.builds(Assigned, instants, texts, maybe, maybe, maybe),
    st.builds(Signed, instants, texts, maybe, maybe, texts, names, st.none() | changes),
    st.builds(Voided, instants, texts, maybe, texts, names, st.sampled_from(["left", "changed", "withdrawn"])),
    st.builds(
        ChildChanged, instants, texts, maybe, st.just("parts"), texts, maybe, maybe, st.none() | instants, cells, changes, clock_changes
    ),
    st.builds(ChildChanged, instants, texts, maybe, st.just("calls"), texts, maybe, maybe, st.none() | instants, st.just({})),
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


undoings = st.builds(
    Undone, instants, texts, maybe, texts, texts, st.integers(), texts, maybe, maybe, maybe, st.integers(), instants,
    st.none() | instants, changes, st.dictionaries(texts, runs, max_size=2),
)  # fmt: skip
ended = st.builds(Child, texts, texts, texts, maybe, at_ends, maybe, instants, texts, texts, instants, cells)
children = st.builds(Child, texts, texts, texts, maybe, at_ends, maybe, instants, returns=cells) | ended
signings = st.builds(
    Signing, changes, maybe, st.lists(st.builds(Signature, texts, maybe, instants, names), min_size=1, max_size=3).map(tuple)
)


@settings(max_examples=60)
@given(events | undoings)
def test_every_event_survives(event: Event) -> None:
    stored = canonical(encode_event(event, KINDS))
    assert decode_event(EVENT_KINDS[type(event)], json.loads(stored), KINDS) == event


@settings(max_examples=40)
@given(st.dictionaries(texts, runs))
def test_every_run_of_a_clock_survives(given_runs: dict[str, ClockRun]) -> None:
    assert decode_runs(json.loads(canonical(encode_runs(given_runs)))) == given_runs


@given(st.dictionaries(st.just("parts"), st.lists(children, min_size=1, max_size=3).map(tuple)))
def test_every_child_survives(given_children: dict[str, tuple[Child, ...]]) -> None:
    assert decode_children(json.loads(canonical(encode_children(given_children, KINDS))), KINDS) == given_children


@given(parents)
def test_every_parent_survives(parent: Parent) -> None:
    assert Parent(**json.loads(canonical(encode_parent(parent)))) == parent


@given(st.dictionaries(texts, signings, max_size=2))
def test_every_step_that_waits_for_signatures_survives(signing: dict[str, Signing]) -> None:
    assert decode_signing(json.loads(canonical(encode_signing(signing, KINDS))), KINDS) == signing


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
    if not isinstance(event, Corrected):
        assert event.children == ()
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
