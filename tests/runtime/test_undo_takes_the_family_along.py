"""Undo of a step that has set something going in other cases: its children go with it, and what has moved since keeps it."""

from __future__ import annotations

from datetime import timedelta

from engine.core.command import Undo
from engine.runtime.answer import Answer
from engine.runtime.publishing import publish
from engine.store import errands
from tests.runtime.company import START, Company, caller, granted, refused
from tests.runtime.household import ORDER, PARTS, documents, fetch, fetched


def family(company: Company) -> Company:
    """The company, which orders, and can take steps back for ten minutes."""
    both = [text.replace("organisation: desk\n", "organisation: desk\nundo: 10m\n") for text in (ORDER, PARTS)]
    publish(company.app.database, documents(*both), "os:owner", START)
    return company


def undo(company: Company, number: str, person: str) -> Answer:
    return company.app.cases.handle(number, Undo("点错"), caller(person))


def a_minute_later(company: Company) -> None:
    company.app.move_time(company.app.time.now() + timedelta(minutes=1))


def test_the_cases_that_it_opened_are_cancelled_and_nothing_reads_them_any_more(company: Company) -> None:
    family(company)
    number, (first, second) = fetched(company, pieces=2, spare=1)
    a_minute_later(company)
    granted(undo(company, number, "rui"))

    parent = company.case(number)
    assert (parent.state, parent.data) == ("ordering", {"item": "屏幕", "got": 0})
    assert [child.disowned for child in parent.children["parts"]] == [True, True]
    assert [company.case(child).state for child in (first, second)] == ["withdrawn", "withdrawn"]
    with company.app.database.read() as reader:
        assert errands.waiting(reader.connection, limit=10) == []
    ((_, third),) = granted(fetch(company, number, pieces=3)).outcome.opened
    granted(company.fire(third, "issue", "ren", handed=3))
    assert (company.case(number).state, company.case(number).data["got"]) == ("closed", 3)


def test_a_child_that_has_moved_keeps_the_step(company: Company) -> None:
    family(company)
    number, (child,) = fetched(company)
    granted(company.fire(child, "pack", "ren"))
    before = company.tables()
    assert refused(undo(company, number, "rui")) == {"not_undoable"}
    assert company.tables() == before


def test_an_end_that_has_cancelled_children_stays(company: Company) -> None:
    family(company)
    number, _ = fetched(company)
    a_minute_later(company)
    granted(company.fire(number, "drop", "cai"))
    assert refused(undo(company, number, "cai")) == {"not_undoable"}


def test_an_end_that_moved_the_parent_stays_and_another_does_not(company: Company) -> None:
    family(company)
    number, (first, second) = fetched(company, pieces=2, spare=1)
    a_minute_later(company)
    granted(company.fire(first, "issue", "rui", handed=2))
    assert company.case(number).data["got"] == 2
    granted(undo(company, first, "rui"))
    parent = company.case(number)
    assert (company.case(first).state, parent.children["parts"][0].outcome, parent.data["got"]) == ("picking", None, 0)

    granted(company.fire(first, "issue", "rui", handed=2))
    granted(company.fire(second, "issue", "ren", handed=1))
    assert company.case(number).state == "closed"
    assert refused(undo(company, second, "ren")) == {"not_undoable"}
