"""Reads role files and people files. Roles come from YAML; people start from it and then live in the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.authoring.diagnostic import Diagnostic
from engine.authoring.document import Document, read
from engine.authoring.library import content_of
from engine.authoring.loader import load
from engine.definition.organisation import PeopleFile, RoleFile
from engine.errors import Unknown
from engine.label import Label
from roles.registry import RoleRegistry


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
            Label("没有找到角色文件（{folders}）", "no role files were found ({folders})").fill(folders=", ".join(map(str, folders))),
            Label("用 aftercare init 建立文件夹，或设置 AFTERCARE_ROLES", "make a folder with aftercare init, or set AFTERCARE_ROLES"),
        )
    diagnostics: list[Diagnostic] = []
    documents: dict[str, Document] = {}
    read_files: list[RoleFile] = []
    for path in files.values():
        document = read(content_of(path), str(path))
        documents[document.file] = document
        file, found = load(document, RoleFile)
        diagnostics.extend(found)
        if file is not None:
            read_files.append(file)
    registry = RoleRegistry.of(
        (role for file in read_files for role in file.declared()), (pair for file in read_files for pair in file.apart)
    )
    return registry, tuple(diagnostics), documents


def read_people(path: Path) -> tuple[PeopleFile | None, tuple[Diagnostic, ...], Document]:
    """The units and people of one file, or its diagnostics."""
    document = read(content_of(path), str(path))
    file, diagnostics = load(document, PeopleFile)
    return file, diagnostics, document
