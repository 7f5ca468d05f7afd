"""References: by which the row of a sheet is known again – for good, within the unit where its case belongs, and whoever sends it.

Two shops number their slips alike and know nothing of each other, and in one shop not the same person sends the sheet each time.
"""

from __future__ import annotations

from dataclasses import replace

from engine.core.command import OpenCase
from engine.core.compiled import CompiledDefinition
from engine.core.facts import Facts
from engine.core.opening import unit_of
from engine.runtime.answer import Asked
from engine.runtime.caller import Key
from engine.runtime.outcome import fingerprint
from engine.store.requests import INTAKE
from roles.policy import authorise

_ANYBODY = ""
_NOWHERE = ""


def referred(secret: bytes, definition: CompiledDefinition, command: OpenCase, facts: Facts, reference: str) -> Asked | None:
    """An opening as a request that has its reference for a key. `secret`: of the database.

    None where whoever wishes it has no right to it: his wish is refused, and not told what was taken in there.
    """
    step = definition.starts.get(command.start)
    if step is None:
        return None
    unit, faults = unit_of(definition, step, command, facts)
    if faults or not authorise(step.by, facts.actor, {}, facts.lineage(unit)):
        return None
    key = Key(f"{INTAKE}{definition.workflow}:{step.id}:{unit or _NOWHERE}", reference)
    return Asked(key, fingerprint(secret, definition.workflow, replace(command, unit=unit), _ANYBODY, reference))
