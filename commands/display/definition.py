"""Definitions that were read: what holds, what does not and where, and what became of publishing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from commands import terminal
from commands.display.variant import show_weakened
from commands.speech import language, say, tr
from engine.authoring.diagnostic import Diagnostic, arranged, has_errors
from engine.authoring.excerpt import count, render
from engine.authoring.library import Checked, Library, find_on_path, read_library
from engine.authoring.organisation import is_roles, read_roles, unknown_clauses
from engine.authoring.procedures import is_procedures, read_procedures
from engine.authoring.supplies import is_calendar
from engine.errors import Misuse
from engine.label import Label
from engine.representation.checked import of_library
from engine.runtime.publishing import Publication
from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Reading:
    """The role files and the definitions that were asked for, read."""

    library: Library
    diagnostics: tuple[Diagnostic, ...]
    sources: dict[str, str]
    is_empty: bool
    """Whether nothing was asked for that could be right or wrong."""

    @staticmethod
    def of(settings: Settings, paths: Sequence[Path]) -> Reading:
        """Read these files and folders, or the definition path of the settings."""
        registry, found, role_files = read_roles([near(folder) for folder in settings.role_path()])
        folders = [near(folder) for folder in settings.definition_path()]
        library = read_library(paths or find_on_path(folders), registry, folders)
        found = (*found, *unknown_clauses(role_files.values(), read_procedures(folders)))
        documents = {**role_files, **library.documents}
        return Reading(
            library,
            arranged([*found, *library.diagnostics]),
            {file: each.text for file, each in documents.items()},
            is_empty=not library.checked and not any(is_calendar(path) or is_procedures(path) or is_roles(path) for path in paths),
        )

    @property
    def is_sound(self) -> bool:
        """Whether everything may be published."""
        return not has_errors(self.diagnostics)

    def as_json(self) -> None:
        """What holds and what does not, as JSON."""
        terminal.as_json(of_library(self.library.checked, self.diagnostics))

    def show_checked(self) -> None:
        """The definitions that hold, then everything that is wrong."""
        rows = [
            (each.bundle.workflow.workflow, f"v{each.bundle.workflow.version}", say(each.bundle.workflow.title.label), each.document.file)
            for each in self.library.checked
        ]
        if rows:
            terminal.table([tr("流程", "Workflow"), tr("版本", "Version"), tr("名称", "Title"), tr("文件", "File")], rows)
            terminal.show("")
            show_weakened(self.library.checked)
        if self.diagnostics:
            self.show_diagnostics()
        else:
            terminal.show(_nothing() if self.is_empty else say(count(())))

    def show_diagnostics(self) -> None:
        """Everything that is wrong, with the lines themselves; nothing when nothing is."""
        if self.diagnostics:
            print(render(self.diagnostics, self.sources, language(), colour=terminal.has_colour()), end="")


def show_published(publications: Sequence[Publication]) -> None:
    """What became of each."""
    if not publications:
        terminal.show(_nothing())
        return
    status = {"published": tr("已发布", "published"), "unchanged": tr("未变，无需发布", "unchanged")}
    rows = [(each.workflow, f"v{each.version}", status[each.status], each.digest[:12]) for each in publications]
    terminal.table([tr("流程", "Workflow"), tr("版本", "Version"), tr("结果", "Result"), tr("摘要", "Digest")], rows)


def _nothing() -> str:
    return tr("没有找到流程文件（*.yaml）。", "No workflow files (*.yaml) were found.")


def is_file(workflow: str) -> bool:
    """Whether what was typed for a workflow is a file, and not the name of a published one."""
    return Path(workflow).suffix in (".yaml", ".yml")


def checked_in(settings: Settings, file: str) -> Checked | None:
    """The definition in a file; None, once told, if it has mistakes. Raises Misuse for a file of something else."""
    reading = Reading.of(settings, (Path(file),))
    if not reading.is_sound:
        reading.show_diagnostics()
        return None
    return only(reading.library.checked, file)


def only(checked: Sequence[Checked], file: str) -> Checked:
    """Of these the one in a file. Raises Misuse for a file of something else."""
    found = next((each for each in checked if Path(each.document.file) == Path(file)), None)
    if found is None:
        sentence = Label("“{file}”不是流程文件。", "“{file}” is not the file of a workflow.").fill(file=file)
        raise Misuse(sentence, Label("请写流程文件的路径。", "Name such a file."))
    return found


def near(folder: Path) -> Path:
    """The folder as seen from here, if it lies below: shorter in messages."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
