"""Disclosing: whoever takes part in a process reads what is masked for him – once, and his history entry says that he did, and why."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.command import Disclose
from engine.core.decision import Refused
from engine.core.event import Commented
from engine.runtime.caller import Caller
from engine.runtime.chronicle import EntryView
from engine.runtime.fields import FieldView
from engine.runtime.outcome import Outcome
from engine.runtime.reading import CaseView, Views
from engine.runtime.service import CaseService


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What somebody is shown in full, and the entry that it left."""

    outcome: Outcome
    view: CaseView
    fields: tuple[FieldView, ...]
    """The personal ones that were asked for, as far as they are filled."""
    remarks: tuple[EntryView, ...]
    """Oldest first; only where no field was named."""


def disclose(cases: CaseService, views: Views, number: str, command: Disclose, caller: Caller) -> Disclosure | Refused:
    """Record that somebody reads personal values, and answer them. Raises Unknown for a case that he does not see."""
    answer = cases.handle(number, command, caller)
    if isinstance(answer, Refused):
        return answer
    assert answer.case is not None  # without a key nothing is answered a second time
    view = views.of(answer.case)
    wanted = view.definition.personal.intersection(command.fields or view.definition.personal)
    remarks = () if command.fields else (each for each in views.history(number) if isinstance(each.entry.event, Commented))
    return Disclosure(answer.outcome, view, tuple(each for each in view.fields if each.id in wanted), tuple(remarks))
