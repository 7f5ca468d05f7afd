"""Steps of a case: each a form that opens on its page, and is performed – or signed, or only tried – when it is sent."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from engine.core.command import Fire
from engine.errors import Unknown
from engine.label import Label, verbatim
from engine.runtime.reading import CaseView
from web.console.case.asked import Asked, asks_of, title_of
from web.console.case.wishing import Wishing, done_by
from web.console.form.filling import sent_in
from web.console.pages.cases import show_case
from web.console.screen import Filled, Showing

PATH = "/cases/{number}/steps/{step}"

router = APIRouter(include_in_schema=False)

Step = Annotated[str, Path(max_length=200)]
Back = Annotated[str, Query(max_length=500)]


@router.get(PATH)
def ask(screen: Showing, number: str, step: Step, back: Back = "") -> Response:
    """The page of the case, with this step open."""
    _title(screen.application.views.case(number, screen.access), step)
    return show_case(screen, number, asked=Asked(step, is_step=True, back=back))


@router.post(PATH)
def perform(screen: Showing, number: str, step: Step, form: Filled) -> Response:
    """Perform it; or the form again, with every reason and who can."""
    view = screen.application.views.case(number, screen.access)
    title = _title(view, step)
    sent = sent_in(form, asks_of(view.definition, view.case, step), screen, view.case)
    wishing = Wishing(screen, view, form, Asked(step, is_step=True, sent=sent, back=str(form.get("back") or "")))
    return wishing.put(Fire(step, sent.data, sent.reason or None, sent.revision), done_by(title))


def _title(view: CaseView, step: str) -> Label:
    """Raises Unknown for what is no step of the process at all."""
    title = title_of(view.definition, view.case, step)
    if title is None:
        sentence = Label("流程“{workflow}”没有步骤“{name}”。", "The process “{workflow}” has no step “{name}”.")
        raise Unknown(sentence.fill(workflow=view.definition.title, name=verbatim(step)))
    return title
