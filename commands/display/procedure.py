"""The written procedures on the terminal: what carries them out, what is left out and why, what is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.text import Text

from commands import terminal
from commands.display.definition import Reading, near
from commands.speech import listed, say, tr
from engine.authoring.procedures import KINDS, read_procedures
from engine.authoring.tracing import Citation, Fate, TracedClause, TracedProcedure, Traces, traced
from engine.errors import Unknown, did_you_mean
from engine.label import Label
from engine.representation.label import of_label
from engine.settings import Settings

_FATES: dict[Fate, Label] = {
    "carried_out": Label("已执行", "carried out"),
    "left_out": Label("已省略", "left out"),
    "missing": Label("无人执行", "missing"),
    "unsaid": Label("未注明", "not named"),
}
_STYLES: dict[Fate, str] = {"carried_out": "", "left_out": "dim", "missing": "red", "unsaid": "dim"}


def show(settings: Settings, name: str | None, *, missing_only: bool, in_json: bool) -> bool:
    """One procedure, or all, traced to the processes of the settings; False, once told, where these have mistakes. Raises Unknown."""
    reading = Reading.of(settings, ())
    if not reading.is_sound:
        reading.show_diagnostics()
        return False
    written = read_procedures([near(folder) for folder in settings.definition_path()])
    found = traced(written, Traces.of(each.bundle.workflow for each in reading.library.checked))
    if name is None:
        _show_all(found, missing_only=missing_only, in_json=in_json)
    else:
        _show_one(_one_of(found, name), missing_only=missing_only, in_json=in_json)
    return True


def _one_of(found: Sequence[TracedProcedure], name: str) -> TracedProcedure:
    """The procedure of this id. Raises Unknown."""
    for each in found:
        if each.procedure.id == name:
            return each
    sentence = Label("没有规程“{name}”。", "There is no procedure “{name}”.").fill(name=name)
    raise Unknown(sentence, did_you_mean(name, (each.procedure.id for each in found)))


def _show_all(found: Sequence[TracedProcedure], *, missing_only: bool, in_json: bool) -> None:
    """A line for each procedure, and the sums."""
    shown = [each for each in found if each.count("missing")] if missing_only else list(found)
    if in_json:
        terminal.as_json({"procedures": [_object(each, missing_only=missing_only) for each in shown], "total": _total(shown)})
        return
    titles = [tr("规程", "Procedure"), tr("名称", "Title"), tr("执行的流程", "Carried out by")]
    titles += [say(_FATES[fate]) for fate in ("carried_out", "left_out", "missing")]
    terminal.table(titles, [_row(each) for each in shown])
    total = _total(shown)
    terminal.show(
        "",
        tr(
            "{n} 项规程，{claimed} 项已有流程：{carried} 条已执行，{left} 条已省略，{missing} 条无人执行",
            "{n} procedures, {claimed} with a workflow: {carried} clauses carried out, {left} left out, {missing} missing",
            n=len(shown),
            claimed=sum(bool(each.claimed_by) for each in shown),
            carried=total["carried_out"],
            left=total["left_out"],
            missing=total["missing"],
        ),
    )


def _show_one(each: TracedProcedure, *, missing_only: bool, in_json: bool) -> None:
    """Every clause of one procedure."""
    if in_json:
        terminal.as_json(_object(each, missing_only=missing_only))
        return
    by = listed(each.claimed_by) if each.claimed_by else tr("尚无流程", "no workflow")
    terminal.show(Text.assemble((each.procedure.id, "bold"), f"  {say(each.procedure.title)}  ", (by, "dim")), "")
    rows: list[list[terminal.Cell]] = [
        [
            Text(one.clause.id, "bold"),
            say(KINDS[one.clause.kind]),
            say(one.clause.title),
            Text(say(_FATES[one.fate]), _STYLES[one.fate]),
            _why(one),
        ]
        for one in _clauses(each, missing_only=missing_only)
    ]
    if rows:
        titles = [
            tr("条款", "Clause"),
            tr("类别", "Kind"),
            tr("名称", "Title"),
            tr("结果", "State"),
            tr("何处，或为何不执行", "Where, or why not"),
        ]
        terminal.table(titles, rows)
        terminal.show("")
    fates: tuple[Fate, ...] = ("carried_out", "left_out", "missing")
    terminal.show(tr("，", ", ").join(f"{each.count(fate)} {say(_FATES[fate])}" for fate in fates))


def _row(each: TracedProcedure) -> list[terminal.Cell]:
    counts = [str(each.count(fate)) for fate in ("carried_out", "left_out", "missing")]
    return [Text(each.procedure.id, "bold"), say(each.procedure.title), listed(each.claimed_by), *counts]


def _clauses(each: TracedProcedure, *, missing_only: bool) -> list[TracedClause]:
    return [one for one in each.clauses if one.fate == "missing" or not missing_only]


def _why(one: TracedClause) -> str:
    if one.carried_out_by:
        return tr("；", "; ").join(_place(each) for each in one.carried_out_by)
    return tr("；", "; ").join(f"{each.workflow}: {say(each.why)}" for each in one.left_out_by)


def _place(citation: Citation) -> str:
    return citation.workflow if citation.element is None else f"{citation.workflow}: {say(citation.element)}"


def _total(found: Sequence[TracedProcedure]) -> dict[str, int]:
    return {fate: sum(each.count(fate) for each in found) for fate in _FATES}


def _object(each: TracedProcedure, *, missing_only: bool) -> dict[str, Any]:
    return {
        "procedure": each.procedure.id,
        "title": of_label(each.procedure.title),
        "claimed_by": each.claimed_by,
        "count": {fate: each.count(fate) for fate in _FATES},
        "clauses": [
            {
                "clause": one.clause.id,
                "kind": one.clause.kind,
                "title": of_label(one.clause.title),
                "fate": one.fate,
                "carried_out_by": [
                    {"workflow": by.workflow, "path": by.path[: by.path.index("source")], "element": by.element and of_label(by.element)}
                    for by in one.carried_out_by
                ],
                "left_out_by": [{"workflow": by.workflow, "why": of_label(by.why)} for by in one.left_out_by],
            }
            for one in _clauses(each, missing_only=missing_only)
        ],
    }
