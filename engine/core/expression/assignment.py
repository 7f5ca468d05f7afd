"""Definite assignment: which names a typed tree reads that may be empty, and which it proves to be set.

Sound, not complete: where `unassigned` finds nothing, evaluation is never missing; a name that is `proven` for an
outcome is set whenever that outcome occurs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from types import MappingProxyType

from engine.core.expression.fault import fault
from engine.core.expression.term import (
    Children,
    Column,
    Conjunction,
    Disjunction,
    Earlier,
    Leaf,
    Membership,
    Negation,
    Presence,
    Replacement,
    RowFunction,
    StepFact,
    Term,
    leaves,
    may_be_empty,
    name_of,
    parts,
)
from engine.core.kind import BOOLEAN
from engine.core.problem import Fault
from engine.label import Label

Implied = Mapping[str, frozenset[str]]
"""A name that is set → the names that are then set too."""

_NOTHING: frozenset[str] = frozenset()
NOTHING_IMPLIED: Implied = MappingProxyType({})


def unassigned(term: Term, assigned: frozenset[str], implied: Implied = NOTHING_IMPLIED) -> tuple[Fault, ...]:
    """Every read of a name that is not among those assigned, nor tested before it in the same expression."""
    match term:
        case Presence():
            return ()
        case Replacement():
            return unassigned(term.substitute, assigned, implied) if unassigned(term.value, assigned, implied) else ()
        case Conjunction(operands=operands):
            return _in_turn(operands, True, assigned, implied)
        case Disjunction(operands=operands):
            return _in_turn(operands, False, assigned, implied)
        case RowFunction():
            return _unassigned_in_rows(term, assigned, implied)
        case Leaf() if may_be_empty(term) and name_of(term) not in assigned:
            return (_may_be_empty(term),)
        case _:
            return tuple(found for part in parts(term) for found in unassigned(part, assigned, implied))


def asked(term: Term) -> frozenset[str]:
    """Every name that `unassigned` may look for among those assigned."""
    own = frozenset({name_of(term)}) if isinstance(term, Leaf | RowFunction) else _NOTHING
    return own.union(*(asked(part) for part in parts(term)))


def proven(term: Term, outcome: bool) -> frozenset[str]:
    """The names that are set whenever a boolean term has this outcome."""
    match term:
        case Negation():
            return proven(term.operand, not outcome)
        case Conjunction(operands=operands) | Disjunction(operands=operands):
            found = [proven(operand, outcome) for operand in operands]
            decided_by_all = isinstance(term, Conjunction) is outcome
            return _union(found) if decided_by_all else _intersection(found)
        case Presence():
            return present(term.value) if outcome else _NOTHING
        case Membership(options=options):
            found = [present(option) for option in options]
            return present(term.value) | (_intersection(found) if outcome else _union(found))
        case StepFact(question="done", step=step):
            return frozenset({f"done_at({step})"}) if outcome else _NOTHING
        case RowFunction(question="every", where=None, each=Term() as each) if outcome:
            return present(term) | (proven(each, True) & _columns(each))
        case _:
            return present(term)


def present(term: Term) -> frozenset[str]:
    """The names that are set whenever a term has a value at all."""
    match term:
        case Presence():
            return _NOTHING
        case Replacement():
            return present(term.value) & present(term.substitute)
        case Conjunction() | Disjunction():
            return proven(term, True) & proven(term, False)
        case Membership():
            return proven(term, True)
        case RowFunction():
            # What its rows hold is not known outside of them: there may be none.
            return _NOTHING if term.question == "count" else frozenset({name_of(term)})
        case Leaf():
            return frozenset({name_of(term)}) if may_be_empty(term) else _NOTHING
        case _:
            return _union([present(part) for part in parts(term)])


def _unassigned_in_rows(term: RowFunction, assigned: frozenset[str], implied: Implied) -> tuple[Fault, ...]:
    if name_of(term) in assigned:
        return ()
    faults: tuple[Fault, ...] = ()
    if term.where is not None:
        # Earlier cases are other processes' too, and children have not ended yet: those that lack what is asked for are meant to be
        # passed over.
        passed_over = _columns(term.where) if isinstance(term.rows, Children) else _NOTHING
        faults = () if isinstance(term.rows, Earlier) else unassigned(term.where, assigned | passed_over, implied)
        assigned |= _with_implied(proven(term.where, True), implied)
    if term.question == "last":
        return (*faults, _may_be_empty(term))
    return faults if term.each is None else (*faults, *unassigned(term.each, assigned, implied))


def _columns(term: Term) -> frozenset[str]:
    return frozenset(name_of(leaf) for leaf in leaves(term) if isinstance(leaf, Column))


def _in_turn(operands: tuple[Term, ...], going_on: bool, assigned: frozenset[str], implied: Implied) -> tuple[Fault, ...]:
    # What is on the right only counts when all on the left came out as `going_on`: there it is narrowed.
    faults: list[Fault] = []
    for operand in operands:
        faults += unassigned(operand, assigned, implied)
        assigned |= _with_implied(proven(operand, going_on), implied)
    return tuple(faults)


def _with_implied(names: frozenset[str], implied: Implied) -> frozenset[str]:
    return names.union(*(implied[name] for name in names & implied.keys()))


def _union(sets: list[frozenset[str]]) -> frozenset[str]:
    return _NOTHING.union(*sets)


def _intersection(sets: list[frozenset[str]]) -> frozenset[str]:
    return reduce(frozenset.intersection, sets)


def _may_be_empty(leaf: Leaf | RowFunction) -> Fault:
    name = leaf.name if isinstance(leaf, Column) else name_of(leaf)
    sentence = Label("此处应为必有的值，实际“{name}”可能为空", "expected a value that is always set, found “{name}”, which may be empty")
    if isinstance(leaf, StepFact):
        way_out = Label("请先判断：“done({step}) and …”。", "Test it first: “done({step}) and …”.").fill(step=leaf.step)
    elif leaf.kind == BOOLEAN:
        way_out = Label(
            "请先判断：“{name} is set and …”；或写“{name} otherwise false”。",
            "Test it first: “{name} is set and …”; or say “{name} otherwise false”.",
        )
        way_out = way_out.fill(name=name)
    else:
        way_out = Label(
            "请先判断：“{name} is set and …”；或给出替代值：“{name} otherwise …”。",
            "Test it first: “{name} is set and …”; or give a substitute: “{name} otherwise …”.",
        )
        way_out = way_out.fill(name=name)
    return fault("may-be-empty", leaf.place, sentence.fill(name=name), way_out)
