"""Prints what the days brought: some moments, the board, the time per phase, the reminders, some refusals."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from rich.console import Console
from rich.table import Table

from demo.team import Refusal
from engine.app import Application
from engine.core.event import RungFired, Signed, Undone
from engine.definition.phase import PHASES
from engine.label import Label, Language, listed, verbatim
from engine.runtime.chronicle import EntryView
from engine.runtime.rung import RESULTS, clock_title, rung_title
from engine.store import cases, deliveries, firings
from engine.timing.moment import EARLIEST
from reports.board import board
from reports.phase_time import phase_times

BAR = 30
MOST = 100_000
"""Lines read of the ledger and of one inbox: more than ten days bring."""


def print_board(console: Console, app: Application, language: Language) -> None:
    """Cases by state, a table a workflow; states and workflows without any are left out."""
    for definition in app.catalog.all_newest():
        with app.database.read() as reader:
            columns = [column for column in board(reader, [definition]) if column.cases]
        if not columns:
            continue
        most = max(column.cases for column in columns)
        table = _table(definition.title, language)
        for column in columns:
            bar = "█" * (column.cases * BAR // most)
            table.add_row(_phase(column.phase, language), column.title.within(language), str(column.cases), bar)
        console.print(table)


def _table(title: Label, language: Language) -> Table:
    table = Table(title=title.within(language), title_justify="left", box=None, pad_edge=False)
    table.add_column(Label("阶段", "Phase").within(language), style="dim")
    table.add_column(Label("状态", "State").within(language))
    table.add_column(Label("件数", "Cases").within(language), justify="right")
    table.add_column("")
    return table


def print_phase_times(console: Console, app: Application, language: Language) -> None:
    """Median, longest and total time per phase of the repairs."""
    definition = app.catalog.newest("phone-repair")
    with app.database.read() as reader:
        times = phase_times(reader, definition, app.time.now())
    table = Table(box=None, pad_edge=False)
    heads = (Label("阶段", "Phase"), Label("次数", "Stays"), Label("典型", "Typical"), Label("最长", "Longest"), Label("合计", "Total"))
    for index, head in enumerate(heads):
        table.add_column(head.within(language), justify="left" if index == 0 else "right")
    for time in times:
        table.add_row(
            _phase(time.phase, language), str(time.stays), *(_length(span, language) for span in (time.typical, time.longest, time.total))
        )
    console.print(table)


def print_reminders(console: Console, app: Application, language: Language) -> None:
    """How often each rung of each clock was reached, what became of it, and whose inbox holds how much."""
    table = Table(box=None, pad_edge=False)
    heads = (Label("流程", "Workflow"), Label("时限", "Clock"), Label("提醒", "Rung"), Label("结果", "Result"), Label("次数", "Times"))
    for head in heads:
        table.add_column(head.within(language), justify="right" if head is heads[-1] else "left")
    with app.database.read() as reader:
        reached = Counter(
            (each.digest, each.clock, each.rung, each.result) for each in firings.ledger(reader, since=EARLIEST, missed_by=None, limit=MOST)
        )
        inboxes = {person: len(deliveries.inbox(reader, person, limit=MOST)) for person in app.directory.roster().people}
    for (digest, clock, rung, result), times in sorted(reached.items(), key=lambda each: _as_written(app, *each[0])):
        definition = app.catalog.by_digest(digest)
        named = (definition.title, clock_title(definition, clock), rung_title(rung, 1), RESULTS[result])
        table.add_row(*(each.within(language) for each in named), str(times))
    console.print(table)
    names = app.directory.roster().people
    fullest = sorted(inboxes.items(), key=lambda each: (-each[1], each[0]))[:12]
    said = listed(verbatim(f"{names[person].name} {count}") for person, count in fullest if count)
    console.print(Label("\n收件箱：{said}", "\nInboxes: {said}").fill(said=said).within(language))


def _as_written(app: Application, digest: str, clock: str, rung: str, result: str) -> tuple[str, int, int, str]:
    """Where a rung stands in the document of its process."""
    definition = app.catalog.by_digest(digest)
    ladder = [each.id for each in definition.clocks[clock].ladder]
    return definition.workflow, list(definition.clocks).index(clock), ladder.index(rung), result


def print_moments(console: Console, app: Application, language: Language) -> None:
    """The first of each: a step that two have signed, one done for somebody who was away, one taken back."""
    with app.database.read() as reader:
        numbers = sorted(line.number for line in cases.lines(reader, cases.Filter("phone-repair"), limit=MOST))
    for is_one, before, after in ((_is_signature, 1, 2), (_is_lent, 0, 1), (_is_taken_back, 1, 1)):
        stories = (
            (number, [each for each in app.views.history(number) if not isinstance(each.entry.event, RungFired)]) for number in numbers
        )
        number, story = next((number, entries) for number, entries in stories if any(map(is_one, entries)))
        first = next(place for place, each in enumerate(story) if is_one(each))
        for each in story[first - before : first + after]:
            _print_entry(console, number, app, each, language)


def _is_signature(view: EntryView) -> bool:
    return isinstance(view.entry.event, Signed)


def _is_lent(view: EntryView) -> bool:
    return view.entry.event.on_behalf_of is not None


def _is_taken_back(view: EntryView) -> bool:
    return isinstance(view.entry.event, Undone)


def _print_entry(console: Console, number: str, app: Application, view: EntryView, language: Language) -> None:
    at = view.entry.at.astimezone(app.settings.zone)
    to = f" → {view.to.within(language)}" if view.to is not None else ""
    why = f"  {view.entry.reason}" if view.entry.reason else ""
    said = f"{view.title.within(language)}{to}  {view.who.within(language)}{why}"
    console.print(f"{number}  {at:%Y-%m-%d %H:%M}  {said}", soft_wrap=True)


def print_refusals(console: Console, app: Application, refusals: list[Refusal], language: Language) -> None:
    """One refusal of each code, with its reasons and the values that decided."""
    people = app.directory.roster().people
    titles = {
        step.id: step.title.within(language)
        for definition in app.catalog.all_newest()
        for state in definition.states.values()
        for step in state.steps.values()
    }
    seen: set[str] = set()
    for refusal in refusals:
        codes = {reason.code for reason in refusal.reasons}
        if codes <= seen:
            continue
        seen |= codes
        console.print(f"{refusal.number}  {people[refusal.person].name} → {titles.get(refusal.step, refusal.step)}")
        for reason in refusal.reasons:
            sentence = reason.sentence
            if reason.values:
                values = listed(
                    Label("{title} = {value}", "{title} = {value}").fill(title=each.title, value=each.value) for each in reason.values
                )
                sentence = Label("{sentence}（{values}）", "{sentence} ({values})").fill(sentence=sentence, values=values)
            console.print(f"  {reason.code}  {sentence.within(language)}", soft_wrap=True)


def _phase(phase: str | None, language: Language) -> str:
    return PHASES[phase].within(language) if phase is not None else ""


def _length(span: timedelta, language: Language) -> str:
    hours = span / timedelta(hours=1)
    if hours < 48:
        return Label("{hours:.1f} 小时", "{hours:.1f} h").fill(hours=hours).within(language)
    return Label("{days:.1f} 天", "{days:.1f} d").fill(days=hours / 24).within(language)
