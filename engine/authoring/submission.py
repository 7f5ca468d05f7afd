"""Definitions that came as texts and lie in no folder: checked like those of files, against the library of this installation.

Reads that library and nothing else of the disk; what a text is called is only a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from engine.authoring.document import Document, read, read_file
from engine.authoring.library import Library, check_documents, find_on_path
from engine.authoring.procedures import read_procedures
from engine.authoring.shelf import SHARED, Shelf
from engine.authoring.supplies import read_supplies
from engine.errors import Misuse
from engine.label import Label
from roles.registry import RoleRegistry

NAME = rf"^({SHARED}/)?[a-z0-9][a-z0-9_-]{{0,79}}\.yaml$"
"""What a text may be called: a process, or a part that processes include."""


def check_texts(texts: Mapping[str, str], published: Mapping[str, str], registry: RoleRegistry, folders: Sequence[Path]) -> Library:
    """Check the processes among `texts`: name → text.

    `published`: workflow → text, of which they may be variants and whose cases they may open; `folders`: the library, whose calendars,
    templates, procedures and parts they may name. Raises Misuse for a name that is none.
    """
    for name in texts:
        if not re.fullmatch(NAME, name):
            sentence = Label("文件名应如 phone-repair.yaml，实际为“{name}”。", "Expected a name such as phone-repair.yaml, found “{name}”.")
            raise Misuse(sentence.fill(name=name[:80]))
    documents = {name: read(text.encode(), name) for name, text in texts.items()}
    parts = {name.removesuffix(".yaml"): each for name, each in documents.items() if name.startswith(f"{SHARED}/")}
    supplies = replace(read_supplies(folders), procedures=read_procedures(folders), shelf=Shelf(folders, parts, has_neighbours=False))
    processes = [each for name, each in documents.items() if not name.startswith(f"{SHARED}/")]
    return check_documents(processes, registry, supplies, _Around(published, folders))


class _Around:
    """What is published, then the library; read only when somebody asks."""

    def __init__(self, published: Mapping[str, str], folders: Sequence[Path]) -> None:
        self._published = published
        self._folders = folders

    def __iter__(self) -> Iterator[Document]:
        yield from (read(text.encode(), f"{workflow}.yaml") for workflow, text in self._published.items())
        yield from (read_file(path) for path in find_on_path(self._folders))
