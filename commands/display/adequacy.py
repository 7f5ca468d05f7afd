"""Whether scenarios are enough: of each process that they were told of, what they cover, and how many changed rules they notice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from commands import terminal
from commands.display.coverage import coverage_as_json, score_as_json, show_coverage, show_score
from commands.display.scenario import Rehearsal, show_runs
from commands.speech import say, tr
from engine.authoring.document import Document
from engine.authoring.scenario.coverage import Coverage, coverage
from engine.authoring.scenario.mutation import Score, score
from engine.authoring.scenario.verdict import FileRun


@dataclass(frozen=True, slots=True)
class Assessed:
    """One process; None for what was not asked for. Where a story fails, nobody can tell what the others would notice."""

    document: Document
    coverage: Coverage | None
    score: Score | None
    stories: str
    """The file of its own scenarios, in which survivors are explained."""

    def percents(self) -> Iterator[float]:
        """How much of transitions and choices is covered, and how many mutants were killed."""
        if self.coverage is not None:
            yield self.coverage.share("transitions", "choices").percent
        if self.score is not None:
            yield self.score.percent


@dataclass(frozen=True, slots=True)
class Assessment:
    """Of all processes."""

    processes: tuple[Assessed, ...]

    def is_enough(self, least: int) -> bool:
        """Whether nothing lies below this percentage, and every explanation is one of a survivor."""
        mistaken = any(each.score is not None and each.score.mistakes for each in self.processes)
        return not mistaken and all(percent >= least for each in self.processes for percent in each.percents())

    def show(self) -> None:
        """Each process in turn."""
        for each in self.processes:
            if each.coverage is not None:
                terminal.show("")
                show_coverage(each.coverage, each.document)
            if each.score is not None:
                terminal.show("")
                show_score(each.score, each.document)
                for mistake in each.score.mistakes:
                    way_out = f" {say(mistake.way_out)}" if mistake.way_out is not None else ""
                    terminal.show(f"{each.stories}:{mistake.span.line}  {say(mistake.sentence)}{tr('。', '.')}{way_out}")

    def as_json(self) -> dict[str, object]:
        """The same for programs, by workflow; nothing of what was not asked for."""
        covered = {each.coverage.workflow: coverage_as_json(each.coverage, each.document) for each in self.processes if each.coverage}
        scored = {each.score.workflow: score_as_json(each.score, each.document) for each in self.processes if each.score}
        return {**({"coverage": covered} if covered else {}), **({"mutation": scored} if scored else {})}


def assess(rehearsal: Rehearsal, runs: Sequence[FileRun], *, coverage: bool, mutation: bool) -> Assessment:
    """Assess every process of which stories were told."""
    workflows = dict.fromkeys(each.workflow for each in runs) if coverage or mutation else {}
    return Assessment(tuple(_assessed(rehearsal, workflow, runs, covers=coverage, scores=mutation) for workflow in workflows))


def show(rehearsal: Rehearsal, runs: Sequence[FileRun], assessed: Assessment) -> None:
    """The stories, then how much they cover and notice; or everything that is wrong."""
    if rehearsal.is_sound:
        show_runs(runs, rehearsal.zone)
        assessed.show()
    else:
        rehearsal.show_diagnostics()


def _assessed(rehearsal: Rehearsal, workflow: str, runs: Sequence[FileRun], *, covers: bool, scores: bool) -> Assessed:
    assert rehearsal.repertoire is not None
    checked = next(each for each in rehearsal.reading.library.checked if each.compiled.workflow == workflow)
    scripts = [each.script for each in rehearsal.repertoire.performances if each.workflow == workflow]
    told = [each for each in runs if each.workflow == workflow]
    traces = (trace for each in told for trace in each.traces)
    covered = coverage(checked.compiled, traces).only(checked.rendered.is_own) if covers else None
    scored = None
    if scores and all(each.passed for each in told):
        bar, progress = terminal.progress(tr("变异", "Mutation"))
        with bar:
            scored = score(checked, scripts, rehearsal.repertoire.setting, progress=progress)
    stories = next((each.document.file for each in scripts if each.file.workflow == workflow), "")
    return Assessed(checked.document, covered, scored, stories)
