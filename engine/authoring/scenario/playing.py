"""Plays one step of a story: what is written becomes a wish, a change of people, or time that passes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from engine.authoring.scenario import casting
from engine.authoring.scenario.archive import Standing
from engine.authoring.scenario.expecting import NOBODY, Miss
from engine.authoring.scenario.hearing import heard_on
from engine.authoring.scenario.instant import instant_in, later, spoken
from engine.authoring.scenario.props import Props, props_of
from engine.authoring.scenario.stage import Stage
from engine.core.briefing import INTEGRATION
from engine.core.calculation import differences, filled, recompute
from engine.core.clock import Situation, clock_changes, timers
from engine.core.command import Assign as AssignWish
from engine.core.command import Command, Fire, OpenCase
from engine.core.command import Correct as CorrectWish
from engine.core.command import Undo as UndoWish
from engine.core.command import Withdraw as WithdrawWish
from engine.core.compiled import CompiledDefinition
from engine.core.conclusion import SYSTEM
from engine.core.decide import decide
from engine.core.decision import Accepted, Decision, Reason, Refused
from engine.core.event import Moved
from engine.core.evolve import evolve
from engine.core.family import upon_end
from engine.core.form import Ask, Form
from engine.core.happening import filling
from engine.core.perform import Before, environment_of
from engine.definition.scenario import Assign, Away, Correct, Do, Ends, Happens, Leaves, Moment, StandsIn, Undo, Until, Wait, Withdraw
from engine.errors import Misuse
from engine.label import Label, joined


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a step: the case it was about, the decision where there was one, and why it could not be played at all."""

    standing: Standing | None
    decision: Decision | None = None
    fault: Miss | None = None


def play(stage: Stage, moment: Moment) -> Came:
    """Play one step, and all that is due at its instant."""
    stage.sampled = moment.sampled if isinstance(moment, Do) else None
    stage.heard = moment.event if isinstance(moment, Happens) else None
    came = _played(stage, moment)
    if came.fault is None:
        stage.settle()
        if came.standing is None:
            came = replace(came, standing=stage.current)
    return came


def _played(stage: Stage, moment: Moment) -> Came:
    if isinstance(moment, Wait | Until):
        return _pass(stage, moment)
    if isinstance(moment, Leaves | Away | StandsIn):
        return _change_people(stage, moment)
    standing = stage.current if moment.child is None else stage.child_of(moment.child)
    if moment.child is not None and standing is None:
        sentence = Label("应有“{alias}”下的子工单，实际没有", "expected a case under “{alias}”, found none").fill(alias=moment.child)
        return Came(stage.current, fault=Miss(("child",), sentence))
    if isinstance(moment, Ends):
        assert standing is not None  # only of a child
        return _end(stage, standing, moment)
    if isinstance(moment, Happens):
        return _hear(stage, standing, moment)
    if isinstance(moment, Do) and moment.child is None and _opens(stage, moment):
        return _open(stage, moment)
    return _wish(stage, standing, moment)


def _pass(stage: Stage, moment: Wait | Until) -> Came:
    zone = stage.setting.zone_of(stage.definition)
    if isinstance(moment, Wait):
        calendar = stage.setting.calendars(stage.definition).get(stage.definition.calendar or "")
        until: datetime | None = later(stage.now, moment.wait, calendar, zone)
    else:
        until = instant_in(moment.until, zone)
    assert until is not None  # as `reading` has seen
    if until < stage.now:
        sentence = Label("应为不早于 {now} 的时刻，实际为 {until}", "expected an instant not before {now}, found {until}")
        key = "wait" if isinstance(moment, Wait) else "until"
        return Came(stage.current, fault=Miss((key,), sentence.fill(now=spoken(stage.now, zone), until=spoken(until, zone))))
    stage.wait(until)
    return Came(stage.current)


def _change_people(stage: Stage, moment: Leaves | Away | StandsIn) -> Came:
    try:
        if isinstance(moment, Leaves):
            stage.change_people(casting.left(stage.staff, moment.leaves, stage.now))
        else:
            back = instant_in(moment.back, stage.setting.zone_of(stage.definition))
            assert back is not None  # as `reading` has seen
            if isinstance(moment, Away):
                stage.change_people(casting.away(stage.staff, moment.away, stage.now, back))
            else:
                stage.change_people(casting.stands_in(stage.staff, moment.stands_in, moment.absent, moment.role, stage.now, back))
    except Misuse as error:
        return Came(stage.current, fault=Miss((), error.sentence.as_clause(), way_out=error.way_out))
    return Came(stage.current)


def _opens(stage: Stage, moment: Do) -> bool:
    """Whether the step is a start: one that is no step of the case at hand."""
    is_step = stage.current is not None and moment.do in stage.current.definition.states[stage.current.case.state].steps
    return not is_step and moment.do in stage.definition.starts


def _open(stage: Stage, moment: Do) -> Came:
    props = _props(stage, stage.definition, moment.values)
    command = OpenCase(moment.do, props.data, moment.reason, moment.unit)
    decision = stage.open(command, casting.actor_of(moment.by, stage.definition, stage.roster, stage.now))
    return Came(stage.current, decision)


def _hear(stage: Stage, about: Standing | None, moment: Happens) -> Came:
    """The one step that the event means, of the case at hand or of any other on the stage, is performed as the integration."""
    chosen = heard_on(stage, moment)
    if isinstance(chosen, tuple):
        return Came(about, Refused(chosen))
    step, standing = chosen.meant.step, chosen.standing
    definition = stage.definition if standing is None else standing.definition
    expected = stage.definition.workflow if about is None else about.definition.workflow
    if definition.workflow != expected:
        sentence = Label("事件应指“{expected}”的工单，实际为 {found}", "expected the event to mean a case of “{expected}”, found {found}")
        return Came(about, fault=Miss(("event",), sentence.fill(expected=expected, found=chosen.called)))
    data = filling(step, chosen.meant.rule, moment.payload)
    if isinstance(data, tuple):
        return Came(standing or about, Refused(data))
    data = _props(stage, definition, data).data
    if standing is None:
        decision = stage.open(OpenCase(step.id, data), INTEGRATION)
        return Came(stage.current, decision)
    return Came(standing, stage.wish(standing, Fire(step.id, data), INTEGRATION))


def _wish(stage: Stage, standing: Standing | None, moment: Moment) -> Came:
    definition = standing.definition if standing is not None else stage.definition
    assert isinstance(moment, Do | Undo | Withdraw | Assign | Correct)
    command = _command(stage, definition, moment)
    actor = casting.actor_of(moment.by, definition, stage.roster, stage.now)
    if standing is None:
        return Came(None, decide(definition, None, command, stage.facts(definition, None, command, actor)))
    if isinstance(moment, Undo) and not moment.refused and (newest := _newest_step(standing)) != moment.undo:
        sentence = Label("最后一步应为“{step}”，实际为“{found}”", "expected “{step}” to be the newest step, found “{found}”")
        return Came(standing, fault=Miss(("undo",), sentence.fill(step=moment.undo, found=newest)))
    return Came(standing, stage.wish(standing, command, actor))


def _command(stage: Stage, definition: CompiledDefinition, moment: Do | Undo | Withdraw | Assign | Correct) -> Command:
    match moment:
        case Do():
            return Fire(moment.do, _props(stage, definition, moment.values).data, moment.reason)
        case Undo():
            return UndoWish(moment.reason)
        case Withdraw():
            return WithdrawWish(moment.withdraw)
        case Assign():
            return AssignWish(None if moment.assign == NOBODY else moment.assign, moment.reason)
        case _:
            return CorrectWish(_props(stage, definition, moment.correct).data, moment.reason)


def _newest_step(standing: Standing) -> str:
    return next((event.step for event in reversed(standing.events) if isinstance(event, Moved)), standing.case.performed[0].step)


def _props(stage: Stage, definition: CompiledDefinition, typed: Mapping[str, object]) -> Props:
    props = props_of(definition, typed)
    stage.archive.take(props)
    return props


def _end(stage: Stage, child: Standing, moment: Ends) -> Came:
    """The child comes to its end, its steps unseen: the newest of its values are those given, and its parent is woken."""
    definition, case = child.definition, child.case
    if case.outcome is not None:
        sentence = Label("子工单应未结束，实际已到“{state}”", "expected an open case, found it ended in “{state}”").fill(state=case.state)
        return Came(stage.current, fault=Miss(("child",), sentence))
    props = _props(stage, definition, moment.values)
    facts = stage.facts(definition, case, CorrectWish(props.data, ""), SYSTEM)
    form = Form(tuple(Ask.of(definition.fields[name], optional=True) for name in props.data))
    values, faults = form.fill(props.data, case.data, facts, facts.lineage(case.unit), case.seq + 1)
    if faults:
        return Came(stage.current, fault=Miss(("with",), _joined(faults)))
    outcome = definition.states[moment.ends].outcome
    data = filled({**case.data, **values})
    environment = environment_of(definition, Before.of(case), facts, frozenset(), data)
    faults = recompute(definition, data, environment)
    if faults:
        return Came(stage.current, fault=Miss(("with",), _joined(faults)))
    situation = Situation(moment.ends, False, None, True, stage.now)
    moved = Moved(
        at=stage.now,
        actor=SYSTEM.id,
        on_behalf_of=None,
        reason=None,
        step=moment.ends,
        source=case.state,
        to=moment.ends,
        entered=True,
        outcome=outcome,
        changes=differences(case.data, data),
        assignee=case.assignee,
        unit=case.unit,
        clocks=clock_changes(definition, case.clocks, situation, environment, facts.calendars)[0],
    )
    after = evolve(case, moved)
    stage.take(child, Accepted(after, (moved,), (*timers(definition, after, facts.calendars), *upon_end(case, after))))
    return Came(stage.current)


def _joined(reasons: tuple[Reason, ...]) -> Label:
    return joined((each.sentence for each in reasons), Label("；", "; "))
