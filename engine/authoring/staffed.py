"""A library checked against people: whether the processes that hold can also be carried out by those who are registered.

A process that nobody has a role of is passed over: a department publishes before it registers its people.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.authoring.checks import WARNINGS
from engine.authoring.checks.people import check_people
from engine.authoring.checks.people.crew import units_of_all
from engine.authoring.diagnostic import Diagnostic, arranged
from engine.authoring.library import Checked
from roles.roster import Roster


@dataclass(frozen=True, slots=True)
class Staffed:
    """What people cannot do, and the processes of which nobody holds a role."""

    diagnostics: tuple[Diagnostic, ...]
    unstaffed: tuple[Checked, ...]


def check_staff(checked: Iterable[Checked], roster: Roster, at: datetime) -> Staffed:
    """Check every document that holds otherwise."""
    documents = tuple(checked)
    units = units_of_all((each.compiled for each in documents), roster, at)
    diagnostics: list[Diagnostic] = []
    unstaffed: list[Checked] = []
    for each in documents:
        if not units[each.compiled.workflow]:
            unstaffed.append(each)
            continue
        for problem in check_people(each.compiled, roster, at, units[each.compiled.workflow]):
            diagnostics.append(Diagnostic.of(problem, each.document, "warning" if problem.code in WARNINGS else "error"))
    return Staffed(arranged(diagnostics), tuple(unstaffed))
