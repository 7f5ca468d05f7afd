"""What a clock shows: what counted, what did not and why, what is due when, and how the cycles before it ended."""

from __future__ import annotations

from typing import Any

from tests.cli.conftest import Terminal
from tests.cli.desk import NUMBER, ask, wait_over_the_holidays, work


def clock(there: Terminal, name: str) -> dict[str, Any]:
    """One clock of the case, as a program reads it."""
    (found,) = there.json("clock", NUMBER, name)["clocks"]
    assert isinstance(found, dict)
    return found


def test_a_pause_does_not_count_and_says_in_which_state(desk: Terminal) -> None:
    wait_over_the_holidays(desk)

    (cycle,) = clock(desk, "reply")["cycles"]
    shown = desk.run("clock", NUMBER, "答复时限", lang="zh").stdout

    assert (cycle["standing"], cycle["elapsed"], cycle["limit"], cycle["due_local"]) == ("running", 1200, "3wh", "2026-10-08 13:40")
    assert [(each["counts"], each["why"], each["state"]) for each in cycle["stretches"]] == [
        (True, None, None),
        (False, "pause", "waiting"),
        (True, None, None),
    ]
    assert "2026-09-30 16:50 – 2026-10-08 09:30  暂停（等客户）" in shown
    assert "20 分钟，暂停 1 小时 10 分钟" in shown


def test_the_days_add_up_to_the_limit(desk: Terminal) -> None:
    wait_over_the_holidays(desk)

    because = clock(desk, "reply")["because"]

    assert sum(day["counted"] for day in because["days"]) == 3 * 3600
    assert because["due_local"] == "2026-10-08 13:40"


def test_while_it_is_paused_nobody_knows(desk: Terminal) -> None:
    ask(desk)
    desk.run("--at", "2026-09-30T16:50", "move", NUMBER, "ask_back", "--as", "rui")

    (cycle,) = clock(desk, "reply")["cycles"]

    assert (cycle["standing"], cycle["due"]) == ("paused", None)
    assert "not known while it is paused" in desk.run("clock", NUMBER).stdout
    assert "Reply             paused" in desk.run("case", NUMBER).stdout


def test_a_legal_clock_shows_the_latest_date_and_its_source(desk: Terminal) -> None:
    ask(desk)

    found = clock(desk, "statutory")
    shown = desk.run("clock", NUMBER, "statutory").stdout

    assert (found["legal"], found["source"]) == (True, ["CON4"])
    assert found["cycles"][0]["due_local"] == "2026-10-05 24:00"
    assert "latest    Thu 2026-10-08 24:00" in shown


def test_a_promised_time_wins_and_says_which_field(desk: Terminal) -> None:
    ask(desk)
    assert "Not started yet: Call back (callback)" in desk.run("clock", NUMBER).stdout
    desk.run("move", NUMBER, "promise", "--as", "rui", "--set", "promised=2026-09-30 17:30")

    found = clock(desk, "callback")

    assert (found["promised_in"]["zh"], found["cycles"][0]["due_local"], found["because"]) == ("约定回电", "2026-09-30 17:30", None)
    assert "as “Call back at” says" in desk.run("clock", NUMBER, "callback").stdout


def test_a_clock_that_ended_says_whether_it_was_in_time(desk: Terminal) -> None:
    wait_over_the_holidays(desk)
    desk.run("--at", "2026-10-08T11:00", "move", NUMBER, "send", "--as", "rui", "--set", "answer=明天")

    kept, missed = clock(desk, "reply")["cycles"][0], clock(desk, "statutory")["cycles"][0]
    shown = desk.run("clock", NUMBER).stdout

    assert (kept["standing"], kept["late"], kept["due_local"]) == ("stopped", False, "2026-10-08 13:40")
    assert (missed["standing"], missed["late"], missed["due_local"]) == ("ended", True, "2026-10-05 24:00")
    assert "stopped at 2026-10-08 11:00, in time" in shown
    assert "stopped at 2026-10-08 11:00, 2 d 11 h too late" in shown


def test_earlier_cycles_are_told_in_a_line(desk: Terminal) -> None:
    wait_over_the_holidays(desk)
    desk.run("--at", "2026-10-08T10:00", "move", NUMBER, "send", "--as", "rui", "--set", "answer=明天")
    desk.run("--at", "2026-10-08T15:00", "move", NUMBER, "reopen", "--as", "cai", "--reason", "客户又问")

    first, second = clock(desk, "reply")["cycles"]
    shown = desk.run("clock", NUMBER, "reply").stdout

    assert (first["cycle"], first["elapsed"], first["late"]) == (1, 3000, False)
    assert (second["cycle"], second["start"], second["due_local"]) == (2, "2026-10-08T07:00:00.000000Z", "2026-10-08 18:00")
    assert "no. 1: 2026-09-30 16:30 – 2026-10-08 10:00, 50 min used, in time" in shown


def test_a_cycle_that_a_step_cut_short_counts_no_further(desk: Terminal) -> None:
    wait_over_the_holidays(desk)
    desk.run("--at", "2026-10-20T09:30", "cases")

    first, second = clock(desk, "archive")["cycles"]

    assert (first["ended_at"], first["elapsed"]) == ("2026-10-08T01:30:00.000000Z", (7 * 24 + 17) * 3600)
    assert first["stretches"][-1]["ends"] == "2026-10-08T01:30:00.000000Z"
    assert (second["standing"], second["elapsed"], second["due_local"]) == ("running", 12 * 24 * 3600, "2026-12-07 24:00")


def test_of_a_long_way_the_two_ends_are_shown(desk: Terminal) -> None:
    ask(desk)

    shown = desk.run("clock", NUMBER, "archive").stdout

    assert "… 33 days between" in shown
    assert shown.count("day ") >= 28
    assert "day 13 of 60" in shown
    assert "day 14 of 60" not in shown
    assert "day 47 of 60" in shown


def test_rungs_say_when_they_come_and_what_became_of_them(desk: Terminal) -> None:
    ask(desk)
    work(desk, "2026-09-30T18:00")

    rungs = {each["rung"]: each for each in clock(desk, "reply")["cycles"][0]["rungs"]}

    assert (rungs["50%"]["result"], rungs["50%"]["noticed_at"]) == ("told", "2026-09-30T10:00:00.000000Z")
    assert (rungs["due"]["result"], rungs["due"]["at"]) == (None, "2026-10-08T02:30:00.000000Z")
    assert "due                   2026-10-08 10:30  still to come" in desk.run("clock", NUMBER, "reply").stdout


def test_an_unknown_clock_is_told_the_nearest(desk: Terminal) -> None:
    ask(desk)

    assert "Did you mean “reply”?" in desk.run("clock", NUMBER, "repyl", code=1).stderr
    assert "There is no case" in desk.run("clock", "AN26-0999", code=1).stderr


def test_lists_show_what_is_due_first(desk: Terminal) -> None:
    ask(desk)

    listed = desk.run("cases").stdout
    (line,) = desk.json("find", "测试客户甲")["cases"]
    overdue = desk.run("--at", "2026-10-09T09:00", "cases", lang="zh").stdout

    assert "Statutory period: 2026-10-05 24:00, 5 d 7 h left" in listed
    assert (line["due"]["clock"], line["due"]["due_local"]) == ("statutory", "2026-10-05 24:00")
    assert "已逾期 3 天 9 小时" in overdue


def test_the_history_tells_what_became_of_a_rung(desk: Terminal) -> None:
    ask(desk)
    work(desk, "2026-10-13T10:00")

    shown = desk.run("history", NUMBER, lang="zh").stdout
    entries = desk.json("history", NUMBER)["history"]

    assert "答复时限：到期\n     由    系统（自动）\n     结果  已并入后一级：到期后 1 工作小时，第 3 次" in shown
    assert [each["rung"]["result"] for each in entries if each["rung"] is not None].count("merged") == 4
    assert entries[0]["rung"] is None
