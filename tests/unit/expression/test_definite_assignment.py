"""Which reads may be empty, and what an outcome proves: the table behind the checks of a definition."""

from __future__ import annotations

import pytest

from tests.unit.expression.surroundings import good

UNASSIGNED = [
    ("quote > 3", set(), ["quote"]),
    ("quote > 3", {"quote"}, []),
    ("quote > deposit", set(), ["quote", "deposit"]),
    ("quote is set and quote > 3", set(), []),
    ("quote > 3 and quote is set", set(), ["quote"]),
    ("quote is not set or quote > 3", set(), []),
    ("not (quote is set) or quote > 3", set(), []),
    ("quote is set or quote > 3", set(), ["quote"]),
    ("not (quote is not set or deposit is not set) and quote > deposit", set(), []),
    ("(quote is set or deposit is set) and quote > 3", set(), ["quote"]),
    ("quote + deposit is set and quote > deposit", set(), []),
    ("quote > 3 and quote < 5", set(), ["quote"]),
    ("quote > 3 or quote < 1", set(), ["quote"]),
    ("(quote otherwise 0) > 3", set(), []),
    ("(quote otherwise deposit) > 3", set(), ["deposit"]),
    ("(quote otherwise deposit) > 3", {"quote"}, []),
    ("quantity in (1 | stock)", {"quantity"}, ["stock"]),
    ("tester in (helpers) or passed", set(), ["tester", "helpers", "passed"]),
    ("date(received_at) + 3d > sold_on", set(), ["received_at", "sold_on"]),
    ("assignee == actor", set(), ["assignee"]),
    ("assignee is set and assignee == actor", set(), []),
    ("unit == unit", {"unit"}, []),
    ("done_at(finish) > now()", set(), ["done_at(finish)"]),
    ("done_at(finish) > now()", {"done_at(finish)"}, []),
    ("done(finish) and done_at(finish) > now()", set(), []),
    ("not done(finish) or done_at(finish) > now()", set(), []),
    ("done(take) and done_at(finish) > now()", set(), ["done_at(finish)"]),
    ("times(finish) > 3 or actor in (performers(finish)) or acting(customer) or sampled(3)", set(), []),
]


@pytest.mark.parametrize(("text", "assigned", "names"), UNASSIGNED)
def test_reads_that_may_be_empty(text: str, assigned: set[str], names: list[str]) -> None:
    found = good(text).unassigned(frozenset(assigned))
    assert [text[one.offset : one.offset + one.length] for one in found] == names
    assert {one.code for one in found} <= {"may-be-empty"}


def test_each_read_is_pointed_at_where_it_stands() -> None:
    (found,) = good("passed is set and (passed or quote > 3)").unassigned(frozenset())
    assert (found.offset, found.length) == (29, 5)
    assert found.sentence.en == "expected a value that is always set, found “quote”, which may be empty"
    assert found.way_out is not None
    assert found.way_out.en == "Test it first: “quote is set and …”; or give a substitute: “quote otherwise …”."


@pytest.mark.parametrize(
    ("text", "when_true", "when_false"),
    [
        ("quote is set", {"quote"}, set()),
        ("quote is not set", set(), {"quote"}),
        ("quote > deposit", {"quote", "deposit"}, {"quote", "deposit"}),
        ("passed", {"passed"}, {"passed"}),
        ("quote is set and stock is set", {"quote", "stock"}, set()),
        ("quote is not set or stock is not set", set(), {"quote", "stock"}),
        ("quote is set or quote > deposit", {"quote"}, {"quote", "deposit"}),
        ("in_warranty or quote is set", set(), {"in_warranty"}),
        ("quote > 1 and quote is set", {"quote"}, set()),
        ("not (quote > 1 and passed)", set(), {"quote", "passed"}),
        ("quantity in (stock)", {"quantity", "stock"}, {"quantity", "stock"}),
        ("quantity in (1 | stock)", {"quantity"}, {"quantity", "stock"}),
        ("(quote otherwise deposit) > 1", set(), set()),
        ("(quote otherwise quote + deposit) > 1", {"quote"}, {"quote"}),
        ("quote + deposit is set", {"quote", "deposit"}, set()),
        ("(passed and in_warranty) is set", set(), set()),
        ("(passed is set) == true", set(), set()),
        ("done(finish)", {"done_at(finish)"}, set()),
        ("assignee == tester", {"assignee", "tester"}, {"assignee", "tester"}),
        ("acting(customer) and actor == tester", {"tester"}, set()),
    ],
)
def test_names_that_an_outcome_proves(text: str, when_true: set[str], when_false: set[str]) -> None:
    expression = good(text)
    assert expression.proven(True) == when_true
    assert expression.proven(False) == when_false
