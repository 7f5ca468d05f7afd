"""From a bundle to a compiled definition – or to every problem that stands in the way, never half of each.

Everything that names something is resolved here, once: what cannot be resolved is a Problem, so that at run time
nothing can be undefined (DESIGN law 13). Knows paths of a document, not files; asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from engine.core.compiled import STAY, CompiledDefinition, CompiledState, CompiledStep, picked_by
from engine.core.compiling.aliases import compile_aliases, with_aliases
from engine.core.compiling.calendars import working_calendar
from engine.core.compiling.clocks import compile_clocks, guarded
from engine.core.compiling.computed import compile_computed
from engine.core.compiling.draft import Draft, Offered
from engine.core.compiling.fields import compile_fields
from engine.core.compiling.firing import SYSTEM, check_firing
from engine.core.compiling.heading import check_heading
from engine.core.compiling.names import build_scope
from engine.core.compiling.outside import check_events
from engine.core.compiling.steps import compile_anywhere, compile_step
from engine.core.machine import BIRTH, Machine
from engine.core.problem import Problem
from engine.definition.bundle import Bundle
from engine.definition.message import MessageTemplate
from engine.timing.calendar import WorkingCalendar
from notifications.template import Template

__all__ = ["Offered", "compile_bundle", "working_calendar"]

_NOTHING_MORE = Offered()


def compile_bundle(bundle: Bundle, offered: Offered = _NOTHING_MORE) -> CompiledDefinition | tuple[Problem, ...]:
    """The definition ready to decide, or all problems in the order of the document. `offered`: what else exists, to be suggested."""
    document = bundle.workflow
    draft = Draft(bundle, offered)
    draft.fields = compile_fields(draft)
    draft.aliases = compile_aliases(draft)
    draft.scope = with_aliases(draft, build_scope(draft))
    computed = compile_computed(draft)
    check_heading(draft)
    starts = {name: compile_step(draft, name, start, ("start", name), is_start=True) for name, start in document.start.items()}
    anywhere = compile_anywhere(draft)
    states = {name: _compile_state(draft, name, anywhere) for name in document.states}
    clocks = compile_clocks(draft, states)
    check_firing(draft, clocks, states)
    check_events(draft, starts, states)
    calendars = _compile_calendars(draft)
    if draft.problems:
        return tuple(draft.problems)
    return CompiledDefinition(
        workflow=document.workflow,
        version=document.version,
        digest=bundle.digest(),
        title=document.title.label,
        owner=document.owner,
        organisation=document.organisation,
        number=document.number,
        subject=document.subject.key if document.subject else None,
        parties={name: party.model_dump(exclude_none=True) for name, party in document.parties.items()},
        fields=draft.fields,
        kinds={
            **{name: rule.kind for name, rule in draft.fields.items()},
            **{name: alias.kind for name, alias in draft.aliases.items()},
        },
        personal=frozenset(name for name, rule in draft.fields.items() if rule.personal),
        unique=tuple(rule for rule in draft.fields.values() if rule.unique is not None),
        computed=computed,
        depends=draft.depends,
        deciding=frozenset(draft.deciding),
        starts=starts,
        states=states,
        scope=draft.scope,
        roles={name: title.label for name, title in bundle.roles.items()},
        calendar=document.calendar,
        clocks=clocks,
        guarded=guarded(draft, clocks),
        clocks_look_back=any(rule.looks_back for rule in clocks.values()),
        calendars=calendars,
        calendar_titles={name: file.title.label for name, file in bundle.calendars.items()},
        templates={name: _template(template) for name, template in bundle.templates.items()},
        machine=_build_machine(starts, states),
        undo=_window(document.undo),
        aliases=draft.aliases,
        summary=document.summary,
        subject_kind=document.subject.kind if document.subject else None,
        reads_earlier=draft.reads_earlier,
        asked_roles=draft.asked_roles,
        system_pools=frozenset(role for step in _by_system(states) for role in picked_by(step)),
    )


def _by_system(states: dict[str, CompiledState]) -> Iterator[CompiledStep]:
    """The steps that the system may perform."""
    for state in states.values():
        yield from (step for step in state.steps.values() if SYSTEM in step.by)


def _compile_calendars(draft: Draft) -> dict[str, WorkingCalendar]:
    calendars: dict[str, WorkingCalendar] = {}
    for name, file in draft.bundle.calendars.items():
        found = working_calendar(file)
        if isinstance(found, WorkingCalendar):
            calendars[name] = found
        else:
            draft.problems.extend(replace(problem, path=("calendar", *problem.path)) for problem in found)
    return calendars


def _template(template: MessageTemplate) -> Template:
    return Template(template.zh.subject, template.zh.body, template.en.subject, template.en.body)


def _compile_state(draft: Draft, name: str, anywhere: tuple[tuple[CompiledStep, frozenset[str]], ...]) -> CompiledState:
    state = draft.document.states[name]
    steps: dict[str, CompiledStep] = {
        step: compile_step(draft, step, transition, ("states", name, "transitions", step)) for step, transition in state.transitions.items()
    }
    for step, inside in anywhere:
        if name in inside:
            if step.id in steps:
                draft.duplicate_step(("states", name, "transitions", step.id), step.id)
            steps[step.id] = step
    automatic = tuple(step for step in steps.values() if step.when is not None)
    return CompiledState(name, state.title.label, state.phase, state.waits_on, state.final, steps, automatic)


def _window(written: str | None) -> timedelta | None:
    """For how long a step may be taken back; the vocabulary admits minutes and hours."""
    if written is None:
        return None
    count = int(written[:-1])
    return timedelta(minutes=count) if written.endswith("m") else timedelta(hours=count)


def _build_machine(starts: dict[str, CompiledStep], states: dict[str, CompiledState]) -> Machine:
    moves = [(BIRTH, step.id, target) for step in starts.values() for target in step.to.values()]
    for state in states.values():
        for step in state.steps.values():
            moves.extend((state.id, step.id, state.id if target == STAY else target) for target in step.to.values())
    return Machine(states, moves)
