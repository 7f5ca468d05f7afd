"""People, units and roles on the command line; what is given or taken acts with the very next step."""

from __future__ import annotations

import pytest

from engine.settings import SHIPPED
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


def test_an_address_is_given_kept_and_taken_away(company: Terminal) -> None:
    def address() -> str | None:
        found: str | None = {each["id"]: each for each in company.json("people")["people"]}["amy"]["email"]
        return found

    company.run("people", "add", "amy", "--name", "样例前台01", "--email", "amy@example.com")
    company.run("people", "add", "amy", "--name", "样例前台11")
    assert address() == "amy@example.com"
    assert "no mail address" in company.run("people", "add", "amy", "--name", "样例前台01", "--email", "amy", code=2).stderr
    company.run("people", "add", "amy", "--name", "样例前台01", "--email", "")
    assert address() is None


def test_a_revoked_role_no_longer_admits(company: Terminal) -> None:
    company.open()
    company.run("people", "revoke", "tom", "phone-repair-tester", "--unit", "phone-01")

    refused = company.run("move", NUMBER, "take", "--as", "tom", code=1)

    assert f"There is no case “{NUMBER}”" in refused.stderr  # he holds nothing else there
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


def test_a_role_file_with_errors_is_said_wherever_roles_are_named(company: Terminal) -> None:
    shipped = (SHIPPED / "roles" / "phone.yaml").read_text(encoding="utf-8")
    (company.folder / "roles" / "phone.yaml").write_text(shipped.replace("title:", "titel:", 1), encoding="utf-8")

    refused = company.run("people", "assign", "tom", "phone-front-desk", code=1)

    assert "A role file has errors" in refused.stderr


def test_a_role_above_that_nobody_declares_is_told_with_its_file(company: Terminal) -> None:
    shipped = (SHIPPED / "roles" / "phone.yaml").read_text(encoding="utf-8")
    (company.folder / "roles" / "phone.yaml").write_text(shipped.replace("reports_to: phone-leader", "reports_to: phone-leeder"), "utf-8")

    refused = company.run("check", code=1)

    assert "roles/phone.yaml: there is no role “phone-leeder”." in refused.stderr
    assert "Did you mean “phone-leader”?" in refused.stderr


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

    assert "Did you mean “phone-front-desk”?" in unknown.stderr
    assert "broken.yaml:2:9: error[unknown-key]" in broken.stdout
    assert not {"zoe", "zac"} & {each["id"] for each in company.json("people")["people"]}


def test_roles_and_units_go_by_their_titles_too(company: Terminal) -> None:
    company.run("people", "assign", "max", "前台收发货", "--unit", "手机维修一店")
    assert ("phone-front-desk", "phone-01") in holdings(company, "max")

    company.run("people", "revoke", "max", "Front desk", "--unit", "phone-01")
    assert ("phone-front-desk", "phone-01") not in holdings(company, "max")


@pytest.mark.parametrize("role", ["前台", "Phone Desk!", "no-such-role"])
def test_a_role_that_nobody_declares_is_one_sentence(company: Terminal, role: str) -> None:
    refused = company.run("people", "assign", "tom", role, code=1)

    assert f"There is no role “{role}”." in refused.stderr


def test_a_role_that_no_file_declares_any_more_can_still_be_taken_back(company: Terminal) -> None:
    file = company.folder / "roles" / "service.yaml"
    file.write_text("organisation: service\nroles:\n  service-clerk: {title: {zh: 服务文员, en: Service clerk}}\n", encoding="utf-8")
    company.run("people", "assign", "tom", "service-clerk")
    file.unlink()

    company.run("people", "revoke", "tom", "service-clerk")

    assert ("service-clerk", None) not in holdings(company, "tom")


def test_what_begins_later_is_not_said_to_be_held_now(company: Terminal) -> None:
    later = company.run("people", "assign", "tom", "phone-leader", "--from", "2026-10-01", "--until", "2026-10-31")
    now = company.run("people", "assign", "sue", "phone-leader", "--unit", "phone-01")

    assert later.stdout == "tom holds phone-leader from 2026-10-01 on, until 2026-10-31\n"
    assert now.stdout == "sue holds phone-leader @ phone-01\n"


def test_a_disabled_person_is_given_nothing(company: Terminal) -> None:
    company.run("people", "disable", "tom")

    refused = company.run("people", "assign", "tom", "phone-leader", code=1)
    company.run("people", "add", "tom", "--name", "样例维修01")

    assert "aftercare people add tom --name 样例维修01" in refused.stderr
    assert holdings(company, "tom") == [("phone-repair-tester", "phone-01")]


def test_nobody_holds_nothing(company: Terminal) -> None:
    refused = company.run("people", "revoke", "tmo", "phone-front-desk", code=1)

    assert "There is no person “tmo”." in refused.stderr
