"""The dossier of a case: itself with its family, the cases of the same subject, its open incidents, and what happened last."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from commands import terminal
from commands.display import incident, linked, objects
from commands.display.case import show_case
from engine.app import Application
from engine.runtime.reading import CaseView

LATEST = 3
"""Entries of the history, and incidents, that it shows."""


def show_dossier(application: Application, view: CaseView, zone: ZoneInfo, *, in_json: bool) -> None:
    """All of it, as text or as one object."""
    number = view.case.number
    family, known = application.views.family(view.case), application.lineage.of(view.case)
    alarms = application.incidents.page(LATEST, number=number).lines
    if in_json:
        others = linked.objects(known.visits) if known is not None else []
        terminal.as_json({**objects.of_case(view, family), "linked": others, "incidents": incident.objects(alarms)})
        return
    show_case(view, family, application.views.history(number)[-LATEST:], application.time.now(), zone)
    linked.show_linked(known, zone)
    incident.show_of_case(alarms, zone)
