"""What became of a sheet, on the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from commands import terminal
from commands.display import linked
from commands.failure import DONE, PROBLEM
from commands.speech import counted, say, tr
from engine.runtime.intake import Intake
from engine.runtime.lineage import Linked

SHOWN = 20
"""Rejected rows that are shown; all of them are in the file."""


def show_intake(intake: Intake, rejected: Path | None, known: Mapping[str, Linked], zone: ZoneInfo) -> int:
    """The counts, what was here before, the first rejected rows, and where all of them are; the exit code."""
    ends = list(dict.fromkeys((*intake.opened[:1], *intake.opened[-1:])))
    numbers = tr("（{ends}）", " ({ends})", ends=" … ".join(ends)) if ends else ""
    terminal.show(tr("已受理 ", "Opened ") + counted(len(intake.opened), "件", "case", "cases") + numbers)
    if intake.repeated:
        terminal.show(
            counted(len(intake.repeated), "行以前已受理，未重复受理", "row had been taken in before", "rows had been taken in before")
        )
    linked.show_intake(known, zone)
    if rejected is None:
        return DONE
    terminal.show(counted(len(intake.rejected), "行退回，未受理：", "row was rejected:", "rows were rejected:"), "")
    titles = [tr("行", "Line"), tr("参考号", "Reference"), tr("字段", "Field"), tr("原因", "Reason")]
    rows = [
        [str(each.row.line) if not index else "", each.reference if not index else "", field, say(sentence)]
        for each in intake.rejected[:SHOWN]
        for index, (field, sentence) in enumerate(each.reasons)
    ]
    terminal.table(titles, rows, kept=(0, 1, 2))
    if len(intake.rejected) > SHOWN:
        terminal.show(tr("…… 其余 {n} 行见文件", "… and {n} more in the file", n=len(intake.rejected) - SHOWN))
    terminal.show(
        "", tr("全部退回的行在 {file}；改正后可再次送入。", "All of them are in {file}; mend it and send it again.", file=rejected)
    )
    return PROBLEM
