"""`starting_in` puts a case where the story says, if it could have come there; `earlier` and `taken` tell what was there before."""

from __future__ import annotations

from tests.unit.scenario.rehearsal import REPAIR, tell, wrong

FIELDS = '{name: 测试客户甲, imei: "001017000000011", tester: tom, fault: none}'
CHECKING = f"starting_in: {{state: checking, fields: {FIELDS}, done: [open, take, {{judge: tom}}], assignee: tom}}\n"
INSPECT = "- {do: inspect, by: tim, sampled: false, expect: {state: closed}}"


def test_the_story_goes_on_from_there() -> None:
    assert wrong(INSPECT, head=CHECKING) == []
    assert wrong("- {do: inspect, by: tom, refused: separation_of_duties}", head=CHECKING) == []
    assert wrong("- {wait: 1h, expect: {assignee: tom, fields: {fault: none}, running: []}}", head=CHECKING) == []


def test_clocks_start_as_if_the_case_had_just_come_there() -> None:
    testing = "starting_in: {state: testing, fields: {name: 测试客户甲, imei: '1', tester: tom}, assignee: tom}\n"

    assert wrong("- {wait: 3wh, expect: {running: [testing], due: {testing: '2026-09-21 14:30'}, told: []}}", head=testing) == []
    assert wrong("- {wait: 4wh, expect: {told: {tom: overdue, bea: overdue}}}", head=testing) == []


def test_nothing_before_the_story_is_taken_back() -> None:
    assert wrong("- {undo: judge, by: tom, reason: 点错, refused: not_undoable}", head=CHECKING) == []


def test_a_step_that_cannot_have_been_performed_is_told() -> None:
    head = CHECKING.replace("[open, take, {judge: tom}]", "[open, {judge: tom}, inspect, agree, open]")

    assert wrong(INSPECT, head=head) == ["“open” can never be performed after open → judge → inspect → agree"]


def test_a_state_that_cannot_be_reached_is_told() -> None:
    assert wrong(
        "- {wait: 1h}", head=CHECKING.replace("state: checking", "state: closed").replace("open, take, {judge: tom}", "lapse")
    ) == ["no way leads to “closed” after lapse"]


def test_what_is_surely_filled_there_must_be_given() -> None:
    assert wrong(INSPECT, head=CHECKING.replace("tester: tom, ", "")) == [
        "expected all that is surely filled in “checking”, found no tester"
    ]
    assert wrong(INSPECT, head=CHECKING.replace("fault: none", "fault: rust")) == ["故障: expected one of 电源, 无, found “rust”"]


def test_a_failure_of_the_beginning_has_its_place() -> None:
    (failure,) = tell(INSPECT, head=CHECKING.replace("tester: tom, ", "")).failures

    assert (failure.span.line, failure.span.column) == (6, 42)


def test_the_unit_may_be_said() -> None:
    head = CHECKING.replace("{state:", "{unit: two, state:") + "---units: {one: top, two: top}\n"
    people = "{tim: {role: bench, unit: two}, tom: {role: bench, unit: two}, tam: {role: bench, unit: one}}"

    assert wrong(INSPECT, head=head, people=people) == []
    assert wrong(INSPECT.replace("by: tim", "by: tam"), head=head, people=people) == [
        "expected it to be performed, found a refusal (not_authorised)"
    ]


def test_earlier_cases_of_the_subject_are_there() -> None:
    process = REPAIR.replace("fields:\n", "subject: {kind: device, key: imei}\nfields:\n", 1).replace(
        "asks: [name, mail?, imei], to: received",
        "asks: [name, mail?, imei], requires: [{that: count(earlier where fault == power) < 2, say: 已修两次}], to: received",
    )
    earlier = "{opened_at: '2026-08-01 09:00', ended_at: '2026-08-02 09:00', outcome: success, fields: {fault: power}}"
    opened = '- {do: open, by: dan, with: {name: 测试客户甲, imei: "001017000000011"}'

    assert wrong(opened + "}", process, head=f"earlier: [{earlier}]\n") == []
    assert wrong(opened + ", refused: guard_unmet, because: 已修两次}", process, head=f"earlier: [{earlier}, {earlier}]\n") == []
    assert wrong(opened + "}", process, head=f"earlier: [{earlier.replace('power', 'rust')}]\n") == [
        "故障: expected one of 电源, 无, found “rust”"
    ]
