"""A plugin of pytest: every `*.scenarios.yaml` that it comes across is a file of tests, one for each story.

A story of a base is told of its variants in the same test. Processes are read when the first story is told, once for all of them; what
fails is told in words, in the language of the settings.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from commands.display.scenario import Rehearsal
    from engine.authoring.scenario.script import Script
    from engine.authoring.scenario.verdict import Run
    from engine.label import Language
    from engine.settings import Settings

_SUFFIX = ".scenarios.yaml"
_COLLECTED = pytest.StashKey[list[Path]]()
_REHEARSAL = pytest.StashKey["Rehearsal"]()


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.File | None:
    """The stories of a scenario file."""
    return Stories.from_parent(parent, path=file_path) if file_path.name.endswith(_SUFFIX) else None


class Stories(pytest.File):
    """A scenario file."""

    def collect(self) -> Iterator[pytest.Item]:
        """A test for each story; raises with the diagnostics of a file that cannot be read."""
        from engine.authoring.document import read_file
        from engine.authoring.excerpt import render
        from engine.authoring.loader import load
        from engine.definition.scenario import ScenarioFile

        document = read_file(self.path)
        file, diagnostics = load(document, ScenarioFile)
        if file is None:
            raise self.CollectError(render(diagnostics, {document.file: document.text}, _settings(self.config).language))
        self.config.stash.setdefault(_COLLECTED, []).append(self.path)
        for number, scenario in enumerate(file.scenarios):
            line = document.span(("scenarios", number)).line
            yield Story.from_parent(self, name=scenario.name.en, titles=(scenario.name.zh, scenario.name.en), line=line)


class Story(pytest.Item):
    """One story, told of its process and of every variant that inherits it."""

    def __init__(self, *, titles: tuple[str, str], line: int, **settings: Any) -> None:
        super().__init__(**settings)
        self._titles = titles
        self._line = line

    def runtest(self) -> None:
        """Tell it; raises with what came out otherwise."""
        from commands.display.definition import near
        from engine.authoring.scenario.running import run

        rehearsal = _rehearsal(self.config)
        file = str(near(self.path))
        wrong = rehearsal.shown_diagnostics(file, _settings(self.config).language)
        if wrong is not None or rehearsal.repertoire is None:
            raise Failed(wrong or "")
        setting = rehearsal.repertoire.setting
        for each in rehearsal.repertoire.performances:
            for number in self._numbers(each.script) if each.script.document.file == file else ():
                told = run(each.script, number, setting, on=each.workflow)
                if not told.passed:
                    raise Failed(_in_words(told, rehearsal, _settings(self.config).language))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """The story up to where it failed; no traceback, unless the program itself is at fault."""
        return str(excinfo.value) if isinstance(excinfo.value, Failed) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the story stands."""
        return self.path, self._line - 1, self.name

    def _numbers(self, script: Script) -> list[int]:
        """Which of the stories of a script it is; none where a variant leaves it out."""
        stories = script.file.scenarios
        return [number for number, each in enumerate(stories) if (each.name.zh, each.name.en) == self._titles]


class Failed(Exception):
    """A story that came out otherwise, or that cannot be told; carries the words."""


def _rehearsal(config: pytest.Config) -> Rehearsal:
    """All that was collected, read together: nearly all of the time goes into the processes."""
    from commands.display.definition import near
    from commands.display.scenario import Rehearsal

    if _REHEARSAL not in config.stash:
        config.stash[_REHEARSAL] = Rehearsal.of(_settings(config), [near(path) for path in config.stash[_COLLECTED]])
    return config.stash[_REHEARSAL]


def _settings(config: pytest.Config) -> Settings:
    from engine.settings import Settings

    return Settings.load(os.environ, config.rootpath, {})


def _in_words(told: Run, rehearsal: Rehearsal, language: Language) -> str:
    from engine.authoring.scenario.telling import failure_in_words

    return "\n".join(line.within(language) for line in failure_in_words(told, rehearsal.zone))
