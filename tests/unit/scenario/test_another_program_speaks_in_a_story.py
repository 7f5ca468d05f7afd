"""An event from outside in a story: it means exactly one case and performs its step; and what is given out is seen."""

from __future__ import annotations

import pytest

from engine.authoring.scenario.coverage import coverage
from tests.unit.scenario.rehearsal import setting_of, tell, words, wrong

PARCEL = """
fields:
  sn:    {type: text, title: 单号}
  tel:   {type: phone, title: 电话, personal: true}
  words: {type: text, title: 说明}
start:
  open: {title: 受理, by: desk, asks: [sn, tel], to: waiting}
  book: {title: 预约, by: [desk, integration], asks: [sn, tel], event: {name: parcel.booked, fills: {sn: no, tel: from.tel}}, to: waiting}
states:
  waiting:
    title: 等待
    transitions:
      arrive:
        title: 到达
        by: [desk, integration]
        asks: words?
        requires: [{that: words is set, say: 须说明}]
        event: {name: parcel.arrived, match: {no: sn, from.tel: tel}, fills: {words: words}}
        emit: {name: parcel.here, fields: [sn]}
        to: here
      call: {title: 告知, by: desk, to: stay}
  here:
    title: 已到
    transitions:
      fetch: {title: 取走, by: desk, to: done}
  done: {title: 完成, final: success}
"""
OPEN = "- {do: open, by: dan, with: {sn: S1, tel: '12800000001'}}\n"
ARRIVED = "event: parcel.arrived, with: {no: S1, from: {tel: 128 0000 0001}, words: 完好}"


@pytest.mark.parametrize(
    "step",
    [
        f"{{{ARRIVED}, expect: {{state: here, fields: {{words: 完好}}, emitted: parcel.here}}}}",
        "{event: parcel.arrived, with: {no: S2, from: {tel: '12800000001'}, words: 完好}, refused: unmatched, because: parcel.arrived}",
        "{event: parcel.arrived, with: {no: S1}, refused: data_invalid, because: [from.tel, tel]}",
        "{event: parcel.arrived, with: {no: S1, from: {tel: '12800000001'}}, refused: guard_unmet, because: 须说明}",
        "{do: call, by: dan, expect: {emitted: []}}",
    ],
)
def test_what_an_event_does_is_expected(step: str) -> None:
    assert wrong(OPEN + f"- {step}", PARCEL) == []


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (f"{{{ARRIVED}, expect: {{state: waiting}}}}", "expected the state “waiting” (等待), found “here” (已到)"),
        (f"{{{ARRIVED}, expect: {{emitted: []}}}}", "expected events to go out: none, found “parcel.here”"),
        ("{do: call, by: dan, expect: {emitted: parcel.here}}", "expected events to go out: “parcel.here”, found none"),
        ("{event: parcel.arrived, with: {no: S2, from: {tel: '12800000001'}}}", "expected it to be performed, found a refusal (unmatched)"),
        (f"{{{ARRIVED}, refused: unmatched}}", "expected a refusal (unmatched), found it performed"),
    ],
)
def test_what_comes_otherwise_is_told(step: str, sentence: str) -> None:
    assert wrong(OPEN + f"- {step}", PARCEL) == [sentence]


def test_an_event_opens_a_case_which_the_story_is_about_then() -> None:
    booked = "- {event: parcel.booked, with: {no: S1, from: {tel: '12800000001'}}, expect: {state: waiting, fields: {sn: S1}}}\n"

    assert wrong(booked + f"- {{{ARRIVED}, expect: {{state: here}}}}", PARCEL) == []
    assert wrong("- {event: parcel.booked, with: {no: S1}, refused: data_invalid, because: from.tel}", PARCEL) == []


def test_of_two_cases_that_are_alike_none_is_moved() -> None:
    assert wrong(OPEN + OPEN + f"- {{{ARRIVED}, refused: ambiguous, because: [P26-0001, P26-0002]}}", PARCEL) == []


def test_another_case_than_the_newest_may_be_meant() -> None:
    other = OPEN.replace("S1", "S2")

    assert wrong(OPEN + other + f"- {{{ARRIVED}, expect: {{state: here, fields: {{sn: S1}}}}}}", PARCEL) == []
    assert wrong(OPEN + f"- {{{ARRIVED}}}\n" + OPEN + f"- {{{ARRIVED}, expect: {{state: here}}}}", PARCEL) == []


def test_the_words_of_a_story_name_the_event() -> None:
    told = tell(OPEN + f"- {{{ARRIVED}, expect: {{state: done}}}}", PARCEL)

    assert "event parcel.arrived → here" in words(told)
    assert "事件 parcel.arrived → here" in words(told, "zh")


def shown(steps: str) -> set[str]:
    """What is not covered of events."""
    found = coverage(setting_of(PARCEL).definitions["parcel"], tell(steps, PARCEL).traces)
    return {goal.sentence.en for goal in found.missing if goal.path[-1] == "event"}


def test_a_step_that_is_performed_by_an_event_is_covered_by_one() -> None:
    arrived = "no scenario lets the event “parcel.arrived” perform “到达”"
    booked = "no scenario lets the event “parcel.booked” perform “预约”"

    assert shown(OPEN + "- {do: arrive, by: integration, with: {words: 完好}}") == {arrived, booked}
    assert shown(OPEN + f"- {{{ARRIVED}}}") == {booked}
    assert shown("- {event: parcel.booked, with: {no: S1, from: {tel: '12800000001'}}}") == {arrived}
    assert shown(OPEN + "- {event: parcel.arrived, with: {no: S1, from: {tel: '12800000001'}}, refused: guard_unmet}") == {arrived, booked}
