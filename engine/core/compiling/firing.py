"""Steps that no person performs: those of the system, fired by a rung or by their own `when`, and those of a parent case.

Whoever fires them must find them, and each must be fired by somebody. Nobody is there to fill a form, so they ask for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.compiled import ClockRule, CompiledState, CompiledStep
from engine.core.compiling.draft import Draft
from engine.core.expression import Expression
from engine.core.expression.term import Clock, Holders, leaves
from engine.core.kind import BOOLEAN
from engine.core.problem import Path, Problem
from engine.definition.step import Step
from engine.label import Label
from roles.policy import Right

SYSTEM = Right("system", "system")
PARENT = Right("parent", "parent")
_SYSTEM, _PARENT = Label("系统", "the system"), Label("上级工单", "a parent case")


def check_firing(draft: Draft, clocks: Mapping[str, ClockRule], states: Mapping[str, CompiledState]) -> None:
    """Report rungs whose step is not there, and steps of the system that neither a rung nor a `when` of their own fires."""
    fired: set[Path] = set()
    for rule in clocks.values():
        running = [name for name in states if name in rule.states - rule.pauses]
        for rung in rule.ladder:
            if rung.fire is not None:
                fired |= _check_rung(draft, rung.fire, (*rung.path, "fire"), running, states)
    for step in _unattended(states):
        if step.path not in fired and step.path not in draft.automatic:
            sentence = Label("没有提醒阶梯触发“{step}”：system 永远不会执行它", "no rung fires “{step}”: the system never performs it")
            way_out = Label(
                "在某个时限的 ladder 中写 fire: {step}，或写明 when 使它自动执行。",
                "Let a rung of some clock say “fire: {step}”, or give it a “when” to make it automatic.",
            )
            draft.report("step-never-fired", (*step.path, "by"), sentence.fill(step=step.id), way_out.fill(step=step.id))


def compile_when(draft: Draft, step: Step, path: Path, *, is_start: bool) -> Expression | None:
    """The condition of an automatic step; None for any other."""
    if step.when is None:
        return None
    here: Path = (*path, "when")
    draft.automatic.add(path)
    if is_start or step.by != ("system",):
        sentence = Label("when 只用于 by: system 的步骤", "“when” is for steps of a state that are “by: system” alone")
        way_out = Label("人来执行的步骤，其条件写在 requires。", "What a person performs has its conditions in “requires”.")
        draft.report("not-allowed-here", here, sentence, way_out, of_key=True)
    condition = draft.expression(step.when, here, BOOLEAN)
    for leaf in leaves(condition.tree) if condition is not None else ():
        if isinstance(leaf, Clock):
            sentence = Label(
                "自动步骤的条件不能读取当前时间：没有事件会让它再试", "an automatic step cannot read the time: no event would try it again"
            )
            way_out = Label("用时限：在其 ladder 中 fire 这一步骤。", "Use a clock, whose ladder fires the step.")
            draft.note(Problem("clock-in-when", here, sentence, way_out, leaf.place.offset, leaf.place.end - leaf.place.offset))
        elif isinstance(leaf, Holders):
            sentence = Label(
                "自动步骤的条件不能读取谁担任某角色：没有事件会让它再试",
                "an automatic step cannot read who holds a role: no event would try it again",
            )
            place = leaf.place
            draft.note(Problem("not-allowed-here", here, sentence, None, place.offset, place.end - place.offset))
    draft.decide_by(condition.reads if condition is not None else ())
    return condition


def check_unattended(draft: Draft, step: CompiledStep, *, is_start: bool) -> None:
    """Report what a step of the system, or of a parent case, demands of somebody who is not there."""
    if SYSTEM in step.by:
        _check_demands(draft, step, _SYSTEM, "system")
    if PARENT in step.by and is_start and step.reason_required:
        sentence = Label("parent 开工单时无法说明原因", "a parent that opens a case cannot give a reason")
        draft.report("not-allowed-here", (*step.path, "reason"), sentence, Label("去掉 reason。", "Leave “reason” out."), of_key=True)
    elif PARENT in step.by and not is_start:
        _check_demands(draft, step, _PARENT, "parent")


def _check_demands(draft: Draft, step: CompiledStep, who: Label, word: str) -> None:
    if any(not ask.optional for ask in step.form.asks):
        sentence = Label("{who}无法填写必填项", "{who} cannot fill in what is asked").fill(who=who)
        way_out = Label("加问号使之可空，或另写一个由 {word} 执行的步骤。", "Mark it with “?”, or give “{word}” a step of its own.")
        draft.report("not-allowed-here", (*step.path, "asks"), sentence, way_out.fill(word=word), of_key=True)
    if step.reason_required:
        sentence = Label("{who}无法说明原因", "{who} cannot give a reason").fill(who=who)
        draft.report("not-allowed-here", (*step.path, "reason"), sentence, Label("去掉 reason。", "Leave “reason” out."), of_key=True)
    if step.assign is not None and any(holder.kind == "actor" for holder in step.assign.values()):
        sentence = Label("{who}不是人，不能成为承办人", "{who} is nobody to whom a case could be assigned").fill(who=who)
        draft.report(
            "not-allowed-here", (*step.path, "assign"), sentence, Label("写人员字段或 nobody。", "Name a person field or “nobody”.")
        )


def _check_rung(draft: Draft, name: str, path: Path, running: list[str], states: Mapping[str, CompiledState]) -> set[Path]:
    """The paths of the steps that the rung may fire; a state without one is reported."""
    if all(name not in state.steps for state in states.values()):
        steps = [step.id for step in _unattended(states)]
        draft.unknown("unknown-step", Label("system 的步骤", "step of the system"), name, path, steps)
        return set()
    found = {state: states[state].steps[name] for state in running if name in states[state].steps}
    if any(step.path in draft.automatic for step in found.values()):
        sentence = Label("“{step}”是自动步骤，由它自己的 when 执行", "“{step}” is automatic: its own “when” performs it").fill(step=name)
        way_out = Label("提醒阶梯要执行的步骤请另写一个。", "Give the ladder a step of its own.")
        draft.report("not-allowed-here", path, sentence, way_out)
    closed = [state for state in running if state not in found or SYSTEM not in found[state].by]
    if closed:
        sentence = Label(
            "时限计时的每个状态都须有对 system 开放的“{step}”，以下没有：{states}",
            "“{step}” must be open to the system wherever the clock runs; it is not in: {states}",
        ).fill(step=name, states=", ".join(closed))
        way_out = Label("加上该步骤（by: system），或缩小 runs_in。", "Add the step with “by: system” there, or narrow “runs_in”.")
        draft.report("fired-step-missing", path, sentence, way_out)
    everywhere = {state.steps[name].path for state in states.values() if name in state.steps}
    # Of a clock whose states are at fault, it is not known where it would fire.
    return {step.path for step in found.values()} if running else everywhere


def _unattended(states: Mapping[str, CompiledState]) -> list[CompiledStep]:
    return [step for state in states.values() for step in state.steps.values() if SYSTEM in step.by]
