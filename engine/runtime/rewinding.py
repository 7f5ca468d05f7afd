"""What undoing the newest step of a case would restore, and what has come of it: read from the history, the deliveries and the family.

Read beside the unit that records, which is set apart for it, and no further than the entry it has seen: what others add meanwhile, its
guard finds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.core.case import Case
from engine.core.compiled import CompiledDefinition
from engine.core.facts import Facts, Rewind
from engine.core.undoing import moved_on, rewound
from engine.core.unique import unique_values
from engine.runtime.catalog import Catalog
from engine.runtime.sight import Sight
from engine.store import deliveries, outbox
from engine.store.database import Database
from engine.store.history import entries
from engine.store.reader import Reader
from engine.store.unit_of_work import UnitOfWork


def with_rewind(database: Database, unit: UnitOfWork, catalog: Catalog, definition: CompiledDefinition, case: Case, facts: Facts) -> Facts:
    """The facts for a wish to undo; also which values of the case as it was are taken by others now."""
    unit.set_apart()
    with database.read() as reader:
        rewind = rewind_of(reader, case)
    if rewind is None:
        return facts
    wanted = unique_values(definition, rewind.before.data, is_open=True)
    sight = Sight(unit, catalog, facts.actor, facts.lineages)
    return replace(facts, rewind=rewind, taken=sight.taken(unit.taken(definition.workflow, wanted, case.id)))


def rewind_of(reader: Reader, case: Case) -> Rewind | None:
    """What taking back the newest step would restore; None without any step."""
    found = rewound([entry.event for entry in entries(reader, case.number) if entry.seq <= case.seq])
    return _told(reader, case, replace(found, moved_on=moved_on(case, found.moved, _case_in(reader)))) if found is not None else None


def _told(reader: Reader, case: Case, rewind: Rewind) -> Rewind:
    """With everybody for whom a message of the step was made out."""
    intents = outbox.of_decision(reader, case.id, rewind.told_under)
    made = [each for of_one in deliveries.of(reader, [each.key for each in intents]).values() for each in of_one]
    persons = sorted({each.recipient for each in made if each.kind == "person"})
    is_emitted = any(each.emitted is not None and each.status == "told" for each in intents)
    return replace(rewind, told=tuple(persons), informed=is_emitted or any(each.kind == "party" for each in made))


def _case_in(reader: Reader) -> Callable[[str], Case | None]:
    def case(number: str) -> Case | None:
        record = reader.case(number)
        return record.case if record is not None else None

    return case
