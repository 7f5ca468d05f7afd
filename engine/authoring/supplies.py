"""What process documents may name besides roles: the calendars and the message templates that lie in folders beside them.

Knows where they lie and which of two with one name counts; must not know processes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.authoring.calendar import read_calendar, read_official
from engine.authoring.diagnostic import Diagnostic, arranged
from engine.authoring.document import Document
from engine.authoring.procedures import PROCEDURES, Procedures
from engine.authoring.shelf import Shelf
from engine.core.problem import Problem
from engine.definition.calendar import CalendarFile
from engine.definition.message import MessageTemplate, Wording
from engine.errors import Misuse
from engine.label import Label
from notifications import library, render
from notifications.template import Template

CALENDARS = "calendars"
TEMPLATES = "templates"

_FORMLESS = frozenset({"template-empty", "template-too-long"})
"""Faults that leave no text which a bundle could hold."""

Reproach = tuple[Label, Label | None]
"""Why something cannot be used, and a way out."""


@dataclass(frozen=True, slots=True)
class Supplies:
    """Calendars and templates by name, and everything that is wrong with the calendar files.

    What has a mistake is not among them: it is in `faulty_calendars` or in `faulty_templates`.
    """

    calendars: Mapping[str, CalendarFile]
    templates: Mapping[str, MessageTemplate]
    diagnostics: tuple[Diagnostic, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    faulty_calendars: frozenset[str] = frozenset()
    faulty_templates: Mapping[str, Reproach] = field(default_factory=dict)
    procedures: Procedures = field(default_factory=Procedures)
    """What `source` may name; read for checking only, so not by `read_supplies`."""
    shelf: Shelf = field(default_factory=Shelf)
    """The shared parts that documents may include."""


def read_supplies(folders: Sequence[Path]) -> Supplies:
    """What lies in `calendars` and `templates` of the folders, nearest first, and the templates that are shipped.

    Of two calendars or templates with one name the nearer counts, be it right or wrong. Raises Misuse for a calendar file
    that cannot be read.
    """
    calendars: dict[str, CalendarFile | None] = {}
    holders: dict[str, str] = {}
    diagnostics: list[Diagnostic] = []
    documents: dict[str, Document] = {}
    for folder in folders:
        nearer = frozenset(calendars)
        for path in sorted((folder / CALENDARS).glob("*.yaml")):
            file, found, document = read_calendar(path)
            documents[document.file] = document
            diagnostics.extend(found)
            name = file.calendar if file is not None else _name_in(document, path)
            if name in calendars and name not in nearer:
                diagnostics.append(_twice(name, document, holders[name]))
            calendars.setdefault(name, file)
            holders.setdefault(name, path.name)
    templates = dict(_templates([*(folder / TEMPLATES for folder in folders), library.SHIPPED]))
    return Supplies(
        calendars={name: file for name, file in calendars.items() if file is not None},
        templates={name: each for name, each in templates.items() if isinstance(each, MessageTemplate)},
        diagnostics=arranged(diagnostics),
        documents=documents,
        faulty_calendars=frozenset(name for name, file in calendars.items() if file is None),
        faulty_templates={name: each for name, each in templates.items() if not isinstance(each, MessageTemplate)},
        shelf=Shelf(folders),
    )


def own_folder(path: Path, folders: Sequence[Path]) -> Path | None:
    """The definition folder of what lies outside of all `folders`: the nearest that holds calendars, templates or procedures.

    None where there is none, and for what lies in `folders`, whose order then counts.
    """
    above = (path, *path.parents) if path.is_absolute() else (path, *path.parents, *Path.cwd().parents)
    if {each.resolve() for each in folders} & {each.resolve() for each in above}:
        return None
    return next((each for each in above if any((each / beside).is_dir() for beside in (CALENDARS, TEMPLATES, PROCEDURES))), None)


def is_calendar(path: Path) -> bool:
    """Whether a file lies where calendars lie, or holidays, and so is no process; or a folder is where they lie."""
    return CALENDARS in path.absolute().parts[-2:] or is_official(path)


def is_official(file: Path) -> bool:
    """Whether a file lies where official holidays lie."""
    return file.absolute().parts[-3:-1] == (CALENDARS, "official")


def read_officials(files: Iterable[Path]) -> Supplies:
    """Files of official holidays, with what is wrong in them; a document can name nothing of them. Raises Misuse like `read_supplies`."""
    found = [read_official(file) for file in files]
    diagnostics = arranged(one for _, of_file, _ in found for one in of_file)
    return Supplies({}, {}, diagnostics, {document.file: document for _, _, document in found})


def _name_in(document: Document, path: Path) -> str:
    """What a calendar with mistakes calls itself, or else its file."""
    name = document.data.get("calendar") if isinstance(document.data, dict) else None
    return name if isinstance(name, str) else path.stem


def _twice(name: str, document: Document, holder: str) -> Diagnostic:
    sentence = Label("日历“{name}”已在“{holder}”中", "“{holder}” holds a calendar “{name}” already").fill(name=name, holder=holder)
    way_out = Label("改名，或删去其中一个文件。", "Rename it, or delete one of the files.")
    return Diagnostic.of(Problem("duplicate-across-files", ("calendar",), sentence, way_out), document)


def _templates(folders: Sequence[Path]) -> Iterator[tuple[str, MessageTemplate | Reproach]]:
    for name in library.names(folders):
        try:
            template = library.find(name, folders)
        except Misuse as error:
            yield name, (_about(name, error.sentence.as_clause()), error.way_out)
            continue
        if template is not None:
            yield name, _held(name, template)


def _held(name: str, template: Template) -> MessageTemplate | Reproach:
    """The template as a bundle holds it, or why none can."""
    for fault in render.check(template, {}):
        if fault.code in _FORMLESS:
            return _about(name, fault.sentence), fault.way_out
    return MessageTemplate(
        zh=Wording(subject=template.subject_zh, body=template.body_zh), en=Wording(subject=template.subject_en, body=template.body_en)
    )


def _about(name: str, what: Label) -> Label:
    return Label("模板“{name}”：{what}", "template “{name}”: {what}").fill(name=name, what=what)
