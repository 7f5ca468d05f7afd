"""Mutation: stories that test every rule leave no survivor; without a story the rules that it alone tests are named."""

from __future__ import annotations

import pytest

from engine.authoring.checks import WARNINGS, check
from engine.authoring.library import Checked
from engine.authoring.scenario.coverage import coverage
from engine.authoring.scenario.mutation import Score, mutants, score
from engine.authoring.scenario.running import run_file
from engine.authoring.scenario.setting import Setting
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from tests.process import ROLES, SHANGHAI
from tests.unit.scenario import mutable
from tests.unit.scenario.scored import STORIES, checked, script, setting


def without(name: str) -> list[str]:
    found = score(checked(), [script([each for each in STORIES if each != name])], setting())
    return [each.id for each in found.survivors]


def explained(*changes: str) -> Score:
    more = "".join(f"  - {{change: {each}, why: {{zh: 无妨, en: It does not matter}}}}\n" for each in changes)
    return score(checked(), [script([each for each in STORIES if each != "late"], f"unnoticed:\n{more}")], setting())


def test_where_every_rule_is_under_test_nothing_survives() -> None:
    assert run_file(script(), setting()).passed
    found = score(checked(), [script()], setting())
    assert [each.id for each in found.survivors] == []
    assert found.killed == found.tried == 25
    assert found.percent == 100


def test_and_everything_is_covered() -> None:
    found = coverage(checked().compiled, run_file(script(), setting()).traces)
    assert [goal.sentence.en for goal in found.missing] == []
    assert found.share().percent == 100


@pytest.mark.parametrize(
    ("story", "survivors"),
    [
        (
            "small",
            [
                "start.ask/right-widened/boss", "start.ask/field-optional/use", "start.ask/bound-shifted/af2ff2",
                "lent.return/notice-dropped/quote-ready", "lent.return/told-dropped/quote-ready.boss",
                "lent.return/told-dropped/quote-ready.bench", "clocks.term/limit-shifted/3wh",
            ],
        ),
        (
            "large",
            [
                "asking.allow/separation-dropped/ask", "asking.allow/right-widened/desk", "asking.allow/right-dropped/boss",
                "start.ask/bound-shifted/37ed51", "asking.allow/assign-dropped",
            ],
        ),
        ("costly", ["lent.return/guard-dropped/da2059", "lent.return/bound-shifted/2968be"]),
        ("cheaper", ["lent.return/bound-shifted/4d5551"]),
        ("answered", []),
        ("refused", ["asking.refuse/right-widened/desk", "asking.refuse/reason-dropped"]),
        ("late", ["clocks.term/rung-dropped/due"]),
    ],
)  # fmt: skip
def test_without_a_story_the_rules_that_it_alone_tests_survive(story: str, survivors: list[str]) -> None:
    assert without(story) == survivors


def test_a_survivor_that_is_explained_is_counted_and_shown_by_itself() -> None:
    found = explained("clocks.term/rung-dropped/due")
    assert [(each.mutant.id, each.why.zh) for each in found.explained] == [("clocks.term/rung-dropped/due", "无妨")]
    assert found.survivors == ()
    assert found.mistakes == ()
    assert found.killed == found.tried - 1
    assert 90 < found.percent < 100


def test_an_explanation_of_what_is_noticed_is_a_mistake() -> None:
    found = explained("clocks.term/rung-dropped/due", "asking.refuse/reason-dropped")
    assert [(each.sentence.en, each.span.line) for each in found.mistakes] == [
        ("a scenario notices the mutant “asking.refuse/reason-dropped”", len(script_lines()) + 3)
    ]


def script_lines() -> list[str]:
    return script([each for each in STORIES if each != "late"]).document.text.splitlines()


def test_an_explanation_of_what_is_not_there_is_a_mistake_with_the_nearest_name() -> None:
    found = explained("clocks.term/rung-dropped/dues")
    assert [(each.sentence.en, each.way_out.en if each.way_out else "") for each in found.mistakes] == [
        ("there is no mutant “clocks.term/rung-dropped/dues”", "Did you mean “clocks.term/rung-dropped/due”?")
    ]
    assert [each.id for each in found.survivors] == ["clocks.term/rung-dropped/due"]


def test_scoring_twice_says_the_same() -> None:
    few = [script(["small", "late"])]
    assert score(checked(), few, setting()) == score(checked(), few, setting())


def test_of_too_many_mutants_the_rest_is_told() -> None:
    every = score(checked(), [script(["late"])], setting())
    few = score(checked(), [script(["late"])], setting(), most=10)
    assert few.tried <= 10
    assert few.left_out > 0
    assert {each.id for each in few.survivors} <= {each.id for each in every.survivors}


@pytest.mark.parametrize("process", [checked(), mutable.checked()], ids=["loan", "parcel"])
def test_just_those_mutants_are_tried_that_the_checks_would_let_pass(process: Checked) -> None:
    every = mutants(process.bundle.workflow, process.compiled)
    found = [compile_bundle(process.bundle.model_copy(update={"workflow": each.workflow})) for each in every]
    compiled = [each for each in found if isinstance(each, CompiledDefinition)]
    holding = {each.digest for each in compiled if all(problem.code in WARNINGS for problem in check(each))}
    tried = score(process, [], Setting.of([process.compiled], ROLES, SHANGHAI, ())).survivors
    assert len(tried) == len(holding - {process.compiled.digest})
