"""The stories that a variant inherits: those of its bases, but for the ones that it leaves out with a reason.

Knows which file of scenarios belongs to which document; must not know how a story is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.authoring.document import read_file
from engine.authoring.rendering import Rendered
from engine.authoring.scenario.script import Script
from engine.core.problem import Path as Place
from engine.core.problem import Problem
from engine.errors import did_you_mean
from engine.label import Label

SUFFIX = ".scenarios.yaml"


def is_stories(path: Path) -> bool:
    """Whether a file is one of scenarios, by its name."""
    return path.name.endswith(SUFFIX)


def scenarios_beside(file: str) -> Path:
    """The file of the scenarios of a process document, be it there or not: `phone-repair.yaml` → `phone-repair.scenarios.yaml`."""
    return Path(file).with_suffix(SUFFIX)


def inherited(rendered: Rendered, scripts: Mapping[str, Script]) -> tuple[Script, ...]:
    """The scripts of the bases of a variant, to be told of the variant, the nearest base last.

    `scripts`: the script of each workflow that has one. Every place in them is that in the file of the base.
    """
    if rendered.base is None:
        return ()
    named = {name for each in rendered.left_out for name in each.scenario}
    own = scripts.get(rendered.base.name or "")
    told = (*inherited(rendered.base, scripts), *(() if own is None else (own,)))
    return tuple(script for each in told if (script := _without(each, named)).file.scenarios)


def _without(script: Script, named: set[str]) -> Script:
    """The script without the stories of these names."""
    stories = script.file.scenarios
    kept = [index for index, story in enumerate(stories) if named.isdisjoint((story.name.zh, story.name.en))]
    if len(kept) == len(stories):
        return script
    numbers = {index: number for number, index in enumerate(kept)}
    places = {moved: place for path, place in script.document.places.items() if (moved := _moved(path, numbers)) is not None}
    file = script.file.model_copy(update={"scenarios": tuple(stories[index] for index in kept)})
    return replace(script, document=replace(script.document, places=places), file=file)


def _moved(path: Place, numbers: Mapping[int, int]) -> Place | None:
    """Where something stands once the other stories are gone; None for what goes with them."""
    if path[:1] != ("scenarios",) or len(path) == 1:
        return path
    number = numbers.get(int(path[1]))
    return None if number is None else ("scenarios", number, *path[2:])


def check_left_out(rendered: Rendered) -> Iterator[Problem]:
    """A problem for each entry of `except_scenarios` that names no story which the variant would inherit."""
    if rendered.left_out and rendered.base is None:
        sentence = Label("只有变体可以写 except_scenarios", "only a variant may write “except_scenarios”")
        way_out = Label("删去它，或写 extends。", "Delete it, or write “extends”.")
        yield Problem("not-allowed-here", ("except_scenarios",), sentence, way_out, of_key=True)
        return
    known = {name for story in _reaching(rendered) for name in story} if rendered.left_out else set()
    for index, each in enumerate(rendered.left_out):
        for number, name in enumerate(each.scenario):
            if name not in known:
                sentence = Label("应为基础流程的一个场景，实际为“{name}”", "expected the name of a scenario of the base, found “{name}”")
                path = ("except_scenarios", index, "scenario", number)
                yield Problem("unknown-scenario", path, sentence.fill(name=name), did_you_mean(name, sorted(known)))


def _reaching(rendered: Rendered) -> list[frozenset[str]]:
    """Of each story of its bases that reaches a document, its names."""
    if rendered.base is None:
        return []
    gone = {name for each in rendered.base.left_out for name in each.scenario}
    above = [names for names in _reaching(rendered.base) if gone.isdisjoint(names)]
    return [*above, *_named_beside(rendered.base.document.file)]


def _named_beside(file: str) -> Iterator[frozenset[str]]:
    """The names of the stories of a process document, as far as their file can be read."""
    path = scenarios_beside(file)
    data: Any = read_file(path).data if path.is_file() else None
    stories = data.get("scenarios") if isinstance(data, dict) else None
    for story in stories if isinstance(stories, list) else ():
        names = story.get("name") if isinstance(story, dict) else None
        yield frozenset(name for name in names.values() if isinstance(name, str)) if isinstance(names, dict) else frozenset()
