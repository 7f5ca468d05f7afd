"""Checks states that wait for a child: whichever way the child ends, some step goes on.

Only states that nobody can leave by hand are in danger. Knows of conditions what they say about how the newest child ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.authoring.proof.known import judged
from engine.core.compiled import CompiledDefinition, CompiledState
from engine.core.expression.term import Children, Column, Comparison, Constant, RowFunction, Term, leaves
from engine.core.problem import Problem
from engine.definition.workflow import Workflow
from engine.label import Label

End = tuple[str, str]
"""(final state, outcome)"""


def check_awaiting(definition: CompiledDefinition, family: Mapping[str, Workflow]) -> Iterator[Problem]:
    """A problem for each state that an end of a child would leave without a step to go on by."""
    for name, state in definition.states.items():
        alias = _awaited(state)
        child = family.get(definition.aliases[alias].workflow) if alias in definition.aliases else None
        for end, rule in child.states.items() if child is not None else ():
            if rule.final is not None and all(_answer(step.when.tree, (end, rule.final)) is False for step in state.automatic if step.when):
                sentence = Label(
                    "“{child}”以“{end}”结束后，没有步骤离开“{state}”", "when “{child}” ends as “{end}”, no step of “{state}” goes on"
                )
                way_out = Label(
                    "加一个条件包含这一结局的自动步骤，或由人执行的步骤。",
                    "Add an automatic step whose condition holds then, or one that a person performs.",
                )
                yield Problem(
                    "child-end-unhandled", ("states", name), sentence.fill(child=alias, end=end, state=name), way_out, of_key=True
                )


def _awaited(state: CompiledState) -> str:
    """The one alias whose end alone can lead out of the state; empty when there is another way, or none."""
    if state.outcome is not None or len(state.automatic) != len(state.steps):
        return ""
    aliases = {leaf.alias for step in state.automatic if step.when for leaf in leaves(step.when.tree) if isinstance(leaf, Children)}
    return aliases.pop() if len(aliases) == 1 else ""


def _answer(term: Term, end: End) -> bool | None:
    """What a condition says when the newest child has ended so and none is open; None when it depends on something else."""
    return judged(term, lambda part: _compared(part, end))


def _compared(term: Term, end: End) -> bool | None:
    match term:
        case Comparison(
            operator="==" | "!=",
            left=RowFunction(question="last", rows=Children(), each=Column(name="outcome" | "state" as asked), where=None),
            right=Constant(value=value),
        ):
            return (value == end[asked == "outcome"]) is (term.operator == "==")
        case _:
            return None
