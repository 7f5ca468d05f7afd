"""The intake: a sheet of wishes to open cases, one row a case, each in its own transaction.

Every row carries a `reference`, which is its idempotency key for good (`runtime.reference`): a file that was cut off half-way, or sent
twice, is simply sent again. A row that is refused takes no reference, so it can be corrected and sent again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.authoring.document import content_of
from engine.core.command import OpenCase
from engine.core.compiled import CompiledDefinition, CompiledStep
from engine.core.decision import Reason, Refused
from engine.core.field import FieldRule
from engine.errors import Misuse, Unavailable, did_you_mean, reason_of
from engine.label import Label, Language, listed
from engine.runtime.answer import KeyReused
from engine.runtime.caller import Caller
from engine.runtime.naming import id_of
from engine.runtime.service import CaseService
from engine.runtime.sheet import Row, Sheet, read_sheet, write_sheet

REFERENCE = ("reference", "参考号", "外部单号")
"""What the column of references may be called."""

REJECTED = ("rejected_line", "rejected_field", "rejected_reason")
"""Columns that a file of rejected rows has besides its own; ignored when it is sent again."""

_UNSAID = ("list", "file", "files")
"""Kinds of values that one cell cannot hold."""
_REFERENCE_TITLE = Label("参考号", "reference")
_OWN_NUMBER = Label(
    "“参考号”列为每行写一个不重复的编号，例如送修单号。",
    "The column “reference” gives every row a number of its own, such as that of its paper.",
)
_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]+")
_SPOILT = Label(
    "{sentence}（表格软件把长数字改成了科学记数；请把该列设为文本后重新填写）",
    "{sentence} (the spreadsheet has turned a long number into this: format the column as text and fill it in again)",
)
_REJECTED_NAME = re.compile(r"(.+)\.rejected(?:-(\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that was refused: why, and which field each reason is about ("" when none)."""

    row: Row
    reference: str
    reasons: tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that is a case. `is_repeated`: it had been taken in before."""

    row: Row
    reference: str
    number: str
    is_repeated: bool = False


@dataclass(frozen=True, slots=True)
class Intake:
    """What became of each row of a sheet, in its order."""

    taken: tuple[Taken, ...]
    rejected: tuple[Rejection, ...]

    @property
    def opened(self) -> tuple[str, ...]:
        """The numbers of the new cases."""
        return tuple(each.number for each in self.taken if not each.is_repeated)

    @property
    def repeated(self) -> tuple[str, ...]:
        """Those of rows that had been taken in before."""
        return tuple(each.number for each in self.taken if each.is_repeated)


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
    """Open a case for every row that can be; the others are in `rejected`. `start` is an id or a title.

    Raises Misuse for columns that do not fit the form.

    `unit`: where the cases belong; by default as for a single opening. `progress` is told rows done and rows in all.
    """
    start = id_of(start, {id: each.title for id, each in definition.starts.items()})
    step = definition.starts.get(start)
    if step is None:
        raise Misuse(
            Label("流程“{workflow}”没有开始方式“{start}”。", "The workflow “{workflow}” has no start “{start}”.").fill(
                workflow=definition.workflow, start=start
            ),
            did_you_mean(start, definition.starts),
        )
    columns = _fields_of(step, sheet)
    taken: list[Taken] = []
    rejected: list[Rejection] = []
    for done, row in enumerate(sheet.rows, 1):
        result = _take_row(service, definition.workflow, start, unit, columns, row, caller)
        if isinstance(result, Rejection):
            rejected.append(result)
        else:
            taken.append(result)
        progress(done, len(sheet.rows))
    return Intake(tuple(taken), tuple(rejected))


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
    content = rejected_sheet(sheet, intake, language)
    target = _free(rejected_path(file), content)
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(content)
        part.replace(target)
    except OSError as error:
        raise _unwritten(target, error, intake) from error
    return intake, target


def _free(target: Path, content: bytes) -> Path:
    """The first of the names from this one on that is free or holds this very content: somebody may be mending what lies there."""
    while target.is_file() and target.read_bytes() != content:
        target = rejected_path(target)
    return target


def _unwritten(target: Path, error: OSError, intake: Intake) -> Unavailable:
    sentence = Label(
        "受理了 {opened} 行，但退回的 {rejected} 行无法写入 {target}：{why}。",
        "{opened} rows were taken in, but the {rejected} rejected ones cannot be written to {target}: {why}.",
    )
    return Unavailable(
        sentence.fill(opened=len(intake.opened), rejected=len(intake.rejected), target=target, why=reason_of(error)),
        Label("解决后将同一文件再送一次即可：已受理的行不会重复。", "Mend that and send the same file again: no row is taken in twice."),
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


def rejected_sheet(sheet: Sheet, intake: Intake, language: Language) -> bytes:
    """The rejected rows as a CSV file: their own cells as they came, and line, field and reason behind them."""
    between = "；" if language == "zh" else "; "
    width = len(sheet.columns)
    spare = max((len(rejection.row.cells) - width for rejection in intake.rejected), default=0)
    kept = [index for index in range(width + max(spare, 0)) if index >= width or sheet.columns[index] not in REJECTED]
    rows = [
        [
            *(rejection.row.cells[index] if index < len(rejection.row.cells) else "" for index in kept),
            str(rejection.row.line),
            "; ".join(field for field, _ in rejection.reasons if field),
            between.join(reason.within(language) for _, reason in rejection.reasons),
        ]
        for rejection in intake.rejected
    ]
    return write_sheet([*(sheet.columns[index] if index < width else "" for index in kept), *REJECTED], rows)


@dataclass(frozen=True, slots=True)
class Column:
    """A column that the sheet of a start has. `field`: None for the references."""

    title: Label
    is_required: bool
    field: FieldRule | None = None


def columns_for(step: CompiledStep) -> tuple[Column, ...]:
    """The columns of a sheet for this start; none where it asks for what no sheet can say."""
    asks = [ask for ask in step.form.asks if ask.field.kind.name not in _UNSAID]
    if any(not ask.optional for ask in step.form.asks if ask not in asks):
        return ()
    return (Column(_REFERENCE_TITLE, is_required=True), *(Column(ask.field.title, not ask.optional, ask.field) for ask in asks))


def blank_sheet(step: CompiledStep) -> bytes:
    """A sheet to be filled in: the titles of its columns in Chinese; where two fields have the same, their ids."""
    columns = columns_for(step)
    titles = [each.title.zh for each in columns]
    named = [each.field.id if each.field is not None and titles.count(each.title.zh) > 1 else each.title.zh for each in columns]
    return write_sheet(named, ())


def _fields_of(step: CompiledStep, sheet: Sheet) -> Mapping[int, str]:
    """Column index → field id, or `reference`. Columns are called by field ids or titles of either language."""
    titles = {"reference": _REFERENCE_TITLE} | {ask.field.id: ask.field.title for ask in step.form.asks}
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
                Label("列“{name}”不是本表单的字段。", "The column “{name}” is not a field of this form.").fill(name=column),
                did_you_mean(column, names),
            )
        if field in columns.values():
            raise Misuse(Label("有两列都表示“{name}”。", "Two columns mean “{name}”.").fill(name=titles[field]))
        columns[index] = field
    _check_types(step, columns)
    needed = ["reference", *(ask.field.id for ask in step.form.asks if not ask.optional)]
    missing = [name for name in needed if name not in columns.values()]
    if missing:
        raise Misuse(
            Label("缺少必填的列：{names}。", "Required columns are missing: {names}.").fill(names=listed(titles[name] for name in missing)),
            _OWN_NUMBER if "reference" in missing else None,
        )
    return columns


def _check_types(step: CompiledStep, columns: Mapping[int, str]) -> None:
    for ask in step.form.asks:
        rule = ask.field
        if rule.kind.name in _UNSAID and rule.id in columns.values():
            sentence = Label(
                "列“{name}”要填明细行或附件：批量受理都不能填写。",
                "The column “{name}” is for rows or files: a sheet of cases takes neither.",
            )
            way_out = Label("请逐个受理，或在后面的步骤填写。", "Open these cases one by one, or let a later step ask for it.")
            raise Misuse(sentence.fill(name=rule.title), way_out)


def _take_row(
    service: CaseService, workflow: str, start: str, unit: str | None, columns: Mapping[int, str], row: Row, caller: Caller
) -> Rejection | Taken:
    cells = {field: row.cells[index].strip() for index, field in columns.items() if index < len(row.cells)}
    reference = cells.pop("reference", "")
    if row.fault is not None:
        return Rejection(row, reference, (("", row.fault),))
    if not reference:
        sentence = Label("参考号必填：它保证同一行不会重复受理", "The reference must be filled: it keeps a row from being taken in twice")
        return Rejection(row, "", (("reference", sentence),))
    try:
        command = OpenCase(start, {field: cell for field, cell in cells.items() if cell}, unit=unit)
        answer = service.open_once(workflow, command, caller, reference)
    except KeyReused:
        sentence = Label("参考号“{reference}”已受理过，且内容不同", "The reference “{reference}” was taken in before with other content")
        return Rejection(row, reference, (("reference", sentence.fill(reference=reference)),))
    if isinstance(answer, Refused):
        return Rejection(row, reference, tuple(_told(reason, cells) for reason in answer.reasons))
    return Taken(row, reference, answer.outcome.number, answer.repeated)


def _told(reason: Reason, cells: Mapping[str, str]) -> tuple[str, Label]:
    """The field that a reason is about, if it is one of the sheet, and the sentence."""
    if reason.subject is None or reason.subject not in cells:
        return "", reason.sentence
    spoilt = _SCIENTIFIC.fullmatch(cells[reason.subject]) is not None
    return reason.subject, _SPOILT.fill(sentence=reason.sentence) if spoilt else reason.sentence
