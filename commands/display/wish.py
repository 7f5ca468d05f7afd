"""A wish on its way: what was typed becomes a command, the service answers, and the answer is told. Answers the exit code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rich.text import Text

from commands import terminal
from commands.display import linked
from commands.display.case import show_changes, signing_line
from commands.display.check import in_brief
from commands.display.refusal import show_refusal
from commands.failure import DONE, PROBLEM
from commands.speech import listed, say, tr
from engine.app import Application
from engine.core.case import Case
from engine.core.command import Assign, Command, Comment, Correct, Fire, OpenCase, Undo, Withdraw
from engine.core.command import Wish as Wished
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.conclusion import SYSTEM
from engine.core.decision import Refused
from engine.label import Label, verbatim
from engine.representation.linked import of_visits
from engine.representation.step import of_grant, of_refusal
from engine.representation.trial import of_trial
from engine.runtime.access import Access
from engine.runtime.answer import Answer, Granted
from engine.runtime.caller import Caller, Key
from engine.runtime.entry import enter
from engine.runtime.naming import id_of, unit_named
from engine.runtime.titles import person_title

Typed = Mapping[str, str]
"""Fields by id or title → values, as typed."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How a wish is made: by whom, under which key, for real or dry."""

    application: Application
    caller: Caller
    key: Key | None
    dry_run: bool
    in_json: bool = False

    def open(self, workflow: str, start: str, typed: Typed, reason: str | None, unit: str | None) -> int:
        """Open a case."""
        definition = self.application.catalog.newest(workflow)
        start = id_of(start, {name: step.title for name, step in definition.starts.items()})
        step = definition.starts.get(start)
        unit = unit_named(self.application.directory.roster(), unit) if unit is not None else None
        command = OpenCase(start, self._data(typed, definition, step), reason, unit)
        answer = self.application.cases.open(definition.workflow, command, self.caller, key=self.key, dry_run=self.dry_run)
        return self._told(answer, command, None, definition, step.title if step is not None else verbatim(start))

    def move(self, number: str, transition: str, typed: Typed, reason: str | None, expect: int | None) -> int:
        """Move a case."""
        before, definition = self._before(number)
        here = definition.states[before.state].steps
        titles = _titles(here, *(state.steps for state in definition.states.values()))
        name = id_of(transition, titles)
        command = Fire(name, self._data(typed, definition, here.get(name)), reason, expect)
        return self._handled(number, command, before, definition, titles.get(name, verbatim(name)))

    def correct(self, number: str, typed: Typed, reason: str, expect: int | None) -> int:
        """Correct a case."""
        before, definition = self._before(number)
        command = Correct(self._data(typed, definition, None), reason, expect)
        return self._handled(number, command, before, definition, Label("更正", "Correction"))

    def comment(self, number: str, text: str) -> int:
        """Comment on a case."""
        before, definition = self._before(number)
        return self._handled(number, Comment(text), before, definition, Label("备注", "Comment"))

    def undo(self, number: str, reason: str, expect: int | None) -> int:
        """Take the newest step back."""
        before, definition = self._before(number)
        return self._handled(number, Undo(reason, expect), before, definition, Label("撤销", "Undo"))

    def withdraw(self, number: str, transition: str) -> int:
        """Take a signature back."""
        before, definition = self._before(number)
        titles = _titles(definition.states[before.state].steps)
        name = id_of(transition, titles)
        return self._handled(number, Withdraw(name), before, definition, Label("撤回签署", "Signature withdrawn"))

    def assign(self, number: str, person: str | None, reason: str | None) -> int:
        """Give a case to a person, by id or name, or to nobody."""
        before, definition = self._before(number)
        people = {each.id: verbatim(each.name) for each in self.application.directory.roster().people.values()}
        command = Assign(id_of(person, people) if person is not None else None, reason)
        return self._handled(number, command, before, definition, Label("派单", "Assignment"))

    def _data(self, typed: Typed, definition: CompiledDefinition, step: CompiledStep | None) -> Mapping[str, object]:
        """What was typed; the files that it names are stored, but for a dry run."""
        asked = [ask.field.id for ask in step.form.asks] if step is not None else []
        entry = enter(typed, definition, asked, self.application.directory.roster().unit_titles)
        if not self.dry_run:
            entry.keep(self.application.database, self.application.time.now())
        return entry.data

    def _before(self, number: str) -> tuple[Case, CompiledDefinition]:
        view = self.application.views.case(number, self._access())
        return view.case, view.definition

    def _access(self) -> Access:
        return self.application.access(self.caller.identity)

    def _handled(self, number: str, command: Wished, before: Case, definition: CompiledDefinition, title: Label) -> int:
        answer = self.application.cases.handle(number, command, self.caller, key=self.key, dry_run=self.dry_run)
        return self._told(answer, command, before, definition, title)

    def _told(self, answer: Answer, command: Command, before: Case | None, definition: CompiledDefinition, title: Label) -> int:
        if isinstance(answer, Refused):
            who = self.application.standing.who_else(definition, before, command, answer, self._access())
            if self.in_json:
                terminal.as_json(of_refusal(answer, who))
            else:
                show_refusal(answer.checks, definition.fields, who, self.application.settings.zone)
            return PROBLEM
        opened = answer.case if before is None and answer.case is not None else None
        known = self.application.lineage.of(opened) if opened is not None else None
        if self.in_json:
            told = {"linked": of_visits(known.visits) if known is not None else []} if before is None else {}
            terminal.as_json({**self._object(answer, before), **told})
        else:
            self._granted(answer, before, definition, title)
            linked.announce(known, self.application.settings.zone)
        return DONE

    def _object(self, answer: Granted, before: Case | None) -> Mapping[str, object]:
        if not self.dry_run or answer.case is None:
            return of_grant(answer, dry_run=self.dry_run)
        return of_trial(answer, self.application.views.of(answer.case), self.application.views.changes(before, answer.case))

    def _granted(self, answer: Granted, before: Case | None, definition: CompiledDefinition, title: Label) -> None:
        outcome = answer.outcome
        if self.dry_run:
            terminal.show(tr("试运行，未写入任何内容。会是这样：", "A dry run; nothing was written. It would be so:"))
            terminal.show(*in_brief(answer.checks, definition.fields))
        states = [definition.states[before.state].title] if before is not None and before.state != outcome.state else []
        way = " → ".join(say(state) for state in (*states, definition.states[outcome.state].title))
        number = tr("（新编号）", "(new number)") if self.dry_run and before is None else outcome.number
        said = say(title) + _followed_by(before, answer.case, definition)
        revision = tr("修订号 {n}", "revision {n}", n=outcome.revision)
        terminal.show(Text.assemble((number, "bold"), "  ", said, "  ", (way, "bold"), "  ", (revision, "dim")))
        if answer.repeated:
            terminal.show(
                tr(
                    "此键已执行过，这是当时的结果；没有再次执行。",
                    "Done before under this key: this is the outcome then; nothing was done again.",
                )
            )
        elif answer.case is not None:
            view = self.application.views.of(answer.case, self._access())
            self._show_for_whom(before, answer.case)
            show_changes(before, view, self.application.views.changes(before, answer.case, self._access()))
            for alias, number in outcome.opened:
                what = definition.aliases[alias].title
                said = tr("（新编号）", "(new number)") if self.dry_run else number
                terminal.show(tr("  新开子工单：{title} {number}", "  opened: {title} {number}", title=say(what), number=said))
            if "signed" in outcome.events or "voided" in outcome.events:
                terminal.pairs((say(each.title), signing_line(each)) for each in view.signings)
            if before is not None and {"voided"} < set(outcome.events):
                steps = definition.states[before.state].steps
                void = [say(steps[name].title) for name in before.signing if name not in answer.case.signing]
                terminal.show(*(tr("  “{step}”的签署已失效", "  signatures of “{step}” are void", step=each) for each in void))

        for each in answer.alarms:
            terminal.remark(tr("异常：{what}", "Incident: {what}", what=say(each)))

    def _show_for_whom(self, before: Case | None, case: Case) -> None:
        """Whom a delegate has acted for: he may not have known."""
        performed = case.performed[len(before.performed) if before is not None else 0 :]
        if performed and performed[0].on_behalf_of is not None:
            who = person_title(performed[0].on_behalf_of, self.application.directory.roster())
            terminal.show(tr("  代{who}办理", "  done for {who}", who=say(who)))


def _followed_by(before: Case | None, case: Case | None, definition: CompiledDefinition) -> str:
    """The steps that the system has performed right after; nothing where there are none."""
    new = case.performed[len(before.performed) if before is not None else 0 :] if case is not None else ()
    titles = _titles(*(state.steps for state in definition.states.values()))
    steps = [say(titles[act.step]) for act in new if act.actor == SYSTEM.id]
    return tr("（随后自动执行：{steps}）", " (then, by itself: {steps})", steps=listed(steps)) if steps else ""


def _titles(*nearest_first: Mapping[str, CompiledStep]) -> dict[str, Label]:
    titles: dict[str, Label] = {}
    for steps in nearest_first:
        for id, step in steps.items():
            titles.setdefault(id, step.title)
    return titles
