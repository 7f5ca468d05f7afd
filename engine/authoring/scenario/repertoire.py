"""The repertoire: which stories are told of which process – those beside it, and for a variant also those of its bases.

Knows where scenario files lie; must not know how a story is told.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.authoring.calendar import shipped_official
from engine.authoring.diagnostic import Diagnostic, arranged
from engine.authoring.document import Document, content_of, read_file
from engine.authoring.library import Checked, find_documents, find_on_path
from engine.authoring.mention import inside_roles
from engine.authoring.scenario.inheritance import SUFFIX, inherited, is_stories, scenarios_beside
from engine.authoring.scenario.reading import read_script
from engine.authoring.scenario.script import Script
from engine.authoring.scenario.setting import Setting
from engine.errors import Unknown
from engine.label import Label
from roles.registry import RoleRegistry

_HEAD = re.compile(r"""^(workflow|extends):\s*["']?([a-z][a-z0-9_-]*)""", re.MULTILINE)
_NAMED = re.compile(r"""\b(?:workflow|extends):\s*["']?([a-z][a-z0-9_-]*)""")


@dataclass(frozen=True, slots=True)
class Performance:
    """The stories of one script, told of one workflow: its own, or a variant of it."""

    script: Script
    workflow: str


@dataclass(frozen=True, slots=True)
class Repertoire:
    """What is to be told, and everything that is wrong with the files it was read from."""

    setting: Setting
    performances: tuple[Performance, ...]
    diagnostics: tuple[Diagnostic, ...]
    documents: Mapping[str, Document]


def stories_in(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The scenario files that these are, that lie in these folders, or beside these processes. Raises Unknown for what does not exist."""
    found: dict[Path, None] = {}
    for path in paths:
        if not path.exists():
            raise Unknown(Label("没有文件或文件夹“{path}”。", "There is no file or folder “{path}”.").fill(path=path))
        if path.is_dir():
            found.update(dict.fromkeys(sorted(path.rglob(f"*{SUFFIX}"))))
        else:
            beside = path if is_stories(path) else scenarios_beside(str(path))
            found.update({beside: None} if beside.is_file() else {})
    return tuple(found)


def stories_on_path(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The scenario files of the definition path: one of an earlier folder stands for one of the same name in a later one."""
    found: dict[str, Path] = {}
    for path in stories_in([folder for folder in folders if folder.is_dir()]):
        found.setdefault(path.name, path)
    return tuple(found.values())


def processes_for(stories: Sequence[Path], paths: Sequence[Path], folders: Sequence[Path]) -> tuple[Path, ...]:
    """The processes that these stories need: those in `paths` or beside them, then of the definition path whatever is told of.

    That is what a story or a needed process names – itself, a child, its base – and every variant of it. Found by the look of the text, so
    that nothing else need be read.
    """
    named = find_documents([path for path in (*paths, *map(_process_of, stories)) if path.exists() and not is_stories(path)])
    names = {path.name for path in named}
    waiting = [_Glance.at(path) for path in find_on_path(folders) if path.name not in names]
    wanted = {name for path in (*stories, *named) for name in _Glance.at(path).named}
    found = list(named)
    while needed := [each for each in waiting if each.workflow in wanted or (each.base is not None and each.base in wanted)]:
        found += [each.path for each in needed]
        wanted |= {name for each in needed for name in each.named}
        waiting = [each for each in waiting if each not in needed]
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Glance:
    """A file as it looks: what it may be called, what it may build on, and every workflow that it may name."""

    path: Path
    workflow: str | None
    base: str | None
    named: frozenset[str]

    @staticmethod
    def at(path: Path) -> _Glance:
        text = content_of(path).decode("utf-8", "replace")
        heads = dict(reversed(_HEAD.findall(text)))
        return _Glance(path, heads.get("workflow"), heads.get("extends"), frozenset(_NAMED.findall(text)))


def read_repertoire(stories: Sequence[Path], checked: Sequence[Checked], registry: RoleRegistry, zone: ZoneInfo) -> Repertoire:
    """The repertoire of these files among processes without mistakes. Raises Misuse for a file that cannot be read."""
    setting = Setting.of((each.compiled for each in checked), registry, zone, shipped_official())
    beside = [path for each in checked if (path := scenarios_beside(each.document.file)).is_file()]
    read = [_read(path, setting, inside_roles(registry)) for path in dict.fromkeys((*stories, *beside))]
    scripts = [script for script, _, _ in read if script is not None]
    told = tuple(_told(scripts, checked, {str(path) for path in stories}))
    diagnostics = arranged(one for _, found, _ in read for one in found)
    return Repertoire(setting, told, diagnostics, {document.file: document for _, _, document in read})


def _read(path: Path, setting: Setting, roles: Collection[str]) -> tuple[Script | None, tuple[Diagnostic, ...], Document]:
    document = read_file(path)
    script, found = read_script(document, setting, roles)
    return script, found, document


def _told(scripts: Sequence[Script], checked: Sequence[Checked], asked: Collection[str]) -> Iterator[Performance]:
    """The stories that were asked for; of a variant, also those of its bases when its own or theirs were."""
    for script in scripts:
        if script.document.file in asked:
            yield Performance(script, script.file.workflow)
    by_workflow: dict[str, Script] = {}
    for script in scripts:
        by_workflow.setdefault(script.file.workflow, script)
    for each in checked:
        is_asked = str(scenarios_beside(each.document.file)) in asked
        for script in inherited(each.rendered, by_workflow):
            if is_asked or script.document.file in asked:
                yield Performance(script, each.compiled.workflow)


def _process_of(stories: Path) -> Path:
    """The process document that a scenario file lies beside, be it there or not."""
    return stories.with_name(stories.name.removesuffix(SUFFIX) + ".yaml")
