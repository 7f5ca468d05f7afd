"""The scenarios that Aftercare ships show their processes nearly whole, and notice nearly every rule that is changed."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from engine.authoring.library import Checked, read_library
from engine.authoring.scenario.coverage import coverage
from engine.authoring.scenario.mutation import score
from engine.authoring.scenario.repertoire import Repertoire, read_repertoire, stories_in
from engine.authoring.scenario.running import run_file
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from tests.process import SHANGHAI
from tests.unit.workflows import shipped

FOLDERS = [shipped.ROOT / "workflows" / "phone", shipped.ROOT / "workflows" / "dealer"]
STORIES = [path.relative_to(shipped.ROOT) for path in stories_in(FOLDERS)]


@cache
def read(folder: Path) -> tuple[dict[str, Checked], Repertoire]:
    """The processes of a department by their ids, and its stories."""
    library = read_library([folder], shipped.registry(), [shipped.ROOT / "workflows"])
    repertoire = read_repertoire(stories_in([folder]), library.checked, shipped.registry(), SHANGHAI)
    return {each.compiled.workflow: each for each in library.checked}, repertoire


def told(stories: Path) -> tuple[Checked, Script, Setting]:
    """A process, the script of its stories, which must be without mistakes, and where they are told."""
    processes, repertoire = read(shipped.ROOT / stories.parent)
    file = str(shipped.ROOT / stories)
    assert [each for each in repertoire.diagnostics if each.file == file] == []
    script = next(each.script for each in repertoire.performances if each.script.document.file == file)
    return processes[script.file.workflow], script, repertoire.setting


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_every_process_has_stories(folder: Path) -> None:
    processes, repertoire = read(folder)

    assert {each.workflow for each in repertoire.performances} == processes.keys()


@pytest.mark.parametrize("stories", STORIES, ids=str)
def test_transitions_and_choices_are_nearly_all_covered(stories: Path) -> None:
    process, script, setting = told(stories)
    run = run_file(script, setting)

    found = coverage(process.compiled, run.traces).only(process.rendered.is_own)

    assert run.passed
    assert found.share("transitions", "choices").percent >= 95, [goal.sentence.en for goal in found.missing]


@pytest.mark.full
@pytest.mark.parametrize("stories", STORIES, ids=str)
def test_nearly_every_changed_rule_is_noticed_and_the_others_are_explained(stories: Path) -> None:
    process, script, setting = told(stories)

    found = score(process, [script], setting)

    assert found.percent >= 85, [each.sentence.en for each in found.survivors]
    assert [each.sentence.en for each in found.survivors] == []
    assert found.mistakes == ()
