"""What touches a case without moving it: correcting wrongly entered values, comments, and reading what is masked.

None has words in a definition, so the rule is fixed and closed: all are for those who work on the process – a correction
for its owner alone where a rule reads the field, filled or empty, because an approval must not change under its own feet.
"""

from __future__ import annotations

from engine.core.authority import part_in
from engine.core.calculation import differences, recompute
from engine.core.case import Case
from engine.core.clock import Situation, clock_changes
from engine.core.command import Comment, Correct, Disclose
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import conclude
from engine.core.decision import Decision, Reason, Refused
from engine.core.event import Commented, Corrected, Disclosed
from engine.core.facts import Facts
from engine.core.field import LINE_LIMIT
from engine.core.form import Ask, Form, invalid
from engine.core.perform import Before, environment_of, faults_of_reason
from engine.core.prose import fault_in, quoted
from engine.core.unique import duplicates
from engine.errors import with_nearest
from engine.label import Label
from roles.actor import ADMINISTRATOR
from roles.policy import Allowed, Right, authorise

COMMENT_LIMIT = 4000
"""Characters of one comment."""


def correct(definition: CompiledDefinition, case: Case, command: Correct, facts: Facts, stale: tuple[Reason, ...]) -> Decision:
    """Replace values that were entered wrongly; recorded with its reason, and the case stays where it is."""
    lineage = facts.lineage(case.unit)
    as_owner = authorise((Right("role", definition.owner),), facts.actor, {}, lineage)
    ways = as_owner or part_in(definition, facts.actor, lineage)
    reasons = [*stale, *_may_correct(definition, command, facts, ways, is_owner=bool(as_owner))]
    reasons += faults_of_reason(command.reason, is_required=True)
    asks = tuple(Ask.mending(rule, optional=name not in case.data) for name, rule in definition.fields.items() if name in command.data)
    known = {name: raw for name, raw in command.data.items() if name in definition.fields}
    filled, faults = Form(asks).fill(known, case.data, facts, lineage, case.seq + 1)
    changed = {name: value for name, value in filled.items() if value is not None and case.data.get(name) != value}
    before = Before.of(case)
    data = {**case.data, **changed}
    environment = environment_of(definition, before, facts, frozenset(), data)
    miscalculated = recompute(definition, data, environment)
    kept = {name: value for name, value in changed.items() if case.outcome is None or definition.fields[name].unique == "ever"}
    is_open = case.outcome is None
    clocks, unclear = clock_changes(
        definition, case.clocks, Situation(case.state, is_open, None, is_open, facts.now), environment, facts.calendars
    )
    reasons += (*faults, *miscalculated, *duplicates(definition, kept, facts), *unclear)
    if not reasons and not changed:
        reasons.append(
            Reason("data_invalid", Label("没有要更正的内容：与现有值相同", "There is nothing to correct: the values are the same"))
        )
    if reasons:
        return Refused(tuple(reasons))
    event = Corrected(facts.now, facts.actor.id, ways[0].on_behalf_of, command.reason, differences(case.data, data), clocks)
    return conclude(definition, case, (event,), (), facts)


def correctable(definition: CompiledDefinition, case: Case, facts: Facts) -> tuple[str, ...]:
    """The fields that the actor may correct."""
    lineage = facts.lineage(case.unit)
    as_owner = authorise((Right("role", definition.owner),), facts.actor, {}, lineage)
    ways = as_owner or part_in(definition, facts.actor, lineage)
    return tuple(
        name
        for name in (definition.fields if ways else ())
        if not _may_correct(definition, Correct({name: None}, ""), facts, ways, is_owner=bool(as_owner))
    )


def comment(definition: CompiledDefinition, case: Case, command: Comment, facts: Facts) -> Decision:
    """Write a remark into the history. Administrators may too: what they try again on a case, they try by a remark."""
    reasons: list[Reason] = []
    lineage = facts.lineage(case.unit)
    ways = part_in(definition, facts.actor, lineage) or authorise((Right("role", ADMINISTRATOR),), facts.actor, {}, lineage)
    if not ways:
        reasons.append(_not_authorised(facts, Label("为本工单添加备注", "comment on this case")))
    text = command.text.strip()
    fault = fault_in(text, COMMENT_LIMIT) if text else Label("必填", "must be filled")
    if fault is not None:
        reasons.append(Reason("data_invalid", Label("备注：{fault}", "Comment: {fault}").fill(fault=fault), subject="text"))
    if reasons:
        return Refused(tuple(reasons))
    event = Commented(facts.now, facts.actor.id, ways[0].on_behalf_of, text)
    return conclude(definition, case, (event,), (), facts)


def disclose(definition: CompiledDefinition, case: Case, command: Disclose, facts: Facts) -> Decision:
    """Note who reads personal values, and why. What they are, whoever serves the wish tells him, once."""
    reasons: list[Reason] = []
    ways = part_in(definition, facts.actor, facts.lineage(case.unit))
    if not ways:
        reasons.append(_not_authorised(facts, Label("查看本工单的个人信息原文", "read what is masked in this case")))
    reasons += faults_of_reason(command.reason, is_required=True)
    for name in command.fields:
        rule = definition.fields.get(name)
        if rule is None:
            reasons.append(_no_field(definition, name))
        elif not rule.personal:
            reasons.append(invalid(rule, Label("不是个人信息，不会脱敏", "is not personal and never masked")))
    if reasons:
        return Refused(tuple(reasons))
    event = Disclosed(facts.now, facts.actor.id, ways[0].on_behalf_of, command.reason, tuple(dict.fromkeys(command.fields)))
    return conclude(definition, case, (event,), (), facts)


def _no_field(definition: CompiledDefinition, name: str) -> Reason:
    sentence = Label("没有字段{name}", "There is no field {name}").fill(name=quoted(name))
    return Reason("data_invalid", with_nearest(sentence, name[:LINE_LIMIT], definition.fields), subject=name)


def _may_correct(
    definition: CompiledDefinition, command: Correct, facts: Facts, ways: tuple[Allowed, ...], *, is_owner: bool
) -> list[Reason]:
    reasons: list[Reason] = []
    if not ways:
        reasons.append(_not_authorised(facts, Label("更正本工单", "correct this case")))
    for name in command.data:
        rule = definition.fields.get(name)
        if rule is None:
            reasons.append(_no_field(definition, name))
        elif rule.computed or rule.kind.name in ("person", "people", "unit"):
            reasons.append(invalid(rule, Label("由规则或步骤填写，不能更正", "is filled by a rule or a step and cannot be corrected")))
        elif name in definition.guarded:
            fault = Label("法定时限依此计算，任何人都不能更正", "decides a legal clock and can be corrected by nobody")
            reasons.append(invalid(rule, fault))
        elif name in definition.deciding and not is_owner:
            sentence = Label(
                "“{field}”参与判定或时限，只有{owner}可以更正", "“{field}” decides steps or deadlines; only {owner} may correct it"
            )
            reasons.append(
                Reason("not_authorised", sentence.fill(field=rule.title, owner=definition.roles[definition.owner]), subject=name)
            )
    return reasons


def _not_authorised(facts: Facts, what: Label) -> Reason:
    return Reason("not_authorised", Label("“{actor}”无权{what}", "“{actor}” may not {what}").fill(actor=facts.actor_name, what=what))
