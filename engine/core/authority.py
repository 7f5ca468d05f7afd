"""Who may perform a step, and what he did before that forbids it: the definition's words, asked of `roles.policy`.

Refusals name roles by their titles: a person at a counter knows 维修检测, not phone-repair-tester.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.core.case import Performance
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.kind import Value, persons_in
from engine.label import Label, listed, verbatim
from roles.actor import Actor
from roles.policy import Allowed, Relation, Right, authorise, excluded

_WORDS = {
    "assignee": Label("承办人", "whoever the case is assigned to"),
    "customer": Label("客户", "the customer"),
    "integration": Label("系统对接", "an integration"),
    "parent": Label("上级工单", "the case that opened this one"),
    "system": Label("系统（自动）", "the system, by itself"),
}


BY_NO_RIGHT = (Allowed(frozenset()),)
"""What stands in for the ways of somebody who has none, so that everything else can still be asked."""


def admit(
    definition: CompiledDefinition,
    step: CompiledStep,
    data: Mapping[str, Value],
    assignee: str | None,
    facts: Facts,
    lineage: tuple[str, ...],
) -> tuple[Allowed, ...]:
    """Every way in which the actor may perform the step, his own right first; empty: in none. The fields are those before the form."""
    return authorise(step.by, facts.actor, relations_of(definition, step.by, data, assignee), lineage)


def separate(
    definition: CompiledDefinition,
    step: CompiledStep,
    ways: tuple[Allowed, ...],
    data: Mapping[str, Value],
    performed: tuple[Performance, ...],
    assignee: str | None,
    facts: Facts,
) -> tuple[Allowed, tuple[str, ...]]:
    """The first of these ways that nothing done earlier forbids; else the first of all, and the words of `not_by` that forbid it.

    The fields are those after the form.
    """
    if not step.not_by_steps and not step.not_by_rights:
        return ways[0], ()
    performers = {
        name: frozenset(person for act in performed if act.step == name for person in act.persons) for name in sorted(step.not_by_steps)
    }
    relations = relations_of(definition, step.not_by_rights, data, assignee)
    barred = [excluded(facts.actor, way.on_behalf_of, performers, step.not_by_rights, relations) for way in ways]
    free = next((way for way, words in zip(ways, barred, strict=True) if not words), None)
    return (free, ()) if free is not None else (ways[0], barred[0])


def working(definition: CompiledDefinition) -> frozenset[str]:
    """The roles that take part in the process: its owner's, and those that perform some step."""
    return frozenset({definition.owner}).union(*map(definition.roles_of, definition.steps()))


def part_in(definition: CompiledDefinition, actor: Actor, lineage: tuple[str, ...]) -> tuple[Allowed, ...]:
    """Every way in which the actor takes part in the process."""
    return authorise([Right("role", role) for role in sorted(working(definition))], actor, {}, lineage)


def not_authorised(definition: CompiledDefinition, step: CompiledStep, facts: Facts) -> Reason:
    """The reason that none of the rights of `by` admits the actor."""
    sentence = Label("“{actor}”无权执行“{step}”；可执行者：{who}", "“{actor}” may not do “{step}”; it takes: {who}")
    who = spoken(definition, (right.name for right in step.by))
    return Reason("not_authorised", sentence.fill(actor=facts.actor_name, step=step.title, who=who), subject=step.id)


def disabled(facts: Facts) -> Reason:
    """The reason that the actor may do nothing any more."""
    return Reason(
        "not_authorised", Label("“{actor}”已停用，不能办理", "“{actor}” is disabled and may do nothing").fill(actor=facts.actor_name)
    )


def not_separate(definition: CompiledDefinition, step: CompiledStep, words: tuple[str, ...], facts: Facts) -> Reason:
    """The reason that earlier steps, or his place in a field, exclude the actor or the person he acts for."""
    sentence = Label(
        "职责分离：“{actor}”不得执行“{step}”，因为涉及：{words}",
        "Separation of duties: “{actor}” may not do “{step}” because of: {words}",
    )
    filled = sentence.fill(actor=facts.actor_name, step=step.title, words=spoken(definition, words))
    return Reason("separation_of_duties", filled, subject=step.id)


def relations_of(
    definition: CompiledDefinition, rights: Iterable[Right], data: Mapping[str, Value], assignee: str | None
) -> dict[str, Relation]:
    """Who stands where these words point: fields, and whoever holds the case."""
    relations: dict[str, Relation] = {}
    for right in rights:
        if right.kind == "field":
            value = data.get(right.name)
            persons = persons_in(value)
            relations[right.name] = Relation(persons, definition.fields[right.name].role)
        elif right.kind == "assignee":
            relations[right.name] = Relation((assignee,) if assignee else ())
    return relations


def spoken(definition: CompiledDefinition, words: Iterable[str]) -> Label:
    """The words of `by` or `not_by` as people say them: titles of roles, fields and steps."""
    return listed(titled(definition, word) for word in words)


def titled(definition: CompiledDefinition, word: str) -> Label:
    """One word of `by` or `not_by` as people say it."""
    if word in definition.roles:
        return definition.roles[word]
    if word in definition.fields:
        return definition.fields[word].title
    if word in _WORDS:
        return _WORDS[word]
    return next((step.title for step in definition.steps() if step.id == word), verbatim(word))
