"""What an event from outside means on a stage: a start of the process, or a step of the one open case that it matches.

As in production, every case that is there is asked, whichever process it belongs to, and the first of several is never taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.authoring.scenario.archive import Standing
from engine.authoring.scenario.stage import Stage
from engine.core.decision import Reason
from engine.core.happening import Meant, matching, meant, only_one
from engine.definition.scenario import Happens


@dataclass(frozen=True, slots=True)
class Heard:
    """What is performed: a step of this case, or without one a start."""

    meant: Meant
    standing: Standing | None
    called: str
    """The number of the case, or the id of the start."""


def heard_on(stage: Stage, moment: Happens) -> Heard | tuple[Reason, ...]:
    """The one thing that the event means, or why it means none."""
    opening = (each for each in meant(stage.definition, moment.event) if each.opens)
    found = {each.step.id: Heard(each, None, each.step.id) for each in opening}
    lacking: dict[Reason, None] = {}
    for standing in stage.archive.cases.values():
        for each in meant(standing.definition, moment.event):
            wanted = matching(standing.definition, each.rule, moment.payload)
            if not isinstance(wanted, Mapping):
                lacking.update(dict.fromkeys(wanted))
            elif each.is_of(standing.case.state, standing.case.data, wanted):
                found[standing.case.number] = Heard(each, standing, standing.case.number)
    return only_one(moment.event, found, tuple(lacking))
