"""The dossier of a case: itself with its family, the cases of the same subject, its open incidents, and what happened last."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from commands import terminal
from commands.display import incident, linked
from commands.display.case import show_case
from engine.app import Application
from engine.representation.case import of_case
from engine.representation.incident import of_lines
from engine.representation.linked import of_visits
from engine.runtime.access import Access

LATEST = 3
"""Entries of the history, and incidents, that it shows."""


def show_dossier(application: Application, number: str, access: Access, zone: ZoneInfo, *, in_json: bool) -> None:
    """All of it that may be seen, as text or as one object. Raises Unknown as `Views.case` does."""
    view = application.views.case(number, access)
    family, known = application.views.family(view.case, access), application.lineage.of(view.case, access)
    alarms = application.incidents.page(LATEST, number=number).lines
    if in_json:
        others = of_visits(known.visits) if known is not None else []
        terminal.as_json({**of_case(view, family), "linked": others, "incidents": of_lines(alarms)})
        return
    show_case(view, family, application.views.history(number, access)[-LATEST:], application.time.now(), zone)
    linked.show_linked(known, zone)
    incident.show_of_case(alarms, zone)
