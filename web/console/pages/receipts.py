"""The receipt: what the customer takes along, on paper – number, device, what was promised – and what is scanned when he comes back."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response

from engine.core.compiled import CompiledStep
from engine.runtime.clocks import ClockFace
from engine.runtime.fields import FieldView
from engine.runtime.reading import CaseView
from web.console.display.qr import qr_of
from web.console.pages.cases import PATH as CASE
from web.console.screen import Screen, Showing

PATH = CASE + "/receipt"

router = APIRouter(include_in_schema=False)


@router.get(PATH)
def receipt(screen: Showing, number: str, received: bool = False) -> Response:
    """The receipt. `received`: the case was opened just now, and the next customer waits."""
    return show_receipt(screen, number, is_new=received)


def show_receipt(screen: Screen, number: str, *, is_new: bool = False) -> Response:
    """The receipt of a case as it stands. Raises Unknown for one that may not be seen."""
    application = screen.application
    view = application.views.case(number, screen.access)
    roster, opening = application.directory.roster(), view.case.performed[0]
    receiver = roster.people.get(opening.actor)
    link = application.settings.link
    return screen.page(
        "receipt.html",
        "intake" if is_new else "work",
        view=view,
        is_new=is_new,
        unit=roster.unit_titles.get(view.case.unit) if view.case.unit is not None else None,
        receiver=receiver.name if receiver is not None else None,
        start=view.definition.starts[opening.step],
        fields=_stated(view, view.definition.starts[opening.step]),
        promised=_promised(view),
        qr=qr_of(link.replace("{number}", number) if link else number),
        zone=application.settings.zone,
    )


def _stated(view: CaseView, start: CompiledStep) -> Sequence[FieldView]:
    """What was filled in when it came in, in the order of the form."""
    shown = {each.id: each for each in view.fields}
    return [shown[ask.field.id] for ask in start.form.asks if ask.field.id in shown]


def _promised(view: CaseView) -> Sequence[ClockFace]:
    """The deadlines of the whole: those of a stage are nobody's business but of whoever works on it."""
    rules = view.definition.clocks
    due = [each for each in view.clocks if each.due is not None]
    return [each for each in due if rules[each.clock].until] or due
