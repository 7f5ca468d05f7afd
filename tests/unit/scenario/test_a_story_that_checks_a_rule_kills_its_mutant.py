"""Each change of a rule: a story that looks at the rule fails on the mutant, one that goes the same way without looking does not."""

from __future__ import annotations

import pytest

from engine.authoring.document import read
from engine.authoring.loader import load
from engine.authoring.scenario.running import passes
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from engine.definition.scenario import ScenarioFile
from tests.process import ROLES, SHANGHAI, library
from tests.unit.scenario.mutable import SHIP, checked, mutated

PROCESS = checked()
MUTANTS = mutated()
ERRAND = library(SHIP).checked[0].compiled
SETTING = Setting.of([PROCESS.compiled, ERRAND], ROLES, SHANGHAI, ())

OPEN = "{do: open, by: dan, with: {size: small, price: '10', label: A, on: '2026-09-28'}}"
HUGE = OPEN.replace("small", "huge")
TAKE = "{do: take, by: tom}"
FINISH = "{do: finish, by: tom, with: {note: 好}}"
PASS = "{do: pass, by: tim, reason: 返工}"
SHIPPED = "{do: ship, by: dan}"
FOUND = "{event: parcel.found, with: {tag: A, day: '2026-09-28', new_tag: B, words: 好}}"
LATER = "{event: parcel.found, with: {tag: A, day: '2026-09-29', new_tag: B}, refused: unmatched}"


def looking(step: str, expected: str) -> str:
    """The step with what is expected of it."""
    return f"{step[:-1]}, {expected}}}"


def script(*steps: str) -> Script:
    told = "".join(f"      - {step}\n" for step in steps)
    text = "workflow: parcel\npeople: {dan: desk, bob: boss, tom: bench, tim: bench}\nscenarios:\n"
    text += f"  - name: {{zh: 一例, en: One}}\n    at: '2026-09-28 09:00'\n    steps:\n{told}"
    document = read(text.encode(), "parcel.scenarios.yaml")
    file, diagnostics = load(document, ScenarioFile)
    assert file is not None, [(one.code, one.span, one.sentence.en) for one in diagnostics]
    return Script.of(document, file)


def mutant(name: str) -> Setting:
    definition = compile_bundle(PROCESS.bundle.model_copy(update={"workflow": MUTANTS[name].workflow}))
    assert isinstance(definition, CompiledDefinition)
    return SETTING.with_definition(definition)


@pytest.mark.parametrize(
    ("name", "before", "step", "expected"),
    [
        ("mending.finish/target-changed/away", [OPEN, TAKE], FINISH, "expect: {state: testing}"),
        ("mending.finish/set-dropped/visits", [OPEN, TAKE], FINISH, "expect: {fields: {visits: '1'}}"),
        ("mending.finish/told-dropped/quote-ready.boss", [OPEN, TAKE], FINISH, "expect: {told: [dan, bob]}"),
        ("mending.finish/notice-dropped/quote-ready", [OPEN, TAKE], FINISH, "expect: {told: [dan, bob]}"),
        ("mending.take/assign-dropped", [OPEN], TAKE, "expect: {assignee: tom}"),
        ("testing.pass/clearing-dropped/note", [OPEN, TAKE, FINISH], PASS, "expect: {fields: {note: empty}}"),
        ("testing.pass/branch-dropped/8f51b3", [OPEN, TAKE, FINISH], PASS, "expect: {state: mending}"),
        ("clocks.work/restart-changed/never", [OPEN, TAKE, "{wait: 1wh}", FINISH], PASS, "expect: {due: {work: '2026-09-28 15:30'}}"),
        ("clocks.all_of_it/until-dropped/pass", [OPEN, TAKE, FINISH], PASS, "expect: {running: [work]}"),
        ("clocks.all_of_it/when-dropped/760a54", [], HUGE, "expect: {running: [work]}"),
        ("clocks.work/limit-shifted/5wh", [], OPEN, "expect: {due: {work: '2026-09-28 14:30'}}"),
        ("clocks.work/pause-dropped/away", [OPEN], SHIPPED, "expect: {paused: [work]}"),
        ("clocks.work/rung-dropped/50%", [OPEN], "{wait: 2wh}", "expect: {told: [tom, tim, dan]}"),
        ("clocks.work/told-dropped/50%.desk", [OPEN], "{wait: 2wh}", "expect: {told: [tom, tim, dan]}"),
        ("away.back/waiting-weakened/9a2da2", [OPEN, SHIPPED], "{child: errands, ends: back}", "expect: {state: away}"),
        ("testing.sign/signature-dropped/at_least", [OPEN, TAKE, FINISH], "{do: sign, by: tim}", "expect: {state: testing}"),
        ("away.found/emit-dropped/parcel.back", [OPEN, SHIPPED], FOUND, "expect: {emitted: parcel.back}"),
        ("away.found/fill-dropped/note", [OPEN, SHIPPED], FOUND, "expect: {fields: {note: 好}}"),
        ("away.found/fill-swapped/label", [OPEN, SHIPPED], FOUND, "expect: {fields: {label: B}}"),
        (
            "testing.sign/signature-dropped/each_of",
            [OPEN, TAKE, FINISH, "{do: sign, by: tim}"],
            "{do: sign, by: tom}",
            "expect: {state: testing}",
        ),
        (
            "testing.sign/choice-swapped/346698",
            [OPEN, TAKE, FINISH, "{do: sign, by: tim}"],
            "{do: sign, by: bob}",
            "expect: {state: done}",
        ),
    ],
)
def test_what_a_story_expects_it_notices(name: str, before: list[str], step: str, expected: str) -> None:
    looks, looks_away = script(*before, looking(step, expected)), script(*before, step)
    assert passes(looks, SETTING)
    assert not passes(looks, mutant(name))
    assert passes(looks_away, mutant(name))


@pytest.mark.parametrize(
    ("name", "before", "step"),
    [
        (
            "testing.pass/separation-dropped/finish",
            [OPEN, TAKE, FINISH, PASS, "{do: take, by: tim}", "{do: finish, by: tim, with: {note: 好}}"],
            "{do: pass, by: tom, reason: 返工, refused: separation_of_duties}",
        ),
        ("testing.pass/reason-dropped", [OPEN, TAKE, FINISH], "{do: pass, by: tim, refused: data_invalid}"),
        ("testing.pass/right-widened/boss", [OPEN, TAKE, FINISH], "{do: pass, by: bob, reason: 返工, refused: not_authorised}"),
        (
            "mending.finish/right-widened/mender",
            [OPEN, TAKE],
            "{do: finish, by: tim, with: {note: 好}, refused: not_authorised}",
        ),
        ("mending.finish/guard-dropped/86913d", [HUGE, TAKE], "{do: finish, by: tom, refused: guard_unmet}"),
        ("away.found/event-dropped/parcel.found", [OPEN, SHIPPED], FOUND),
        ("away.found/match-dropped/day", [OPEN, SHIPPED], LATER),
        ("mending.ship/end-changed/errands.leave", [OPEN, SHIPPED], "{do: lost, by: bob, refused: child_open}"),
        (
            "testing.sign/undo-allowed",
            [OPEN, TAKE, FINISH, "{do: sign, by: tim}", "{do: sign, by: bob}"],
            "{undo: sign, by: bob, reason: 点错, refused: not_undoable}",
        ),
    ],
)  # fmt: skip
def test_a_refusal_that_a_story_expects_is_missed(name: str, before: list[str], step: str) -> None:
    looks, looks_away = script(*before, step), script(*before)
    assert passes(looks, SETTING)
    assert not passes(looks, mutant(name))
    assert passes(looks_away, mutant(name))
