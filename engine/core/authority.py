"""Who may perform a step, and what he did before that forbids it: the definition's words, asked of `roles.policy`.

Refusals name roles by their titles: a person at a counter knows 维修检测, not phone-repair-tester.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.core.case import Performance
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Reason
from engine.core.facts import Facts
from engine.core.kind import Value
from engine.label import Label, listed, verbatim
from roles.policy import Denied, Relation, Right, authorise, excluded

_WORDS = {
    "assignee": Label("承办人", "whoever the case is assigned to"),
    "integration": Label("系统接口", "an integration"),
    "system": Label("系统（时限）", "the system, by a clock"),
}


def admit(
    definition: CompiledDefinition,
    step: CompiledStep,
    data: Mapping[str, Value],
    assignee: str | None,
    facts: Facts,
    lineage: tuple[str, ...],
) -> tuple[frozenset[str], tuple[Reason, ...]]:
    """The rights through which the actor may perform the step – or none, and the reason."""
    verdict = authorise(step.by, facts.actor, _relations(definition, step.by, data, assignee), lineage)
    if not isinstance(verdict, Denied):
        return verdict.through, ()
    sentence = Label("“{actor}”无权执行“{step}”；可执行者：{who}", "“{actor}” may not do “{step}”; it takes: {who}")
    who = spoken(definition, (right.name for right in step.by))
    return frozenset(), (Reason("not_authorised", sentence.fill(actor=facts.actor.id, step=step.title, who=who), subject=step.id),)


def separate(
    definition: CompiledDefinition,
    step: CompiledStep,
    data: Mapping[str, Value],
    performed: tuple[Performance, ...],
    assignee: str | None,
    facts: Facts,
) -> tuple[Reason, ...]:
    """The reason why an earlier step, or the actor's place in a field, excludes him; the fields are those after the form."""
    if not step.not_by_steps and not step.not_by_rights:
        return ()
    performers = {
        name: frozenset(person for act in performed if act.step == name for person in (act.actor, act.on_behalf_of) if person is not None)
        for name in sorted(step.not_by_steps)
    }
    words = excluded(facts.actor, performers, step.not_by_rights, _relations(definition, step.not_by_rights, data, assignee))
    if not words:
        return ()
    sentence = Label(
        "职责分离：“{actor}”不得执行“{step}”，因为涉及：{words}",
        "Separation of duties: “{actor}” may not do “{step}” because of: {words}",
    )
    return (
        Reason(
            "separation_of_duties", sentence.fill(actor=facts.actor.id, step=step.title, words=spoken(definition, words)), subject=step.id
        ),
    )


def _relations(
    definition: CompiledDefinition, rights: Iterable[Right], data: Mapping[str, Value], assignee: str | None
) -> dict[str, Relation]:
    relations: dict[str, Relation] = {}
    for right in rights:
        if right.kind == "field":
            value = data.get(right.name)
            persons = value if isinstance(value, tuple) else (value,) if isinstance(value, str) else ()
            relations[right.name] = Relation(persons, definition.fields[right.name].role)
        elif right.kind == "assignee":
            relations[right.name] = Relation((assignee,) if assignee else ())
    return relations


def spoken(definition: CompiledDefinition, words: Iterable[str]) -> Label:
    """The words of `by` or `not_by` as people say them: titles of roles, fields and steps."""
    return listed(_spoken(definition, word) for word in words)


def _spoken(definition: CompiledDefinition, word: str) -> Label:
    if word in definition.roles:
        return definition.roles[word]
    if word in definition.fields:
        return definition.fields[word].title
    if word in _WORDS:
        return _WORDS[word]
    steps = [step for state in definition.states.values() for step in state.steps.values()]
    return next((step.title for step in [*definition.starts.values(), *steps] if step.id == word), verbatim(word))
