"""People hold roles in units, leave, are away and stand in for each other; what the watch would notice is an incident of the step."""

from __future__ import annotations

from tests.unit.scenario.rehearsal import OPENED, QUOTED, REPAIR, TAKEN, wrong

SHOPS = "---units: {head: top, one: head, two: head}\n"
IN_UNITS = (
    "{dan: {role: desk, unit: one}, tom: {role: bench, unit: one}, tim: {role: bench, unit: two}, "
    "bea: [{role: boss, unit: head}, {role: desk, unit: head}]}"
)


def test_who_has_left_may_do_nothing_any_more() -> None:
    left = TAKEN + "- {leaves: tom, expect: {incidents: holder_absent, assignee: tom}}\n"

    assert wrong(left + "- {do: judge, by: tom, with: {fault: none}, refused: not_authorised}") == []
    assert wrong(left + "- {do: reassign, by: bea, with: {tester: tim}, reason: 离职, expect: {assignee: tim, incidents: []}}") == []
    assert wrong(TAKEN + "- {leaves: tim, expect: {incidents: holder_absent}}") == ["expected incidents “holder_absent”, found none"]


def test_who_is_away_is_not_told_alone_and_comes_back() -> None:
    away = (
        TAKEN + "- {away: tom, back: '2026-09-22 09:00', expect: {incidents: holder_absent}}\n- {wait: 4wh, expect: {told: [tom, bea]}}\n"
    )

    assert wrong(away + "- {do: judge, by: tom, with: {fault: none}, expect: {state: checking}}") == []
    assert wrong(TAKEN + "- {away: tom, back: '2026-09-20 09:00'}") == [
        "expected the absence of “tom” to end after it begins, found an end before that"
    ]


def test_who_is_away_again_is_missed_again() -> None:
    away = TAKEN + "- {away: tom, back: '2026-09-22 09:00', expect: {incidents: holder_absent}}\n- {until: '2026-09-22 10:00'}\n"

    assert (
        wrong(away + "- {away: tom, back: '2026-09-24 09:00', expect: {incidents: holder_absent}}\n- {wait: 1h, expect: {incidents: []}}")
        == []
    )


def test_somebody_stands_in() -> None:
    stood_in = (
        TAKEN + "- {away: tom, back: '2026-09-22 09:00'}\n- {stands_in: tim, for: tom, back: '2026-09-22 09:00', expect: {incidents: []}}\n"
    )

    assert wrong(stood_in + "- {do: judge, by: tim, with: {fault: none}}\n- {do: inspect, by: tim, refused: separation_of_duties}") == []
    assert wrong(stood_in + "- {until: '2026-09-22 09:00'}\n- {do: judge, by: tim, with: {fault: none}, refused: not_authorised}") == []
    assert (
        wrong(TAKEN + "- {stands_in: dan, for: tom, role: bench, back: '2026-09-22 09:00'}\n- {do: judge, by: dan, with: {fault: none}}")
        == []
    )
    assert wrong(TAKEN + "- {stands_in: tom, for: tom, back: '2026-09-22 09:00'}") == ["“tom” cannot stand in for himself"]


def test_signatures_that_cannot_be_had_are_an_incident() -> None:
    two = REPAIR.replace("by: [boss, desk, store]", "by: [boss, store]")

    assert wrong(QUOTED + "- {leaves: sol, expect: {incidents: approval_unreachable}}", two) == []


def test_a_message_for_nobody_is_an_incident() -> None:
    alone = "{dan: desk, tom: bench}"

    assert wrong(QUOTED + "- {until: '2026-09-23 24:00', expect: {told: [], incidents: nobody_to_tell}}", people=alone) == []


def test_a_role_counts_in_its_unit() -> None:
    opened = OPENED.replace("}}", "}, expect: {unit: one}}")

    assert wrong(opened + "- {do: take, by: tim, refused: not_authorised}\n- {do: take, by: tom}", head=SHOPS, people=IN_UNITS) == []
    elsewhere = OPENED.replace("by: dan", "by: bea").replace("}}", "}, unit: two, expect: {unit: two}}")
    assert wrong(elsewhere + "- {do: take, by: tom, refused: not_authorised}\n- {do: take, by: tim}", head=SHOPS, people=IN_UNITS) == []


def test_cases_are_given_in_turn_and_by_load() -> None:
    process = REPAIR.replace(
        "asks: [name, mail?, imei], to: received", "asks: [name, mail?, imei], assign: {role: bench, pick: in_turn}, to: received"
    )
    second = OPENED.replace("000011", "000029")

    story = OPENED.replace("}}", "}, expect: {assignee: tim}}") + second.replace("}}", "}, expect: {assignee: tom}}")
    assert wrong(story, process) == []
    by_load = process.replace("pick: in_turn", "pick: least_open")
    story = OPENED.replace("}}", "}, expect: {assignee: tim}}") + second.replace("}}", "}, expect: {assignee: tom}}")
    assert wrong(story, by_load) == []
    nobody = "{dan: desk, bea: boss}"
    assert (
        wrong(
            OPENED.replace("}}", "}, expect: {assignee: nobody, told: {bea: nobody-to-assign}, incidents: nobody_to_assign}}"),
            process,
            people=nobody,
        )
        == []
    )


def test_a_customer_is_told_by_the_step_that_may_still_be_taken_back() -> None:
    told = QUOTED.replace('"480.00"}}', '"480.00"}, expect: {told: {customer: quote-ready}}}')

    assert wrong(told + "- {undo: judge, by: tom, reason: 点错, expect: {state: testing, told: []}}") == []
