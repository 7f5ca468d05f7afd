"""A library: folders of files in, definitions ready to publish or diagnostics out – for each file one of the two, never half of each."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine.authoring.checks import WARNINGS, check
from engine.authoring.checks.awaiting import check_awaiting
from engine.authoring.checks.child import check_child
from engine.authoring.checks.legal import check_legal
from engine.authoring.checks.source import check_source, leaves_open
from engine.authoring.checks.unused import check_unused
from engine.authoring.checks.wording import check_wording
from engine.authoring.diagnostic import Diagnostic, arranged, has_errors
from engine.authoring.document import Document, read_file
from engine.authoring.idle import unused_templates
from engine.authoring.interface import may_be_a_child, steps_of, wanted_of
from engine.authoring.mention import bundle_of, inside_roles, unusable
from engine.authoring.organisation import ROLES, is_roles
from engine.authoring.procedures import PROCEDURES, is_procedures, read_procedures
from engine.authoring.rendering import Rendered, Renderer, faulty_base
from engine.authoring.scenario.inheritance import check_left_out, is_stories
from engine.authoring.shelf import SHARED, Part, is_part, read_part
from engine.authoring.supplies import CALENDARS, TEMPLATES, Supplies, is_calendar, is_official, own_folder, read_officials, read_supplies
from engine.authoring.tracing import Traces
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import Offered, compile_bundle
from engine.core.number import PLACE
from engine.core.problem import Problem
from engine.definition.bundle import Bundle
from engine.definition.workflow import Workflow
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from roles.registry import RoleRegistry

_NOT_PROCESSES = frozenset({CALENDARS, TEMPLATES, PROCEDURES, SHARED, ROLES, "schema", "examples"})
"""Folders beside the processes whose YAML files are something else."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A document that may be published. `rendered` knows what it was made of."""

    document: Document
    bundle: Bundle
    compiled: CompiledDefinition
    rendered: Rendered


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
        elif not _is_other(path):
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
    return not _NOT_PROCESSES & set(file.relative_to(root).parts[:-1]) and not _is_other(file)


def _is_other(file: Path) -> bool:
    return is_calendar(file) or is_procedures(file) or is_part(file) or is_stories(file) or is_roles(file)


def read_library(paths: Sequence[Path], registry: RoleRegistry, folders: Sequence[Path]) -> Library:
    """Read, compile and check every process document, and all calendars that it could name.

    `folders` is the definition path, whose calendars, templates and procedures documents may name; those of a document outside of it come
    first from its own folder. Raises Unknown for a missing path, Misuse for an unreadable one.
    """
    found = find_documents(paths)
    parts = [read_part(path) for path in _parts_in(paths)]
    own = {path: own_folder(path, folders) for path in (*paths, *found)}
    supplies = {folder: _supplied([*([] if folder is None else [folder]), *folders]) for folder in {None, *own.values()}}
    named = (file for path in paths for file in (sorted(path.glob("*.yaml")) if path.is_dir() else [path]))
    officials = read_officials(file for file in named if is_official(file))
    all_folders = [folder for folder in (*own.values(), *folders) if folder is not None]
    library = _read(
        [(read_file(path), supplies[own[path]]) for path in found],
        [*supplies.values(), officials, _told_of(parts)],
        registry,
        lambda: (read_file(path) for path in find_on_path(all_folders)),
    )
    return _with_idle(library, all_folders) if set(find_on_path(all_folders)) <= set(found) else library


def _with_idle(library: Library, folders: Sequence[Path]) -> Library:
    """The same library, told also which templates of these folders nobody uses; nobody can say so where something has errors."""
    if has_errors(library.diagnostics):
        return library
    used = {name for each in library.checked for name in each.bundle.templates}
    return replace(library, diagnostics=arranged([*library.diagnostics, *unused_templates(folders, used)]))


def _parts_in(paths: Sequence[Path]) -> Iterator[Path]:
    """The shared parts among files and folders: their own mistakes are told, be they included or not."""
    for path in paths:
        yield from sorted(file for file in path.rglob("*.yaml") if is_part(file)) if path.is_dir() else [path] if is_part(path) else []


def _told_of(parts: Sequence[Part]) -> Supplies:
    diagnostics = arranged(one for part in parts for one in part.diagnostics)
    return Supplies({}, {}, diagnostics, {part.document.file: part.document for part in parts})


def _supplied(folders: Sequence[Path]) -> Supplies:
    return replace(read_supplies(folders), procedures=read_procedures(folders))


def check_documents(documents: Iterable[Document], registry: RoleRegistry, supplies: Supplies, around: Iterable[Document] = ()) -> Library:
    """The same for documents already read, and what they may name. `around`: more documents whose cases they may open."""
    return _read([(document, supplies) for document in documents], [supplies], registry, lambda: around)


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A document on its way, and what it may name."""

    rendered: Rendered
    supplies: Supplies

    @property
    def workflow(self) -> Workflow | None:
        """What it says, if that can be understood."""
        return self.rendered.workflow


def _read(
    documents: Sequence[tuple[Document, Supplies]],
    supplies: Sequence[Supplies],
    registry: RoleRegistry,
    around: Callable[[], Iterable[Document]] = tuple,
) -> Library:
    """`around`: documents that are not looked at themselves, but whose cases those may open."""
    renderer = Renderer([(document, supplied.shelf) for document, supplied in documents], around, supplies[0].shelf)
    loaded = [_Loaded(renderer.render(document, supplied.shelf), supplied) for document, supplied in documents]
    family = _family(loaded, renderer)
    traces = Traces.of(family.values())
    diagnostics = [one for each in supplies for one in (*each.diagnostics, *each.procedures.diagnostics)]
    diagnostics += [one for each in loaded for part in each.rendered.parts for one in part.diagnostics]
    checked, found = _check_all(loaded, registry, family, traces)
    diagnostics += found
    checked, unusable_children = _without_orphans(checked, {each.rendered.name for each in loaded})
    clashes = _clashes(checked)
    wrong = {each.file for each in clashes}
    beside = (one for each in supplies for one in (*each.documents.values(), *each.procedures.documents.values()))
    by_file = {each.file: each for each in beside} | {each.file: each for one in loaded for each in one.rendered.files()}
    told = arranged([*diagnostics, *unusable_children, *clashes])
    return Library(tuple(each for each in checked if each.document.file not in wrong), told, by_file)


def _family(loaded: Sequence[_Loaded], renderer: Renderer) -> Mapping[str, Workflow]:
    """Every workflow whose cases a document may open, that may open its cases, or that may carry out what it leaves open.

    Of two with one name the first.
    """
    family: dict[str, Workflow] = {}
    for each in loaded:
        if each.workflow is not None:
            family.setdefault(each.workflow.workflow, each.workflow)
    wanted = {name for workflow in family.values() for name in wanted_of(workflow)}
    traces = Traces.of(family.values())
    is_open = any(
        leaves_open(each.workflow, each.supplies.procedures, traces) or may_be_a_child(each.workflow)
        for each in loaded
        if each.workflow is not None
    )
    if is_open or not wanted <= {each.rendered.name for each in loaded}:
        for document in renderer.around:
            workflow = renderer.render(document).workflow
            if workflow is not None:
                family.setdefault(workflow.workflow, workflow)
    return family


def _check_all(
    loaded: Sequence[_Loaded], registry: RoleRegistry, family: Mapping[str, Workflow], traces: Traces
) -> tuple[list[Checked], list[Diagnostic]]:
    """Bases before their variants: of a variant whose base has mistakes nothing else is said."""
    results: dict[int, Checked | None] = {}
    told: dict[int, tuple[Diagnostic, ...]] = {}
    diagnostics: list[Diagnostic] = []
    for each in sorted(loaded, key=lambda each: len([*each.rendered.bases()])):
        base = each.rendered.base
        if base is not None and results.get(id(base), True) is None:
            results[id(each.rendered)] = None
            diagnostics.append(Diagnostic.of(faulty_base(base), each.rendered.document))
            continue
        results[id(each.rendered)], found = _check_document(each, registry, family, traces)
        told[id(each.rendered)] = found
        diagnostics += _of_variant(each.rendered, found, told.get(id(base), ()))
    return [result for each in loaded if (result := results[id(each.rendered)]) is not None], diagnostics


def _of_variant(rendered: Rendered, found: Iterable[Diagnostic], of_base: Collection[Diagnostic]) -> Iterator[Diagnostic]:
    """What is wrong with a document. Where a variant is wrong in the text of its base, which is right by itself, the variant is named."""
    for each in found:
        if rendered.base is None or each.file == rendered.document.file:
            yield each
        elif each not in of_base:
            sentence = Label("{sentence}（变体“{name}”中）", "{sentence} (in the variant “{name}”)")
            yield replace(each, sentence=sentence.fill(sentence=each.sentence, name=rendered.name))


def _check_document(
    each: _Loaded, registry: RoleRegistry, family: Mapping[str, Workflow], traces: Traces
) -> tuple[Checked | None, tuple[Diagnostic, ...]]:
    document, supplies, workflow, diagnostics = each.rendered.document, each.supplies, each.workflow, each.rendered.diagnostics
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
    problems: tuple[Problem, ...] = (
        (*check(compiled), *check_unused(workflow, compiled, family), *check_awaiting(compiled, family))
        if isinstance(compiled, CompiledDefinition)
        else compiled
    )
    problems = (*unfit, *(each for each in problems if each.path not in {one.path for one in unfit}), *check_child(workflow, family))
    problems = (
        *problems,
        *check_wording(workflow),
        *check_source(workflow, supplies.procedures, traces),
        *check_legal(each.rendered),
        *check_left_out(each.rendered),
    )
    found = tuple(Diagnostic.of(each, document, "warning" if each.code in WARNINGS else "error") for each in problems)
    if not isinstance(compiled, CompiledDefinition) or has_errors(found):
        return None, (*diagnostics, *found)
    return Checked(document, bundle, compiled, each.rendered), (*diagnostics, *found)


def _without_orphans(checked: list[Checked], read: set[str | None]) -> tuple[list[Checked], list[Diagnostic]]:
    """Those whose bases and children hold too; for each of the others, where it names a document that has mistakes."""
    found: list[Diagnostic] = []
    while True:
        sound = {each.bundle.workflow.workflow for each in checked}
        wrong = {id(each): problem for each in checked if (problem := _faulty_relative(each, read - sound)) is not None}
        if not wrong:
            return checked, found
        found += [Diagnostic.of(wrong[id(each)], each.document) for each in checked if id(each) in wrong]
        checked = [each for each in checked if id(each) not in wrong]


def _faulty_relative(each: Checked, faulty: set[str | None]) -> Problem | None:
    if each.rendered.base is not None and each.rendered.base.name in faulty:
        return faulty_base(each.rendered.base)
    for path, step in steps_of(each.bundle.workflow):
        for index, starts in enumerate(step.starts):
            if starts.workflow in faulty:
                sentence = Label("流程“{name}”的文件有错误", "the file of the workflow “{name}” has mistakes").fill(name=starts.workflow)
                return Problem(
                    "unknown-workflow", (*path, "starts", index, "workflow"), sentence, Label("先改正该文件。", "Mend that file first.")
                )
    return None


def _clashes(checked: Sequence[Checked]) -> list[Diagnostic]:
    """Two documents with one id, or with numbers that could be the same; a variant counts together with its base."""
    found: list[Diagnostic] = []
    ids: dict[str, Checked] = {}
    patterns: dict[str, Checked] = {}
    for each in checked:
        workflow = each.bundle.workflow
        pattern = PLACE.sub(lambda place: "{}" if place[1].startswith("seq") else place[0], workflow.number)
        for seen, key, value, what in (
            (ids, "workflow", workflow.workflow, Label("流程标识", "workflow id")),
            (patterns, "number", pattern, Label("编号格式", "number pattern")),
        ):
            first = seen.setdefault(value, each)
            if first is not each and (key == "workflow" or first.rendered.root is not each.rendered.root):
                file = first.document.file
                sentence = Label("{what}已在 {file} 中使用", "this {what} is already used in {file}").fill(what=what, file=file)
                found.append(Diagnostic.of(Problem("duplicate-across-files", (key,), sentence), each.document))
    return found
