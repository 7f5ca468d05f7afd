"""Each word of a step: a story that says it rightly passes, and one that says it wrongly fails for that reason."""

from __future__ import annotations

import pytest

from engine.authoring.scenario.running import passes
from tests.unit.scenario.rehearsal import OPENED, QUOTED, REPAIR, TAKEN, script, tell, words, wrong


def test_what_is_performed_moves_the_case() -> None:
    assert (
        wrong(OPENED + "- {do: take, by: tom, expect: {state: testing, assignee: tom, outcome: none, unit: shop, fields: {tester: tom}}}")
        == []
    )


@pytest.mark.parametrize(
    ("expected", "sentence"),
    [
        ("state: received", "expected the state “received” (已受理), found “testing” (检测)"),
        ("assignee: dan", "expected the assignee “dan”, found “tom”"),
        ("assignee: nobody", "expected the assignee “nobody”, found “tom”"),
        ("outcome: success", "expected the outcome “success”, found “none”"),
        ("fields: {tester: dan}", "expected the field “tester” to be “dan”, found tom"),
        ("fields: {name: empty}", "expected the field “name” to be “empty”, found 测试客户甲"),
        ("fields: {quote: '1.00'}", "expected the field “quote” to be “1.00”, found –"),
        ("told: [dan]", "expected to be told: “dan”, found nobody"),
        ("running: []", "expected running clocks none, found “testing”"),
        ("paused: [testing]", "expected paused clocks “testing”, found none"),
        ("due: {testing: none}", "expected the clock “testing” to be due none, found 2026-09-21 14:30"),
        ("due: {confirming: '2026-09-21 14:30'}", "expected the clock “confirming” to be due 2026-09-21 14:30, found none"),
        ("incidents: step_refused", "expected incidents “step_refused”, found none"),
        ("approvals: {release: 1}", "expected signatures of “release”: 1, found 0"),
    ],
)
def test_what_is_expected_otherwise_is_told(expected: str, sentence: str) -> None:
    assert wrong(OPENED + f"- {{do: take, by: tom, expect: {{{expected}}}}}") == [sentence]


def test_a_refusal_is_expected_by_its_codes() -> None:
    assert wrong(OPENED + "- {do: take, by: dan, refused: not_authorised}") == []
    assert (
        wrong(TAKEN + "- {do: judge, by: dan, with: {fault: power}, refused: [guard_unmet, not_authorised], because: [须报价, quote]}")
        == []
    )


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        ("do: take, by: tom, refused: not_authorised", "expected a refusal (not_authorised), found it performed"),
        ("do: take, by: dan", "expected it to be performed, found a refusal (not_authorised)"),
        ("do: take, by: dan, refused: guard_unmet", "expected a refusal (guard_unmet), found not_authorised"),
        ("do: take, by: dan, refused: [not_authorised, duplicate]", "expected a refusal (not_authorised, duplicate), found not_authorised"),
        ("do: take, by: dan, refused: not_authorised, because: 报价", "expected “报价” among the reasons, found it in none"),
    ],
)
def test_a_refusal_that_comes_otherwise_is_told(step: str, sentence: str) -> None:
    assert wrong(OPENED + f"- {{{step}}}") == [sentence]


def test_a_refused_step_changes_nothing() -> None:
    told = tell(TAKEN + "- {do: judge, by: tom, with: {fault: power}, refused: guard_unmet}\n- {wait: 1h, expect: {state: testing}}")

    assert told.passed
    assert told.steps[2].case == told.steps[1].case


def test_a_step_before_any_case_is_refused() -> None:
    assert wrong("- {do: take, by: tom, refused: not_available}") == []


def test_another_start_opens_another_case() -> None:
    again = (
        OPENED
        + '- {do: open, by: dot, with: {name: 测试客户乙, imei: "001017000000029"}, expect: {state: received, fields: {name: 测试客户乙}}}'
    )

    assert wrong(TAKEN + again.partition("\n")[2]) == []
    assert wrong(OPENED + OPENED.replace("}}", "}, refused: duplicate, because: imei}")) == []


def test_values_that_others_have_are_taken() -> None:
    head = 'taken: {imei: ["001017000000011"]}\n'

    assert wrong(OPENED.replace("}}", "}, refused: duplicate}"), head=head) == []
    assert wrong(OPENED, head=head) == ["expected it to be performed, found a refusal (duplicate)"]


def test_files_and_rows_are_written_by_name() -> None:
    given = "photo: [a.jpg, b.png], parts: [{part: BAT-1, pieces: 2}, {part: SCR-1, pieces: 1}]"
    judged = TAKEN + f"- {{do: judge, by: tom, with: {{fault: none, {given}}}, expect: {{fields: {{EXPECTED}}}}}}"

    assert wrong(judged.replace("EXPECTED", "photo: [a.jpg, b.png], parts: [{pieces: 2}, {part: SCR-1}]")) == []
    assert wrong(judged.replace("EXPECTED", "photo: a.jpg, parts: [{pieces: 3}, {part: SCR-1}]")) == [
        "expected the field “photo” to be “a.jpg”, found a.jpg (1 kB), b.png (1 kB)",
        "expected the field “parts” to be “[pieces=3], [part=SCR-1]”, found [料号=BAT-1, 件数=2], [料号=SCR-1, 件数=1]",
    ]
    assert wrong(TAKEN + "- {do: judge, by: tom, with: {fault: none, photo: a.pdf}, refused: data_invalid, because: application/pdf}") == []


def test_parties_and_integrations_act() -> None:
    assert wrong(QUOTED + "- {do: agree, by: customer, expect: {state: checking}}") == []
    assert wrong('- {do: open, by: integration, with: {name: 测试客户甲, imei: "1"}, expect: {state: received}}') == []
    assert wrong(QUOTED + "- {do: agree, by: integration, refused: not_authorised}") == []


def test_signatures_are_counted() -> None:
    signed = QUOTED + "- {do: release, by: bea, expect: {state: confirming, approvals: 1}}\n"

    assert (
        wrong(
            signed
            + "- {do: release, by: bea, refused: approval_repeated}\n- {do: release, by: dan, expect: {state: checking, approvals: 0}}"
        )
        == []
    )
    assert (
        wrong(signed + "- {withdraw: release, by: bea, expect: {approvals: 0}}\n- {withdraw: release, by: dan, refused: not_available}")
        == []
    )
    assert wrong(QUOTED + "- {do: release, by: bea, expect: {approvals: 2}}") == ["expected signatures of “release”: 2, found 1"]


def test_a_step_is_taken_back() -> None:
    assert wrong(TAKEN + "- {undo: take, by: tom, reason: 点错, expect: {state: received, assignee: nobody}}") == []
    assert wrong(TAKEN + "- {undo: take, by: tim, reason: 点错, refused: not_undoable}") == []
    assert wrong(TAKEN + "- {wait: 10m}\n- {undo: take, by: tom, reason: 点错, refused: not_undoable}") == []
    assert wrong(QUOTED + "- {undo: take, by: tom, reason: 点错}") == ["expected “take” to be the newest step, found “judge”"]


def test_a_case_is_given_by_hand() -> None:
    assert (
        wrong(OPENED + "- {assign: tim, by: bea, expect: {assignee: tim}}\n- {assign: nobody, by: tim, expect: {assignee: nobody}}") == []
    )
    assert wrong(OPENED + "- {assign: dan, by: bea, refused: not_assignable}") == []


def test_values_are_mended() -> None:
    assert wrong(OPENED + "- {correct: {name: 测试客户丙}, by: dan, reason: 录入有误, expect: {fields: {name: 测试客户丙}}}") == []
    assert wrong(OPENED + '- {correct: {mail: "无"}, by: dan, reason: 录入有误, refused: data_invalid}') == []


@pytest.mark.parametrize(("sampled", "state"), [("true", "testing"), ("false", "closed")])
def test_the_sample_is_as_the_story_says(sampled: str, state: str) -> None:
    judged = TAKEN + "- {do: judge, by: tom, with: {fault: none}}\n"

    assert wrong(judged + f"- {{do: inspect, by: tim, sampled: {sampled}, expect: {{state: {state}}}}}") == []


def test_a_failure_reads_as_a_story() -> None:
    told = tell(TAKEN + "- {wait: 5wh}\n- {do: judge, by: tom, with: {fault: power}}\n- {do: agree, by: customer}")

    assert len(told.steps) == 4
    assert (
        words(told)
        == """story.yaml:10:5: Story
  2026-09-21 09:00  dan: open → received
  2026-09-21 09:00  tom: take → testing; held by tom
  2026-09-21 15:30  wait 5wh → testing; held by tom; told bea (overdue), tom (overdue)
✗ 2026-09-21 15:30  tom: judge → refused (guard_unmet)
  expected it to be performed, found a refusal (guard_unmet)
    – 须报价"""
    )
    assert words(told, "zh").splitlines()[0] == "story.yaml:10:5：故事"
    assert words(told, "zh").splitlines()[4:] == [
        "✗ 2026-09-21 15:30  tom：judge → 被拒绝（guard_unmet）",
        "  应执行成功，实际被拒绝（guard_unmet）",
        "    – 须报价",
    ]


def test_every_decision_leaves_a_trace() -> None:
    told = tell(QUOTED + "- {until: '2026-09-24 24:00', expect: {state: lapsed}}")

    assert told.passed
    assert [type(trace.command).__name__ for trace in told.traces] == ["OpenCase", "Fire", "Fire", "Elapse", "Elapse"]
    assert told.traces[0].before is None
    assert told.traces[-1].before is not None


def test_a_story_can_be_told_again_with_another_definition() -> None:
    read_of, setting = script(OPENED + "- {do: take, by: dan, refused: not_authorised}")
    _, wider = script(OPENED, REPAIR.replace("by: bench, set", "by: [bench, desk], set"))

    assert passes(read_of, setting)
    assert not passes(read_of, setting.with_definition(wider.definitions["parcel"]))
