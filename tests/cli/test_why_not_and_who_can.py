"""Why not, who can, and what was here before, as people and programs are told on the command line."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import NUMBER, TICKET, Terminal, typed

OTHER = "001017000000029"
VERDICT = {"fault": "none", "cause": "无", "in_warranty": "是", "verdict_why": "在保", "remedy": "repair"}


def taken(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")


def test_a_refusal_names_those_who_can(company: Terminal) -> None:
    taken(company)

    refused = company.run("move", NUMBER, "diagnose", "--as", "amy", *typed(VERDICT), code=1)
    spoken = company.run("move", NUMBER, "diagnose", "--as", "amy", *typed(VERDICT), lang="zh", code=1)

    assert "  who can: 样例维修01 (tom, present)\n" in refused.stderr
    assert "as it is: Repairer = 样例维修01" in refused.stderr
    assert "谁可以办：样例维修01（tom，在岗）" in spoken.stderr


def test_a_refusal_that_is_for_everybody_names_nobody(company: Terminal) -> None:
    taken(company)

    refused = company.run("move", NUMBER, "diagnose", "--as", "tom", *typed(VERDICT), code=1)

    assert "✗ A device without fault can only be returned" in refused.stderr
    assert "✓ state, right, form\n" in refused.stderr
    assert "who can" not in refused.stderr


def test_why_tells_every_question_before_the_form_and_with_it(company: Terminal) -> None:
    taken(company)

    before = company.run("why", NUMBER, "检测判定", "--as", "tom").stdout
    filled = company.run("why", NUMBER, "diagnose", "--as", "tom", *typed(VERDICT)).stdout

    assert "diagnose  Diagnose  ? allowed\n" in before
    assert "✓ stands in “Repairer”" in before
    assert "? No fault found needs the list of tests" in before
    assert "diagnose  Diagnose  ✗ not now\n" in filled
    assert "✗ No fault found needs the list of tests\n      as it is: Fault code = No fault found, Tests made = –" in filled
    assert company.json("case", NUMBER)["revision"] == 2


def test_who_has_the_right_but_is_kept_from_it_is_told_with_the_reason(company: Terminal) -> None:
    taken(company)
    company.run("move", NUMBER, "diagnose", "--as", "tom", *typed({**VERDICT, "fault": "battery"}))
    company.run("move", NUMBER, "finish", "--as", "tom", "--set", "work_done=换电池")

    why = company.json("why", NUMBER, "inspect", "--as", "tom")
    text = company.run("why", NUMBER, "inspect", "--as", "tom").stdout

    assert why["holds"] is False
    kept = {each["person"]: [check["kind"] for check in each["hindrances"]] for each in why["who_can"]}
    assert kept["tom"] == ["separation"]
    assert [] in kept.values()
    assert "has the right, but is kept from it: 样例维修01 (tom, present)" in text


def test_a_step_of_another_state_is_explained_too_and_an_unknown_one_is_an_error(company: Terminal) -> None:
    taken(company)

    elsewhere = company.json("why", NUMBER, "inspect", "--as", "tom")
    unknown = company.run("why", NUMBER, "inspekt", "--as", "tom", code=1)

    assert [check["reason"]["code"] for check in elsewhere["checks"]] == ["not_available"]
    assert elsewhere["who_can"] is None
    assert "Did you mean “inspect”?" in unknown.stderr


def test_programs_get_the_same_tree_from_options_a_dry_run_and_a_refusal(company: Terminal) -> None:
    taken(company)

    offered = next(each for each in company.json("options", NUMBER, "--as", "amy")["options"] if each["step"] == "diagnose")
    refused = json.loads(company.run("move", NUMBER, "diagnose", "--as", "amy", "--json", code=1).stdout)
    granted = json.loads(
        company.run("move", NUMBER, "diagnose", "--as", "tom", "--dry-run", "--json", *typed({**VERDICT, "fault": "battery"})).stdout
    )

    assert [check["kind"] for check in offered["checks"][:2]] == ["state", "role"]
    assert offered["checks"][:2] == refused["checks"][:2]
    assert offered["who_can"] == refused["who_can"]
    assert (refused["granted"], granted["granted"], granted["dry_run"]) == (False, True, True)
    assert {check["holds"] for check in granted["checks"]} == {True}
    assert refused["reasons"][0]["code"] == "not_authorised"


def test_a_device_that_was_here_before_is_announced(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "cancel", "--as", "amy", "--reason", "客户取回")
    company.run("--at", "2026-09-05T10:00", "move", NUMBER, "release", "--as", "amy", "--set", "accessories_back=是", "--set", "receipt=1")

    again = company.open().stdout
    listed = company.run("subject", TICKET["imei"]).stdout

    assert "was here before: “Phone repair” 1 time, 4 days in all; last WX26-000001, 2026-09-01 to 2026-09-05" in again
    assert [line.split()[0] for line in listed.splitlines()] == ["Number", "WX26-000001", "WX26-000002"]
    assert [each["number"] for each in company.json("case", "WX26-000002")["linked"]] == [NUMBER]
    assert [each["days"] for each in company.json("subject", TICKET["imei"])["cases"]] == [4, 0]
    assert "There is no case of it" in company.run("subject", OTHER).stdout


def test_an_intake_names_those_of_its_devices_that_were_here_before(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "cancel", "--as", "amy", "--reason", "客户取回")
    company.run("move", NUMBER, "release", "--as", "amy", "--set", "accessories_back=是", "--set", "receipt=1")
    rows = [{"reference": f"A{place}", **TICKET, "imei": imei} for place, imei in enumerate((TICKET["imei"], OTHER))]
    sheet = "\n".join([",".join(rows[0]), *(",".join(row.values()) for row in rows)])
    Path("in.csv").write_text(sheet, encoding="utf-8")

    said = company.run("intake", "in.csv", "--workflow", "phone-repair", "--start", "receive", "--as", "amy").stdout

    assert "1 of them is of a subject that was here before:\n  WX26-000002  001017000000011  was here before" in said
    assert "WX26-000003  0" not in said
