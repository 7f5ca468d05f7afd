"""The story of the README on the command line: found, publish, open, move, look, correct, verify, back up, restore."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from tests.cli.conftest import BEGINS, NUMBER, TEAM, TICKET, Terminal, typed

VERDICT = {"fault": "battery", "cause": "电池老化", "in_warranty": "是", "verdict_why": "在保", "remedy": "repair"}


def test_a_company_is_founded_and_founding_is_safe_to_repeat(terminal: Terminal) -> None:
    first = terminal.run("--at", BEGINS, "init", "shop", "--simulated")
    shop = terminal.folder / "shop"
    (shop / "aftercare.toml").write_text('language = "zh"\n', encoding="utf-8")

    again = terminal.run("init", "shop", "--simulated")

    assert "cd shop && aftercare publish" in first.stdout
    assert {path.name for path in shop.iterdir()} == {"aftercare.db", "aftercare.toml", "roles", "workflows"}
    assert "Made" not in again.stdout
    assert (shop / "aftercare.toml").read_text(encoding="utf-8") == 'language = "zh"\n'


def test_the_settings_file_of_a_new_company_is_valid_and_every_line_may_be_uncommented(terminal: Terminal) -> None:
    terminal.run("init")
    file = terminal.folder / "aftercare.toml"
    lines = file.read_text(encoding="utf-8").splitlines()

    file.write_text("\n".join(line.removeprefix("# ") for line in lines if " = " in line), encoding="utf-8")

    settings = terminal.json("doctor", code=1)["findings"][0]
    assert settings["is_sound"]
    assert settings["sentence"]["en"].count(" = ") == len([line for line in lines if " = " in line])


def test_the_other_kind_of_time_is_refused(terminal: Terminal) -> None:
    terminal.run("init")

    refused = terminal.run("init", "--simulated", code=1)

    assert "runs on real time, which cannot be changed" in refused.stderr


def test_from_founding_to_the_first_case(terminal: Terminal) -> None:
    terminal.run("--at", BEGINS, "init", "--simulated")
    assert "published" in terminal.run("publish").stdout
    assert "unchanged" in terminal.run("publish").stdout
    assert "5 units, 65 people" in terminal.run("people", "load", TEAM).stdout
    assert "0 units, 0 people, 0 roles held" in terminal.run("people", "load", TEAM).stdout

    opened = terminal.open()

    assert opened.stdout.startswith(f"{NUMBER}  Receive  Received  revision 1\n")
    assert "Simulated database; its time stands at 2026-09-01 09:00" in opened.stderr


def test_a_case_moves_and_says_what_changed(company: Terminal) -> None:
    company.open()

    moved = company.run("--at", "2026-09-01T10:30", "move", NUMBER, "take", "--as", "tom", "--expect", "1")

    assert moved.stdout.startswith(f"{NUMBER}  Take  Received → Diagnosing  revision 2\n")
    assert "– → 样例维修01" in moved.stdout
    assert "2026-09-01 10:30" in moved.stderr
    assert company.json("case", NUMBER)["entered_at"] == "2026-09-01T02:30:00.000000Z"


def test_steps_and_fields_may_be_called_by_their_titles(company: Terminal) -> None:
    named = {"送修渠道": TICKET["channel"], "Customer": TICKET["customer_name"], "mobile": TICKET["mobile"]}
    form = {name: value for name, value in TICKET.items() if name not in ("channel", "customer_name", "mobile")}
    company.run("open", "phone-repair", "受理", "--as", "amy", *typed({**named, **form}))
    company.run("move", NUMBER, "接单", "--as", "tom")

    assert company.json("cases", "--state", "检测中")["cases"][0]["number"] == NUMBER
    assert company.json("cases", "--phase", "检测")["cases"][0]["state"] == "diagnosing"


def test_a_dry_run_shows_the_change_and_writes_nothing(company: Terminal) -> None:
    dry = company.run("open", "phone-repair", "receive", "--as", "amy", *typed(TICKET), "--dry-run")
    assert "nothing was written" in dry.stdout
    assert "(new number)  Receive  Received" in dry.stdout
    assert company.json("cases")["cases"] == []

    company.open()
    assert "Received → Diagnosing" in company.run("move", NUMBER, "take", "--as", "tom", "--dry-run").stdout
    assert company.json("case", NUMBER)["revision"] == 1
    assert len(company.json("history", NUMBER)["history"]) == 1


def test_a_refusal_names_every_reason_with_the_values_that_decided(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")

    refused = company.run("move", NUMBER, "diagnose", "--as", "sue", *typed({**VERDICT, "fault": "liquid", "cause": ""}), code=1)

    assert refused.stdout == ""
    reasons = refused.stderr.partition("Refused, for these reasons:\n")[2]
    assert "“样例维修02” may not do “Diagnose”" in reasons
    assert "Cause: must be filled" in reasons
    assert "Liquid damage is not covered by the warranty" in reasons
    assert "Fault code = Liquid damage" in reasons
    assert company.json("case", NUMBER)["revision"] == 2


def test_a_stale_wish_is_refused(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")

    refused = company.run("move", NUMBER, "diagnose", "--as", "tom", "--expect", "1", *typed(VERDICT), code=1)

    assert "it is at revision 2, you saw 1" in refused.stderr


def test_a_key_is_served_once_and_says_so(company: Terminal) -> None:
    first = company.open("--key", "counter-7")
    again = company.open("--key", "counter-7")
    other = company.run("open", "phone-repair", "receive", "--as", "amy", "--key", "counter-7", *typed({**TICKET, "model": "别的"}), code=1)

    assert first.stdout.splitlines()[0] == again.stdout.splitlines()[0]
    assert "nothing was done again" in again.stdout
    assert "“counter-7” was used for another request" in other.stderr
    assert len(company.json("cases")["cases"]) == 1


def test_a_repeated_move_is_told_by_the_title_of_its_step(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom", "--key", "bench-1")

    assert f"{NUMBER}  Take  Diagnosing  revision 2" in company.run("move", NUMBER, "Take", "--as", "tom", "--key", "bench-1").stdout


def test_a_step_of_another_state_is_known_by_its_title(company: Terminal) -> None:
    company.open()

    refused = company.run("move", NUMBER, "维修完成", "--as", "tom", code=1)

    assert "it is in: In repair" in refused.stderr


def test_a_workflow_goes_by_its_title_too(company: Terminal) -> None:
    company.run("open", "手机返修", "受理", "--as", "amy", *typed(TICKET))

    assert company.json("case", NUMBER)["workflow"] == "phone-repair"


def test_options_say_what_is_allowed_and_what_not_and_why(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")

    shown = company.run("options", NUMBER, "--as", "tom").stdout

    assert "diagnose  Diagnose  ? allowed" in shown
    assert "Fault code (fault)" in shown
    assert "Tests made (tests)" in shown
    assert "Liquid damage is not covered by the warranty" in shown
    assert "reassign  Reassign  ✗ not now\n  ✗ “样例维修01” may not do “Reassign”; it takes: After-sales supervisor" in shown


def test_a_correction_and_a_comment_stay_in_the_history(company: Terminal) -> None:
    company.open()
    company.run("correct", NUMBER, "--as", "amy", "--set", "mobile=12800000002", "--reason", "抄错一位")
    company.run("comment", NUMBER, "客户要求周末取机", "--as", "ann")

    shown = company.run("history", NUMBER).stdout
    case = company.run("case", NUMBER).stdout

    for said in ("Receive → Received", "Correction", "抄错一位", "Mobile: 12800000002", "Comment", "客户要求周末取机"):
        assert said in shown
    assert "样例前台02, cli, os:" in shown
    for said in (
        "Phone repair",
        "Received (received)",
        "Phone repair shop 1 (phone-01)",
        "12800000002",
        "phone-repair v3",
        "Revision",
    ):
        assert said in case
    assert "12800000001" not in case.partition("Latest history")[0]


def test_cases_are_listed_in_pages_and_found_by_what_a_caller_tells(company: Terminal) -> None:
    for index in range(3):
        company.run("--at", f"2026-09-01T1{index}:00", "cases")
        company.open(imei=f"0010170000000{index}0", customer_name=f"测试客户{'甲乙丙'[index]}")

    first = company.run("cases", "--limit", "2")
    assert "add --after WX26-000002" in first.stderr
    assert "WX26-000003" not in first.stdout
    rest = company.json("cases", "--limit", "2", "--after", "WX26-000002")
    assert [each["number"] for each in rest["cases"]] == ["WX26-000003"]
    assert rest["more"] is False
    assert [each["number"] for each in company.json("find", "测试客户乙")["cases"]] == ["WX26-000002"]
    assert "No case fits." in company.run("cases", "--ended").stdout


def test_an_edited_row_is_found_and_a_backup_brings_the_truth_back(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")
    assert "Looked at 1 case and 2 history entries: all sound." in company.run("verify").stdout
    company.run("backup", "good.db")
    with closing(sqlite3.connect(company.folder / "aftercare.db")) as connection:
        connection.execute("UPDATE history SET actor = 'sue' WHERE seq = 2")
        connection.commit()

    found = company.run("verify", code=1)

    assert NUMBER in found.stdout
    assert "History entry 2 was edited" in found.stdout
    assert company.json("verify", code=1)["findings"][0]["kind"] == "edited"
    assert "add --force" in company.run("restore", "good.db", code=1).stderr
    company.run("restore", "good.db", "--force")
    company.run("verify")


def test_a_case_that_was_taken_away_is_told_once(company: Terminal) -> None:
    company.open()
    company.run("move", NUMBER, "take", "--as", "tom")
    with closing(sqlite3.connect(company.folder / "aftercare.db")) as connection:
        connection.execute("DELETE FROM cases")
        connection.commit()

    found = company.run("verify", code=1).stdout

    assert found.count("without a case") == 1
    assert "1 case is not as it was decided." in found


def test_a_definition_that_was_changed_is_found_case_by_case(company: Terminal) -> None:
    company.open()
    with closing(sqlite3.connect(company.folder / "aftercare.db")) as connection:
        connection.execute("UPDATE definitions SET form = replace(form, 'mail_in', 'mail_on') WHERE workflow = 'phone-repair'")
        connection.commit()

    found = company.json("verify", code=1)["findings"]

    assert [(each["case"], each["kind"]) for each in found] == [(NUMBER, "definition")]


def test_a_backup_never_lands_on_the_database_itself(company: Terminal) -> None:
    refused = company.run("backup", "aftercare.db", "--force", code=2)

    assert "is the database itself" in refused.stderr
    company.run("verify")
