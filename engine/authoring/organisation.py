"""Reads role files and people files. Roles come from YAML; people start from it and then live in the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from engine.authoring.checks.source import check_role_source
from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document, read_file
from engine.authoring.loader import load
from engine.authoring.procedures import Procedures
from engine.definition.organisation import PeopleFile, RoleFile
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from roles.registry import RoleRegistry

ROLES = "roles"
"""The folder of role files."""


def is_roles(path: Path) -> bool:
    """Whether a file lies where role files lie, and so is no process; or a folder is where they lie."""
    return ROLES in path.absolute().parts[-2:]


def read_roles(folders: Sequence[Path]) -> tuple[RoleRegistry, tuple[Diagnostic, ...], dict[str, Document]]:
    """The roles of all organisations; a file of an earlier folder stands for one of the same name in a later one.

    With diagnostics, the registry holds what could be read. Raises Conflict or Unknown when the files contradict each other.
    """
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.yaml")):
            if not path.name.startswith("people"):
                files.setdefault(path.name, path)
    if not files:
        raise Unknown(
            Label("没有找到角色文件（{folders}）。", "No role files were found ({folders}).").fill(folders=", ".join(map(str, folders))),
            Label(
                "请用“aftercare init”建立文件夹，或设置 AFTERCARE_ROLES。", "Make a folder with “aftercare init”, or set AFTERCARE_ROLES."
            ),
        )
    diagnostics: list[Diagnostic] = []
    documents: dict[str, Document] = {}
    read_files: dict[str, RoleFile] = {}
    for path in files.values():
        document = read_file(path)
        documents[document.file] = document
        file, found = load(document, RoleFile)
        diagnostics.extend(found)
        if file is not None:
            read_files[document.file] = file
    _require_roles(read_files)
    registry = RoleRegistry.of(
        (role for file in read_files.values() for role in file.declared()), (pair for file in read_files.values() for pair in file.apart)
    )
    return registry, tuple(diagnostics), documents


def unknown_clauses(documents: Iterable[Document], procedures: Procedures) -> Iterator[Diagnostic]:
    """Words of `source` in role files that are no clause of the written procedures."""
    for document in documents:
        file, _ = load(document, RoleFile)
        if file is not None:
            yield from (Diagnostic.of(problem, document) for problem in check_role_source(file, procedures))


def _require_roles(read_files: Mapping[str, RoleFile]) -> None:
    """Raises Unknown, with the file, for a role in `reports_to` or `apart` that nobody declares."""
    declared = {role.id for file in read_files.values() for role in file.declared()}
    for name, file in read_files.items():
        above = [post.reports_to for post in file.roles.values() if post.reports_to is not None]
        for role in (*above, *(role for pair in file.apart for role in pair)):
            if role not in declared:
                sentence = Label("{file}：没有角色“{role}”。", "{file}: there is no role “{role}”.").fill(file=name, role=role)
                raise Unknown(sentence, did_you_mean(role, declared))


def read_people(path: Path) -> tuple[PeopleFile | None, tuple[Diagnostic, ...], Document]:
    """The units and people of one file, or its diagnostics."""
    document = read_file(path)
    file, diagnostics = load(document, PeopleFile)
    return file, diagnostics, document
