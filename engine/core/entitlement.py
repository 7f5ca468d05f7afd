"""Whether somebody is entitled to a step, question by question: each word of `by` and of `not_by`, units and delegations included.

Says in full what `core.authority` decides; asks the same policy, so that the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from engine.core.authority import not_authorised, not_separate, relations_of, spoken, titled
from engine.core.case import Performance, Signature
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Check, Shown
from engine.core.facts import Facts
from engine.core.kind import Value
from engine.core.showing import EMPTY
from engine.label import Label, listed
from roles.policy import Allowed, Relation, Right, authorise, excluded


def admission(
    definition: CompiledDefinition,
    step: CompiledStep,
    data: Mapping[str, Value],
    assignee: str | None,
    facts: Facts,
    lineage: tuple[str, ...],
) -> Check:
    """Whether `by` admits the actor: one part for each of its words, and one for each person he may act for."""
    relations = relations_of(definition, step.by, data, assignee)
    ways = authorise(step.by, facts.actor, relations, lineage)
    own = [_right(definition, right, facts, None, relations, lineage) for right in step.by]
    behalf = [_behalf(definition, step, facts, lent.delegator, relations, lineage) for lent in facts.actor.lent]
    sentence = Label("可执行“{step}”（限：{who}）", "may do “{step}”, which takes: {who}")
    return Check(
        "role",
        sentence.fill(step=step.title, who=spoken(definition, (right.name for right in step.by))),
        bool(ways),
        None if ways else not_authorised(definition, step, facts),
        parts=(*own, *behalf),
    )


def separation(
    definition: CompiledDefinition,
    step: CompiledStep,
    way: Allowed,
    data: Mapping[str, Value],
    performed: tuple[Performance, ...],
    assignee: str | None,
    facts: Facts,
    unknown: Collection[str] = (),
) -> tuple[Check, ...]:
    """Whether `not_by` leaves the actor, or the person he acts for, free: one part for each of its words. Nothing where there are none.

    `unknown`: fields that the form will fill; until then nobody stands in them, and they cannot leave him free.
    """
    if not step.not_by_steps and not step.not_by_rights:
        return ()
    relations = relations_of(definition, step.not_by_rights, data, assignee)
    parts = [_not_performed(definition, name, way, performed, facts) for name in sorted(step.not_by_steps)]
    parts += [_not_standing(definition, right, way, relations, facts, unknown) for right in step.not_by_rights]
    words = tuple(part.subject for part in parts if part.subject is not None and part.holds is False)
    holds = False if words else None if any(part.holds is None for part in parts) else True
    sentence = Label("职责分离：此前的办理不妨碍执行“{step}”", "separation of duties: nothing before keeps him from “{step}”")
    reason = not_separate(definition, step, words, facts) if words else None
    return (Check("separation", sentence.fill(step=step.title), holds, reason, parts=tuple(parts)),)


def _right(
    definition: CompiledDefinition,
    right: Right,
    facts: Facts,
    on_behalf_of: str | None,
    relations: Mapping[str, Relation],
    lineage: tuple[str, ...],
) -> Check:
    """Whether this word of `by` admits the actor: by himself, or for somebody."""

    def admits(within: tuple[str, ...]) -> bool:
        return any(way.on_behalf_of == on_behalf_of for way in authorise((right,), facts.actor, relations, within))

    word = titled(definition, right.name)
    if right.kind == "role":
        holds_at_all = admits(())
        unit = _unit(lineage, admits(lineage), facts) if holds_at_all and lineage and not right.anywhere else ()
        return Check("role", Label("担任“{role}”", "holds the role “{role}”").fill(role=word), admits(lineage), parts=unit)
    if right.kind in ("field", "assignee"):
        relation = relations[right.name]
        sentence = Label("是“{field}”中的人", "stands in “{field}”") if right.kind == "field" else Label("是{field}", "is {field}")
        shown = Shown(right.name, word, _named(relation.persons, facts))
        return Check("assignee" if right.kind == "assignee" else "role", sentence.fill(field=word), admits(lineage), values=(shown,))
    return Check("role", Label("是{who}", "is {who}").fill(who=word), admits(lineage))


def _unit(lineage: tuple[str, ...], holds: bool, facts: Facts) -> tuple[Check, ...]:
    sentence = Label("在单位“{unit}”或其上级", "in the unit “{unit}” or above it")
    return (Check("unit", sentence.fill(unit=facts.called.unit(lineage[0])), holds, subject=lineage[0]),)


def _behalf(
    definition: CompiledDefinition,
    step: CompiledStep,
    facts: Facts,
    delegator: str,
    relations: Mapping[str, Relation],
    lineage: tuple[str, ...],
) -> Check:
    parts = tuple(_right(definition, right, facts, delegator, relations, lineage) for right in step.by)
    sentence = Label("代“{person}”办理", "acts for “{person}”").fill(person=facts.called.person(delegator))
    return Check("delegation", sentence, any(part.holds for part in parts), parts=parts, subject=delegator)


def _not_performed(definition: CompiledDefinition, name: str, way: Allowed, performed: tuple[Performance, ...], facts: Facts) -> Check:
    acts = [act for act in performed if act.step == name]
    persons = frozenset(person for act in acts for person in act.persons)
    title = titled(definition, name)
    who = listed(dict.fromkeys(performer(act, facts) for act in acts)) if acts else EMPTY
    barred = excluded(facts.actor, way.on_behalf_of, {name: persons}, (), {})
    sentence = Label("未执行过“{step}”", "has not performed “{step}”").fill(step=title)
    return Check("separation", sentence, not barred, values=(Shown(name, title, who),), subject=name)


def performer(act: Performance | Signature, facts: Facts) -> Label:
    """Who did it, and for whom."""
    who = facts.called.person(act.actor)
    if act.on_behalf_of is None:
        return who
    return Label("{actor}（代{other}）", "{actor} (for {other})").fill(actor=who, other=facts.called.person(act.on_behalf_of))


def _named(persons: tuple[str, ...], facts: Facts) -> Label:
    return listed(map(facts.called.person, persons)) if persons else EMPTY


def _not_standing(
    definition: CompiledDefinition,
    right: Right,
    way: Allowed,
    relations: Mapping[str, Relation],
    facts: Facts,
    unknown: Collection[str],
) -> Check:
    word = titled(definition, right.name)
    barred = excluded(facts.actor, way.on_behalf_of, {}, (right,), relations)
    holds = False if barred else None if right.name in unknown else True
    if right.kind == "role":
        return Check("separation", Label("不担任“{role}”", "does not hold the role “{role}”").fill(role=word), holds, subject=right.name)
    sentence = (
        Label("不是“{field}”中的人", "does not stand in “{field}”") if right.kind == "field" else Label("不是{field}", "is not {field}")
    )
    persons = relations[right.name].persons if right.name in relations else ()
    values = (Shown(right.name, word, _named(persons, facts)),) if persons else ()
    return Check("separation", sentence.fill(field=word), holds, values=values, subject=right.name)
