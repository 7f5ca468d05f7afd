"""What is wished of a case beside its steps: take, pass on, put down, correct, comment, undo, take a signature back, read in full.

Each has a form that opens on the page of the case. Nothing is decided here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from engine.core.command import Assign, Comment, Correct, Disclose, Undo, Withdraw
from engine.core.decision import Reason, Refused
from engine.label import Label, verbatim
from engine.runtime.answer import Granted
from engine.runtime.disclosing import disclose
from engine.runtime.reading import CaseView
from engine.runtime.titles import person_title
from web.console.case.asked import Asked, Wish, asks_to_correct
from web.console.case.wishing import Said, Wishing, with_consequences
from web.console.form.filling import Sent, sent_in
from web.console.form.forming import changes_in
from web.console.form.known import zone_of
from web.console.form.named import naming
from web.console.pages.cases import show_case
from web.console.screen import Filled, Screen, Showing

PATH = "/cases/{number}"

router = APIRouter(include_in_schema=False)


@router.get(PATH + "/correct")
@router.get(PATH + "/comment")
@router.get(PATH + "/assign")
@router.get(PATH + "/undo")
@router.get(PATH + "/disclose")
def ask(screen: Showing, number: str, back: Annotated[str, Query(max_length=500)] = "") -> Response:
    """The page of the case, with the form of this wish open."""
    wish = screen.request.url.path.rpartition("/")[2]
    return show_case(screen, number, asked=Asked(wish, is_step=False, back=back))


@router.post(PATH + "/correct")
def correct(screen: Showing, number: str, form: Filled) -> Response:
    """Mend what was entered wrongly: the fields that are not what they were."""
    application, view = screen.application, screen.application.views.case(number, screen.access)
    assert screen.caller.identity is not None
    fields = application.standing.beside(view.case, view.definition, screen.caller.identity).corrects
    asks = [ask for part in asks_to_correct(view.definition, view.case, fields) for ask in part]
    sent = sent_in(form, asks, screen, view.case)
    wishing = _wishing(screen, view, form, "correct", sent)
    masked = frozenset(each.id for each in view.fields if each.is_masked)
    data = changes_in(asks, sent.data, view.case.data, zone_of(screen, view.definition), masked)
    return wishing.put(Correct(data, sent.reason, sent.revision), _said(Label("已更正", "Corrected")))


@router.post(PATH + "/comment")
def comment(screen: Showing, number: str, form: Filled) -> Response:
    """Write a remark into the history."""
    view = screen.application.views.case(number, screen.access)
    text = str(form.get("text") or "").replace("\r\n", "\n")  # as browsers send what is typed on several lines
    wishing = _wishing(screen, view, form, "comment", _sent(screen, form, text=text))
    return wishing.put(Comment(text), _said(Label("备注已写入历史", "The remark is in the history")))


@router.post(PATH + "/assign")
def assign(screen: Showing, number: str, form: Filled) -> Response:
    """Take the case, pass it on, or – with nobody named and `put_down` – put it down."""
    view = screen.application.views.case(number, screen.access)
    typed, puts_down = str(form.get("person") or "").strip(), "put_down" in form
    found = naming(screen, view.case).read(typed) if typed else ""
    if isinstance(found, Label):
        sent = replace(_sent(screen, form, person=typed), faults=(Reason("data_invalid", found, subject="person"),))
        return _wishing(screen, view, form, "assign", sent).comes_back()
    sent = _sent(screen, form, person=found)
    wishing = _wishing(screen, view, form, "assign", sent)
    return wishing.put(Assign(None if puts_down else found, sent.reason or None, sent.revision), _said(_held(screen, found, puts_down)))


@router.post(PATH + "/undo")
def undo(screen: Showing, number: str, form: Filled) -> Response:
    """Take the newest step back."""
    view = screen.application.views.case(number, screen.access)
    sent = _sent(screen, form)

    def said(granted: Granted, before: CaseView) -> Label:
        state = before.definition.states[granted.outcome.state].title
        return with_consequences(Label("已撤销 → {state}", "Undone → {state}").fill(state=state), granted, before)

    return _wishing(screen, view, form, "undo", sent).put(Undo(sent.reason, sent.revision), said)


@router.post(PATH + "/withdraw")
def withdraw(screen: Showing, number: str, form: Filled) -> Response:
    """Take one's signature of a step back."""
    view, step = screen.application.views.case(number, screen.access), str(form.get("step") or "")
    wishing = Wishing(screen, view, form, Asked(step, is_step=True))
    return wishing.put(Withdraw(step), _said(Label("已撤回签署", "The signature is withdrawn")))


@router.post(PATH + "/disclose")
def read_in_full(screen: Showing, number: str, form: Filled) -> Response:
    """Read what is masked, on record; the values stand on this page once, and are kept nowhere."""
    application, sent = screen.application, _sent(screen, form)
    wishing = _wishing(screen, application.views.case(number, screen.access), form, "disclose", sent)
    if sent.is_changed_only:
        return wishing.comes_back()
    found = disclose(application.cases, application.views, number, Disclose(sent.reason), screen.caller)
    if isinstance(found, Refused):
        return wishing.refused(found)
    return show_case(screen, number, asked=Asked("disclose", is_step=False, disclosure=found))


def _wishing(screen: Screen, view: CaseView, form: Filled, wish: Wish, sent: Sent) -> Wishing:
    return Wishing(screen, view, form, Asked(wish, is_step=False, sent=sent, back=str(form.get("back") or "")))


def _sent(screen: Screen, form: Filled, **said: str) -> Sent:
    """What was filled in beside fields."""
    return replace(sent_in(form, (), screen), data=said)


def _said(done: Label) -> Said:
    return lambda granted, before: with_consequences(done, granted, before)


def _held(screen: Screen, person: str, puts_down: bool) -> Label:
    if puts_down:
        return Label("已不再承办，工单现无人承办", "No longer yours; nobody holds it now")
    if person == screen.person:
        return Label("已由您承办", "Assigned to you")
    roster = screen.application.directory.roster()
    who = person_title(person, roster) if person in roster.people else verbatim(person)
    return Label("已派给{who}", "Given to {who}").fill(who=who)
