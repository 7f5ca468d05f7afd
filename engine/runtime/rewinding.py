"""What undoing the newest step of a case would restore, and what has come of it: read from the history, the deliveries and the family.

Read beside the unit that records, and no further than the entry it has seen: what others add meanwhile, its guard finds.
"""

from __future__ import annotations

from dataclasses import replace

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.facts import Facts, Rewind
from engine.core.undoing import rewound
from engine.core.unique import unique_values
from engine.store import deliveries, outbox
from engine.store.database import Database
from engine.store.history import entries
from engine.store.reader import Reader
from engine.store.unit_of_work import UnitOfWork


def with_rewind(database: Database, unit: UnitOfWork, definition: CompiledDefinition, case: Case, facts: Facts) -> Facts:
    """The facts for a wish to undo; also which values of the case as it was are taken by others now."""
    with database.read() as reader:
        found = rewound([entry.event for entry in entries(reader, case.number) if entry.seq <= case.seq])
        if found is None:
            return facts
        rewind = _told(reader, case, replace(found, moved_on=_moved_on(reader, case, found)))
    wanted = unique_values(definition, rewind.before.data, is_open=True)
    return replace(facts, rewind=rewind, taken=unit.taken(definition.workflow, wanted, case.id))


def _told(reader: Reader, case: Case, rewind: Rewind) -> Rewind:
    """With everybody for whom a message of the step was made out."""
    keys = [message.key for message in outbox.of_decision(reader, case.id, rewind.told_under)]
    made = [each for of_one in deliveries.of(reader, keys).values() for each in of_one]
    persons = sorted({each.recipient for each in made if each.kind == "person"})
    return replace(rewind, told=tuple(persons), informed=any(each.kind == "party" for each in made))


def _moved_on(reader: Reader, case: Case, rewind: Rewind) -> tuple[str, ...]:
    """The children that the step opened and that have done more than open; the parent, if it went on after the step ended this case."""
    at = rewind.moved.at
    found = []
    for child in rewind.moved.children:
        record = reader.case(child.number)
        later = record.case.performed[1:] if record is not None else ()
        # What the system did by itself in the moment of its opening is part of the opening.
        if any(done.at > at or done.actor != "system" for done in later):
            found.append(child.number)
    if case.parent is not None and rewind.moved.outcome is not None:
        parent = reader.case(case.parent.number)
        if parent is not None and parent.case.performed[-1].at >= at:
            found.append(case.parent.number)
    return tuple(found)
