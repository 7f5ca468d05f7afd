"""Definitions checked against people: those of a file, or those who are registered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from commands import terminal
from commands.display.definition import Reading
from commands.display.staff import read_team, registry_of
from commands.speech import listed, say, tr
from engine.authoring.diagnostic import arranged
from engine.authoring.staffed import check_staff
from engine.authoring.team import roster_of
from engine.runtime.workforce import registered
from engine.settings import Settings
from roles.roster import Roster


def with_file(reading: Reading, settings: Settings, file: Path) -> Reading | None:
    """Checked against the people of a file, as if it were loaded now; None when the file does not hold, after showing why."""
    team, now = read_team(file), datetime.now(UTC)
    return None if team is None else with_people(reading, roster_of(team, registry_of(settings), now, settings.zone), now)


def with_registered(reading: Reading, settings: Settings) -> Reading:
    """Checked against the people of the database; without them, as it is, after saying so."""
    found = registered(settings)
    return with_people(reading, *found) if found is not None else without_people(reading)


def with_people(reading: Reading, roster: Roster, at: datetime) -> Reading:
    """Checked against these people; says of which processes nobody holds a role."""
    if not roster.people:
        return without_people(reading)
    staffed = check_staff(reading.library.checked, roster, at)
    if staffed.unstaffed:
        names = listed([say(each.bundle.workflow.title.label) for each in staffed.unstaffed])
        terminal.remark(
            tr("人员未检查（没有人担任其角色）：{names}", "People not checked, since nobody holds a role of it: {names}", names=names)
        )
    return replace(reading, diagnostics=arranged([*reading.diagnostics, *staffed.diagnostics]))


def without_people(reading: Reading) -> Reading:
    """As it is, after saying that people were not checked, and how they are."""
    if reading.library.checked:
        terminal.remark(
            tr(
                "人员未检查：还没有登记的人员。检查时可用 --people 指定人员文件。",
                "People not checked: nobody is registered. “check” takes a people file with --people.",
            )
        )
    return reading
