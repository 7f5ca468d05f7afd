"""Taking and giving cases, being away and standing in, on the command line; and what a person sees of other shops."""

from __future__ import annotations

from tests.cli.conftest import NUMBER, Terminal


def test_a_case_is_taken_given_and_put_down(company: Terminal) -> None:
    company.open()
    company.run("claim", NUMBER, "--as", "tom")
    assert company.json("case", NUMBER)["holder"] == "tom"

    assert "it takes: whoever the case is assigned to, After-sales supervisor" in company.run("claim", NUMBER, "--as", "ray", code=1).stderr
    company.run("assign", NUMBER, "样例维修03", "--as", "mia", "--reason", "换班")
    assert "工单已由“样例维修03”承办" in company.run("assign", NUMBER, "ray", "--as", "mia", code=1, lang="zh").stderr
    company.run("assign", NUMBER, "nobody", "--as", "ray", "--dry-run")
    company.run("assign", NUMBER, "nobody", "--as", "ray")

    entries = company.json("history", NUMBER)["history"]
    assert [(each["kind"], each["actor"], each["reason"]) for each in entries[1:]] == [
        ("assigned", "tom", None),
        ("assigned", "mia", "换班"),
        ("assigned", "ray", None),
    ]
    assert "承办人：样例维修03" in company.run("history", NUMBER, lang="zh").stdout


def test_whoever_is_away_is_given_nothing_and_another_stands_in(company: Terminal) -> None:
    company.open()
    company.run("claim", NUMBER, "--as", "tom")
    said = company.run("absent", "tom", "--until", "2026-09-04", "--reason", "年假")
    assert said.stdout == "tom is away: 2026-09-01 to 2026-09-04\n"
    assert "Nobody stands in; still to do: 1 open case." in said.stderr

    refused = company.run("assign", NUMBER, "tom", "--as", "tom", code=1)
    company.run("assign", NUMBER, "ray", "--as", "tom")
    away = company.run("assign", NUMBER, "tom", "--as", "ray", code=1)
    assert "“样例维修01” holds the case already" in refused.stderr
    assert "“样例维修01” is away; it can be given to: 样例主管01, 样例主管02, 样例前台01, 样例前台02, 样例维修02" in away.stderr

    company.run("assign", NUMBER, "nobody", "--as", "ray")
    unread = company.run("delegate", "tom", "sue", "--until", "2026-09-31", code=2).stderr
    assert "expected a date such as 2026-09-01, found “2026-09-31”" in unread
    made = company.run("delegate", "tom", "sue", "--until", "２０２６-09-04", "--role", "phone-repair-tester")
    assert made.stdout == "sue stands in for tom (phone-repair-tester): 2026-09-01 to 2026-09-04\n"
    tom = next(each for each in company.json("people")["people"] if each["id"] == "tom")
    assert tom["deputies"] == [{"person": "sue", "role": "phone-repair-tester"}]
    assert "until 2026-09-04; stands in: sue (phone-repair-tester)" in company.run("people").stdout


def test_whoever_makes_the_wish_hears_that_nobody_could_be_given_the_case(company: Terminal) -> None:
    company.open()
    company.run("delegate", "tom", "amy", "--until", "2026-09-04")
    company.run("absent", "amy", "--until", "2026-09-04")
    taken = company.run("move", NUMBER, "take", "--as", "amy")

    assert "  done for 样例维修01\n" in taken.stdout
    assert "Incident: “样例前台01” is not there: the case is assigned to nobody\n" in taken.stderr


def test_absences_and_delegations_are_listed_and_ended(company: Terminal) -> None:
    company.open()
    company.run("claim", NUMBER, "--as", "tom")
    assert company.run("absent").stdout == "Nobody is away.\n"
    company.run("absent", "样例维修01", "--from", "2026-09-03", "--until", "2026-09-04")
    company.run("delegate", "tom", "sue", "--until", "2026-09-04")

    absence = company.json("absent")["absences"][0]
    delegation = company.json("delegate")["delegations"][0]
    assert (absence["person"], absence["since"], absence["until"]) == ("tom", "2026-09-02T16:00:00.000000Z", "2026-09-04T16:00:00.000000Z")
    assert (delegation["delegator"], delegation["delegate"], delegation["role"], delegation["open_cases"]) == ("tom", "sue", None, [NUMBER])
    assert "for 样例维修01" in company.run("cases", "--mine", "sue").stdout
    assert "代样例维修01" in company.run("cases", "--mine", "sue", lang="zh").stdout

    company.run("absent", "end", absence["id"])
    company.run("delegate", "end", delegation["id"])
    assert company.json("absent")["absences"] == company.json("delegate")["delegations"] == []
    assert "No case fits." in company.run("cases", "--mine", "sue").stdout
    assert "No delegation has the number 1 now." in company.run("delegate", "end", 1, code=1).stderr


def test_what_cannot_be_recorded_is_one_sentence(company: Terminal) -> None:
    assert "name the last day with --until" in company.run("absent", "tom", code=2).stderr
    assert "say who stands in" in company.run("delegate", "tom", "--until", "2026-09-04", code=2).stderr
    assert "The day 2026-08-31 has passed." in company.run("absent", "tom", "--until", "2026-08-31", code=2).stderr
    assert "Did you mean “tom”?" in company.run("absent", "tomm", "--until", "2026-09-04", code=1).stderr
    assert "cannot stand in for himself" in company.run("delegate", "tom", "tom", "--until", "2026-09-04", code=2).stderr


def test_a_shop_does_not_see_the_cases_of_another(company: Terminal) -> None:
    company.open()
    assert company.json("cases", "--as", "bea")["cases"] == company.json("find", NUMBER, "--as", "bea")["cases"] == []
    for arguments in (("case", NUMBER), ("history", NUMBER), ("options", NUMBER), ("clock", NUMBER)):
        assert f"There is no case “{NUMBER}”." in company.run(*arguments, "--as", "bea", code=1).stderr
        company.run(*arguments, "--as", "max")

    assert [each["number"] for each in company.json("cases", "--as", "amy")["cases"]] == [NUMBER]
    assert [each["number"] for each in company.json("cases")["cases"]] == [NUMBER]
    company.run("--at", "2026-09-03T09:00", "cases")
    assert {each["number"] for each in company.json("overdue", "--as", "amy")["overdue"]} == {NUMBER}
    assert company.json("overdue", "--as", "bea")["overdue"] == []


def test_cases_of_disabled_people_are_told(company: Terminal) -> None:
    company.open()
    company.run("claim", NUMBER, "--as", "tom")

    assert f"Still held: 1 open case ({NUMBER})" in company.run("people", "disable", "tom").stderr
    assert f"Disabled people still hold open cases: tom ({NUMBER})." in company.run("doctor", code=1).stdout

    company.run("assign", NUMBER, "ray", "--as", "mia")
    assert "Disabled people" not in company.run("doctor", code=None).stdout
