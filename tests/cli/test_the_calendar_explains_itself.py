"""A question about time is answered day by day; what may still change is said loudly, and a new decree moves what it must."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Terminal
from tests.cli.desk import NUMBER, ask

DECREE = """\
country: CN
years:
  2027:
    off:
      [2027-01-01, 2027-01-04, 2027-01-05, 2027-02-05, 2027-02-06, 2027-02-07, 2027-02-08, 2027-04-05, 2027-05-01, 2027-05-02, 2027-06-09,
       2027-09-15, 2027-10-01, 2027-10-02, 2027-10-03]
    work: [2027-01-02]
"""
"""A new year's holiday longer than law alone makes it, with a Saturday worked for it."""
DESK = ("--calendar", "desk-hours")


def decree(folder: Path, text: str = DECREE) -> str:
    """A file of official holidays in the company's folder."""
    (folder / "2027.yaml").write_text(text, encoding="utf-8")
    return "2027.yaml"


def test_a_working_time_over_the_holidays(desk: Terminal) -> None:
    told = desk.json("calendar", "3wh from 2026-09-30 16:30", *DESK)

    assert (told["due_local"], told["provisional"], told["period"]) == ("2026-10-08 10:30", False, "3wh")
    assert [(day["day"], day["kind"], day["counted"]) for day in told["days"]] == [
        ("2026-09-30", "working_day", 5400),
        *((f"2026-10-0{day}", "holiday", 0) for day in range(1, 8)),
        ("2026-10-08", "working_day", 5400),
    ]


def test_a_question_needs_no_quotation_marks_and_may_be_chinese(desk: Terminal) -> None:
    typed = desk.run("calendar", "1wd", "from", "2026-10-09", "16:30", *DESK, "--json").stdout
    quoted = desk.run("calendar", *DESK, "--json", "1wd 从 2026-10-09 16：30", lang="zh").stdout

    assert typed == quoted
    assert "2026-10-10 18:00" in typed
    assert "make-up working day" in typed


def test_days_are_counted_with_the_remark_of_each(desk: Terminal) -> None:
    shown = desk.run("calendar", "2d from 2026-10-09 16:30", *DESK).stdout
    chinese = desk.run("calendar", "2d from 2026-10-09 16:30", *DESK, lang="zh").stdout

    assert "the start day does not count" in shown
    assert "day 2 of 2" in shown
    assert "Due  Sun 2026-10-11 24:00" in shown
    assert "PROVISIONAL" not in shown
    assert "周日 2026-10-11" in chinese
    assert "第 2 日，共 2 日" in chinese


def test_a_year_without_decree_is_provisional_and_said_so(desk: Terminal) -> None:
    shown = desk.run("calendar", "2wd from 2026-12-31 16:30", *DESK).stdout
    chinese = desk.run("calendar", "2wd from 2026-12-31 16:30", *DESK, lang="zh").stdout

    assert "PROVISIONAL! The official holidays of 2027 are not known here" in shown
    assert "aftercare calendar load FILE" in shown
    assert "暂定！没有 2027 年的法定节假日数据" in chinese


def test_without_a_database_the_shipped_holidays_hold(terminal: Terminal) -> None:
    told = terminal.json("calendar", "1d", "from", "2026-10-01", "--calendar", "around-the-clock")
    known = {each["calendar"]: each for each in terminal.json("calendar")["calendars"]}

    assert told["due_local"] == "2026-10-02 24:00"
    assert known["service-hours"]["years"][-1] >= 2026
    assert list(terminal.folder.iterdir()) == []


def test_the_calendar_that_is_meant_without_a_name(desk: Terminal) -> None:
    several = desk.run("calendar", "1wh from now", code=2)
    (desk.folder / "workflows" / "calendars" / "legal-days.yaml").unlink()
    own = desk.json("calendar", "1wh from now")
    (desk.folder / "workflows" / "calendars" / "desk-hours.yaml").unlink()
    shipped = desk.json("calendar", "1wh from now")

    assert "Say which with --calendar." in several.stderr
    assert own["calendar"] == "desk-hours"
    assert shipped["calendar"] == "service-hours"


def test_nothing_stands_in_for_a_calendar_with_a_mistake(desk: Terminal) -> None:
    folder = desk.folder / "workflows" / "calendars"
    text = (folder / "desk-hours.yaml").read_text(encoding="utf-8")
    (folder / "service-hours.yaml").write_text(text.replace("desk-hours", "service-hours").replace("09:00", "9:00"), encoding="utf-8")

    listed = desk.run("calendar")
    told = desk.json("calendar")

    assert "With mistakes: service-hours; see them with “aftercare check”" in listed.stderr
    assert told["faulty"] == ["service-hours"]
    assert "service-hours" not in {each["calendar"] for each in told["calendars"]}
    for named in ((), ("--calendar", "service-hours")):
        assert "“service-hours” has mistakes" in desk.run("calendar", "1wh from now", *named, code=2).stderr


def test_minutes_of_days_add_up(desk: Terminal) -> None:
    desk.run("--at", "2026-10-08T17:30:30", "cases")

    shown = desk.run("calendar", "1wh from now", *DESK).stdout

    assert "  29 min\n" in shown
    assert "  31 min\n" in shown


@pytest.mark.parametrize("question", ["9999999wh from now", "9999999y from now", "1d from 9999-12-31"])
def test_what_lies_beyond_every_calendar_is_not_told(desk: Terminal, question: str) -> None:
    assert "leads beyond what a calendar can tell" in desk.run("calendar", question, *DESK, code=2).stderr


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (("3wx from now", *DESK), "Did you mean “wh”?"),
        (("soon", *DESK), "3wh from 2026-09-30 16:30"),
        (("1wh from 2026-02-30", *DESK), "or now, found “2026-02-30”"),
        (("1wh from now", "--calendar", "desk-hour"), "Did you mean “desk-hours”?"),
    ],
    ids=["unit", "words", "date", "calendar"],
)
def test_a_question_that_cannot_be_understood(desk: Terminal, question: tuple[str, ...], said: str) -> None:
    answer = desk.run("calendar", *question, code=None)

    assert answer.exit_code in (1, 2)
    assert said in answer.stderr


def test_the_calendars_are_listed_with_hours_and_known_years(desk: Terminal) -> None:
    shown = desk.run("calendar").stdout

    assert "Mon–Fri 09:00–12:00  13:30–18:00  CN 2019–2026" in shown
    assert "(shipped)" in shown
    assert "柜台时间" in desk.run("calendar", lang="zh").stdout


def test_a_decree_recomputes_the_cases_it_moves(desk: Terminal) -> None:
    desk.run("--at", "2026-12-31T16:30", "cases")
    ask(desk)
    before = desk.json("case", NUMBER)["clocks"][0]

    loaded = desk.run("calendar", "load", decree(desk.folder)).stdout
    again = desk.run("calendar", "load", "2027.yaml", lang="zh").stdout
    after = desk.json("case", NUMBER)["clocks"][0]

    assert (before["clock"], before["due_local"], before["provisional"]) == ("reply", "2027-01-04 10:30", True)
    assert (after["clock"], after["due_local"], after["provisional"]) == ("reply", "2027-01-02 10:30", False)
    assert "Loaded the official holidays of CN 2027 (edition 2)" in loaded
    assert "1 case with a provisional date was recomputed" in loaded
    assert "没有新的年份" in again
    assert "Newly decreed holidays taken over" in desk.run("history", NUMBER).stdout
    desk.run("verify")


def test_what_is_shipped_was_loaded_by_init(desk: Terminal) -> None:
    assert "No year is new" in desk.run("calendar", "load").stdout
    assert "CN 2019–2026" in desk.run("doctor", code=None).stdout


def test_a_file_with_mistakes_is_shown_as_check_shows_it(desk: Terminal) -> None:
    file = decree(desk.folder, DECREE.replace("2027-01-04", "2026-01-04"))

    refused = desk.run("calendar", "load", file, code=1).stdout

    assert "2027.yaml:5:20: error[bad-official-day]" in refused
    assert desk.json("calendar", "1wd from 2027-01-29", *DESK)["provisional"] is True


def test_a_loaded_year_never_changes(desk: Terminal) -> None:
    desk.run("calendar", "load", decree(desk.folder))

    refused = desk.run("calendar", "load", decree(desk.folder, DECREE.replace(", 2027-01-05", "")), code=1)

    assert "a loaded year never changes" in refused.stderr
    assert desk.run("calendar", "load", "nowhere.yaml", code=2).stderr.startswith("Error: The file “nowhere.yaml” cannot be read")
