"""A script: the stories of one file as they were read, who appears in them, and where everything stands. Read by `reading`."""

from __future__ import annotations

from dataclasses import dataclass

from engine.authoring.document import Document
from engine.authoring.layout import Span
from engine.authoring.scenario.casting import staff_of
from engine.core.problem import Path
from engine.definition.scenario import ScenarioFile
from roles.roster import Roster
from roles.staff import Staff


@dataclass(frozen=True, slots=True)
class Script:
    """A scenario file without mistakes."""

    document: Document
    file: ScenarioFile
    staff: Staff
    """Everybody as each story begins."""
    roster: Roster

    @staticmethod
    def of(document: Document, file: ScenarioFile) -> Script:
        """The script of a file whose names all exist."""
        staff = staff_of(file)
        return Script(document, file, staff, Roster(staff))

    def span(self, path: Path) -> Span:
        """Where something stands, or else what it stands in."""
        return self.document.span(path)
