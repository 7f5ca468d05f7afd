"""Scores the scenarios of a process: each mutant is compiled, and the stories are told of it. A story that fails kills it.

A mutant that does not compile or check, or means what the original means, is none. Which story kills is nobody's concern, so the one
that killed last is told first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from engine.authoring.checks import WARNINGS
from engine.authoring.checks.automatic import check_automatic
from engine.authoring.checks.data import check_data, filled_in
from engine.authoring.checks.graph import check_graph
from engine.authoring.checks.guard import check_guard
from engine.authoring.checks.time import check_time
from engine.authoring.library import Checked
from engine.authoring.scenario.mutation.catalogue import mutants, sample
from engine.authoring.scenario.mutation.mutant import Mutant
from engine.authoring.scenario.running import passes
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.authoring.scenario.verdict import Failure
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from engine.core.problem import Problem
from engine.errors import did_you_mean
from engine.label import Label

Progress = Callable[[int, int], None]

MOST = 400
"""How many mutants of a process are tried at most."""

_FILLS = frozenset(
    {
        "assign-dropped", "bound-shifted", "branch-dropped", "child-dropped", "choice-swapped", "field-optional", "guard-dropped",
        "set-dropped", "target-changed", "waiting-weakened",
    }
)  # fmt: skip
"""The operators after which a value may be missing where it is read."""
_DIVIDES = frozenset({"bound-shifted", "branch-dropped", "waiting-weakened"})
"""Those of them after which the cases of a value, or automatic steps, may overlap or leave a gap."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A survivor that the scenario file explains."""

    mutant: Mutant
    why: Label


@dataclass(frozen=True, slots=True)
class Score:
    """What became of the mutants of a process."""

    workflow: str
    killed: int
    survivors: tuple[Mutant, ...]
    """Those that nobody explains, in the order of the document."""
    explained: tuple[Explained, ...]
    left_out: int
    """How many were not tried, because there are too many."""
    mistakes: tuple[Failure, ...]
    """Explanations of what is no survivor."""

    @property
    def tried(self) -> int:
        """All that were killed or survived, for whatever reason."""
        return self.killed + len(self.survivors) + len(self.explained)

    @property
    def percent(self) -> float:
        """Killed of tried, explained survivors included; of nothing, all were killed."""
        return 100 * self.killed / self.tried if self.tried else 100.0


def score(checked: Checked, scripts: Sequence[Script], setting: Setting, *, most: int = MOST, progress: Progress | None = None) -> Score:
    """How many mutants of a process the stories kill that are told of it, all of which must pass on the process itself.

    Of a variant only what it says itself is changed.

    `scripts`: its own, and those of its bases, whose explanations hold for it too. `progress` is told mutants done and mutants in all.
    """
    why = {each.change: each.why.label for script in scripts for each in script.file.unnoticed}
    every = [each for each in mutants(checked.bundle.workflow, checked.compiled) if checked.rendered.is_own(each.path)]
    chosen = sample(every, most, why)
    stories = _Stories(scripts, setting, checked.compiled.workflow)
    survivors: list[Mutant] = []
    killed: set[str] = set()
    for mutant, definition in _compiled(checked, chosen, progress):
        if stories.kill(definition):
            killed.add(mutant.id)
        else:
            survivors.append(mutant)
    return Score(
        workflow=checked.compiled.workflow,
        killed=len(killed),
        survivors=tuple(each for each in survivors if each.id not in why),
        explained=tuple(Explained(each, why[each.id]) for each in survivors if each.id in why),
        left_out=len(every) - len(chosen),
        mistakes=tuple(
            mistake
            for script in scripts
            if script.file.workflow == checked.compiled.workflow
            for mistake in _mistakes(script, killed, [each.id for each in survivors])
        ),
    )


def _compiled(checked: Checked, chosen: Sequence[Mutant], progress: Progress | None) -> Iterator[tuple[Mutant, CompiledDefinition]]:
    """Those that hold, each with another meaning than the original and than those before it."""
    seen = {checked.compiled.digest}
    for done, mutant in enumerate(chosen):
        if progress is not None:
            progress(done, len(chosen))
        # A mutant mentions nothing that the original does not, so it takes along what that took along.
        definition = compile_bundle(checked.bundle.model_copy(update={"workflow": mutant.workflow}))
        if isinstance(definition, CompiledDefinition) and definition.digest not in seen and _holds(mutant, definition):
            seen.add(definition.digest)
            yield mutant, definition


def _holds(mutant: Mutant, definition: CompiledDefinition) -> bool:
    return all(problem.code in WARNINGS for problem in _problems(mutant, definition))


def _problems(mutant: Mutant, definition: CompiledDefinition) -> Iterator[Problem]:
    """What the families find that its operator could have troubled: to ask all of them takes longer than everything else."""
    yield from check_graph(definition)
    yield from check_automatic(definition)
    yield from check_time(definition)
    if mutant.operator in _FILLS:
        filled = filled_in(definition)
        yield from check_data(definition, filled)
        if mutant.operator in _DIVIDES:
            yield from check_guard(definition, filled)


class _Stories:
    """The stories of a process, one by one, the one that killed last in front."""

    def __init__(self, scripts: Sequence[Script], setting: Setting, workflow: str) -> None:
        stories = ((script, story) for script in scripts for story in script.file.scenarios)
        self._scripts = [replace(script, file=script.file.model_copy(update={"scenarios": (story,)})) for script, story in stories]
        self._setting = setting
        self._workflow = workflow

    def kill(self, definition: CompiledDefinition) -> bool:
        """Whether a story fails when it is told of this definition."""
        setting = self._setting.with_definition(definition)
        for index, story in enumerate(self._scripts):
            if not passes(story, setting, on=self._workflow):
                self._scripts.insert(0, self._scripts.pop(index))
                return True
        return False


def _mistakes(script: Script, killed: set[str], survivors: Sequence[str]) -> Iterator[Failure]:
    for index, each in enumerate(script.file.unnoticed):
        if each.change in survivors:
            continue
        span = script.document.span(("unnoticed", index, "change"))
        if each.change in killed:
            sentence = Label("已有场景能发现变异“{change}”", "a scenario notices the mutant “{change}”")
            way_out: Label | None = Label("删去这条说明。", "Delete this explanation.")
        else:
            sentence = Label("没有变异“{change}”", "there is no mutant “{change}”")
            way_out = did_you_mean(each.change, survivors)
        yield Failure(span, sentence.fill(change=each.change), (), way_out)
