"""A process killed before or after any statement leaves a family whole: children are opened with their step or not at all, and the end of
a child reaches its parent exactly once (reliability bar 2).

The boundary moves on until the command completes unharmed. What a crash leaves undone
between two cases is found by the next sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest

from engine.app import Application
from engine.core.event import ChildChanged, Moved
from engine.runtime.answer import Answer
from engine.runtime.caller import Key
from tests.rig.boundary import survives
from tests.rig.report import Run, Tell, store_of
from tests.runtime.company import Company, found, granted, settings
from tests.runtime.household import fetch, fetched, ordered, publish_family

pytestmark = [pytest.mark.reliability, pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")]


@contextmanager
def working(url: str) -> Iterator[Company]:
    """The company as a program has it open that outlives its crash."""
    with Application.open(settings(url)) as app:
        yield Company(app)


def test_children_are_opened_with_their_step_or_not_at_all(database_url: str, told: Tell) -> None:
    run = Run(2, store_of(database_url), figures={"command": "a step that opens two cases"})
    found(database_url)
    kept: list[bool] = []
    with working(database_url) as company:
        publish_family(company)
        fetched(company)
    for place in count(1):
        with working(database_url) as company:
            number = ordered(company)
            before = company.tables()
        key = Key("cli", f"fetch-{place}")

        def fetching(company: Company, number: str = number, key: Key = key) -> Answer:
            return fetch(company, number, key=key, pieces=2, spare=1)

        def rehearsed(company: Company, number: str = number) -> Answer:
            return fetch(company, number, pieces=2, spare=1, dry_run=True)

        unharmed = survives(database_url, rehearsed, fetching, place)
        with working(database_url) as company:
            after = company.tables()
            kept.append(after != before)
            grown = {name: len(after[name]) - len(before[name]) for name in after if len(after[name]) != len(before[name])}
            assert grown in ({}, {"cases": 2, "history": 3, "requests": 1})
            assert granted(fetching(company)).repeated == kept[-1]
            assert len(company.case(number).children["parts"]) == 2
            if unharmed:
                company.prove()
                break
    run.faults = len(kept) - 1
    told(run, len(kept), 0)
    assert kept == sorted(kept)
    assert kept[-1]
    assert len(kept) > 12


def test_the_end_of_a_child_reaches_its_parent_once(database_url: str, told: Tell) -> None:
    run = Run(2, store_of(database_url), figures={"command": "the end of a child"})
    found(database_url)
    heard_before: list[int] = []
    with working(database_url) as company:
        publish_family(company)
        _, (child,) = fetched(company)
        granted(company.fire(child, "issue", "rui", handed=2))  # what closes the order has been read by everybody once
    for place in count(1):
        with working(database_url) as company:
            number, (child,) = fetched(company)
        key = Key("cli", f"issue-{place}")

        def issuing(company: Company, child: str = child, key: Key = key) -> Answer:
            return company.fire(child, "issue", "rui", handed=2, key=key)

        def rehearsed(company: Company, child: str = child) -> Answer:
            return company.fire(child, "issue", "rui", handed=2, dry_run=True)

        unharmed = survives(database_url, rehearsed, issuing, place)
        with working(database_url) as company:
            heard_before.append(len([each for each in company.history(number) if isinstance(each.event, ChildChanged)]))
            granted(issuing(company))
            company.app.sweeper.run_once()
            assert company.case(child).state == "issued"
            assert company.case(number).state == "closed"
            heard = [each.event for each in company.history(number)]
            assert [type(event) for event in heard[-2:]] == [ChildChanged, Moved]
            assert len([event for event in heard if isinstance(event, ChildChanged)]) == 1
            assert company.app.sweeper.run_once().errands == 0
            if unharmed:
                company.prove()
                break
    run.faults = len(heard_before) - 1
    told(run, len(heard_before), 0)
    assert heard_before == sorted(heard_before)
    assert (heard_before[0], heard_before[-1]) == (0, 1)
    assert len(heard_before) > 12
