"""Checks a process against the people registered: every way through it can be finished in every unit (the workflow satisfiability problem).

Who may perform which steps, and who must not perform both of two, comes from the document (`demands`, `routes`); who there is from the
roster (`crew`); whether the two fit together from `authoring.proof`.
"""

from __future__ import annotations

from datetime import datetime

from engine.authoring.checks.people.crew import Crew, Units, units_of
from engine.authoring.checks.people.demands import Demands
from engine.authoring.checks.people.proving import prove
from engine.authoring.checks.people.routes import RouteSearch
from engine.authoring.checks.people.wording import Speaker
from engine.core.compiled import CompiledDefinition
from engine.core.problem import Problem
from roles.roster import Roster


def check_people(definition: CompiledDefinition, roster: Roster, at: datetime, units: Units | None = None) -> tuple[Problem, ...]:
    """A problem for everything that the people registered cannot do, whoever of them is away; none for a process without staff.

    `units`: where its cases are opened, if more is known than the process itself says (`crew.units_of_all`).
    """
    search = RouteSearch(Demands(definition))
    places = units_of(definition, roster, at) if units is None else units
    return tuple(Speaker(definition, roster).problems([prove(search, Crew(roster, at, unit)) for unit in places]))
