"""Stories that were told: one line each, those that failed in full, and how many there were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from commands import terminal
from commands.display.definition import Reading, near
from commands.speech import counted, language, say, tr
from engine.authoring.diagnostic import Diagnostic, has_errors
from engine.authoring.excerpt import render
from engine.authoring.library import Library
from engine.authoring.organisation import read_roles
from engine.authoring.scenario.repertoire import Repertoire, processes_for, read_repertoire, stories_in, stories_on_path
from engine.authoring.scenario.running import run_file
from engine.authoring.scenario.telling import failure_in_words
from engine.authoring.scenario.verdict import Failure, FileRun, Run
from engine.label import Label, Language
from engine.representation.checked import of_diagnostics
from engine.representation.label import of_label
from engine.settings import Settings

_NOTHING = Reading(Library((), (), {}), (), {}, is_empty=True)
"""No process at all: without a name, `Reading` would take all of them."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """The processes and stories that were asked for, read; `repertoire` is None where a process has a mistake."""

    reading: Reading
    repertoire: Repertoire | None
    zone: ZoneInfo

    @staticmethod
    def of(settings: Settings, paths: Sequence[Path]) -> Rehearsal:
        """Read the stories in these files and folders, or on the definition path of the settings."""
        folders = [near(folder) for folder in settings.definition_path()]
        stories = stories_in(paths) if paths else stories_on_path(folders)
        processes = processes_for(stories, paths, folders)
        reading = Reading.of(settings, processes) if processes else _NOTHING
        if not reading.is_sound:
            return Rehearsal(reading, None, settings.zone)
        registry, _, _ = read_roles([near(folder) for folder in settings.role_path()])
        return Rehearsal(reading, read_repertoire(stories, reading.library.checked, registry, settings.zone), settings.zone)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the processes, or with the stories of sound ones; warnings of processes are left to `check`."""
        return self.reading.diagnostics if self.repertoire is None else self.repertoire.diagnostics

    @property
    def is_sound(self) -> bool:
        """Whether the stories can be told."""
        return not has_errors(self.diagnostics)

    def show_diagnostics(self) -> None:
        """Everything that is wrong, with the lines themselves."""
        if self.diagnostics:
            print(render(self.diagnostics, self._sources, language(), colour=terminal.has_colour()), end="")

    def shown_diagnostics(self, stories: str, spoken: Language) -> str | None:
        """The same as text, of one scenario file or of the processes; None if it can be told."""
        found = [each for each in self.diagnostics if self.repertoire is None or each.file == stories]
        return render(found, self._sources, spoken) if has_errors(found) else None

    @property
    def _sources(self) -> dict[str, str]:
        documents = self.repertoire.documents if self.repertoire is not None else {}
        return {**self.reading.sources, **{file: each.text for file, each in documents.items()}}

    def run(self) -> tuple[FileRun, ...]:
        """Tell all of them."""
        assert self.repertoire is not None
        setting = self.repertoire.setting
        return tuple(run_file(each.script, setting, on=each.workflow) for each in self.repertoire.performances)


def show_runs(runs: Sequence[FileRun], zone: ZoneInfo) -> None:
    """One line for each story, then why some failed, then how many did."""
    if not runs:
        terminal.show(tr("没有找到场景文件（*.scenarios.yaml）。", "No scenario files (*.scenarios.yaml) were found."))
        return
    for of_file in runs:
        terminal.show(f"{of_file.workflow}  {of_file.file}")
        terminal.show(*map(_line, of_file.runs))
    failed = [run for of_file in runs for run in of_file.runs if not run.passed]
    for run in failed:
        terminal.show("", *(say(line) for line in failure_in_words(run, zone)))
    count = sum(len(of_file.runs) for of_file in runs)
    terminal.show("", _summary(count, len(failed)))


def show_runs_as_json(runs: Sequence[FileRun], diagnostics: Sequence[Diagnostic], more: Mapping[str, object]) -> None:
    """The same for programs; `more`: what else was asked for."""
    files = [{"file": each.file, "workflow": each.workflow, "scenarios": [_run(run) for run in each.runs]} for each in runs]
    failed = sum(not run.passed for each in runs for run in each.runs)
    passed = sum(run.passed for each in runs for run in each.runs)
    terminal.as_json({"files": files, "passed": passed, "failed": failed, "diagnostics": of_diagnostics(diagnostics), **more})


def _line(run: Run) -> str:
    steps = counted(len(run.steps), "步", "step", "steps")
    line = Label("  {mark} {title}（{steps}）", "  {mark} {title} ({steps})")
    return say(line, mark="✓" if run.passed else "✗", title=run.title, steps=steps)


def _summary(count: int, failed: int) -> str:
    stories = counted(count, "个场景", "scenario", "scenarios")
    if failed:
        return tr("{stories}中 {failed} 个未通过", "{failed} of {stories} failed", stories=stories, failed=failed)
    return tr("{stories}，全部通过", "{stories}, all passed", stories=stories)


def _run(run: Run) -> dict[str, object]:
    return {
        "title": of_label(run.title),
        "line": run.span.line,
        "column": run.span.column,
        "passed": run.passed,
        "steps": len(run.steps),
        "failures": [_failure(each) for each in run.failures],
    }


def _failure(failure: Failure) -> dict[str, object]:
    return {
        "line": failure.span.line,
        "column": failure.span.column,
        "sentence": of_label(failure.sentence),
        "reasons": [of_label(each) for each in failure.reasons],
        "way_out": None if failure.way_out is None else of_label(failure.way_out),
    }
