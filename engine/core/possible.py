"""What somebody may wish of a case beside its steps, before he wishes it: each wish is put to the very decision that would serve it.

Its words are still to come, so what is asked here is only whether there is a point in asking for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.core.case import Case
from engine.core.command import Assign, Comment, Disclose, Undo, Withdraw
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Accepted
from engine.core.facts import Facts
from engine.core.handing import assign, may_give
from engine.core.remark import comment, correctable, disclose
from engine.core.signing import withdraw
from engine.core.undoing import undo

_SOMETHING = "…"
"""Stands for the words that a person would give."""


@dataclass(frozen=True, slots=True)
class Possible:
    """What may be wished. `corrects`: the fields, by id; `withdraws`: the steps whose signature of his he may take back."""

    takes: bool
    gives: bool
    puts_down: bool
    comments: bool
    discloses: bool
    corrects: tuple[str, ...]
    withdraws: tuple[str, ...]
    undoes: CompiledStep | None
    """The newest step, if he may take it back."""
    until: datetime | None
    """And for how long."""


def possible(definition: CompiledDefinition, case: Case, facts: Facts) -> Possible:
    """All that the actor may wish now. `facts.people` knows the actor; `facts.rewind` is looked at for what may be undone."""
    is_undoable = facts.rewind is not None and isinstance(undo(definition, case, Undo(_SOMETHING), facts, ()), Accepted)
    moved = facts.rewind.moved if is_undoable and facts.rewind is not None else None
    return Possible(
        takes=isinstance(assign(definition, case, Assign(facts.actor.id), facts, ()), Accepted),
        gives=may_give(definition, case, facts),
        puts_down=isinstance(assign(definition, case, Assign(None), facts, ()), Accepted),
        comments=isinstance(comment(definition, case, Comment(_SOMETHING), facts), Accepted),
        discloses=isinstance(disclose(definition, case, Disclose(_SOMETHING), facts), Accepted),
        corrects=correctable(definition, case, facts),
        withdraws=tuple(step for step in case.signing if isinstance(withdraw(definition, case, Withdraw(step), facts), Accepted)),
        undoes=definition.states[moved.source].steps[moved.step] if moved is not None else None,
        until=moved.at + definition.undo if moved is not None and definition.undo is not None else None,
    )
