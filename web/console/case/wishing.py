"""A wish of a form: put to the application once, and its answer as a page – where he was, with what was done; or the form with all reasons.

The one place in which a form of a case becomes a wish. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from fastapi.responses import Response

from engine.core.command import Wish
from engine.core.conclusion import SYSTEM
from engine.core.decision import Refused
from engine.core.effect import Emit, Notify
from engine.errors import Unknown
from engine.label import Label, joined, listed, verbatim
from engine.runtime.answer import Granted, KeyReused
from engine.runtime.reading import CaseView
from engine.runtime.standing import Who
from engine.runtime.titles import right_title
from web.console.case.asked import Asked, Foreseen
from web.console.pages import board, work
from web.console.pages.cases import PATH, show_case
from web.console.screen import Filled, Screen
from web.problem import status_of

Said = Callable[[Granted, CaseView], Label]
"""What is said once it was done; the case as it was before."""


@dataclass(frozen=True, slots=True)
class Wishing:
    """One wish of one form."""

    screen: Screen
    view: CaseView
    """The case as it is found."""
    form: Filled
    asked: Asked

    def comes_back(self) -> Response:
        """The form again, as it was filled in."""
        codes = {each.code for each in self.asked.faults}
        status = status_of(codes) or (200 if self.asked.problem is None else 422)
        return show_case(self.screen, self.view.case.number, asked=self.asked, status=status)

    def refused(self, refused: Refused, who: Sequence[Who] | None = None) -> Response:
        """The form again, with every reason; `who` can."""
        return replace(self, asked=replace(self.asked, refused=refused, who=who)).comes_back()

    def put(self, command: Wish, said: Said) -> Response:
        """Wish it; the answer. Where nothing is wished yet, the form again on the case as it is now."""
        cases, sent = self.screen.application.cases, self.asked.sent
        if sent is not None and sent.is_changed_only:
            return self.comes_back()
        is_tried = sent is not None and (sent.is_tried or bool(sent.faults))
        number, key = self.view.case.number, None if is_tried else self.screen.key(self.form)
        try:
            answer = cases.handle(number, command, self.screen.caller, key=key, dry_run=is_tried)
        except KeyReused as error:
            return replace(self, asked=replace(self.asked, problem=error.sentence)).comes_back()
        if isinstance(answer, Refused):
            who = self.screen.application.standing.who_else(self.view.definition, self.view.case, command, answer, self.screen.access)
            return self.refused(answer, who)
        if is_tried:
            foreseen = self._foreseen(answer) if not self.asked.faults else None
            return replace(self, asked=replace(self.asked, foreseen=foreseen)).comes_back()
        return self._done(said(answer, self.view))

    def _done(self, said: Label) -> Response:
        """Where he was, and what was done; somewhere else where he does not see the case any more."""
        number, back = self.view.case.number, str(self.form.get("back") or "")
        address, path = PATH.format(number=number), back.partition("?")[0]
        if path == work.PATH:
            return self.screen.then(back, lambda: work.show_work(self.screen, board.query_of(back)), said)
        if path.startswith(f"{board.PATH}/") and path.count("/") == 2:
            workflow = path.removeprefix(f"{board.PATH}/")
            with suppress(Unknown):  # there is no such board for him: it is done all the same
                return self.screen.then(back, lambda: board.show_board(self.screen, workflow, board.query_of(back)), said)
        try:
            self.screen.application.views.case(number, self.screen.access)
        except Unknown:
            return self.screen.then(work.PATH, lambda: work.show_work(self.screen), said)
        return self.screen.then(address, lambda: show_case(self.screen, number), said)

    def _foreseen(self, granted: Granted) -> Foreseen:
        assert granted.case is not None  # it is known only where nothing was done before
        views, access, definition = self.screen.application.views, self.screen.access, self.view.definition
        before, after = self.view, views.of(granted.case, access)
        known = {(each.clock, each.cycle): each.due for each in before.clocks}
        new = [each for each in after.clocks if known.get((each.clock, each.cycle)) != each.due]
        told = [right for each in granted.effects if isinstance(each, Notify) for right in each.tell]
        return Foreseen(
            to=after.state if granted.case.state != before.case.state else None,
            changes=tuple((each.title, old, each.value) for each, old in views.changes(before.case, granted.case, access)),
            clocks=tuple((each.title, each.due.at if each.due is not None else None) for each in new),
            tells=tuple(
                dict.fromkeys(
                    [right_title(each, definition) for each in told]
                    + [verbatim(each.event) for each in granted.effects if isinstance(each, Emit)]
                )
            ),
            opens=tuple(definition.aliases[alias].title for alias, _ in granted.outcome.opened),
            checks=granted.checks,
        )


def done_by(step: Label) -> Said:
    """What is said of a step."""

    def said(granted: Granted, before: CaseView) -> Label:
        definition, outcome = before.definition, granted.outcome
        state = definition.states[outcome.state]
        if "signed" in outcome.events:
            done = Label("已签署“{step}”", "“{step}” is signed").fill(step=step)
        elif outcome.state != before.case.state or granted.repeated:
            done = Label("“{step}”已完成 → {state}", "“{step}” done → {state}").fill(step=step, state=state.title)
        else:
            done = Label("“{step}”已完成", "“{step}” done").fill(step=step)
        return with_consequences(done, granted, before)

    return said


def with_consequences(done: Label, granted: Granted, before: CaseView) -> Label:
    """And what came of it: steps of the system, cases that were opened, what went wrong beside it, that it had been done already."""
    definition, told = before.definition, [done]
    if granted.repeated:
        told.append(Label("此前已办理，没有重复执行", "it had been done before and was not done again"))
    new = granted.case.performed[len(before.case.performed) :] if granted.case is not None else ()
    titles = {id: step.title for state in definition.states.values() for id, step in state.steps.items()}
    by_itself = [titles[each.step] for each in new if each.actor == SYSTEM.id and each.step in titles]
    if by_itself:
        told.append(Label("随后自动执行：{steps}", "then, by itself: {steps}").fill(steps=listed(by_itself)))
    for alias, number in granted.outcome.opened:
        told.append(Label("新开{title} {number}", "opened: {title} {number}").fill(title=definition.aliases[alias].title, number=number))
    told += [Label("异常：{what}", "incident: {what}").fill(what=each) for each in granted.alarms]
    return joined(told, Label("；", "; "))
