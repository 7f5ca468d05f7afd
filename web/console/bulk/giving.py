"""The form by which many cases are given to somebody: who could hold them, how much each holds already, who is away until when.

Puts together what `Application` answers; whether a case can be given is decided for each by itself, when the plan is made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.core.wording import local
from engine.label import Label, joined, listed
from engine.runtime.selection import Selection
from engine.runtime.titles import person_title
from engine.store import cases
from web.console.form.control import HOLDERS, OFFERED, WHICH, Choice, Control, FormView, Known, as_readable, of_people, offered
from web.console.form.filling import Sent
from web.console.form.forming import Filling, form_of
from web.console.form.named import naming
from web.console.screen import Screen

PERSON, NOBODY = "person", "-"
"""What the form calls whom the cases are given to; the value that stands for nobody."""
LOOKED_AT = 50
"""For how many of the cases it is asked who could hold them."""
_TOLD = 5
"""Of so many it is said until when they are away."""
_OPEN = 8
"""Choices up to so many lie open."""
_DOT = Label(" · ", " · ")


def giving_form(screen: Screen, selection: Selection, sent: Sent | None = None, fault: Label | None = None) -> FormView:
    """Whom they are given to, those first who could hold most of them and hold least already, and why."""
    typed = str(sent.data.get(PERSON) or "") if sent is not None else ""
    why = Filling(reason=sent.reason) if sent is not None else Filling()
    whole = form_of((), Known(screen.application.settings.zone), why, reason="optional")
    choices, hints = _whom(screen, selection)
    control = replace(_control(choices, hints), value=typed, faults=(fault,) if fault is not None else ())
    return FormView((as_readable(control), *whole.controls), whole.faults, offered(choices, HOLDERS))


def whom(screen: Screen, typed: str) -> str | Label:
    """Whom they are to be given to, as it was chosen or typed; else what is wrong with it."""
    typed = typed.strip()
    if typed in ("", NOBODY):
        return typed or Label("请选择派给谁", "choose to whom")
    return NOBODY if typed.casefold() in (_NOBODY.zh, _NOBODY.en.casefold()) else naming(screen).read(typed)


def _whom(screen: Screen, selection: Selection) -> tuple[list[Choice], list[Label]]:
    """Those who could hold them, nobody at the end; and what is good to know."""
    application, numbers = screen.application, selection.numbers[:LOOKED_AT]
    with application.database.read() as reader:
        found = [each.case for each in cases.records(reader, list(numbers)).values()]
    identity = screen.caller.identity
    assert identity is not None
    could = application.standing.takers([(each, application.catalog.by_digest(each.digest)) for each in found], identity)
    roster, held = application.directory.roster(), application.views.held(could, screen.access)
    away = {each: until for each in could if (until := roster.away_until(each, application.time.now())) is not None}
    order = sorted(could.keys() - away.keys(), key=lambda each: (-could[each], len(held.get(each, ())), roster.people[each].name))
    choices = [Choice(each, person_title(each, roster), _note(could[each], len(numbers), len(held.get(each, ())))) for each in order]
    hints = [_SAMPLE.fill(n=len(numbers))] if len(numbers) < len(selection.lines) else []
    if away:
        zone, told = application.settings.zone, sorted(away.items())[:_TOLD]
        names = [_AWAY.fill(who=person_title(each, roster), until=local(until, zone)) for each, until in told]
        names += [Label("另有 {n} 人", "{n} more").fill(n=len(away) - _TOLD)] if len(away) > _TOLD else []
        hints.append(Label("不在岗：{who}", "Away: {who}").fill(who=listed(names)))
    nobody = Choice(NOBODY, _NOBODY, Label("放回待接", "to be taken by whoever can"))
    return ([nobody, *choices] if len(choices) >= OFFERED else [*choices, nobody]), hints


_NOBODY = Label("无人承办", "Nobody")
_SAMPLE = Label("按前 {n} 个工单统计", "counted for the first {n} cases")
_AWAY = Label("{who}（{until} 回来）", "{who} (back {until})")


def _control(choices: Sequence[Choice], hints: Sequence[Label]) -> Control:
    control = Control(PERSON, PERSON, Label("派给", "To whom"), "radio", True, choices=tuple(choices), hints=tuple(hints))
    return of_people(control, choices, WHICH, HOLDERS) if len(choices) > _OPEN else control


def _note(could: int, of: int, holds: int) -> Label:
    all_of_them, some = Label("能办全部 {of} 个", "could hold all {of}"), Label("能办 {could} / {of} 个", "could hold {could} of {of}")
    said = (all_of_them if could == of else some).fill(could=could, of=of)
    return joined((said, Label("手上 {n} 件", "holds {n}").fill(n=holds)), _DOT)
