"""What the check finds out about conditions, and what it knows at each place where one is asked."""

from __future__ import annotations

import pytest

from engine.authoring.proof.answer import Answer, Impossible, Undecided, Witness
from engine.authoring.proof.prover import Claim, Prover
from engine.core.expression import Expression, read
from engine.core.kind import BOOLEAN
from tests.process import definition, library

FRAME = """
parties: {{customer: {{name: note}}}}
calendar: desk-hours
subject: {{kind: device, key: note}}
fields:
  covered: {{type: boolean, title: {{zh: 保内, en: In warranty}}}}
  kind: {{type: choice, title: {{zh: 类别, en: Kind}}, choices: {{phone: 手机, car: 汽车, watch: 手表}}}}
  quote: {{type: money, title: {{zh: 报价, en: Quote}}, currency: CNY, min: "0.01"}}
  taxed: {{type: money, title: {{zh: 含税价, en: With tax}}, currency: CNY, computed: quote * 1.13}}
  rate: {{type: integer, title: {{zh: 等级, en: Rate}}, computed: [{{when: kind == phone, then: calls + 1}}, {{else: calls}}]}}
  calls: {{type: integer, title: {{zh: 次数, en: Calls}}, min: "0", max: "9"}}
  share: {{type: decimal, title: {{zh: 系数, en: Share}}}}
  note: {{type: text, title: {{zh: 备注, en: Note}}, pattern: "[a-z]+"}}
  other: {{type: text, title: {{zh: 其他, en: Other}}}}
  on: {{type: date, title: {{zh: 日期, en: Day}}}}
  due: {{type: date, title: {{zh: 到期日, en: Due}}}}
  who: {{type: person, title: {{zh: 经办人, en: Who}}}}
  team: {{type: people, title: {{zh: 团队, en: Team}}}}
  lines:
    type: list
    title: {{zh: 明细, en: Lines}}
    of:
      price: {{type: money, title: {{zh: 单价, en: Price}}, currency: CNY, min: "0"}}
      good: {{type: boolean, title: {{zh: 完好, en: Good}}}}
start:
  open:
    title: {{zh: 受理, en: Open}}
    by: desk
    asks: [covered, kind, quote, calls, share, note, other?, on, due?, who, team, lines]
    to: work
states:
  work:
    title: {{zh: 办理, en: Work}}
    transitions:
      step: {{title: {{zh: 步骤, en: Step}}, by: [desk, customer], {step}}}
      end: {{title: {{zh: 结案, en: End}}, by: desk, shows: [other, due, team, share], to: done}}
      finish: {{title: {{zh: 完工, en: Finish}}, by: desk, to: stay}}
  done: {{title: {{zh: 完成, en: Done}}, final: success}}
"""

OF_CONDITIONS = {"choice-gap", "choice-overlap", "always-true", "always-false", "dead-step", "guard-undecided"}


def found(step: str) -> list[tuple[str, str]]:
    """The codes of a step and what they say."""
    text = FRAME.format(step=step if "to: " in step else f"{step}, to: stay")
    return [(one.code, one.sentence.en) for one in library(text).diagnostics if one.code in OF_CONDITIONS]


def cases(*conditions: str) -> str:
    """Cases of `to` under these conditions; the last may be `else`."""
    pairs = zip(conditions, ("work", "done", "stay", "work"), strict=False)
    return f"to: [{', '.join(f'{{else: {then}}}' if each == 'else' else f'{{when: {each}, then: {then}}}' for each, then in pairs)}]"


def that(*lines: str) -> str:
    """Lines of `requires`."""
    return f"requires: [{', '.join(f'{{that: {line}, say: {{zh: 须, en: Must}}}}' for line in lines)}]"


@pytest.mark.parametrize(
    ("conditions", "values"),
    [
        (("covered", "not covered and quote > 500"), "In warranty = no, Quote = CNY 500.00"),
        (("quote <= 500", "quote > 500.01"), "Quote = CNY 500.01"),
        (("kind == phone", "kind == car"), "Kind = 手表"),
        (("share < 1.5", "share > 1.5"), "Share = 1.5"),
        (("note == 'a'", "note == 'b'"), "Note = any text A"),
        (("on < today()", "on > today()"), "Day = 2026-01-01, Today = 2026-01-01"),
        (("who == actor", "who in (team) and who != actor"), "Who = person B, Who acts = person A, Team = person A"),
        (("done(finish) and times(finish) <= 3", "times(finish) > 3"), "“Finish” was performed = no, How often “Finish” was performed = 0"),
        (("acting(customer) and not sampled(20)", "sampled(20)"), "Acting as “customer” = no, In the sample (20 of 100) = no"),
        (("count(lines where good) > 2", "count(lines where good) == 2"), "count(lines where good) = 1"),
        (("taxed > 113", "taxed < 113"), "With tax = CNY 113.00, Quote = CNY 100.00"),
        (("rate > 5", "rate < 5"), "Rate = 5, Kind = 手机, Calls = 4"),
        (("due is set and on < due", "due is set and on >= due"), "Due = empty, Day = 2026-01-01"),
        (("days(on to today()) > 7", "days(on to today()) < 7"), "Day = 2025-12-25, Today = 2026-01-01"),
        (("calls in (1 | 2 | 3)", "calls > 3"), "Calls = 0"),
    ],
)
def test_a_gap_is_told_with_values_that_fall_into_it(conditions: tuple[str, ...], values: str) -> None:
    assert found(cases(*conditions)) == [("choice-gap", f"{values}: no choice applies")]


@pytest.mark.parametrize(
    ("conditions", "values"),
    [
        (("covered", "quote > 500", "else"), "In warranty = yes, Quote = CNY 500.01"),
        (("kind in (phone | car)", "kind != phone"), "Kind = 汽车"),
        (("on + 30d <= today()", "on + 1mo > today()"), "Day = 2026-01-01, Today = 2026-01-31"),
        (("who == actor", "who in (team)", "else"), "Who = person A, Who acts = person A, Team = person A"),
        (("sampled(30)", "sampled(20)"), "In the sample (30 of 100) = yes, In the sample (20 of 100) = yes"),
    ],
)
def test_an_overlap_is_told_with_values_and_what_they_would_choose(conditions: tuple[str, ...], values: str) -> None:
    assert ("choice-overlap", f"{values}: 2 choices apply: “Work” and “Done”") in found(cases(*conditions))


def test_an_example_speaks_both_languages() -> None:
    text = FRAME.format(step=cases("covered", "quote > 500", "else"))
    (one,) = (each for each in library(text).diagnostics if each.code in OF_CONDITIONS)

    assert one.sentence.zh == "保内 = 是、报价 = ¥500.01：有 2 种情况同时成立：“办理”和“完成”"
    assert one.severity == "error"
    assert one.way_out is not None


@pytest.mark.parametrize(
    "step",
    [
        cases("covered", "not covered"),
        cases("quote <= 500", "quote > 500 and quote < 500.02", "quote >= 500.02"),
        cases("kind == phone", "kind in (car | watch)"),
        cases("calls < 3", "calls in (3 | 4 | 5)", "calls + 1 > 6"),
        cases("on < today()", "on == today()", "on > today()"),
        cases("on + 1y < today()", "today() <= on + 1y"),
        cases("days(on to today()) > 7", "on + 7d >= today()"),
        cases("due is set and on < due", "due is not set or on >= due"),
        cases("(other otherwise note) == note", "other is set and other != note"),
        cases("taxed > 113", "quote <= 100"),
        cases("rate > 5", "kind == phone and calls <= 4", "kind != phone and calls < 6"),
        cases("done(finish)", "times(finish) == 0"),
        cases("count(lines) > 3", "count(lines) in (1 | 2 | 3)"),
        cases("sum(price of lines) > 0", "sum(price of lines) == 0"),
        cases("quote * share > 3", "quote * share <= 3"),
        cases("note in ('a' | 'b')", "note != 'a' and note != 'b'"),
        f"{that('covered or quote > 500')}, {cases('covered', 'not covered and quote > 500')}",
        f"asks: calls, set: {{calls: calls - 1}}, {that('calls > 2')}, {cases('calls == 2', 'calls > 2')}",
        f"set: {{kind: [{{when: covered, then: phone}}, {{else: car}}]}}, {cases('kind == phone', 'kind == car')}",
        f"clears: other, {cases('covered or other is set', 'not covered and other is not set')}",
        "notify: [{tell: desk, template: [{when: covered, then: overdue}], when: covered}]",
    ],
)
def test_cases_of_which_exactly_one_applies_are_in_order(step: str) -> None:
    assert [each for each in found(step) if "always" not in each[0]] == []


def test_what_cannot_be_compared_is_independent_and_an_else_answers_a_false_alarm() -> None:
    two_counts = ("count(lines) > 4", "count(lines where good) <= 4")

    assert {code for code, _ in found(cases(*two_counts))} == {"choice-overlap", "choice-gap"}
    assert [code for code, _ in found(cases("count(lines) > 4", "else"))] == []


def test_what_is_empty_is_no_gap_but_told_as_empty() -> None:
    text = FRAME.format(step=cases("due > on", "due <= on"))

    assert {one.code for one in library(text).diagnostics if one.severity == "error"} == {"may-be-empty"}


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (that("quote > 0"), "always-true"),
        (that("covered", "covered or quote > 5"), "always-true"),
        (that("lines is set"), "always-true"),
        (that("calls >= 0 and calls <= 9"), "always-true"),
        (that("done(finish) or times(finish) == 0"), "always-true"),
        (that("on < today() or on >= today()"), "always-true"),
        (that("on + 1mo > on"), "always-true"),
        (that("sampled(20) or not sampled(10)"), "always-true"),
        ("notify: [{tell: desk, template: overdue, when: kind in (phone | car | watch)}]", "always-true"),
        (cases("covered or not covered"), "always-true"),
        (that("calls > 9"), "dead-step"),
        (that("covered", "kind == car", "not covered"), "dead-step"),
        (that("taxed < 0"), "dead-step"),
        (that("note == 'A'"), "dead-step"),
        (that("who == actor", "actor != who"), "dead-step"),
        ("asks: quote, requires: [{that: quote > 5 and taxed < 5, say: {zh: 须, en: Must}}]", "dead-step"),
        ("notify: [{tell: desk, template: overdue, when: covered and not covered}]", "always-false"),
        (cases("covered", "not covered", "else"), "always-false"),
        (cases("calls > 20", "else"), "always-false"),
        (f"{that('kind == phone')}, {cases('kind == car', 'else')}", "always-false"),
    ],
)
def test_a_condition_in_vain_is_told(step: str, expected: str) -> None:
    assert [code for code, _ in found(step)] == [expected]


def test_of_a_step_that_can_never_be_performed_nothing_else_is_told() -> None:
    assert [code for code, _ in found(f"{that('calls > 9', 'calls > 9')}, {cases('covered', 'covered')}")] == ["dead-step"]


def test_nothing_was_performed_before_a_case_was_opened() -> None:
    text = FRAME.format(step="to: stay").replace("    to: work\n", f"    {that('done(finish)')}\n    to: work\n")

    assert "dead-step" in {one.code for one in library(text).diagnostics}


def test_an_anywhere_step_is_told_once_for_all_its_states() -> None:
    text = FRAME.format(step="to: more").replace(
        "  done: {", "  more: {title: {zh: 更多, en: More}, transitions: {end: {title: {zh: 完, en: End}, by: desk, to: done}}}\n  done: {"
    )
    text += f"anywhere:\n  sort: {{title: {{zh: 分流, en: Sort}}, by: desk, in: [work, more], {cases('calls < 3', 'calls > 3')}}}\n"

    assert [one.code for one in library(text).diagnostics if one.code in OF_CONDITIONS] == ["choice-gap"]


CROWD = definition(
    "fields:\n"
    + "".join(f"  n{index}: {{type: integer, title: 数{index}, min: '1', max: '8'}}\n" for index in range(9))
    + "".join(f"  p{index}: {{type: person, title: 人{index}}}\n" for index in range(9))
    + "  team: {type: people, title: 团队}\n"
    + "start: {open: {title: 开, by: desk, to: one}}\nstates:\n  one: {title: 一, transitions: {end: {title: 完, by: desk, to: done}}}\n"
    + "  done: {title: 毕, final: success}\n"
)


def satisfiable(conditions: list[Expression], filled: frozenset[str] = frozenset()) -> Answer:
    return Prover(CROWD, filled).ask([Claim(each) for each in conditions])


def condition(text: str) -> Expression:
    result = read(text, CROWD.scope, BOOLEAN)
    assert isinstance(result, Expression)
    return result


def different(count: int, kind: str = "n") -> list[Expression]:
    """That so many numbers, or persons (`p`), are all different."""
    return [condition(f"{kind}{one} != {kind}{other}") for one in range(count) for other in range(one)]


def in_the_team(count: int) -> list[Expression]:
    """That so many persons are all in the team."""
    return [condition(f"p{one} in (team)") for one in range(count)]


def test_conditions_may_be_asked_about_together() -> None:
    assert isinstance(satisfiable(different(8)), Witness)
    assert isinstance(satisfiable([condition("n1 < n2"), condition("n2 < n3"), condition("n3 < 3")]), Impossible)
    assert isinstance(satisfiable([condition("n1 is not set")]), Witness)
    assert isinstance(satisfiable([condition("n1 is not set")], frozenset({"n1"})), Impossible)
    assert satisfiable([]) == Witness(())


def test_the_work_is_bounded_and_what_was_not_found_out_is_said() -> None:
    answer = satisfiable(different(9))

    assert isinstance(answer, Undecided)
    assert answer.why.en == "there are too many combinations: no answer within 200000 trials"
    assert answer == satisfiable(different(9))


def test_as_many_persons_may_differ_as_are_compared() -> None:
    assert isinstance(satisfiable(different(8, "p")), Witness)
    assert isinstance(satisfiable([*different(8, "p"), condition("p0 == p7")]), Impossible)
    assert isinstance(satisfiable([*different(3, "p"), *in_the_team(3)]), Witness)


def test_more_persons_than_are_tried_are_not_called_impossible() -> None:
    assert isinstance(satisfiable(different(9, "p")), Undecided)
    assert isinstance(satisfiable([*different(4, "p"), *in_the_team(4)]), Undecided)
