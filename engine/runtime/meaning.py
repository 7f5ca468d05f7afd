"""What an event means: the one case that it moves, or the one start by which it opens a case – or why that cannot be told.

Looks at the open cases of every version that knows the event, narrowed by the database and then compared by the core. Moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from engine.core.codec import encode_value
from engine.core.command import Raw
from engine.core.compiled import CompiledDefinition
from engine.core.decision import Reason
from engine.core.happening import Meant, Payload, filling, matching, meant, only_one
from engine.core.kind import Value
from engine.label import Label, listed
from engine.store.inbound import standing_row
from engine.store.record import Record
from engine.store.unit_of_work import UnitOfWork

_Found = tuple[CompiledDefinition, Meant, Record | None]
_UNFIT = Label("{title}：内容不符合要求", "{title}: what it says does not fit")


@dataclass(frozen=True, slots=True)
class Aim:
    """The step that an event performs with this data, on the case as it stands – or, without one, the start."""

    definition: CompiledDefinition
    meant: Meant
    record: Record | None
    data: Raw


@dataclass(frozen=True, slots=True)
class Astray:
    """An event that nothing can be done about now. `number`: the case that it means, where that is known."""

    code: str
    sentence: Label
    number: str | None = None


def aim_of(
    unit: UnitOfWork, published: Iterable[CompiledDefinition], units: frozenset[str], name: str, payload: Payload, place: int
) -> Aim | Astray:
    """What is meant. `published`: every version, by workflow and version. `units`: those whose cases the sender sees."""
    versions = tuple(published)
    newest = {definition.workflow: definition.digest for definition in versions}
    knowing = [(definition, each) for definition in versions for each in meant(definition, name)]
    knowing = [(definition, each) for definition, each in knowing if not each.opens or newest[definition.workflow] == definition.digest]
    if not knowing:
        sentence = Label("没有流程使用事件“{name}”", "no process knows the event “{name}”")
        return Astray("unmapped", sentence.fill(name=name))
    found: dict[str, _Found] = {}
    lacking: list[Reason] = []
    for definition, each in knowing:
        wanted = matching(definition, each.rule, payload)
        if isinstance(wanted, tuple):
            lacking.extend(replace(reason, sentence=told(definition, reason)) for reason in wanted)
        elif each.opens:
            found[f"{definition.workflow}/{each.step.id}"] = (definition, each, None)
        else:
            for record in _standing(unit, definition, each, units, wanted):
                number = record.case.number
                # Two steps of one case are two things that it may mean.
                found[f"{number}/{each.step.id}" if number in found else number] = (definition, each, record)
    only = only_one(name, found, tuple(dict.fromkeys(lacking)))
    if isinstance(only[0], Reason):
        return Astray(only[0].code, listed(reason.sentence for reason in only))
    return _aim(unit, *only, payload, place)


def told(definition: CompiledDefinition, reason: Reason) -> Label:
    """The sentence of a reason as it is kept with an event. It may quote what was sent: of a personal field it does not."""
    if reason.code == "data_invalid" and reason.subject in definition.personal:
        return _UNFIT.fill(title=definition.fields[reason.subject].title)
    return reason.sentence


def _standing(
    unit: UnitOfWork, definition: CompiledDefinition, each: Meant, units: frozenset[str], wanted: Mapping[str, Value]
) -> list[Record]:
    """The open cases that are meant."""
    # One field narrows enough, rather one that lies with the case; what it finds is compared in all.
    field = min(wanted, key=lambda name: name in definition.personal)
    value = encode_value(definition.kinds[field], wanted[field])
    asked = standing_row(definition.workflow, definition.digest, sorted(each.states), sorted(units), field, value)
    numbers = unit.standing(asked, apart=field in definition.personal)
    records = unit.cases(numbers) if numbers else {}
    return [record for record in records.values() if each.is_of(record.case.state, record.case.data, wanted)]


def _aim(
    unit: UnitOfWork, definition: CompiledDefinition, only: Meant, record: Record | None, payload: Payload, place: int
) -> Aim | Astray:
    number = record.case.number if record is not None else None
    if number is not None and unit.event_ahead(number, place):
        sentence = Label("工单 {number} 还有更早收到的事件在隔离中", "an event of case {number} that was received earlier is in quarantine")
        return Astray("behind", sentence.fill(number=number), number)
    data = filling(only.step, only.rule, payload)
    if isinstance(data, tuple):
        return Astray("data_invalid", listed(told(definition, reason) for reason in data), number)
    return Aim(definition, only, record, data)
