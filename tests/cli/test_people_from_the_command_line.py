"""People, units and roles on the command line; what is given or taken acts with the very next step."""

from __future__ import annotations

from tests.cli.conftest import NUMBER, Terminal


def holdings(company: Terminal, person: str) -> list[tuple[str, str | None]]:
    """What a person holds now."""
    people = {each["id"]: each for each in company.json("people")["people"]}
    return [(each["role"], each["unit"]) for each in people[person]["holds"]]


def test_a_person_is_added_renamed_and_given_a_role(company: Terminal) -> None:
    company.run("people", "add", "zoe", "--name", "样例前台09")
    assert "so already" in company.run("people", "add", "zoe", "--name", "样例前台09").stdout
    company.run("people", "add", "zoe", "--name", "样例前台10")
    company.run("people", "assign", "zoe", "phone-front-desk", "--unit", "phone-02")

    assert "样例前台10" in company.run("people").stdout
    assert holdings(company, "zoe") == [("phone-front-desk", "phone-02")]


def test_a_revoked_role_no_longer_admits(company: Terminal) -> None:
    company.open()
    company.run("people", "revoke", "tom", "phone-repair-tester", "--unit", "phone-01")

    refused = company.run("move", NUMBER, "take", "--as", "tom", code=1)

    assert "may not do “Take”" in refused.stderr
    assert company.json("case", NUMBER)["revision"] == 1


def test_a_revocation_of_what_is_held_elsewhere_says_where(company: Terminal) -> None:
    refused = company.run("people", "revoke", "tom", "phone-repair-tester", code=1)

    assert "--unit phone-01" in refused.stderr
    assert holdings(company, "tom") == [("phone-repair-tester", "phone-01")]


def test_a_disabled_person_holds_nothing_until_brought_back(company: Terminal) -> None:
    company.run("people", "disable", "tom")
    assert holdings(company, "tom") == []
    assert "(disabled)" in company.run("people").stdout

    company.run("people", "add", "tom", "--name", "样例维修01")

    assert holdings(company, "tom") == [("phone-repair-tester", "phone-01")]


def test_a_role_may_begin_and_end_on_a_day(company: Terminal) -> None:
    company.run("people", "assign", "amy", "phone-repair-tester", "--unit", "phone-02", "--from", "2026-09-02", "--until", "2026-09-03")
    given = ("phone-repair-tester", "phone-02")

    assert given not in holdings(company, "amy")
    for at, held in (("2026-09-02T00:00", True), ("2026-09-03T23:59", True), ("2026-09-04T00:00", False)):
        company.run("--at", at, "people")
        assert (given in holdings(company, "amy")) is held


def test_units_are_added_below_others(company: Terminal) -> None:
    company.run("people", "unit", "phone-03", "--zh", "手机维修三店", "--en", "Phone repair shop 3", "--above", "headquarters")

    assert "手机维修三店" in company.run("people", "units", lang="zh").stdout
    units = {each["id"]: each["above"] for each in company.json("people", "units")["units"]}
    assert units["phone-03"] == "headquarters"


def test_roles_come_from_the_files(company: Terminal) -> None:
    (company.folder / "roles" / "service.yaml").write_text(
        "organisation: service\nroles:\n  service-clerk: {title: {zh: 服务文员, en: Service clerk}}\n", encoding="utf-8"
    )

    roles = {each["id"]: each["organisation"] for each in company.json("people", "roles")["roles"]}

    assert roles["service-clerk"] == "service"
    assert roles["phone-front-desk"] == "phone"
    assert "Service clerk" in company.run("people", "roles").stdout


def test_a_team_that_does_not_hold_is_not_taken_in(company: Terminal) -> None:
    (company.folder / "team.yaml").write_text(
        "people:\n"
        "  zoe: {name: 样例前台09, holds: [{role: phone-front-desk}]}\n"
        "  zac: {name: 样例前台10, holds: [{role: phone-frontdesk}]}\n",
        encoding="utf-8",
    )
    (company.folder / "broken.yaml").write_text("people:\n  zoe: {nmae: 样例前台09}\n", encoding="utf-8")

    unknown = company.run("people", "load", "team.yaml", code=1)
    broken = company.run("people", "load", "broken.yaml", code=1)

    assert "Did you mean phone-front-desk?" in unknown.stderr
    assert "broken.yaml:2:9: error[unknown-key]" in broken.stdout
    assert not {"zoe", "zac"} & {each["id"] for each in company.json("people")["people"]}
