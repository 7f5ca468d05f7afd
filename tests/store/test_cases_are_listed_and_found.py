"""Lists by filter and page, the board's counts, and finding a case by what a caller says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from engine.store import search
from engine.store.cases import Cursor, Filter, by_state, lines, of_subject, records, visible
from engine.store.database import Database
from engine.store.reader import Reader
from engine.store.search import NUMBER, REFERENCE, SUBJECT, beginning, find, matched
from tests.store.story import DATA, DIGEST, START, accepted, advance, commented, corrected, moved, open_case, opened, recording


@pytest.fixture
def reader(database: Database) -> Iterator[Reader]:
    """Three cases: R-1 received, R-2 moved and renamed, R-3 ended; R-2 has a reference."""
    open_case(database, "R-1")
    second = accepted(None, opened("R-2", {**DATA, "customer": "样例客户50%"}, START + timedelta(minutes=1)))
    database.attempt(lambda unit: unit.record(None, second, recording(reference="WX-0002")))
    open_case(database, "R-3", {"fault": "黑屏"}, at=START + timedelta(minutes=2))
    advance(database, "R-2", moved("diagnosed"))
    advance(database, "R-2", corrected({"mobile": "12800000777"}))
    advance(database, "R-3", commented("请回电 12800000888"))
    advance(database, "R-3", moved("returned", outcome="success"))
    with database.read() as reader:
        yield reader


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (Filter(), ["R-1", "R-2", "R-3"]),
        (Filter(workflow="repair", state="diagnosed"), ["R-2"]),
        (Filter(workflow="other"), []),
        (Filter(person="u02"), ["R-2", "R-3"]),
        (Filter(phase="intake", is_open=True), ["R-1", "R-2"]),
        (Filter(is_open=False), ["R-3"]),
    ],
)
def test_a_filter_narrows(reader: Reader, chosen: Filter, expected: list[str]) -> None:
    assert [line.number for line in lines(reader, chosen, limit=10)] == expected


def test_pages_follow_one_another(reader: Reader) -> None:
    first = lines(reader, Filter(), limit=2)
    last = Cursor(first[-1].opened_at, first[-1].number)
    assert [line.number for line in lines(reader, Filter(), limit=2, after=last)] == ["R-3"]


def test_a_line_tells_the_case_as_it_stands(reader: Reader) -> None:
    line = lines(reader, Filter(state="returned"), limit=1)[0]
    assert (line.outcome, line.ended_at, line.seq, line.revision, line.version) == ("success", START + timedelta(hours=1), 3, 2, 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R-1", ["R-1"]),
        ("r-", ["R-3", "R-2", "R-1"]),
        ("WX-0002", ["R-2"]),
        ("wx-", ["R-2"]),
        ("12800000001", ["R-1"]),  # R-2 had it too, until it was mended
        ("12800000777", ["R-2"]),
        ("0777", ["R-2"]),
        ("测试客户", ["R-1"]),
        ("50%", ["R-2"]),
        ("%", ["R-2"]),
        ("_", []),
        ("0888", []),  # a remark is no way to find a case
        ("001017000000011", ["R-3", "R-2", "R-1"]),
        (" ", []),
    ],
)
def test_a_case_is_found_by_what_is_told(reader: Reader, text: str, expected: list[str]) -> None:
    assert [line.number for line in find(reader, text, limit=10).lines] == expected


def test_an_exact_match_comes_first(database: Database) -> None:
    open_case(database, "R-1")
    open_case(database, "R-11", at=START + timedelta(minutes=1))
    with database.read() as reader:
        assert [line.number for line in find(reader, "R-1", limit=1).lines] == ["R-1"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R-", ["R-3", "R-2", "R-1"]),
        ("r-2", ["R-2"]),
        ("WX-", ["R-2"]),
        ("00101", ["R-3", "R-2", "R-1"]),
        ("12800000001", []),  # what is personal has no beginning
        ("-1", []),
        ("%", []),
    ],
)
def test_a_case_is_found_by_the_beginning_of_what_everybody_reads(reader: Reader, text: str, expected: list[str]) -> None:
    assert [line.number for line in beginning(reader, text, limit=10, chosen=Filter())] == expected


def test_by_what_a_case_was_found_is_told(reader: Reader) -> None:
    def told(text: str) -> dict[str, tuple[str, ...]]:
        found = find(reader, text, limit=10).lines
        by = matched(reader, text, found)
        return {line.number: by[line.id] for line in found}

    assert told("R-1") == {"R-1": (NUMBER,)}
    assert told("WX-0002") == {"R-2": (REFERENCE,)}
    assert told("12800000777") == {"R-2": ("mobile",)}
    assert set(told("001017000000011").values()) == {(SUBJECT,)}


def test_a_part_of_a_personal_value_is_looked_for_in_the_newest_cases(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not find(reader, "2800000", limit=10).has_older
    monkeypatch.setattr(search, "NEWEST", 1)
    found = find(reader, "测试客户", limit=10, chosen=Filter(is_open=True))
    assert (found.lines, found.is_exact, found.has_older) == ([], False, True)
    assert [line.number for line in find(reader, "测试客户甲", limit=10).lines] == ["R-1"]
    assert [line.number for line in find(reader, "r-", limit=10).lines] == ["R-3", "R-2", "R-1"]


def test_what_very_many_have_in_common_is_looked_for_in_the_newest_cases(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "FEW", 1)
    found = find(reader, "r-", limit=10)
    assert ([line.number for line in found.lines], found.has_older) == (["R-3", "R-2", "R-1"], False)
    monkeypatch.setattr(search, "NEWEST", 1)
    found = find(reader, "r-", limit=10)  # the newest has ended; of those that are open the newest is looked at, too
    assert ([line.number for line in found.lines], found.has_older) == (["R-3", "R-2"], True)
    assert [line.number for line in find(reader, "x-0002", limit=10).lines] == ["R-2"]  # which only one has


def test_the_board_counts_cases_in_each_state(reader: Reader) -> None:
    assert [(each.workflow, each.version, each.state, each.outcome, each.cases) for each in by_state(reader)] == [
        ("repair", 1, "diagnosed", None, 1),
        ("repair", 1, "received", None, 1),
        ("repair", 1, "returned", "success", 1),
    ]
    assert {each.digest for each in by_state(reader)} == {DIGEST}


def test_whole_records_are_read_together(reader: Reader) -> None:
    found = records(reader, ["R-2", "R-0", "R-1"])
    assert set(found) == {"R-1", "R-2"}
    assert found["R-2"] == reader.case("R-2")


CENTER, ELSEWHERE = frozenset({"center", "shop"}), frozenset({"shop"})


@pytest.fixture
def of_units(database: Database) -> Iterator[Reader]:
    """R-1 belongs to the centre, R-2 to no unit."""
    open_case(database, "R-1")
    nowhere = accepted(None, replace(opened("R-2"), unit=None))
    database.attempt(lambda unit: unit.record(None, nowhere, recording()))
    with database.read() as reader:
        yield reader


@pytest.mark.parametrize(
    ("units", "expected"), [(None, ["R-1", "R-2"]), (CENTER, ["R-1", "R-2"]), (ELSEWHERE, ["R-2"]), (frozenset(), ["R-2"])]
)
def test_who_sees_certain_units_sees_their_cases_and_those_of_none(
    of_units: Reader, units: frozenset[str] | None, expected: list[str]
) -> None:
    chosen = Filter(units=units)
    assert [line.number for line in lines(of_units, chosen, limit=10)] == expected
    assert sorted(line.number for line in find(of_units, "001017000000011", limit=10, chosen=chosen).lines) == expected
    assert sorted(line.number for line in find(of_units, "R-", limit=10, chosen=chosen).lines) == expected
    assert sum(count.cases for count in by_state(of_units, units)) == len(expected)
    assert [number for number, unit in (("R-1", "center"), ("R-2", None)) if visible(unit, units)] == expected


def test_the_cases_of_a_subject_are_told_oldest_first(reader: Reader, database: Database) -> None:
    subject = "001017000000011"
    assert [line.number for line in of_subject(reader, subject)] == ["R-1", "R-2", "R-3"]
    told = of_subject(reader, subject, "id-R-2")
    assert [(line.number, line.outcome) for line in told] == [("R-1", None), ("R-3", "success")]
    assert database.attempt(lambda unit: unit.of_subject(subject, "id-R-2")) == told
    assert of_subject(reader, "001017000000029") == []


def test_of_a_subject_with_too_many_cases_the_newest_are_told(reader: Reader) -> None:
    assert [line.number for line in of_subject(reader, "001017000000011", limit=2)] == ["R-2", "R-3"]
