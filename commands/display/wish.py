"""A wish on its way: what was typed becomes a command, the service answers, and the answer is told. Answers the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text

from commands import terminal
from commands.display.case import show_changes
from commands.display.refusal import show_refusal
from commands.failure import DONE, PROBLEM
from commands.speech import say, tr
from engine.app import Application
from engine.core.case import Case
from engine.core.command import Comment, Correct, Fire, OpenCase
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Refused
from engine.label import Label, verbatim
from engine.runtime.naming import by_field, id_of
from engine.runtime.service import Answer, Caller, Key

Typed = Mapping[str, str]
"""Fields by id or title → values, as typed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a wish is made: by whom, under which key, for real or dry."""

    application: Application
    caller: Caller
    key: Key | None
    dry_run: bool

    def open(self, workflow: str, start: str, typed: Typed, reason: str | None, unit: str | None) -> int:
        """Open a case."""
        definition = self.application.catalog.newest(workflow)
        start = id_of(start, {name: step.title for name, step in definition.starts.items()})
        step = definition.starts.get(start)
        unit = self.application.directory.roster().unit_named(unit) if unit is not None else None
        command = OpenCase(start, _data(typed, definition, step), reason, unit)
        answer = self.application.cases.open(definition.workflow, command, self.caller, key=self.key, dry_run=self.dry_run)
        return self._told(answer, None, definition, step.title if step is not None else verbatim(start))

    def move(self, number: str, transition: str, typed: Typed, reason: str | None, expect: int | None) -> int:
        """Move a case."""
        before, definition = self._before(number)
        here = definition.states[before.state].steps
        titles = _titles(here, *(state.steps for state in definition.states.values()))
        name = id_of(transition, titles)
        command = Fire(name, _data(typed, definition, here.get(name)), reason, expect)
        return self._handled(number, command, before, definition, titles.get(name, verbatim(name)))

    def correct(self, number: str, typed: Typed, reason: str, expect: int | None) -> int:
        """Correct a case."""
        before, definition = self._before(number)
        command = Correct(_data(typed, definition, None), reason, expect)
        return self._handled(number, command, before, definition, Label("更正", "Correction"))

    def comment(self, number: str, text: str) -> int:
        """Comment on a case."""
        before, definition = self._before(number)
        return self._handled(number, Comment(text), before, definition, Label("备注", "Comment"))

    def _before(self, number: str) -> tuple[Case, CompiledDefinition]:
        view = self.application.views.case(number)
        return view.case, view.definition

    def _handled(self, number: str, command: Fire | Correct | Comment, before: Case, definition: CompiledDefinition, title: Label) -> int:
        answer = self.application.cases.handle(number, command, self.caller, key=self.key, dry_run=self.dry_run)
        return self._told(answer, before, definition, title)

    def _told(self, answer: Answer, before: Case | None, definition: CompiledDefinition, title: Label) -> int:
        if isinstance(answer, Refused):
            show_refusal(answer.reasons, definition.fields)
            return PROBLEM
        outcome = answer.outcome
        if self.dry_run:
            terminal.show(tr("试运行，未写入任何内容。会是这样：", "A dry run; nothing was written. It would be so:"))
        states = [definition.states[before.state].title] if before is not None and before.state != outcome.state else []
        way = " → ".join(say(state) for state in (*states, definition.states[outcome.state].title))
        number = tr("（新编号）", "(new number)") if self.dry_run and before is None else outcome.number
        revision = tr("修订号 {n}", "revision {n}", n=outcome.revision)
        terminal.show(Text.assemble((number, "bold"), "  ", say(title), "  ", (way, "bold"), "  ", (revision, "dim")))
        if answer.repeated:
            terminal.show(
                tr(
                    "此键已执行过，这是当时的结果；没有再次执行。",
                    "Done before under this key: this is the outcome then; nothing was done again.",
                )
            )
        elif answer.case is not None:
            show_changes(before, self.application.views.of(answer.case), self.application.views.changes(before, answer.case))
        return DONE


def _titles(*nearest_first: Mapping[str, CompiledStep]) -> dict[str, Label]:
    titles: dict[str, Label] = {}
    for steps in nearest_first:
        for id, step in steps.items():
            titles.setdefault(id, step.title)
    return titles


def _data(typed: Typed, definition: CompiledDefinition, step: CompiledStep | None) -> dict[str, object]:
    asked = [ask.field.id for ask in step.form.asks] if step is not None else []
    return by_field(typed, definition, asked)
