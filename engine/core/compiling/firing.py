"""Steps of the system: whoever fires them must find them, and each must be fired by somebody.

A rung fires when nobody is there, so its step has to be open to `system` wherever the clock runs, and must ask for nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.compiled import ClockRule, CompiledState, CompiledStep
from engine.core.compiling.draft import Draft
from engine.core.problem import Path
from engine.label import Label
from roles.policy import Right

SYSTEM = Right("system", "system")


def check_firing(draft: Draft, clocks: Mapping[str, ClockRule], states: Mapping[str, CompiledState]) -> None:
    """Report rungs whose step is not there, and steps of the system that no rung fires."""
    fired: set[Path] = set()
    for rule in clocks.values():
        running = [name for name in states if name in rule.states - rule.pauses]
        for rung in rule.ladder:
            if rung.fire is not None:
                fired |= _check_rung(draft, rung.fire, (*rung.path, "fire"), running, states)
    for step in _unattended(states):
        if step.path not in fired:
            sentence = Label("没有提醒阶梯触发“{step}”：system 永远不会执行它", "no rung fires “{step}”: the system never performs it")
            way_out = Label("在某个时限的 ladder 中写 fire: {step}。", "Let a rung of some clock say “fire: {step}”.")
            draft.report("step-never-fired", (*step.path, "by"), sentence.fill(step=step.id), way_out.fill(step=step.id))


def check_unattended(draft: Draft, step: CompiledStep) -> None:
    """Report what a step of the system demands of somebody who is not there."""
    if SYSTEM not in step.by:
        return
    if any(not ask.optional for ask in step.form.asks):
        sentence = Label("system 无法填写必填项", "the system cannot fill in what is asked")
        way_out = Label("加问号使之可空，或另写一个由 system 执行的步骤。", "Mark it with “?”, or give the system a step of its own.")
        draft.report("not-allowed-here", (*step.path, "asks"), sentence, way_out, of_key=True)
    if step.reason_required:
        sentence = Label("system 无法说明原因", "the system cannot give a reason")
        draft.report("not-allowed-here", (*step.path, "reason"), sentence, Label("去掉 reason。", "Leave “reason” out."), of_key=True)
    if step.assign is not None and any(holder.kind == "actor" for holder in step.assign.values()):
        sentence = Label("system 不是人，不能成为承办人", "the system is nobody to whom a case could be assigned")
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
