"""Absences and delegations as values: from when until when, and which two delegations would make a circle."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.errors import Conflict, Misuse
from roles.absence import Absence
from roles.delegation import Delegation, check_circle


def on(day: int) -> datetime:
    return datetime(2026, 9, day, tzinfo=UTC)


@pytest.mark.parametrize(("day", "lasts"), [(1, False), (2, True), (4, True), (5, False)])
def test_both_last_from_their_beginning_until_just_before_their_end(day: int, lasts: bool) -> None:
    assert Absence("tom", on(2), on(5)).lasts(on(day)) is lasts
    assert Delegation("tom", "bea", None, on(2), on(5)).lasts(on(day)) is lasts


@pytest.mark.parametrize("end", [on(1), on(2)])
def test_what_ends_before_it_begins_is_misuse(end: datetime) -> None:
    with pytest.raises(Misuse, match="the absence of “tom” to end after it begins"):
        Absence("tom", on(2), end)
    with pytest.raises(Misuse, match="the delegation by “tom” to end after it begins"):
        Delegation("tom", "bea", None, on(2), end)


@pytest.mark.parametrize("bounds", [(datetime(2026, 9, 1), on(2)), (on(1), datetime(2026, 9, 2))])  # noqa: DTZ001 – the point of it
def test_naive_instants_are_refused(bounds: tuple[datetime, datetime]) -> None:
    with pytest.raises(ValueError, match="aware"):
        Absence("tom", *bounds)
    with pytest.raises(ValueError, match="aware"):
        Delegation("tom", "bea", None, *bounds)


def test_nobody_stands_in_for_himself() -> None:
    with pytest.raises(Misuse, match="“tom” cannot stand in for himself"):
        Delegation("tom", "tom", None, on(1), on(2))


@pytest.mark.parametrize(
    ("known", "is_circle"),
    [
        pytest.param(Delegation("bea", "tom", None, on(4), on(9)), True, id="each for the other"),
        pytest.param(Delegation("bea", "tom", "tester", on(1), on(3)), True, id="though in one role only"),
        pytest.param(Delegation("bea", "tom", None, on(5), on(9)), False, id="one after the other"),
        pytest.param(Delegation("bea", "sue", None, on(1), on(9)), False, id="a third person: what is lent is not lent on"),
        pytest.param(Delegation("tom", "bea", None, on(1), on(9)), False, id="the same once more"),
    ],
)
def test_two_people_cannot_stand_in_for_each_other_at_the_same_time(known: Delegation, is_circle: bool) -> None:
    new = Delegation("tom", "bea", None, on(2), on(5))

    if is_circle:
        with pytest.raises(Conflict, match="two persons cannot stand in for each other"):
            check_circle(new, [known])
    else:
        check_circle(new, [known])
