"""What was filled in on a page, as the raw data of a wish: fields, rows, people, files. Files are kept in the store first, then named.

Knows how `forming` calls its controls. Whether the values can be taken is decided by the step.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile

from engine.app import Application
from engine.core.attaching import FileRule
from engine.core.case import Case
from engine.core.command import Raw
from engine.core.decision import Reason
from engine.core.field import FieldRule
from engine.core.form import Ask, invalid
from engine.core.rows import place_in_words
from engine.label import Label
from engine.runtime.attachment import arrived, store
from web.console.form.forming import PREFIX, REASON
from web.console.form.named import naming
from web.console.screen import Screen

DO = "do"
"""The name of buttons that do not send the form yet: `add:LIST` and `drop:LIST.PLACE` change it, `refresh` only has it rendered on the case
as it is now, `foresee` only tries it."""
FORESEE = "foresee"
REFRESH = "refresh"
_SEVERAL = re.compile("[,，、;；\n]")
"""Between the names of several."""
_CELL = re.compile(rf"{PREFIX}\.(\w+)\.(\d{{1,4}})\.(\w+)")


Meant = Callable[[str], str | Label]
"""A name as it was typed → the account of the one who is meant, or why that cannot be told."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was filled in."""

    data: Raw
    reason: str
    revision: int | None
    """Of the case as it was seen."""
    seq: int | None
    """The newest entry of its history then."""
    faults: tuple[Reason, ...] = ()
    """Files that are not even kept, and names of which it is not known who is meant."""
    is_changed_only: bool = False
    """A row was added or taken away, or somebody wants to see what has happened meanwhile: nothing is wished yet."""
    is_refreshed: bool = False
    """Of these it is the last."""
    is_tried: bool = False
    """It is only asked what would happen."""


def sent_in(form: FormData, asks: Sequence[Ask], screen: Screen, case: Case | None = None) -> Sent:
    """What a form of these asks was filled with; the files that came with it are kept from now on."""
    do, meant = _text(form, DO), naming(screen, case).read
    data: dict[str, object] = {}
    faults: list[Reason] = []
    for ask in asks:
        rule, name = ask.field, f"{PREFIX}.{ask.field.id}"
        if rule.files is not None:
            data[rule.id], refused = _files(form, rule, rule.files, screen.application)
            faults += [invalid(rule, each) for each in refused]
        elif ask.rows is not None:
            rows = data[rule.id] = _rows(form, rule, do)
            faults += [invalid(rule, each) for each in _name_in(rows, ask, meant)]
        elif rule.kind.name == "people":
            several = [each for text in form.getlist(name) if isinstance(text, str) for each in _SEVERAL.split(text) if each.strip()]
            data[rule.id], unknown = _named(several, meant)
            faults += [invalid(rule, each) for each in unknown]
        else:
            text = data[rule.id] = _text(form, name)
            if rule.kind.name == "person" and text.strip():
                [data[rule.id]], unknown = _named([text], meant)
                faults += [invalid(rule, each) for each in unknown]
    revision, seq = _number(form, "revision"), _number(form, "seq")
    is_refreshed = do == REFRESH
    is_changed_only = is_refreshed or do.startswith(("add:", "drop:"))
    return Sent(data, _text(form, REASON), revision, seq, tuple(faults), is_changed_only, is_refreshed, is_tried=do == FORESEE)


def _number(form: FormData, name: str) -> int | None:
    found = _text(form, name)
    return int(found) if found.isdecimal() and len(found) < 10 else None


def _text(form: FormData, name: str) -> str:
    found = form.get(name)
    return found.replace("\r\n", "\n") if isinstance(found, str) else ""


def _rows(form: FormData, rule: FieldRule, do: str) -> list[dict[str, object]]:
    """The rows as they stand there; new ones that are empty are none, unless the form only comes back with one more or one fewer."""
    found: dict[int, dict[str, object]] = {}
    for name, value in form.multi_items():
        cell = _CELL.fullmatch(name)
        if cell is not None and cell[1] == rule.id and isinstance(value, str):
            found.setdefault(int(cell[2]), {})[cell[3]] = value
    if do == f"add:{rule.id}":
        return [*(found[place] for place in sorted(found)), {}]
    if do.startswith(f"drop:{rule.id}."):
        return [found[place] for place in sorted(found) if do != f"drop:{rule.id}.{place}"]
    is_kept = do not in ("", FORESEE)
    return [found[place] for place in sorted(found) if is_kept or any(found[place].values())]


def _named(typed: Sequence[str], meant: Meant) -> tuple[list[str], list[Label]]:
    """Those who are meant; where that cannot be told, what was typed, and why."""
    found = [(each.strip(), meant(each.strip())) for each in typed]
    return [who if isinstance(who, str) else text for text, who in found], [who for _, who in found if isinstance(who, Label)]


def _name_in(rows: Sequence[dict[str, object]], ask: Ask, meant: Meant) -> list[Label]:
    """The same in the cells of rows, each fault with its place."""
    faults: list[Label] = []
    columns = [each.column for each in ask.rows.columns if each.column.kind.name == "person"] if ask.rows is not None else []
    for number, row in enumerate(rows, 1):
        for column in columns:
            if str(row.get(column.id, "")).strip():
                [row[column.id]], unknown = _named([str(row[column.id])], meant)
                place = place_in_words(number, column)
                faults += [Label("{place}：{fault}", "{place}: {fault}").fill(place=place, fault=each) for each in unknown]
    return faults


def _files(form: FormData, rule: FieldRule, takes: FileRule, application: Application) -> tuple[list[dict[str, str]], list[Label]]:
    """Those that were kept before, as far as they are still wanted, and those that come with the form."""
    kept: list[dict[str, str]] = []
    faults: list[Label] = []
    for each in form.getlist(f"{PREFIX}.{rule.id}"):
        if isinstance(each, str):
            id, _, name = each.partition("/")
            kept.append({"id": id, "name": name})
        elif each.filename:
            fault = _keep(each, takes, application, kept)
            faults += [fault] if fault is not None else []
    return kept, faults


def _keep(upload: UploadFile, takes: FileRule, application: Application, kept: list[dict[str, str]]) -> Label | None:
    """Keep a file, or say why not: what the field cannot take need not be stored first."""
    name = " ".join((upload.filename or "").split())[:200]
    if upload.size == 0:
        return Label("“{name}”是空的", "“{name}” is empty").fill(name=name)
    found = arrived(upload.file.read(), name)
    fault = takes.fault_of(found.attachment)
    if fault is None:
        stored = store(application.database, found, application.time.now())
        kept.append({"id": stored.id, "name": stored.name})
    return fault
