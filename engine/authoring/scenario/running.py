"""Tells stories: plays every scenario of a script in a setting, and says what became of it.

    setting = Setting.of(definitions, registry, zone, shipped_official())
    script, diagnostics = read_script(document, setting, registry)      # `reading`
    for file_run in run_files([script], setting): file_run.traces …

Mutation asks `passes(script, setting.with_definition(mutant))`: the first story that fails ends it, and nothing is put into words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from engine.authoring.scenario.archive import Standing
from engine.authoring.scenario.beginning import begin
from engine.authoring.scenario.expecting import Miss, misses
from engine.authoring.scenario.playing import Came, play
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.authoring.scenario.stage import Happened, Stage
from engine.authoring.scenario.verdict import Failure, FileRun, Played, Run
from engine.core.decision import Decision, Reason, Refused
from engine.core.evolve import replay
from engine.core.problem import Path
from engine.definition.scenario import Moment, Scenario
from engine.label import Label


def run_files(scripts: Iterable[Script], setting: Setting) -> tuple[FileRun, ...]:
    """All stories of all scripts, each told of its own workflow."""
    return tuple(run_file(script, setting) for script in scripts)


def run_file(script: Script, setting: Setting, *, on: str | None = None) -> FileRun:
    """All stories of one script. `on`: told of another workflow than its own, as those of a base are of its variants."""
    workflow = on or script.file.workflow
    runs = tuple(run(script, number, setting, on=on) for number in range(len(script.file.scenarios)))
    return FileRun(script.document.file, workflow, runs)


def run(script: Script, number: int, setting: Setting, *, on: str | None = None) -> Run:
    """One story of a script, by its number from 0, up to the first step that comes out otherwise than expected."""
    workflow, scenario = on or script.file.workflow, script.file.scenarios[number]
    stage = _stage(script, setting, workflow)
    path: Path = ("scenarios", number)
    found = tuple(begin(stage, script, scenario, checked=True))
    failures = tuple(_failure(script, path, miss) for miss in found)
    steps: list[Played] = []
    for place, moment in enumerate(scenario.steps if not found else ()):
        here: Path = (*path, "steps", place)
        came, found = _step(stage, moment)
        refused = came.decision if isinstance(came.decision, Refused) else None
        told = {who: tuple(sorted(templates)) for who, templates in sorted(stage.happened.told.items())}
        definition, case = (came.standing.definition, came.standing.case) if came.standing is not None else (stage.definition, None)
        steps.append(Played(moment, script.span(here), stage.now, definition, case, refused, told, tuple(sorted(stage.happened.incidents))))
        failures = tuple(_failure(script, here, miss) for miss in found)
        if failures:
            break
    _hold_to_laws(stage.archive.cases.values())
    title, is_of_base = scenario.name.label, workflow != script.file.workflow
    return Run(script.document.file, script.span(path), title, workflow, is_of_base, tuple(steps), failures, tuple(stage.traces))


def passes(script: Script, setting: Setting, *, on: str | None = None) -> bool:
    """Whether every story passes; stops at the first that does not. That a story begins rightly is not asked again."""
    workflow = on or script.file.workflow
    return all(_passes(script, scenario, setting, workflow) for scenario in script.file.scenarios)


def _passes(script: Script, scenario: Scenario, setting: Setting, workflow: str) -> bool:
    stage = _stage(script, setting, workflow)
    if any(begin(stage, script, scenario, checked=False)):
        return False
    return not any(_step(stage, moment)[1] for moment in scenario.steps)


def _stage(script: Script, setting: Setting, workflow: str) -> Stage:
    return Stage(setting, setting.definitions[workflow], script.staff, script.roster)


def _step(stage: Stage, moment: Moment) -> tuple[Came, tuple[Miss, ...]]:
    """Play a step, and everything about it that is not as expected."""
    stage.happened = Happened()
    before = stage.current.case if stage.current is not None else None
    came = play(stage, moment)
    if isinstance(came.decision, Refused):
        assert before == (stage.current.case if stage.current is not None else None), "a refusal changes nothing"
    if came.fault is not None:
        return came, (came.fault,)
    troubles = tuple(Miss((), trouble) for trouble in stage.happened.troubles)
    otherwise = tuple(_refusal(moment, came.decision))
    # Of a step that was decided otherwise nothing can come as expected.
    return came, (*otherwise, *troubles, *(() if otherwise else misses(stage, came.standing, moment)))


def _refusal(moment: Moment, decision: Decision | None) -> Iterator[Miss]:
    """Whether the step is refused when it should be, and why."""
    if not isinstance(decision, Refused):
        if moment.refused:
            sentence = Label("应被拒绝（{codes}），实际执行成功", "expected a refusal ({codes}), found it performed")
            yield Miss(("refused",), sentence.fill(codes=", ".join(moment.refused)))
        return
    reasons = tuple(reason.sentence for reason in decision.reasons)
    codes = sorted({reason.code for reason in decision.reasons})
    found = ", ".join(codes)
    if not moment.refused:
        sentence = Label("应执行成功，实际被拒绝（{found}）", "expected it to be performed, found a refusal ({found})")
        yield Miss((), sentence.fill(found=found), reasons)
    elif codes != sorted(set(moment.refused)):
        sentence = Label("应因 {codes} 被拒绝，实际为 {found}", "expected a refusal ({codes}), found {found}")
        yield Miss(("refused",), sentence.fill(codes=", ".join(moment.refused), found=found), reasons)
    else:
        yield from _because(moment.because, decision.reasons, reasons)


def _because(words: Sequence[str], reasons: Sequence[Reason], sentences: tuple[Label, ...]) -> Iterator[Miss]:
    for place, word in enumerate(words):
        if not any(_speaks_of(reason, word) for reason in reasons):
            sentence = Label("拒绝的理由中应有“{word}”，实际没有", "expected “{word}” among the reasons, found it in none")
            yield Miss(("because", place), sentence.fill(word=word), sentences)


def _speaks_of(reason: Reason, word: str) -> bool:
    names = (reason.subject, *reason.missing, *(shown.name for shown in reason.values))
    return word in names or word in reason.sentence.zh or word in reason.sentence.en


def _failure(script: Script, path: Path, miss: Miss) -> Failure:
    return Failure(script.span((*path, *miss.path)), miss.sentence, miss.reasons, miss.way_out)


def _hold_to_laws(cases: Iterable[Standing]) -> None:
    """A case is the fold of its events: a story in which that is not so has found a defect of the engine."""
    for each in cases:
        assert replay(each.events) == each.case, each.case.number
