"""The two lists by which a department is led: what is overdue, longest first, and which reminders were not told in time."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.cli.conftest import Terminal
from tests.cli.desk import NUMBER, ask, work

SECOND = "AN26-0002"


def places(there: Terminal, *options: str) -> list[str]:
    """The lines of `overdue`."""
    return [each["place"] for each in there.json("overdue", *options)["overdue"]]


def two_cases(there: Terminal) -> None:
    """One of them held by rui, both overdue on the afternoon after the holidays."""
    ask(there)
    there.run("move", NUMBER, "take", "--as", "rui")
    there.run("--at", "2026-09-30T17:00", "cases")
    ask(there)
    there.run("--at", "2026-10-08T15:00", "cases")


def test_nothing_is_overdue(desk: Terminal) -> None:
    ask(desk)

    assert desk.run("overdue").stdout == "Nothing is overdue.\n"
    assert desk.run("overdue", lang="zh").stdout == "没有逾期的工单。\n"


def test_the_longest_comes_first_with_both_lengths(desk: Terminal) -> None:
    two_cases(desk)

    lines = desk.json("overdue")["overdue"]
    shown = desk.run("overdue").stdout

    assert [each["clock"] for each in lines] == ["statutory", "statutory", "reply", "reply"]
    reply = lines[2]
    assert (reply["number"], reply["holder"], reply["due_local"]) == (NUMBER, "rui", "2026-10-08 10:30")
    assert (reply["overdue"], reply["overdue_working"]) == (4.5 * 3600, 3 * 3600)
    assert "4 h 30 min  3 h" in shown
    assert "2 d 15 h    6 h" in shown


def test_an_overdue_clock_that_is_paused_is_shown_as_that(desk: Terminal) -> None:
    two_cases(desk)
    desk.run("move", NUMBER, "ask_back", "--as", "rui")

    standing = {each["place"]: each["standing"] for each in desk.json("overdue")["overdue"]}

    assert (standing[f"{NUMBER}/reply"], standing[f"{SECOND}/reply"]) == ("paused", "running")
    assert desk.run("overdue").stdout.count("Reply (paused)") == 1
    assert "答复时限（暂停）" in desk.run("overdue", lang="zh").stdout


def test_it_can_be_narrowed_by_names_and_titles(desk: Terminal) -> None:
    two_cases(desk)

    assert places(desk, "--person", "样例工程师01") == [f"{NUMBER}/statutory", f"{NUMBER}/reply"]
    assert len(places(desk, "--workflow", "咨询答复", "--unit", "一店")) == 4
    assert "Did you mean" in desk.run("overdue", "--person", "rue", code=1).stderr


def test_it_is_read_page_by_page(desk: Terminal) -> None:
    two_cases(desk)

    first = desk.run("overdue", "--limit", "3")
    place = first.stderr.rsplit(" ", 1)[1].strip()

    assert places(desk, "--limit", "3")[-1] == place
    assert places(desk, "--after", place) == [f"{SECOND}/reply"]
    assert "nothing is due there" in desk.run("overdue", "--after", "AN26-0999/reply", code=1).stderr


def test_what_was_told_in_time_is_not_missed(desk: Terminal) -> None:
    ask(desk)
    work(desk, "2026-09-30T18:04")

    assert desk.run("missed").stdout == "Nothing was missed in that time.\n"
    (line,) = desk.json("missed", "--all")["rungs"]
    assert (line["rung"], line["result"], line["lateness"]) == ("50%", "told", 240)


def test_each_rung_that_was_swallowed_says_by_which(desk: Terminal) -> None:
    ask(desk)
    work(desk, "2026-10-13T10:00")

    lines = desk.json("missed")["rungs"]
    shown = desk.run("missed", lang="zh").stdout

    assert [(each["rung"], each["repetition"], each["result"], each["into"]) for each in lines] == [
        ("50%", 1, "merged", "reply/due+1wh#3"),
        ("due", 1, "merged", "reply/due+1wh#3"),
        ("due+1wh", 1, "merged", "reply/due+1wh#3"),
        ("due+1wh", 2, "merged", "reply/due+1wh#3"),
        ("due+1wh", 3, "told", None),
        ("due+2wd", 1, "refused", None),
    ]
    assert lines[-1]["why"] == ["guard_unmet"]
    assert "已并入后一级：到期后 1 工作小时，第 3 次" in shown
    assert "步骤被拒绝：条件未满足" in shown


def test_the_ledger_begins_where_one_says(desk: Terminal) -> None:
    ask(desk)
    work(desk, "2026-10-13T10:00")
    desk.run("--at", "2026-10-30T10:00", "cases")

    assert desk.json("missed")["rungs"] == []
    assert len(desk.json("missed", "--since", "2026-10-13")["rungs"]) == 6
    assert desk.json("missed", "--since", "2026-10-14")["rungs"] == []
    assert desk.json("missed", "--since", "2026-10-01", "--limit", "2")["more"] is True


def test_a_timer_that_was_moved_past_the_program_is_found(desk: Terminal) -> None:
    ask(desk)
    desk.run("verify")
    with closing(sqlite3.connect(desk.folder / "aftercare.db")) as connection:
        connection.execute("UPDATE timers SET due_at = '2027-01-01T00:00:00.000000Z' WHERE clock = 'reply'")
        connection.commit()

    assert "The timers are not what the history of the case makes" in desk.run("verify", code=1).stdout
