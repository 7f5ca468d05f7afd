"""What expressions give: exact numbers, dates that clamp, facts of the case, and *missing* wherever there is no answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal, localcontext
from zoneinfo import ZoneInfo

import pytest

from engine.core.case import Performance
from engine.core.kind import Value
from tests.unit.expression.surroundings import CNY, NOW, good, surroundings

BERLIN = ZoneInfo("Europe/Berlin")


def value(text: str, **data: Value) -> Value | None:
    return good(text).evaluate(surroundings(data))


def test_decimals_are_exact_whatever_the_context() -> None:
    with localcontext() as context:
        context.prec = 3
        assert value("share * share", share=Decimal("1234567.89")) == Decimal("1524157875019.0521")
        assert value("share + 0.00000000000000000000000000001", share=Decimal(10**29)) == Decimal(
            "100000000000000000000000000000.00000000000000000000000000001"
        )


def test_integers_compare_exactly_with_decimals() -> None:
    assert value("quantity == share", quantity=10**29 + 1, share=Decimal(10**29)) is False
    assert value("quantity > 2.5", quantity=3) is True


def test_money_keeps_its_digits_until_it_is_stored() -> None:
    assert good("quote * 1.005", CNY).evaluate(surroundings({"quote": Decimal("10.01")})) == Decimal("10.06005")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sold_on + 1mo", date(2027, 2, 28)),
        ("sold_on + 13mo", date(2028, 2, 29)),
        ("sold_on - 2mo", date(2026, 11, 30)),
        ("sold_on + 1y", date(2028, 1, 31)),
        ("sold_on + 30d", date(2027, 3, 2)),
        ("sold_on + 3 * 10d", date(2027, 3, 2)),
        ("sold_on + 1mo + 3d", date(2027, 3, 3)),
        ("sold_on + 999999999d", date.max),
        ("sold_on - 999999999mo", date.min),
        ("days(sold_on to sold_on + 1mo)", 28),
        ("days(sold_on to sold_on - 1d)", -1),
    ],
)
def test_dates_move_by_the_calendar(text: str, found: Value) -> None:
    assert value(text, sold_on=date(2027, 1, 31)) == found


def test_instants_elapse_by_hours_and_keep_the_time_of_day_by_days() -> None:
    # In Berlin the clock goes back on 25 October 2026: that day has 25 hours.
    before = surroundings({"received_at": datetime(2026, 10, 24, 10, 0, tzinfo=UTC)}, zone=BERLIN)
    assert good("received_at + 24h").evaluate(before) == datetime(2026, 10, 25, 10, 0, tzinfo=UTC)
    assert good("received_at + 1440m").evaluate(before) == datetime(2026, 10, 25, 10, 0, tzinfo=UTC)
    assert good("received_at + 1d").evaluate(before) == datetime(2026, 10, 25, 11, 0, tzinfo=UTC)
    assert good("received_at + 999999999h > now() and received_at - 99999y < now()").evaluate(before) is True


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sold_on + 1wd", date(2026, 10, 5)),
        ("sold_on - 1wd", date(2026, 10, 2)),
        ("sold_on + 0wd", date(2026, 10, 3)),
        ("received_at + 4wh", datetime(2026, 9, 29, 3, 0, tzinfo=UTC)),
        ("received_at - 2wh", datetime(2026, 9, 28, 6, 0, tzinfo=UTC)),
        ("received_at + 2 * 1wd", datetime(2026, 9, 30, 8, 0, tzinfo=UTC)),
        ("received_at + (3wd - 2wd)", datetime(2026, 9, 29, 8, 0, tzinfo=UTC)),
    ],
)
def test_dates_and_instants_move_by_working_time(text: str, found: Value) -> None:
    # Saturday, 3 October; Monday, 28 September, 16:00 in Shanghai.
    data: dict[str, Value] = {"sold_on": date(2026, 10, 3), "received_at": datetime(2026, 9, 28, 8, 0, tzinfo=UTC)}

    assert good(text).evaluate(surroundings(data)) == found


def test_without_a_calendar_what_moves_by_working_time_is_missing() -> None:
    data: dict[str, Value] = {"sold_on": date(2026, 10, 3)}

    assert good("sold_on + 1wd").evaluate(surroundings(data, calendar=None)) is None


def test_dates_of_instants_are_read_in_the_zone() -> None:
    late = surroundings({"received_at": datetime(2026, 9, 27, 16, 0, tzinfo=UTC)}, now=datetime(2026, 9, 30, 15, 59, tzinfo=UTC))
    assert good("date(received_at)").evaluate(late) == date(2026, 9, 28)
    assert good("today()").evaluate(late) == date(2026, 9, 30)
    assert good("days_since(date(received_at))").evaluate(late) == 2
    assert good("now()").evaluate(late) == late.now


def test_the_ends_of_time_raise_nothing() -> None:
    edge = datetime.max.replace(tzinfo=UTC)
    assert value("date(received_at)", received_at=edge) == date.max
    assert value("date(received_at + 1d) > today()", received_at=edge) is True


def test_durations_compare_in_what_they_convert_to() -> None:
    assert value("90m < 2h and 1y == 12mo and 1h - 90m < 0m and 2h in (120m | 1h)") is True


TRUTH = [True, False, None]


@pytest.mark.parametrize("left", TRUTH)
@pytest.mark.parametrize("right", TRUTH)
def test_and_or_not_follow_kleene(left: bool | None, right: bool | None) -> None:
    data = {name: truth for name, truth in (("passed", left), ("in_warranty", right)) if truth is not None}
    assert value("passed and in_warranty", **data) is (False if False in (left, right) else None if None in (left, right) else True)
    assert value("passed or in_warranty", **data) is (True if True in (left, right) else None if None in (left, right) else False)
    assert value("not passed", **data) is (None if left is None else not left)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quantity > 3", None),
        ("quantity + 1", None),
        ("quantity != 3", None),
        ("quantity is set", False),
        ("quantity is not set", True),
        ("quantity + 1 is set", False),
        ("quantity otherwise 3", 3),
        ("quantity otherwise stock", None),
        ("stock in (1 | quantity)", None),
        ("tester in (helpers)", None),
        ("sold_on + 1d", None),
        ("received_at + 1h", None),
        ("date(received_at)", None),
        ("days(sold_on to today())", None),
        ("done_at(finish)", None),
        ("assignee == actor", None),
        ("unit == unit", None),
        ("(passed and in_warranty) is set", False),
    ],
)
def test_what_is_made_of_nothing_is_missing(text: str, found: Value | None) -> None:
    assert good(text).evaluate(surroundings()) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("quantity in (1 | stock)", True),
        ("quantity in (stock | share * 2)", None),
        ("quantity not in (5 | 6)", True),
        ("fault in (power | none)", True),
        ("tester in (helpers)", True),
        ("actor in (helpers | tester)", False),
        ("helpers == helpers", True),
        ("symptom == '进水'", True),
        ("fault != power", False),
    ],
)
def test_membership_and_equality(text: str, found: bool | None) -> None:
    data: dict[str, Value] = {
        "quantity": 1,
        "stock": 2,
        "fault": "power",
        "tester": "tom",
        "helpers": ("sue", "tom"),
        "symptom": "进水",
    }
    assert good(text).evaluate(surroundings(data)) is found


def test_performances_of_a_step() -> None:
    first, last = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
    performed = (
        Performance("take", "amy", None, first),
        Performance("finish", "tom", None, first),
        Performance("finish", "sue", "max", last),
    )
    environment = surroundings(performed=performed)
    assert good("done(finish) and not done(hand_over)").evaluate(environment) is True
    assert good("times(finish)").evaluate(environment) == 2
    assert good("done_at(finish)").evaluate(environment) == last
    assert good("performers(finish)").evaluate(environment) == ("max", "sue", "tom")
    assert good("actor in (performers(finish))").evaluate(environment) is False
    assert good("actor in (performers(take))").evaluate(environment) is True


def test_a_step_that_nobody_performed_has_nobody() -> None:
    assert good("not actor in (performers(finish))").evaluate(surroundings()) is True
    assert good("performers(finish) is set").evaluate(surroundings()) is False
    assert good("performers(finish) otherwise helpers").evaluate(surroundings({"helpers": ("sue",)})) == ("sue",)
    assert good("performers(finish) otherwise helpers").evaluate(surroundings()) == ()


def test_persons_and_people_together_are_everybody_of_both() -> None:
    performed = (Performance("finish", "sue", "max", NOW),)
    environment = surroundings({"tester": "tom", "helpers": ("sue", "tom")}, performed=performed)
    assert good("tester + helpers").evaluate(environment) == ("sue", "tom")
    assert good("helpers + performers(finish)").evaluate(environment) == ("max", "sue", "tom")
    assert good("tester + tester").evaluate(environment) == ("tom",)
    assert good("actor in (helpers + actor)").evaluate(environment) is True
    assert good("helpers + tester == helpers").evaluate(environment) is True
    assert good("helpers + tester").evaluate(surroundings({"tester": "tom"})) is None
    assert good("(helpers otherwise performers(finish)) + tester").evaluate(surroundings({"tester": "tom"})) == ("tom",)


def test_holders_of_a_role_are_those_where_the_case_belongs() -> None:
    environment = replace(surroundings({"tester": "tom"}), holders={"phone-supervisor": ("max", "tom")})
    assert good("holders(phone-supervisor)").evaluate(environment) == ("max", "tom")
    assert good("tester in (holders(phone-supervisor))").evaluate(environment) is True
    assert good("tester in (holders(phone-front-desk))").evaluate(environment) is False
    assert good("tester in (holders(phone-supervisor)) or actor == tester").asked_roles == {"phone-supervisor"}
    assert good("tester in (helpers)").asked_roles == frozenset()


def test_acting_through_a_party_or_role() -> None:
    assert good("acting(customer)").evaluate(surroundings(acting=frozenset({"customer"}))) is True
    assert good("acting(customer)").evaluate(surroundings(acting=frozenset({"phone-supervisor"}))) is False


def test_sampling_is_repeatable_keyed_and_close_to_its_share() -> None:
    sampled = good("sampled(20)")
    draws = [sampled.evaluate(surroundings(case_id=f"case-{n}")) for n in range(1000)]
    assert draws == [sampled.evaluate(surroundings(case_id=f"case-{n}")) for n in range(1000)]
    assert draws != [sampled.evaluate(surroundings(case_id=f"case-{n}", sampling_key=b"other")) for n in range(1000)]
    assert draws != [sampled.evaluate(surroundings(case_id=f"case-{n}", visit=2)) for n in range(1000)]
    assert 150 <= draws.count(True) <= 250
    assert good("sampled(100) and not sampled(0)").evaluate(surroundings()) is True
