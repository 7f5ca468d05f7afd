"""Clocks that compile and yet cannot do their work are told: at their place, and only when that is certain."""

from __future__ import annotations

import pytest

from tests.process import library

PROCESS = """
calendar: desk-hours
parties: {customer: {mobile: phone}}
fields:
  phone: {type: phone, title: 电话, personal: true}
  note: {type: text, title: 备注}
  days: {type: integer, title: 天数}
  size: {type: choice, title: 大小, choices: {big: 大, small: 小}}
  begun: {type: datetime, title: 开始}
  begin: {type: date, title: 起算, computed: date(begun)}
start:
  open: {title: 受理, by: desk, asks: [phone, note], to: working}
states:
  working: {title: 维修, transitions: {done: {title: 完成, by: bench, to: testing}}}
  testing: {title: 检验, transitions: {pass: {title: 合格, by: bench, to: ended}}}
  ended: {title: 结案, final: success, transitions: {reopen: {title: 重开, by: boss, to: working}}}
clocks:
  main: {title: 时限, KEYS}
"""


def codes(keys: str, old: str = "", new: str = "") -> list[str]:
    text = PROCESS.replace("KEYS", keys)
    assert old in text
    return [one.code for one in library(text.replace(old, new) if old else text).diagnostics]


def rung(at: str, limit: str, more: str = "") -> str:
    return f"runs_in: all, limit: {limit}, {more}ladder: [{{at: {at}, tell: desk, template: overdue}}]"


@pytest.mark.parametrize(
    ("at", "limit"),
    [("due - 5h", "4h"), ("due - 241m", "4h"), ("due - 4d", "3d"), ("due - 2wd", "1wd"), ("due - 13mo", "1y")],
)
def test_a_rung_before_the_start_is_told(at: str, limit: str) -> None:
    assert codes(rung(at, limit)) == ["rung-before-start"]


@pytest.mark.parametrize(
    ("at", "limit"),
    [("due - 4h", "4h"), ("due - 1d", "1d"), ("due - 5h", "1d"), ("due - 2d", "1wd"), ("due + 9d", "1d"), ("99%", "1d"), ("9d", "1d")],
)
def test_a_rung_that_may_come_in_time_is_not(at: str, limit: str) -> None:
    assert codes(rung(at, limit)) == []


def test_a_limit_that_is_not_known_beforehand_proves_nothing() -> None:
    filled = ("asks: [phone, note]", "asks: [phone, note, days, size, begun]")
    by_size = "{field: size, is: {big: 9d, small: 1d}}"
    assert codes(rung("due - 5d", "1d * days"), *filled) == []
    assert codes(rung("due - 5d", by_size), *filled) == []
    assert codes(rung("due - 5d", "1d", "due: begun, "), *filled) == []
    assert codes(rung("due - 10d", by_size), *filled) == ["rung-before-start"]


@pytest.mark.parametrize(("at", "limit", "found"), [("7d", "4wh", True), ("1d", "48h", True), ("1wd", "4wh", False), ("90m", "2h", False)])
def test_a_point_after_the_start_is_counted_as_the_limit_is(at: str, limit: str, found: bool) -> None:
    assert codes(rung(at, limit)) == (["mixed-units"] if found else [])


@pytest.mark.parametrize(
    "keys",
    [
        "runs_in: all, limit: 1d, from: begun",
        "runs_in: all, due: begun",
        "runs_in: all, limit: 1d * days",
        "runs_in: all, limit: 1d, when: days > 1",
        "runs_in: all, limit: [{when: days > 1, then: 1d}, {else: 2d}]",
        "runs_in: all, limit: {field: size, is: {big: 1d, small: 2d}}",
    ],
)
def test_a_field_that_no_step_fills_is_waited_for_in_vain(keys: str) -> None:
    assert codes(keys) == ["unfilled-clock-field"]
    assert codes(keys, "asks: [phone, note]", "asks: [phone, note, days?, size?, begun?]") == []


def test_what_is_computed_counts_as_filled() -> None:
    assert codes("runs_in: all, limit: 1d, from: begin") == []


def test_a_clock_that_is_paused_wherever_it_runs_never_runs() -> None:
    assert codes("runs_in: [working, testing], limit: 1d, pauses: all") == ["clock-never-runs"]
    assert codes("runs_in: [working, testing], limit: 1d, pauses: testing") == []


def test_a_clock_until_a_step_of_ended_cases_is_never_ended_by_it() -> None:
    assert codes("until: reopen, limit: 1d") == ["clock-never-stops"]
    assert codes("until: [reopen, pass], limit: 1d") == []


def test_a_party_without_an_address_is_told_in_vain() -> None:
    telling = "runs_in: all, limit: 1d, ladder: [{at: due, tell: [desk, customer], template: overdue}]"
    addressed = (
        "customer: {mobile: phone}}\nfields:",
        "customer: {email: mail}}\nfields:\n  mail: {type: email, title: 邮箱, personal: true}",
    )

    assert codes(telling) == ["party-without-address"]
    assert codes(telling, *addressed) == []
