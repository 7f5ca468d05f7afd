"""Whatever is typed: one clear sentence with the way out, the right exit code, nothing changed, never a traceback."""

from __future__ import annotations

import re

import pytest

from tests.cli.conftest import NUMBER, TICKET, Terminal, typed

pytestmark = pytest.mark.reliability

FORM = typed(TICKET)

UNKNOWN: dict[str, tuple[tuple[str, ...], str]] = {
    "workflow, opened": (("open", "phone-repiar", "receive", "--as", "amy"), "Did you mean “phone-repair”?"),
    "workflow, listed": (("cases", "--workflow", "phone-repiar"), "Did you mean “phone-repair”?"),
    "workflow, drawn": (("diagram", "phone-repiar"), "Did you mean “phone-repair”?"),
    "workflow, taken in": (("intake", "x.csv", "--workflow", "phone-repiar", "--start", "receive"), "Did you mean “phone-repair”?"),
    "start": (("open", "phone-repair", "recieve", "--as", "amy"), "available: receive"),
    "step": (("move", NUMBER, "taek", "--as", "tom"), "available: take"),
    "step of another state": (("move", NUMBER, "finish", "--as", "tom"), "it is in: In repair"),
    "state": (("cases", "--state", "repairin"), "Did you mean “repairing”?"),
    "state, by title": (("cases", "--state", "维修"), "Did you mean “维修中”?"),
    "phase": (("cases", "--phase", "diagnosis"), "Did you mean “diagnose”?"),
    "field": (("open", "phone-repair", "receive", "--as", "amy", *FORM, "--set", "colr=红"), "“colr” is not asked for in this step"),
    "field, nearly right": (("open", "phone-repair", "receive", "--as", "amy", "--set", "modl=X"), "Did you mean “model”?"),
    "person who acts": (("move", NUMBER, "take", "--as", "tmo"), "Did you mean “tom”?"),
    "person who holds": (("cases", "--person", "tmo"), "Did you mean “tom”?"),
    "person, disabled": (("people", "disable", "tmo"), "Did you mean “tom”?"),
    "person, assigned": (("people", "assign", "tmo", "phone-front-desk"), "Did you mean “tom”?"),
    "role": (("people", "assign", "tom", "phone-frontdesk"), "Did you mean “phone-front-desk”?"),
    "role, revoked": (("people", "revoke", "tom", "phone-repair-testr", "--unit", "phone-01"), "Did you mean “phone-repair-tester”?"),
    "unit": (("people", "assign", "tom", "phone-front-desk", "--unit", "phone-1"), "Did you mean “phone-01”?"),
    "unit of a case": (("open", "phone-repair", "receive", "--as", "amy", "--unit", "phone-1", *FORM), "Did you mean “phone-01”?"),
    "unit above": (("people", "unit", "shop", "--zh", "店", "--en", "Shop", "--above", "headquartes"), "Did you mean “headquarters”?"),
    "number, shown": (("case", "WX26-999999"), "aftercare find"),
    "number, moved": (("move", "WX26-999999", "take", "--as", "tom"), "aftercare find"),
    "number, asked": (("options", "WX26-999999", "--as", "tom"), "aftercare find"),
    "number, told": (("history", "WX26-999999"), "aftercare find"),
    "number, after": (("cases", "--after", "WX26-999999"), "aftercare find"),
    "file, checked": (("check", "nowhere"), "no file or folder “nowhere”"),
    "file, drawn": (("diagram", "nowhere.yaml"), "no file or folder “nowhere.yaml”"),
    "file, restored": (("restore", "nowhere.db", "--force"), "found none"),
}

MISUSE: dict[str, tuple[tuple[str, ...], str]] = {
    "command": (("mvoe",), "Did you mean “move”?"),
    "no command": (("--database", "sqlite:///aftercare.db"), "Missing command."),
    "option": (("cases", "--persn", "tom"), "“--person”"),
    "option of the root, behind": (("cases", "--at", "2026-09-01"), "--at stands before the command: aftercare --at … cases"),
    "option of the root, two behind": (("people", "list", "--at", "2026-09-01"), "aftercare --at … people list"),
    "argument missing": (("case",), "Missing argument “NUMBER”."),
    "option missing": (("move", NUMBER, "take"), "Missing option “--as”."),
    "argument too many": (("case", NUMBER, "again"), "unexpected extra argument"),
    "number of lines": (("cases", "--limit", "many"), "“many” is not a valid"),
    "set without value": (("move", NUMBER, "take", "--as", "tom", "--set", "fault"), "expected FIELD=VALUE, found “fault”"),
    "set twice": (("move", NUMBER, "take", "--as", "tom", "--set", "a=1", "--set", "a=2"), "“a” is given twice"),
    "language": (("--lang", "fr", "cases"), "“fr” is not one of"),
    "instant": (("--at", "yesterday", "cases"), "For example 2026-09-01T09:00"),
    "instant past": (("--at", "2020-01-01", "cases"), "stands at 2026-09-01 09:00 and cannot go back to 2020-01-01 00:00"),
    "database": (("--database", "aftercare.db", "cases"), "option --database: expected a database address"),
    "day": (("people", "assign", "tom", "phone-front-desk", "--from", "2026-13-01"), "a date such as 2026-09-01"),
    "days reversed": (
        ("people", "assign", "tom", "phone-front-desk", "--from", "2026-10-02", "--until", "2026-10-01"),
        "to end after it begins",
    ),
    "id": (("people", "add", "Tom Two", "--name", "样例维修09"), "Expected an id of small letters"),
    "name": (("people", "add", "zoe", "--name", " "), "The name must not be empty"),
    "unit in a circle": (
        ("people", "unit", "headquarters", "--zh", "总部", "--en", "Headquarters", "--above", "phone-01"),
        "cannot stand above itself",
    ),
    "outside role": (("people", "assign", "tom", "customer"), "held by nobody"),
    "file, not there": (("people", "load", "nowhere.yaml"), "“nowhere.yaml” cannot be read: no such file or folder"),
    "file, a folder": (("people", "load", "."), "“.” cannot be read: it is a folder"),
    "bytes that are no text": (("find", "\udcff"), "a character it cannot store"),
}


@pytest.mark.parametrize(("arguments", "said"), UNKNOWN.values(), ids=UNKNOWN)
def test_an_unknown_name_is_answered_with_the_nearest_or_a_way_out(company: Terminal, arguments: tuple[str, ...], said: str) -> None:
    company.open()

    answer = company.run(*arguments, code=1)

    assert said in answer.stderr
    assert answer.stdout == ""
    assert company.json("case", NUMBER)["seq"] == 1


@pytest.mark.parametrize(("arguments", "said"), MISUSE.values(), ids=MISUSE)
def test_misuse_is_told_with_code_two(company: Terminal, arguments: tuple[str, ...], said: str) -> None:
    answer = company.run(*arguments, code=2)

    assert said in answer.stderr
    assert answer.stdout == ""


@pytest.mark.parametrize("arguments", [arguments for arguments, _ in (*UNKNOWN.values(), *MISUSE.values())], ids=[*UNKNOWN, *MISUSE])
def test_the_same_is_said_in_chinese(company: Terminal, arguments: tuple[str, ...]) -> None:
    company.open()

    said = company.run(*arguments, lang="zh", code=None).stderr.split("2026-09-01 09:00\n")[-1]

    assert re.search(r"[\u4e00-\u9fff]", said)
    assert not re.search(r"Error|Usage|Missing|Invalid|Did you mean|expected|there is no|No such|Is a directory", said)


@pytest.mark.parametrize(("limit", "said"), [("viele", "应为整数，实际是“viele”。"), ("0", "应在 1 到 1000 的范围内，实际是 0。")])
def test_a_number_of_click_s_own_is_refused_in_whole_chinese(company: Terminal, limit: str, said: str) -> None:
    assert f"“--limit”的值无效：{said}" in company.run("cases", "--limit", limit, lang="zh", code=2).stderr


def test_an_instant_is_refused_where_time_is_real(terminal: Terminal) -> None:
    terminal.run("init")

    answer = terminal.run("--at", "2026-09-01", "cases", code=2)

    assert "runs on real time" in answer.stderr


def test_a_failure_is_told_to_programs_too(company: Terminal) -> None:
    unknown = company.json("case", "WX26-999999", code=1)
    misuse = company.json("cases", "--limit", "0", code=2)

    assert unknown["error"]["code"] == "unknown"
    assert "WX26-999999" in unknown["error"]["sentence"]
    assert unknown["error"]["way_out"]
    assert misuse["error"]["code"] == "usage"
