"""What goes into the store with a decision besides it: what lists show of the case, the unique values it holds, how the wish came in."""

from __future__ import annotations

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.unique import unique_values
from engine.store.record import Claim, ErrandKey, Provenance, Recording, Request


def recording_of(
    definition: CompiledDefinition,
    case: Case,
    provenance: Provenance,
    reference: str | None = None,
    request: Request | None = None,
    errands_done: tuple[ErrandKey, ...] = (),
) -> Recording:
    """The recording of a decision that leads to this case."""
    subject = case.data.get(definition.subject) if definition.subject is not None else None
    held = unique_values(definition, case.data, is_open=case.outcome is None)
    return Recording(
        provenance=provenance,
        personal=definition.personal,
        version=definition.version,
        phase=definition.states[case.state].phase,
        subject=str(subject) if subject is not None else None,
        reference=reference,
        claims=tuple(Claim(name, value, until) for name, value, until in held),
        request=request,
        errands_done=errands_done,
    )
