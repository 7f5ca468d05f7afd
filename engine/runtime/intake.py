"""The intake: a sheet of wishes to open cases, one row a case, each in its own transaction.

Every row carries a `reference`, which is its idempotency key for good: a file that was cut off half-way, or sent twice,
is simply sent again. A row that is refused takes no reference, so it can be corrected and sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.authoring.library import content_of
from engine.core.command import OpenCase
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Refused
from engine.errors import Misuse, Unavailable, did_you_mean
from engine.label import Label, Language
from engine.runtime.service import Caller, CaseService, Key, KeyReused
from engine.runtime.sheet import Row, Sheet, read_sheet, write_sheet
from engine.store.requests import INTAKE

REFERENCE = ("reference", "参考号", "外部单号")
"""What the column of references may be called."""

REJECTED = ("rejected_line", "rejected_field", "rejected_reason")
"""Columns that a file of rejected rows has besides its own; ignored when it is sent again."""

_REJECTED_NAME = re.compile(r"(.+)\.rejected(?:-(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was refused: why, and which field each reason is about ("" when none)."""

    row: Row
    reference: str
    reasons: tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of a sheet. `repeated` rows had been taken in before."""

    opened: tuple[str, ...]
    repeated: tuple[str, ...]
    rejected: tuple[Rejection, ...]


def take_in(
    service: CaseService,
    definition: CompiledDefinition,
    start: str,
    sheet: Sheet,
    caller: Caller,
    *,
    unit: str | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Intake:
    """Open a case for every row that can be; the others are in `rejected`. Raises Misuse for columns that do not fit the form.

    `unit`: where the cases belong; by default as for a single opening. `progress` is told rows done and rows in all.
    """
    step = definition.starts.get(start)
    if step is None:
        raise Misuse(
            Label("流程“{workflow}”没有开始方式“{start}”", "workflow “{workflow}” has no start “{start}”").fill(
                workflow=definition.workflow, start=start
            ),
            did_you_mean(start, definition.starts),
        )
    columns = _fields_of(step, sheet)
    opened: list[str] = []
    repeated: list[str] = []
    rejected: list[Rejection] = []
    for done, row in enumerate(sheet.rows, 1):
        result = _take_row(service, definition.workflow, start, unit, columns, row, caller)
        if isinstance(result, Rejection):
            rejected.append(result)
        else:
            (repeated if result[1] else opened).append(result[0])
        progress(done, len(sheet.rows))
    return Intake(tuple(opened), tuple(repeated), tuple(rejected))


def take_in_file(
    service: CaseService,
    definition: CompiledDefinition,
    start: str,
    file: Path,
    caller: Caller,
    *,
    unit: str | None = None,
    language: Language = "zh",
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Intake, Path | None]:
    """The same with a CSV file; what was rejected is written beside it (`rejected_path`), in `language`, and that path answered.

    Raises Misuse for a file that cannot be read, Unavailable when the rejected rows cannot be written.
    """
    sheet = read_sheet(content_of(file))
    intake = take_in(service, definition, start, sheet, caller, unit=unit, progress=progress)
    if not intake.rejected:
        return intake, None
    target = rejected_path(file)
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(rejected_sheet(sheet, intake, language))
        part.replace(target)
    except OSError as error:
        raise _unwritten(target, error, intake) from error
    return intake, target


def _unwritten(target: Path, error: OSError, intake: Intake) -> Unavailable:
    sentence = Label(
        "受理了 {opened} 行，但退回的 {rejected} 行无法写入 {target}：{why}",
        "{opened} rows were taken in, but the {rejected} rejected ones cannot be written to {target}: {why}",
    )
    return Unavailable(
        sentence.fill(opened=len(intake.opened), rejected=len(intake.rejected), target=target, why=error.strerror),
        Label("解决后原样再送一次即可：已受理的行不会重复", "mend that and send the same file again: no row is taken in twice"),
    )


def rejected_path(path: Path) -> Path:
    """Where the rejected rows of a file belong: beside it, and never over the file that is being read.

    >>> rejected_path(Path("in/may.csv")).name, rejected_path(Path("may.rejected.csv")).name, rejected_path(Path("may.rejected-2.csv")).name
    ('may.rejected.csv', 'may.rejected-2.csv', 'may.rejected-3.csv')
    """
    again = _REJECTED_NAME.fullmatch(path.stem)
    if again is None:
        return path.with_name(f"{path.stem}.rejected.csv")
    return path.with_name(f"{again[1]}.rejected-{int(again[2] or 1) + 1}.csv")


def rejected_sheet(sheet: Sheet, intake: Intake, language: str) -> bytes:
    """The rejected rows as a CSV file: their own cells as they came, and line, field and reason behind them."""
    kept = [index for index, column in enumerate(sheet.columns) if column not in REJECTED]
    rows = [
        [
            *(rejection.row.cells[index] if index < len(rejection.row.cells) else "" for index in kept),
            str(rejection.row.line),
            "; ".join(field for field, _ in rejection.reasons if field),
            "；".join(reason.within("zh" if language == "zh" else "en") for _, reason in rejection.reasons),
        ]
        for rejection in intake.rejected
    ]
    return write_sheet([*(sheet.columns[index] for index in kept), *REJECTED], rows)


def _fields_of(step: CompiledStep, sheet: Sheet) -> Mapping[int, str]:
    """Column index → field id, or `reference`. Columns are called by field ids or titles of either language."""
    names = dict.fromkeys(REFERENCE, "reference")
    for ask in step.form.asks:
        names |= {ask.field.id: ask.field.id, ask.field.title.zh: ask.field.id, ask.field.title.en.casefold(): ask.field.id}
    columns: dict[int, str] = {}
    for index, column in enumerate(sheet.columns):
        if column in REJECTED or not column:
            continue
        field = names.get(column) or names.get(column.casefold())
        if field is None:
            raise Misuse(
                Label("列“{name}”不是本表单的字段", "the column “{name}” is not a field of this form").fill(name=column),
                did_you_mean(column, names),
            )
        if field in columns.values():
            raise Misuse(Label("两列都表示“{name}”", "two columns mean “{name}”").fill(name=field))
        columns[index] = field
    needed = ["reference", *(ask.field.id for ask in step.form.asks if not ask.optional)]
    missing = [name for name in needed if name not in columns.values()]
    if missing:
        raise Misuse(Label("缺少必填的列：{names}", "required columns are missing: {names}").fill(names=", ".join(missing)))
    return columns


def _take_row(
    service: CaseService, workflow: str, start: str, unit: str | None, columns: Mapping[int, str], row: Row, caller: Caller
) -> Rejection | tuple[str, bool]:
    cells = {field: row.cells[index].strip() for index, field in columns.items() if index < len(row.cells)}
    reference = cells.pop("reference", "")
    if row.fault is not None:
        return Rejection(row, reference, (("", row.fault),))
    if not reference:
        return Rejection(
            row,
            "",
            (
                (
                    "reference",
                    Label("参考号必填：它保证同一行不会重复受理", "the reference must be filled: it keeps a row from being taken in twice"),
                ),
            ),
        )
    try:
        answer = service.open(
            workflow,
            OpenCase(start, {field: cell for field, cell in cells.items() if cell}, unit=unit),
            caller,
            key=Key(f"{INTAKE}{workflow}:{start}", reference),
            reference=reference,
        )
    except KeyReused:
        sentence = Label("参考号“{reference}”已受理过，且内容不同", "the reference “{reference}” was taken in before with other content")
        return Rejection(row, reference, (("reference", sentence.fill(reference=reference)),))
    if isinstance(answer, Refused):
        return Rejection(row, reference, tuple((reason.subject or "", reason.sentence) for reason in answer.reasons))
    return answer.outcome.number, answer.repeated
