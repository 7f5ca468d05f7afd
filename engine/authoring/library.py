"""A library: folders of files in, definitions ready to publish or diagnostics out – for each file one of the two, never half of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.authoring.checks import WARNINGS, check
from engine.authoring.diagnostic import Diagnostic, arranged, has_errors
from engine.authoring.document import Document, read_file
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
    return _read([(read_file(path), supplies[own[path]]) for path in found], [*supplies.values(), officials], registry)


def check_documents(documents: Iterable[Document], registry: RoleRegistry, supplies: Supplies) -> Library:
    """The same for documents already read, and what they may name."""
    return _read([(document, supplies) for document in documents], [supplies], registry)


def _read(documents: Sequence[tuple[Document, Supplies]], supplies: Sequence[Supplies], registry: RoleRegistry) -> Library:
    checked: list[Checked] = []
    diagnostics = [one for each in supplies for one in each.diagnostics]
    for document, supplied in documents:
        result, found = _check_document(document, registry, supplied)
        diagnostics.extend(found)
        if result is not None:
            checked.append(result)
    clashes = _clashes(checked)
    wrong = {each.file for each in clashes}
    by_file = {each.file: each for one in supplies for each in one.documents.values()} | {each.file: each for each, _ in documents}
    return Library(tuple(each for each in checked if each.document.file not in wrong), arranged([*diagnostics, *clashes]), by_file)


def _check_document(document: Document, registry: RoleRegistry, supplies: Supplies) -> tuple[Checked | None, tuple[Diagnostic, ...]]:
    workflow, diagnostics = load(document, Workflow)
    if workflow is None or has_errors(diagnostics):
        return None, diagnostics
    organisations = {role.organisation for role in registry.roles.values()}
    if workflow.organisation not in organisations:
        sentence = Label("没有组织“{name}”的角色文件", "no role file declares the organisation “{name}”").fill(name=workflow.organisation)
        problem = Problem("unknown-organisation", ("organisation",), sentence, did_you_mean(workflow.organisation, organisations))
        return None, (*diagnostics, Diagnostic.of(problem, document))
    bundle = bundle_of(workflow, registry, supplies)
    offered = Offered(inside_roles(registry), frozenset(supplies.calendars), frozenset(supplies.templates))
    compiled = compile_bundle(bundle, offered)
    unfit = tuple(unusable(workflow, supplies))
    problems: tuple[Problem, ...] = check(compiled) if isinstance(compiled, CompiledDefinition) else compiled
    problems = (*unfit, *(each for each in problems if each.path not in {one.path for one in unfit}))
    found = tuple(Diagnostic.of(each, document, "warning" if each.code in WARNINGS else "error") for each in problems)
    if not isinstance(compiled, CompiledDefinition) or has_errors(found):
        return None, (*diagnostics, *found)
    return Checked(document, bundle, compiled), (*diagnostics, *found)


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
