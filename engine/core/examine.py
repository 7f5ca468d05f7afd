"""The evaluator told in full: every question that is asked before a step, its answer, and what decided.

A wish is decided quickly, by what stands against it; only a refusal, options and a dry run come here. The questions are those of
`core.perform`, in its order, so the reasons of a refusal are exactly the causes in its tree (`causes`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from engine.core.approval import UNSIGNED, as_signer, attempt, fewest, outstanding
from engine.core.authority import BY_NO_RIGHT, admit, separate, titled
from engine.core.case import Case
from engine.core.command import Command, Fire, OpenCase
from engine.core.compiled import STAY, Approvals, CompiledDefinition, CompiledStep
from engine.core.decision import Check, CheckKind, Reason, ReasonCode, Shown
from engine.core.entitlement import admission, performer, separation
from engine.core.evolve import evolve
from engine.core.facts import Facts
from engine.core.family import still_open
from engine.core.form import Form
from engine.core.guard import lines
from engine.core.kind import Value
from engine.core.moving import PARENT_HAS_ENDED, before_of, revives
from engine.core.opening import blank, unit_of
from engine.core.perform import Before, Weighed, environment_of, faults_of_reason, weigh
from engine.core.showing import EMPTY
from engine.core.unique import duplicates, unique_values
from engine.core.voiding import revoked
from engine.label import Label, listed

_STATEMENTS: Mapping[ReasonCode, tuple[CheckKind, Label]] = {
    "not_available": ("state", Label("此步骤现在可用", "the step is available now")),
    "not_authorised": ("role", Label("有权办理", "he has the right to do it")),
    "separation_of_duties": ("separation", Label("职责分离：此前的办理不妨碍", "separation of duties: nothing before keeps him from it")),
    "data_invalid": ("form", Label("内容填写无误", "what was filled in can be taken")),
    "guard_unmet": ("guard", Label("条件成立", "the condition holds")),
    "no_single_choice": ("choice", Label("流程定义中恰有一种情况成立", "exactly one case of the definition applies")),
    "duplicate": ("unique", Label("未被其他工单占用", "no other case has it")),
    "stale": ("revision", Label("工单没有变动过", "the case is as it was when the wish was made")),
    "approval_repeated": ("approval", Label("尚未签署过", "he has not signed yet")),
    "child_refused": ("child", Label("要开的子工单都能受理", "the cases that it opens can be opened")),
    "child_open": ("child", Label("须先结束的子工单都已结束", "the cases that must end first have ended")),
    "not_undoable": ("undo", Label("可以撤销", "it can be taken back")),
    "not_assignable": ("assignee", Label("可以派给此人", "the case can be given to this person")),
    "unmatched": ("state", Label("有未结工单与事件相符", "the event means an open case")),
    "ambiguous": ("state", Label("只有一个工单与事件相符", "the event means no other")),
}
"""What is asked where a reason is all that is known: its kind, and the question as a statement."""


def causes(checks: Iterable[Check]) -> Iterator[Reason]:
    """The reasons of a tree: what does not hold and is itself a cause, in order."""
    for check in checks:
        if check.reason is not None:
            yield check.reason
        yield from causes(check.parts)


def examine(
    definition: CompiledDefinition, case: Case | None, wish: Command, facts: Facts, reasons: tuple[Reason, ...] = ()
) -> tuple[Check, ...]:
    """Everything that is asked before this wish. `reasons`: those of its refusal; none: it was granted.

    Of a wish that is no step – a correction, a remark – only the reasons are told.
    """
    asked = _asked(definition, case, wish, facts)
    known = tuple(causes(asked))
    first = tuple(reason for reason in reasons if reason.code == "stale")
    return (*leaves_of(first), *asked, *leaves_of(reason for reason in reasons if reason not in known and reason not in first))


def look(definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts) -> tuple[Check, ...]:
    """The same before anybody has filled the form: what depends on it has no answer yet."""
    case = without_revoked(definition, case, step, facts)
    if step.id in case.signing:  # the first signer has filled it
        return _asked(definition, case, Fire(step.id), facts)
    here, repeated = as_signer(definition, case, step, facts) if step.approvals is not None else (facts, ())
    lineage = here.lineage(case.unit)
    asked = frozenset(ask.field.id for ask in step.form.asks)
    ways = admit(definition, step, case.data, case.assignee, here, lineage)
    known = {name: value for name, value in case.data.items() if name not in asked}
    way, _ = separate(definition, step, ways or BY_NO_RIGHT, known, case.performed, case.assignee, here)
    environment = environment_of(definition, Before.of(case), here, way.through, case.data)
    conditions = lines(definition, step, environment, asked)
    return (
        _here(definition, case, step),
        admission(definition, step, case.data, case.assignee, here, lineage),
        *_approval(definition, case, step, here, repeated),
        *separation(definition, step, way, known, case.performed, case.assignee, here, asked),
        *_empty(step),
        *(each if step.approvals is None else _later(each) for each in conditions),
        *(_unique(definition, name, None) for name in (rule.id for rule in definition.unique) if name in asked),
        *_ending(definition, case, step, here),
    )


def without_revoked(definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts) -> Case:
    """The case without the signatures of whoever has lost the right to this step: the next one would not count them."""
    for event in revoked(definition, case, step, facts):
        case = evolve(case, event)
    return case


def _later(condition: Check) -> Check:
    """A line of a step that several sign: it is asked with the last signature, and forbids none before."""
    return condition if condition.holds else replace(condition, holds=None, reason=None)


def _asked(definition: CompiledDefinition, case: Case | None, wish: Command, facts: Facts) -> tuple[Check, ...]:
    if isinstance(wish, OpenCase) and wish.start in definition.starts:
        step = definition.starts[wish.start]
        unit, faults = unit_of(definition, step, wish, facts)
        before = blank(unit, facts)
        return (*leaves_of(faults), *_step(definition, step, before, weigh(definition, step, before, wish.data, facts), wish.reason, facts))
    if isinstance(wish, Fire) and case is not None and wish.transition in definition.states[case.state].steps:
        step = definition.states[case.state].steps[wish.transition]
        here = _here(definition, case, step)
        if step.approvals is not None:
            case = without_revoked(definition, case, step, facts)
            return (here, *_signature(definition, case, step, step.approvals, wish, facts))
        before = before_of(definition, case, step)
        weighed = weigh(definition, step, before, wish.data, facts)
        return (here, *_step(definition, step, before, weighed, wish.reason, facts))
    return ()


def _step(
    definition: CompiledDefinition, step: CompiledStep, before: Before, weighed: Weighed, reason: str | None, facts: Facts
) -> tuple[Check, ...]:
    environment = weighed.environment
    return (
        admission(definition, step, before.data, before.assignee, facts, facts.lineage(before.unit)),
        *separation(definition, step, weighed.way, environment.data, before.performed, before.assignee, facts),
        *_filled(definition, step, (*weighed.faults, *faults_of_reason(reason, is_required=step.reason_required))),
        *lines(definition, step, environment, weighed.unreadable),
        *leaves_of(weighed.miscalculated),
        *_uniques(definition, environment.data if before.revives else weighed.entered, facts),
    )


def _signature(
    definition: CompiledDefinition, case: Case, step: CompiledStep, approvals: Approvals, wish: Fire, facts: Facts
) -> tuple[Check, ...]:
    """One more signature: conditions are asked with the last one, when nothing else is in its way."""
    made = attempt(definition, case, step, approvals, wish, facts)
    environment, here = made.weighed.environment, made.facts
    asked = (
        admission(definition, step, case.data, case.assignee, here, here.lineage(case.unit)),
        *_approval(definition, case, step, here, made.repeated),
        *separation(definition, step, made.weighed.way, environment.data, case.performed, case.assignee, here),
        *_filled(definition, step, made.faults),
        *leaves_of(made.weighed.miscalculated),
        *_uniques(definition, made.weighed.entered, here),
        *leaves_of(made.miscounted),
    )
    is_last = made.is_last and all(check.holds for check in asked)
    return (*asked, *(lines(definition, step, environment, made.weighed.unreadable) if is_last else ()))


def _approval(
    definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts, repeated: tuple[Reason, ...]
) -> tuple[Check, ...]:
    """How many have signed of how many, and whether the actor is another person than they."""
    if step.approvals is None:
        return ()
    signing = case.signing.get(step.id, UNSIGNED)
    left = outstanding(step.approvals, fewest(definition, case, step.approvals, signing, facts), signing.signatures)
    sentence = Label(
        "本人尚未签署（已有 {signed} 人签署，共须 {needed} 人）", "has not signed yet ({signed} of {needed} signatures are there)"
    )
    who = listed(performer(each, facts) for each in signing.signatures) if signing.signatures else EMPTY
    parts = tuple(
        Check("approval", Label("须有“{role}”签署", "a “{role}” must sign").fill(role=titled(definition, role)), None, subject=role)
        for role in left.roles
    )
    return (
        Check(
            "approval",
            sentence.fill(signed=left.signed, needed=left.needed),
            not repeated,
            next(iter(repeated), None),
            (Shown(step.id, step.title, who),),
            parts,
            step.id,
        ),
    )


def _here(definition: CompiledDefinition, case: Case, step: CompiledStep) -> Check:
    sentence = Label("“{step}”在“{state}”状态下可执行", "“{step}” is a step of the state “{state}”")
    return Check("state", sentence.fill(step=step.title, state=definition.states[case.state].title), True, subject=step.id)


def _empty(step: CompiledStep) -> tuple[Check, ...]:
    """The form that is still to be filled."""
    needed = [ask.field.title for ask in step.form.asks if not ask.optional]
    needed += [Label("原因", "a reason")] if step.reason_required else []
    if not needed:
        return ()
    return (Check("form", Label("已填写：{fields}", "filled in: {fields}").fill(fields=listed(needed)), None),)


def _filled(definition: CompiledDefinition, step: CompiledStep, faults: tuple[Reason, ...]) -> tuple[Check, ...]:
    """The form as it was filled: one part for each fault."""
    if step.form == Form() and not step.reason_required and not faults:
        return ()
    parts = tuple(Check("form", _field(definition, fault), False, fault, subject=fault.subject) for fault in faults)
    return (Check("form", Label("表单填写齐全、有效", "the form is filled in as asked"), not faults, parts=parts),)


def _field(definition: CompiledDefinition, fault: Reason) -> Label:
    rule = definition.fields.get(fault.subject or "")
    if rule is None:
        return _STATEMENTS[fault.code][1]
    return Label("“{title}”填写无误", "“{title}” is filled in as asked").fill(title=rule.title)


def _uniques(definition: CompiledDefinition, data: Mapping[str, Value], facts: Facts) -> tuple[Check, ...]:
    taken = {reason.subject: reason for reason in duplicates(definition, data, facts)}
    return tuple(_unique(definition, name, taken.get(name), known=True) for name, _, _ in unique_values(definition, data, is_open=True))


def _unique(definition: CompiledDefinition, name: str, reason: Reason | None, *, known: bool = False) -> Check:
    sentence = Label("没有其他工单占用“{title}”", "no other case has this “{title}”").fill(title=definition.fields[name].title)
    return Check("unique", sentence, reason is None if known else None, reason, subject=name)


def _ending(definition: CompiledDefinition, case: Case, step: CompiledStep, facts: Facts) -> tuple[Check, ...]:
    """What stands against an end, or a new beginning, whatever the form says."""
    if revives(definition, case, step):
        return () if facts.parent_is_open else leaves_of((PARENT_HAS_ENDED,))
    waiting = still_open(case.children, ())
    ends = [target != STAY and definition.states[target].outcome is not None for target in step.to.values()]
    if not waiting or not any(ends):
        return ()
    return leaves_of(waiting) if all(ends) else (Check("child", _STATEMENTS["child_open"][1], None),)


def leaves_of(reasons: Iterable[Reason]) -> tuple[Check, ...]:
    """Reasons as questions that do not hold."""
    return tuple(Check(*_STATEMENTS[reason.code], False, reason, reason.values, subject=reason.subject) for reason in reasons)


def verdict(checks: Sequence[Check]) -> bool | None:
    """Whether all of them hold; None where nothing stands against it, but something is still open."""
    holds = {check.holds for check in checks}
    return False if False in holds else None if None in holds else True
