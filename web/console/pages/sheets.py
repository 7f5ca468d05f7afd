"""Sheets: many things that came in at once, each a row. Every row is answered: taken in, taken in before, or given back with its reason.

The answer has an address of its own, to reload and to come back to, as long as it is kept; sent again, no row is taken in twice.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from engine.core.compiled import CompiledStep
from engine.errors import Misuse
from engine.label import Label
from engine.runtime.intake import Intake, blank_sheet, columns_for, rejected_path, rejected_sheet, take_in
from engine.runtime.lineage import Linked
from engine.runtime.sheet import Sheet, read_sheet
from engine.runtime.starts import Offer
from roles.scope import Identity
from web.console.answers import Answer, Answers
from web.console.form.hints import hints_of
from web.console.pages.intake import FORM, SECTION, show_refused, start_address
from web.console.screen import Filled, Screen, Showing

PATH = FORM + "/sheet"
MOST_ROWS = 2_000
"""Rows of a sheet that are answered while somebody waits."""
SHOWN = 200
"""How many rows of a kind the page shows; all that were given back are in the file."""
_UNNAMED = "sheet.csv"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What became of a sheet, and what was given back as a file. `known`: the devices among the new cases that were here before."""

    intake: Intake
    name: str
    given_back: str | None
    known: Mapping[str, Linked]


@router.get(PATH)
def sheet(screen: Showing, workflow: str, start: str, result: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Where one is sent, and what it must say; `result`: what became of one."""
    offer = _offer(screen, workflow, start)
    found = _answers(screen).find(result, screen.person, (workflow, start)) if result else None
    if found is not None:
        return _show(screen, offer, found.unit, verdicts=_verdicts(screen, found))
    return _show(screen, offer, is_gone=bool(result)) if offer.units else show_refused(screen, offer)


@router.get(PATH + ".csv")
def blank(screen: Showing, workflow: str, start: str) -> Response:
    """One to be filled in."""
    offer = _offer(screen, workflow, start)
    name = f"{offer.definition.workflow}-{offer.step.id}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(blank_sheet(offer.step), headers=headers, media_type="text/csv; charset=utf-8")


@router.post(PATH)
def take(screen: Showing, workflow: str, start: str, form: Filled) -> Response:
    """Take one in."""
    offer, sent = _offer(screen, workflow, start), form.get("file")
    unit = str(form.get("unit") or "").strip()
    try:
        name, found = _read(sent)
        intake = take_in(screen.application.cases, offer.definition, offer.step.id, found, screen.caller, unit=unit or None)
    except Misuse as error:
        return _show(screen, offer, unit, error=error)
    answer = Answer(screen.person, (workflow, start), unit, name, found, intake)
    address = f"{start_address(offer)}/sheet?result={_answers(screen).keep(answer)}"
    return screen.then(address, lambda: _show(screen, offer, unit, verdicts=_verdicts(screen, answer)))


def _answers(screen: Screen) -> Answers:
    answers: Answers = screen.request.app.state.answers
    return answers


def _offer(screen: Screen, workflow: str, start: str) -> Offer:
    return screen.application.starts.offer(workflow, start, Identity(screen.person))


def _show(
    screen: Screen,
    offer: Offer,
    unit: str = "",
    *,
    verdicts: Verdicts | None = None,
    error: Misuse | None = None,
    is_gone: bool = False,
) -> Response:
    """`is_gone`: what became of a sheet is no longer kept."""
    return screen.page(
        "sheet.html",
        SECTION,
        422 if error is not None else 200,
        offer=offer,
        columns=[(each, _says(offer.step, each.field.id) if each.field is not None else ()) for each in columns_for(offer.step)],
        units=screen.application.directory.roster().unit_titles,
        unit=unit,
        verdicts=verdicts,
        error=error,
        is_gone=is_gone,
        SHOWN=SHOWN,
        MOST_ROWS=MOST_ROWS,
        start_address=start_address,
    )


def _says(step: CompiledStep, field: str) -> tuple[Label, ...]:
    """What a cell may say."""
    rule = next(ask.field for ask in step.form.asks if ask.field.id == field)
    if rule.type == "boolean":
        return (Label("是 / 否", "yes / no"),)
    if rule.choices:
        return (Label(" / ".join(each.zh for each in rule.choices.values()), " / ".join(each.en for each in rule.choices.values())),)
    return (Label("如 2026-03-02", "such as 2026-03-02"),) if rule.type == "date" else hints_of(rule)


def _read(sent: UploadFile | str | None) -> tuple[str, Sheet]:
    """The name of a file, and the sheet in it. Raises Misuse for whatever cannot be taken in here."""
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise Misuse(Label("还没有选择文件。", "No file was chosen."), Label("请选择一个 CSV 文件。", "Choose a CSV file."))
    found = read_sheet(sent.file.read())
    if len(found.rows) > MOST_ROWS:
        raise Misuse(
            Label("应不超过 {limit} 行，实际为 {found} 行。", "Expected at most {limit} rows, found {found}.").fill(
                limit=MOST_ROWS, found=len(found.rows)
            ),
            Label(
                "请拆分后分批导入，或在服务器上用“aftercare intake”导入整个文件。",
                "Split it and send the parts, or let “aftercare intake” take in the whole file on the server.",
            ),
        )
    return Path(sent.filename).name or _UNNAMED, found


def _verdicts(screen: Screen, answer: Answer) -> Verdicts:
    intake = answer.intake
    given_back = rejected_sheet(answer.sheet, intake, screen.language) if intake.rejected else None
    known = screen.application.lineage.of_cases(intake.opened, screen.access)
    file = b64encode(given_back).decode() if given_back is not None else None
    return Verdicts(intake, rejected_path(Path(answer.name)).name, file, known)
