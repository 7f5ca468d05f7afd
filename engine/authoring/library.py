"""A library: folders of files in, definitions ready to publish or diagnostics out – for each file one of the two, never half of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.authoring.checks import WARNINGS, check
from engine.authoring.checks.child import check_child
from engine.authoring.diagnostic import Diagnostic, arranged, has_errors
from engine.authoring.document import Document, read_file
from engine.authoring.interface import steps_of, wanted_of
from engine.authoring.loader import load
from engine.authoring.mention import bundle_of, inside_roles, unusable
from engine.authoring.supplies import CALENDARS, TEMPLATES, Supplies, is_calendar, is_official, own_folder, read_officials, read_supplies
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import Offered, compile_bundle
from engine.core.number import PLACE
from engine.core.problem import Problem
from engine.definition.bundle import Bundle
from engine.definition.workflow import Workflow
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from roles.registry import RoleRegistry

_NOT_PROCESSES = frozenset({CALENDARS, TEMPLATES, "schema", "procedures", "shared", "examples"})
"""Folders beside the processes whose YAML files are something else."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that may be published."""

    document: Document
    bundle: Bundle
    compiled: CompiledDefinition


@dataclass(frozen=True, slots=True)
class Library:
    """What was read: the definitions that hold, everything that is wrong with the others, and the texts for excerpts."""

    checked: tuple[Checked, ...]
    diagnostics: tuple[Diagnostic, ...]
    documents: Mapping[str, Document]


def find_documents(paths: Sequence[Path]) -> tuple[Path, ...]:
    """The process documents named by files and folders, each once, in order. Raises Unknown for a path that does not exist."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(sorted(each for each in path.rglob("*.yaml") if _is_process(each, path))))
        elif not path.exists():
            raise Unknown(Label("没有文件或文件夹“{path}”。", "There is no file or folder “{path}”.").fill(path=path))
        elif not is_calendar(path):
            found[path] = None
    return tuple(found)


def find_on_path(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The process documents of the definition path: a file of an earlier folder stands for one of the same name in a later one."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in find_documents([folder]):
            found.setdefault(path.name, path)
    return tuple(found.values())


def _is_process(file: Path, root: Path) -> bool:
    beside = _NOT_PROCESSES & set(file.relative_to(root).parts[:-1])
    return not beside and not is_calendar(file) and not file.name.endswith(".scenarios.yaml")


def read_library(paths: Sequence[Path], registry: RoleRegistry, folders: Sequence[Path]) -> Library:
    """Read, compile and check every process document, and all calendars that it could name.

    `folders` is the definition path, whose calendars and templates documents may name; those of a document outside of it come
    first from its own folder. Raises Unknown for a missing path, Misuse for an unreadable one.
    """
    found = find_documents(paths)
    own = {path: own_folder(path, folders) for path in (*paths, *found)}
    supplies = {folder: read_supplies([*([] if folder is None else [folder]), *folders]) for folder in {None, *own.values()}}
    named = (file for path in paths for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path]))
    officials = read_officials(file for file in named if is_official(file))
    return _read(
        [(read_file(path), supplies[own[path]]) for path in found],
        [*supplies.values(), officials],
        registry,
        lambda: (read_file(path) for path in find_on_path([folder for folder in (*own.values(), *folders) if folder is not None])),
    )


def check_documents(documents: Iterable[Document], registry: RoleRegistry, supplies: Supplies, around: Iterable[Document] = ()) -> Library:
    """The same for documents already read, and what they may name. `around`: more documents whose cases they may open."""
    return _read([(document, supplies) for document in documents], [supplies], registry, lambda: around)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A document on its way: what it says, if that can be understood, and what is wrong with it so far."""

    document: Document
    supplies: Supplies
    workflow: Workflow | None
    diagnostics: tuple[Diagnostic, ...]

    @property
    def name(self) -> str | None:
        """What it calls itself, be it right or wrong."""
        data = self.document.data
        name = data.get("workflow") if isinstance(data, dict) else None
        return name if isinstance(name, str) else None


def _read(
    documents: Sequence[tuple[Document, Supplies]],
    supplies: Sequence[Supplies],
    registry: RoleRegistry,
    around: Callable[[], Iterable[Document]] = tuple,
) -> Library:
    """`around`: documents that are not looked at themselves, but whose cases those may open."""
    loaded = [_Loaded(document, supplied, *_loaded(document)) for document, supplied in documents]
    family = _family(loaded, around)
    checked: list[Checked] = []
    diagnostics = [one for each in supplies for one in each.diagnostics]
    for each in loaded:
        result, found = _check_document(each, registry, family)
        diagnostics.extend(found)
        if result is not None:
            checked.append(result)
    checked, unusable_children = _without_orphans(checked, {each.name for each in loaded})
    clashes = _clashes(checked)
    wrong = {each.file for each in clashes}
    by_file = {each.file: each for one in supplies for each in one.documents.values()} | {each.file: each for each, _ in documents}
    found = arranged([*diagnostics, *unusable_children, *clashes])
    return Library(tuple(each for each in checked if each.document.file not in wrong), found, by_file)


def _loaded(document: Document) -> tuple[Workflow | None, tuple[Diagnostic, ...]]:
    workflow, diagnostics = load(document, Workflow)
    return (None if has_errors(diagnostics) else workflow), diagnostics


def _family(loaded: Sequence[_Loaded], around: Callable[[], Iterable[Document]]) -> Mapping[str, Workflow]:
    """Every workflow whose cases a document may open; of two with one name the first."""
    family: dict[str, Workflow] = {}
    for each in loaded:
        if each.workflow is not None:
            family.setdefault(each.workflow.workflow, each.workflow)
    wanted = {name for workflow in family.values() for name in wanted_of(workflow)}
    if not wanted <= {each.name for each in loaded}:
        for document in around():
            workflow, _ = _loaded(document)
            if workflow is not None:
                family.setdefault(workflow.workflow, workflow)
    return family


def _check_document(each: _Loaded, registry: RoleRegistry, family: Mapping[str, Workflow]) -> tuple[Checked | None, tuple[Diagnostic, ...]]:
    document, supplies, workflow, diagnostics = each.document, each.supplies, each.workflow, each.diagnostics
    if workflow is None:
        return None, diagnostics
    organisations = {role.organisation for role in registry.roles.values()}
    if workflow.organisation not in organisations:
        sentence = Label("没有组织“{name}”的角色文件", "no role file declares the organisation “{name}”").fill(name=workflow.organisation)
        problem = Problem("unknown-organisation", ("organisation",), sentence, did_you_mean(workflow.organisation, organisations))
        return None, (*diagnostics, Diagnostic.of(problem, document))
    bundle = bundle_of(workflow, registry, supplies, family)
    fields = {name: frozenset(known.fields) for name, known in family.items()}
    offered = Offered(inside_roles(registry), frozenset(supplies.calendars), frozenset(supplies.templates), fields)
    compiled = compile_bundle(bundle, offered)
    unfit = tuple(unusable(workflow, supplies))
    problems: tuple[Problem, ...] = check(compiled) if isinstance(compiled, CompiledDefinition) else compiled
    problems = (*unfit, *(each for each in problems if each.path not in {one.path for one in unfit}), *check_child(workflow, family))
    found = tuple(Diagnostic.of(each, document, "warning" if each.code in WARNINGS else "error") for each in problems)
    if not isinstance(compiled, CompiledDefinition) or has_errors(found):
        return None, (*diagnostics, *found)
    return Checked(document, bundle, compiled), (*diagnostics, *found)


def _without_orphans(checked: list[Checked], read: set[str | None]) -> tuple[list[Checked], list[Diagnostic]]:
    """Those whose children hold too; for each of the others, where it names a document that has mistakes."""
    found: list[Diagnostic] = []
    while True:
        sound = {each.bundle.workflow.workflow for each in checked}
        wrong = {id(each): problem for each in checked if (problem := _faulty_child(each, read - sound)) is not None}
        if not wrong:
            return checked, found
        found += [Diagnostic.of(wrong[id(each)], each.document) for each in checked if id(each) in wrong]
        checked = [each for each in checked if id(each) not in wrong]


def _faulty_child(each: Checked, faulty: set[str | None]) -> Problem | None:
    for path, step in steps_of(each.bundle.workflow):
        for index, starts in enumerate(step.starts):
            if starts.workflow in faulty:
                sentence = Label("流程“{name}”的文件有错误", "the file of the workflow “{name}” has mistakes").fill(name=starts.workflow)
                return Problem(
                    "unknown-workflow", (*path, "starts", index, "workflow"), sentence, Label("先改正该文件。", "Mend that file first.")
                )
    return None


def _clashes(checked: Sequence[Checked]) -> list[Diagnostic]:
    """Two documents with one id, or with numbers that could be the same."""
    found: list[Diagnostic] = []
    ids: dict[str, str] = {}
    patterns: dict[str, str] = {}
    for each in checked:
        workflow = each.bundle.workflow
        pattern = PLACE.sub(lambda place: "{}" if place[1].startswith("seq") else place[0], workflow.number)
        for seen, key, value, what in (
            (ids, "workflow", workflow.workflow, Label("流程标识", "workflow id")),
            (patterns, "number", pattern, Label("编号格式", "number pattern")),
        ):
            if value in seen:
                sentence = Label("{what}已在 {file} 中使用", "this {what} is already used in {file}").fill(what=what, file=seen[value])
                found.append(Diagnostic.of(Problem("duplicate-across-files", (key,), sentence), each.document))
            seen.setdefault(value, each.document.file)
    return found
