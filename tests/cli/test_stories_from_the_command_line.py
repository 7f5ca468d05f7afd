"""Stories on the command line: each is told in one line, one that fails in full, and nothing of a file with a mistake."""

from __future__ import annotations

from tests.cli.conftest import Terminal
from tests.cli.stories import STORIES, write

PASSING = STORIES.partition("  - name: {zh: 前台")[0]


def test_stories_that_come_out_end_well(company: Terminal) -> None:
    write(company, PASSING)

    assert company.run("test", "workflows").stdout.splitlines() == [
        "key-loan  workflows/key-loan.scenarios.yaml",
        "  ✓ Lent and given back (3 steps)",
        "",
        "1 scenario, all passed",
    ]
    assert company.run("test", "workflows/key-loan.yaml", lang="zh").stdout.splitlines()[-1] == "1 个场景，全部通过"


def test_a_story_that_fails_is_told_and_ends_with_1(company: Terminal) -> None:
    write(company)

    told = company.json("test", "workflows/key-loan.scenarios.yaml", code=1)

    (file,) = told["files"]
    assert [(each["title"]["en"], each["passed"], each["steps"]) for each in file["scenarios"]] == [
        ("Lent and given back", True, 3),
        ("The desk lends nothing by itself", False, 3),
    ]
    (failure,) = file["scenarios"][1]["failures"]
    assert (failure["line"], failure["column"]) == (15, 9)
    assert failure["sentence"]["en"] == "expected it to be performed, found a refusal (not_authorised)"
    assert (told["passed"], told["failed"]) == (1, 1)


def test_a_percentage_of_nothing_is_misuse(company: Terminal) -> None:
    write(company, PASSING)

    assert "“--least” goes with “--coverage” or “--mutation”" in company.run("test", "workflows", "--least", "50", code=2).stderr


def test_a_mistake_in_the_stories_or_in_the_process_stops_them(company: Terminal) -> None:
    write(company, PASSING.replace("do: lend", "do: lent"))
    assert "key-loan.scenarios.yaml:8:14: error[unknown-step]: there is no step “lent”" in company.run("test", "workflows", code=1).stdout

    write(company, PASSING)
    process = company.folder / "workflows" / "key-loan.yaml"
    process.write_text(process.read_text("utf-8").replace("to: done", "to: dona"), encoding="utf-8")
    said = company.run("test", "workflows", code=1).stdout
    assert "key-loan.yaml:19:77: error[unknown-state]" in said
    assert "✓" not in said


def test_where_there_are_none_it_says_so(company: Terminal) -> None:
    assert company.run("test", "workflows").stdout == "No scenario files (*.scenarios.yaml) were found.\n"
    assert "There is no file or folder “here”" in company.run("test", "here", code=1).stderr
