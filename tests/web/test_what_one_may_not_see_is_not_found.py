"""What one may not see is not found over the API: not by its number, in no list, not counted, not behind a cursor."""

from __future__ import annotations

import pytest

from roles.scope import WHOLE, Scope
from tests.web.centre import Busy, Centre

SHOP = Scope(units=frozenset({"phone-01"}))
OF_A_CASE = ["", "/history", "/clocks", "/messages", "/options", "/options/diagnose"]


@pytest.mark.parametrize("part", OF_A_CASE)
def test_a_case_of_another_shop_is_as_if_it_did_not_exist(centre: Centre, busy: Busy, part: str) -> None:
    for holder, scope in (("amy", WHOLE), ("till", WHOLE), ("max", SHOP)):
        there_is_none = centre.get("/cases/WX26-999999" + part, holder, scope).json()
        answer = centre.get(f"/cases/{busy.taken_elsewhere}{part}", holder, scope)
        assert answer.status_code == 404
        assert answer.json()["sentence"]["en"] == there_is_none["sentence"]["en"].replace("WX26-999999", busy.taken_elsewhere)
        assert centre.get(f"/cases/{busy.taken}{part}", holder, scope).status_code == 200
    assert centre.get(f"/cases/{busy.taken_elsewhere}{part}", "max").status_code == 200


def test_lists_hold_and_count_only_what_is_seen(centre: Centre, busy: Busy) -> None:
    mine, all_of_them = [busy.waiting, busy.taken], [busy.waiting, busy.taken, busy.waiting_elsewhere, busy.taken_elsewhere]

    assert centre.numbers("amy") == centre.numbers("till") == centre.numbers("max", SHOP) == mine
    assert centre.numbers("max") == centre.numbers("abe") == all_of_them
    assert centre.numbers("amy", limit=2) == mine
    assert centre.problem("/cases", "amy", unit="phone-02") == centre.problem("/cases", "amy", person="ted") == (404, "unknown")
    assert centre.numbers("amy", q="12800000003") == []
    assert centre.numbers("bea", q="12800000003") == [busy.waiting_elsewhere]
    assert [each["number"] for each in centre.read("/overdue", "amy")["overdue"]] == mine
    assert centre.problem("/overdue", "amy", unit="phone-02") == centre.problem("/overdue", "amy", person="ted") == (404, "unknown")
    assert centre.read("/subjects/001017000000013", "amy")["cases"] == []
    assert [each["number"] for each in centre.read("/subjects/001017000000013", "bea")["cases"]] == [busy.waiting_elsewhere]


def test_a_cursor_opens_nothing(centre: Centre, busy: Busy) -> None:
    place = centre.read("/overdue", "max", unit="phone-02", limit=1)["next"]

    assert centre.problem("/cases", "amy", cursor=busy.taken_elsewhere) == (404, "unknown")
    assert place is not None
    assert centre.problem("/overdue", "amy", cursor=place) == (404, "unknown")
    assert centre.problem("/outbox", "mia", cursor=centre.read("/outbox", "moe", limit=1)["next"]) == (404, "unknown")


def test_messages_and_incidents_are_for_those_who_look_after_the_cases(centre: Centre, busy: Busy) -> None:
    def outbox(holder: str, scope: Scope = WHOLE) -> set[str]:
        return {each["number"] for each in centre.read("/outbox", holder, scope, limit=200)["messages"]}

    def incidents(holder: str, scope: Scope = WHOLE) -> set[str | None]:
        return {each["case"] for each in centre.read("/incidents", holder, scope)["incidents"]}

    first, second = {busy.waiting, busy.taken}, {busy.waiting_elsewhere, busy.taken_elsewhere}
    assert outbox("mia") == outbox("max", SHOP) == first  # owns the process in the first shop
    assert outbox("moe") == second  # looks after the second one
    assert outbox("max") == outbox("abe") == first | second
    assert incidents("mia") == {busy.taken}
    assert incidents("moe") == {busy.taken_elsewhere}
    assert incidents("max") == {busy.taken, busy.taken_elsewhere}
    assert incidents("abe") == {busy.taken, busy.taken_elsewhere, None}
    assert centre.problem("/incidents", "mia", case=busy.taken_elsewhere) == (404, "unknown")
    for holder, scope in (("amy", WHOLE), ("till", WHOLE), ("max", Scope(units=frozenset({"dealer-01"}), roles=frozenset()))):
        assert centre.problem("/outbox", holder, scope) == centre.problem("/incidents", holder, scope) == (403, "forbidden")


def test_people_are_told_of_those_who_count_where_they_are(centre: Centre) -> None:
    def people(holder: str, scope: Scope = WHOLE) -> dict[str, list[str | None]]:
        return {each["id"]: [held["unit"] for held in each["holds"]] for each in centre.read("/people", holder, scope)["people"]}

    assert {"amy", "tom", "mia", "till", "max", "abe"} <= people("amy").keys()
    assert {"bea", "ted", "moe", "ada"}.isdisjoint(people("amy"))
    assert people("tom").keys() == people("amy").keys() == people("max", SHOP).keys()
    assert people("abe").keys() == centre.app.directory.roster().people.keys()
    assert {unit for units in people("amy").values() for unit in units} == {None, "phone-01", "headquarters"}
    assert centre.problem("/people/bea", "amy") == (404, "unknown")
    assert centre.read("/people/bea", "moe")["name"] == "样例前台03"
    assert [each["id"] for each in centre.read("/units", "amy")["units"]] == ["phone-01"]


def test_what_concerns_a_person_alone_is_told_to_him_and_to_administrators(centre: Centre, busy: Busy) -> None:
    def reasons(holder: str) -> dict[str, str | None]:
        return {each["person"]: each["reason"] for each in centre.read("/absences", holder)["absences"]}

    assert centre.read("/people/amy", "amy")["email"] == centre.read("/people/amy", "abe")["email"] == "amy@example.com"
    assert centre.read("/people/amy", "mia")["email"] is None
    assert reasons("amy") == {"tom": None}
    assert reasons("tom") == {"tom": "培训"}
    assert reasons("moe") == {"ted": "培训"}
    assert reasons("abe") == {"tom": "培训", "ted": "培训"}
    assert [(each["delegate"], each["open_cases"]) for each in centre.read("/delegations", "amy")["delegations"]] == [("sue", [busy.taken])]


def test_who_is_calling_is_told_in_full(centre: Centre) -> None:
    whole, narrow, for_amy = centre.read("/me", "max"), centre.read("/me", "max", SHOP), centre.get("/me", "till", person="amy").json()

    assert (whole["acting_as"], whole["scope"], whole["holds"]) == (
        "max",
        {"roles": None, "units": None},
        [{"role": "phone-supervisor", "unit": "headquarters"}],
    )
    assert whole["units_seen"] == ["dealer-01", "dealer-02", "headquarters", "phone-01", "phone-02"]
    assert (narrow["units_seen"], narrow["holds"]) == (["phone-01"], [{"role": "phone-supervisor", "unit": "phone-01"}])
    assert (for_amy["holder"], for_amy["acting_as"], for_amy["kind"], for_amy["units_seen"]) == ("till", "amy", "person", ["phone-01"])
