"""A story in words: its steps so far, one a line, then what was expected and what is found. In both languages."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from engine.authoring.scenario.instant import spoken
from engine.authoring.scenario.verdict import Failure, Played, Run, Told
from engine.definition.scenario import Assign, Away, Correct, Do, Ends, Happens, Leaves, Moment, StandsIn, Undo, Until, Wait, Withdraw
from engine.label import Label, joined, listed, verbatim

_NOT_ITS_OWN = Label(
    "  若此场景不适用于“{workflow}”，请在其 except_scenarios 中列出并说明原因。",
    "  If this does not hold for “{workflow}”, list it in its “except_scenarios”, with the reason.",
)


def failure_in_words(run: Run, zone: ZoneInfo) -> tuple[Label, ...]:
    """The lines that tell why a story failed: where, the steps up to there, and everything that is otherwise than expected."""
    place = run.failures[0].span
    return (
        Label("{file}:{line}:{column}：{title}", "{file}:{line}:{column}: {title}").fill(
            file=run.file, line=place.line, column=place.column, title=_title(run)
        ),
        *(_marked("  ", step_in_words(step, zone)) for step in run.steps[:-1]),
        *(_marked("✗ ", step_in_words(step, zone)) for step in run.steps[-1:]),
        *(line for failure in run.failures for line in _failure(failure)),
        *([_NOT_ITS_OWN.fill(workflow=run.workflow)] if run.is_of_base else []),
    )


def _title(run: Run) -> Label:
    if not run.is_of_base:
        return run.title
    return Label("{title}（变体“{workflow}”）", "{title} (the variant “{workflow}”)").fill(title=run.title, workflow=run.workflow)


def step_in_words(step: Played, zone: ZoneInfo) -> Label:
    """One step: when, who, what, and where the case stands then."""
    return Label("{at}  {what} → {result}", "{at}  {what} → {result}").fill(
        at=spoken(step.at, zone), what=deed_in_words(step.moment), result=_result(step)
    )


def deed_in_words(moment: Moment) -> Label:
    """Who does what, as the file writes it."""
    done = _deed(moment)
    return done if moment.child is None else Label("[{child}] {done}", "[{child}] {done}").fill(child=moment.child, done=done)


def _deed(moment: Moment) -> Label:
    match moment:
        case Do():
            return Label("{by}：{step}", "{by}: {step}").fill(by=moment.by, step=moment.do)
        case Happens():
            return Label("事件 {event}", "event {event}").fill(event=moment.event)
        case Undo():
            return Label("{by}：撤销 {step}", "{by}: undo {step}").fill(by=moment.by, step=moment.undo)
        case Withdraw():
            return Label("{by}：撤回对 {step} 的签署", "{by}: withdraw {step}").fill(by=moment.by, step=moment.withdraw)
        case Assign():
            return Label("{by}：派给 {person}", "{by}: assign {person}").fill(by=moment.by, person=moment.assign)
        case Correct():
            return Label("{by}：更正 {fields}", "{by}: correct {fields}").fill(by=moment.by, fields=listed(map(verbatim, moment.correct)))
        case _:
            return _passing(moment)


def _passing(moment: Moment) -> Label:
    """What nobody does in the case: time that passes, what happens to people, a child that ends."""
    match moment:
        case Wait():
            return Label("等待 {time}", "wait {time}").fill(time=moment.wait)
        case Until():
            return Label("等到 {time}", "until {time}").fill(time=moment.until)
        case Leaves():
            return Label("{person} 离职", "{person} leaves").fill(person=moment.leaves)
        case Away():
            return Label("{person} 不在岗，{back} 返回", "{person} away, back {back}").fill(person=moment.away, back=moment.back)
        case StandsIn():
            sentence = Label("{person} 代理 {absent}，至 {back}", "{person} stands in for {absent} until {back}")
            return sentence.fill(person=moment.stands_in, absent=moment.absent, back=moment.back)
        case Ends():
            return Label("结束于 {state}", "ends {state}").fill(state=moment.ends)
        case _:
            raise TypeError(f"no step of a story: {moment!r}")


def told_in_words(told: Told) -> Label:
    """Who was told, and by which templates."""
    return listed(verbatim(f"{who} ({', '.join(templates)})") for who, templates in told.items())


def _result(step: Played) -> Label:
    if step.refused is not None:
        codes = ", ".join(dict.fromkeys(reason.code for reason in step.refused.reasons))
        return Label("被拒绝（{codes}）", "refused ({codes})").fill(codes=codes)
    if step.case is None:
        return Label("尚无工单", "no case yet")
    parts = [verbatim(step.case.state)]
    if step.case.assignee is not None:
        parts.append(Label("承办人 {person}", "held by {person}").fill(person=step.case.assignee))
    if step.told:
        parts.append(Label("已通知 {told}", "told {told}").fill(told=told_in_words(step.told)))
    return joined(parts, Label("；", "; "))


def _failure(failure: Failure) -> Iterator[Label]:
    yield _marked("  ", failure.sentence)
    for reason in failure.reasons:
        yield _marked("    – ", reason)
    if failure.way_out is not None:
        yield _marked("    ", failure.way_out)


def _marked(mark: str, label: Label) -> Label:
    return Label(f"{mark}{label.zh}", f"{mark}{label.en}")
