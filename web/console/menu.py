"""The menu of somebody: entries that he has something to do with, and how many incidents wait for him. Knows rights, no page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.app import Application
from engine.errors import AftercareError, Forbidden
from engine.runtime.access import Access
from engine.store.incidents import Place
from roles.actor import ADMINISTRATOR
from web.probe import Probe

KEPT = 5.0
"""Seconds for which a count is good."""
Alarms = Probe[Mapping[Place | None, int]]
"""Where how many incidents are open, looked up for everybody at once."""


@dataclass(frozen=True, slots=True)
class Menu:
    """What a menu holds beside what everybody has. `incidents`: how many are open; None: they are not for him."""

    intake: bool
    bulk: bool
    incidents: int | None


def alarms_of(application: Application) -> Alarms:
    """A look at the open incidents that all share."""

    def look() -> Mapping[Place | None, int]:
        try:
            return application.incidents.places()
        except AftercareError:
            return {}  # a menu is shown all the same

    return Probe(look, KEPT)


def menu_of(application: Application, access: Access, alarms: Alarms) -> Menu:
    """The menu of whoever sees so far."""
    works = access.actor is not None and (bool(access.actor.lent) or any(each.role != ADMINISTRATOR for each in access.actor.grants))
    return Menu(works, works, _incidents(application, access, alarms))


def _incidents(application: Application, access: Access, alarms: Alarms) -> int | None:
    try:
        oversight = access.oversight(application.catalog.owners)
    except Forbidden:
        return None
    return sum(count for place, count in alarms.wait({}).items() if (oversight.covers(*place) if place else oversight.units is None))
