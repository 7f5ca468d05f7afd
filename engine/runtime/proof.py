"""What verification needs to know of definitions: the timers that a case makes, computed anew."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.case import Case
from engine.core.clock import timers
from engine.core.effect import ArmTimer
from engine.runtime.catalog import Catalog
from engine.store.verification import TimersOf


def timers_of(catalog: Catalog) -> TimersOf:
    """From a case, by its definition and its edition of official holidays, to every timer that must be stored for it."""

    def made(case: Case) -> Iterable[ArmTimer]:
        definition = catalog.by_digest(case.digest)
        found = timers(definition, case, catalog.calendars(definition, case.edition))
        return (each for each in found if isinstance(each, ArmTimer))

    return made
