"""Signatures, undo and plans from the command line, in one company."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Terminal
from tests.cli.loans import DOCUMENT, FIRST, SECOND, THIRD, begin, grant


@pytest.fixture
def loans(desk: Terminal) -> Terminal:
    begin(desk)
    return desk


def test_a_signer_hears_who_is_still_needed(loans: Terminal) -> None:
    said = loans.run("move", FIRST, "grant", "--as", "rui", "--set", "days=3").stdout
    assert "signed 1 of 2; still needed: Supervisor" in said
    assert "已签 1/2；还需：柜台主管" in loans.run("case", FIRST, lang="zh").stdout
    (signing,) = loans.json("case", FIRST)["signings"]
    assert (signing["signed"], signing["needed"], [each["person"] for each in signing["signatures"]]) == (1, 2, ["rui"])
    again = loans.run("move", FIRST, "grant", "--as", "rui", code=1)
    assert "different persons" in again.stderr
    loans.run("withdraw", FIRST, "批准", "--as", "rui")
    assert loans.json("case", FIRST)["signings"] == []
    assert "signed nothing" in loans.run("withdraw", FIRST, "grant", "--as", "rui", code=1).stderr


def test_who_changes_what_was_signed_hears_that_it_is_void(loans: Terminal) -> None:
    loans.run("move", FIRST, "grant", "--as", "rui", "--set", "days=3")
    said = loans.run("correct", FIRST, "--as", "sun", "--set", "model=示例 X20", "--reason", "输错").stdout
    assert "  signatures of “Grant” are void\n" in said


def test_a_delegate_hears_for_whom_he_has_acted(loans: Terminal) -> None:
    grant(loans, FIRST)
    loans.run("delegate", "cai", "rui", "--until", "2026-12-31")
    assert "  代样例受理01办理\n" in loans.run("move", FIRST, "hand_out", "--as", "rui", lang="zh").stdout


def test_a_step_is_taken_back_within_its_window(loans: Terminal) -> None:
    grant(loans, FIRST)
    loans.run("move", FIRST, "hand_out", "--as", "cai")
    assert loans.json("case", FIRST)["state"] == "lent"
    assert "would be so" in loans.run("undo", FIRST, "--as", "cai", "--reason", "拿错", "--dry-run").stdout
    loans.run("undo", FIRST, "--as", "cai", "--reason", "拿错")
    assert loans.json("case", FIRST)["state"] == "granted"
    loans.run("move", FIRST, "hand_out", "--as", "cai")
    loans.run("--at", "2026-09-30T16:40", "undo", FIRST, "--as", "cai", "--reason", "拿错", code=1)
    loans.run("move", FIRST, "take_back", "--as", "cai")
    assert "never taken back" in loans.run("undo", FIRST, "--as", "cai", "--reason", "拿错", code=1).stderr


def test_a_plan_is_made_shown_run_and_listed(loans: Terminal) -> None:
    grant(loans, FIRST)
    grant(loans, SECOND)
    (loans.folder / "numbers.txt").write_text(f"{FIRST}\n\n{SECOND}\n", encoding="utf-8")
    planned = loans.json("bulk", "plan", "借出", THIRD, "--cases", "numbers.txt", "--as", "cai")
    assert [(line["number"], line["verdict"]) for line in planned["lines"]] == [
        (THIRD, "refused"),
        (FIRST, "possible"),
        (SECOND, "possible"),
    ]
    loans.run("move", FIRST, "hand_out", "--as", "cai")

    done = loans.json("bulk", "run", planned["id"], "--as", "cai", code=1)

    assert [line["status"] for line in done["lines"]] == ["skipped", "refused", "done"]
    assert done["lines"][1]["reasons"][0]["code"] == "stale"
    assert loans.json("bulk", "show", planned["id"]) == done
    assert [(plan["state"], plan["title"]["zh"]) for plan in loans.json("bulk", "list")["plans"]] == [("finished", "借出")]


def test_many_are_given_to_somebody_and_put_down_again(loans: Terminal) -> None:
    grant(loans, FIRST)
    grant(loans, SECOND)
    made = loans.json("bulk", "assign", "cai", "--workflow", "spare-phones", "--as", "sun", "--reason", "交班")
    assert (made["step"], made["assign"], made["possible"]) == (None, {"person": "cai"}, 2)
    assert "3 cases, 2 assigned" in loans.run("bulk", "run", made["id"], "--as", "sun").stdout

    down = loans.json("bulk", "assign", "nobody", "--person", "cai", "--as", "cai")
    assert [line["number"] for line in down["lines"]] == [FIRST, SECOND]
    assert "2 个工单，已改派 2 个" in loans.run("bulk", "run", down["id"], "--as", "cai", lang="zh").stdout
    assert [loans.json("case", each)["holder"] for each in (FIRST, SECOND)] == [None, None]


def test_a_plan_is_given_up(loans: Terminal) -> None:
    made = loans.json("bulk", "plan", "grant", "--workflow", "spare-phones", "--as", "rui", "--set", "days=2")
    assert made["possible"] == 3
    loans.run("bulk", "drop", made["id"], "--as", "rui")
    assert "dropped" in loans.run("bulk", "run", made["id"], "--as", "rui", code=1).stderr


def test_what_the_system_does_right_after_a_step_is_named(desk: Terminal) -> None:
    ends = "      lapse: {title: {zh: 自动归档, en: File away}, by: system, when: days < 5, to: back}\n"
    begin(desk, DOCUMENT.replace("undo: no, to: back}\n", "undo: no, to: back}\n" + ends))
    grant(desk, FIRST)
    grant(desk, SECOND)

    assert "Hand out (then, by itself: File away)  To be handed out → Back" in desk.run("move", FIRST, "hand_out", "--as", "cai").stdout
    spoken = desk.run("move", SECOND, "hand_out", "--as", "cai", "--dry-run", lang="zh").stdout
    assert "借出（随后自动执行：自动归档）  待领取 → 已归还" in spoken


IMPOSSIBLE = [
    ("plan", "grant", "--as", "rui"),
    ("plan", "grant", FIRST, "--state", "asked", "--as", "rui"),
    ("plan", "grant", "--cases", "missing.txt", "--as", "rui"),
    ("plan", "grant", "SP26-9999", "--as", "rui"),
    ("plan", "grant", "--state", "nowhere", "--as", "rui"),
    ("plan", "grant", "--state", "lent", "--as", "rui"),
    ("assign", "rui", "--as", "sun"),
    ("assign", "nobody-here", FIRST, "--as", "sun"),
    ("assign", "rui", FIRST, "--person", "cai", "--as", "sun"),
    ("run", "00000000", "--as", "rui"),
    ("show", "00000000"),
    ("plan", "annotat", "--workflow", "spare-phones", "--as", "rui"),
]


def test_what_cannot_be_is_one_sentence(loans: Terminal) -> None:
    for arguments in IMPOSSIBLE:
        answer = loans.run("bulk", *arguments, code=None)
        assert (answer.exit_code != 0, answer.stdout) == (True, ""), arguments
        assert "Traceback" not in answer.stderr
