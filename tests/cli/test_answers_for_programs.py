"""Every reading command answers in JSON: only JSON on stdout, ids and raw values for programs, both languages for people."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import NUMBER, Terminal

pytestmark = pytest.mark.reliability  # takes its time

READING = [
    ("cases",),
    ("find", "测试客户甲"),
    ("case", NUMBER),
    ("options", NUMBER, "--as", "tom"),
    ("history", NUMBER),
    ("clock", NUMBER),
    ("overdue",),
    ("missed", "--all"),
    ("calendar",),
    ("calendar", "3wh", "from", "now"),
    ("sweep",),
    ("deliver",),
    ("inbox", "--as", "tom"),
    ("messages",),
    ("template",),
    ("template", "overdue"),
    ("check",),
    ("verify",),
    ("doctor",),
    ("people",),
    ("people", "list"),
    ("people", "units"),
    ("people", "roles"),
]


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_reading_command_answers_the_same_in_either_language(company: Terminal, command: tuple[str, ...]) -> None:
    company.open()

    english = company.run(*command, "--json")
    chinese = company.run(*command, "--json", lang="zh")

    told = json.loads(english.stdout)
    assert isinstance(told, dict)
    if command != ("doctor",):  # which tells the language that is set
        assert told == json.loads(chinese.stdout)


def test_a_case_holds_raw_values_and_words(company: Terminal) -> None:
    company.open()

    case = company.json("case", NUMBER)

    assert case["fields"]["channel"] == {
        "title": {"zh": "送修渠道", "en": "Channel"},
        "value": "walk_in",
        "shown": {"zh": "到店", "en": "Walk-in"},
        "masked": False,
    }
    assert case["fields"]["backed_up"]["value"] is True
    assert case["fields"]["sold_on"]["value"] == "2026-03-01"
    assert (case["state"], case["unit"], case["version"], case["revision"]) == ("received", "phone-01", 3, 1)
    assert case["opened_at"] == "2026-09-01T01:00:00.000000Z"


def test_options_carry_reasons_and_what_is_asked(company: Terminal) -> None:
    company.open()

    options = {each["step"]: each for each in company.json("options", NUMBER, "--as", "amy")["options"]}

    assert options["take"]["allowed"] is False
    assert [each["code"] for each in options["take"]["reasons"]] == ["not_authorised"]
    assert options["cancel"]["needs_reason"] is True


def test_a_simulated_database_says_so_beside_json_not_in_it(company: Terminal) -> None:
    answer = company.run("cases", "--json")

    assert "Simulated database" in answer.stderr
    assert "Simulated" not in answer.stdout
