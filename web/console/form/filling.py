"""What was filled in on a page, as the raw data of a wish: fields, rows, people, files. Files are kept in the store first, then named.

Knows how `forming` calls its controls. Whether the values can be taken is decided by the step.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import FormData, UploadFile

from engine.app import Application
from engine.core.attaching import FileRule
from engine.core.command import Raw
from engine.core.decision import Reason
from engine.core.field import FieldRule
from engine.core.form import Ask, invalid
from engine.label import Label
from engine.runtime.attachment import arrived, store
from web.console.form.forming import PREFIX, REASON

DO = "do"
"""The name of buttons that do not send the form yet: `add:LIST` and `drop:LIST.PLACE` change it, `foresee` only tries it."""
FORESEE = "foresee"
_CELL = re.compile(rf"{PREFIX}\.(\w+)\.(\d{{1,4}})\.(\w+)")


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
    """Files that are not even kept."""
    is_changed_only: bool = False
    """A row was added or taken away, and nothing is wished yet."""
    is_tried: bool = False
    """It is only asked what would happen."""


def sent_in(form: FormData, asks: Sequence[Ask], application: Application) -> Sent:
    """What a form of these asks was filled with; the files that came with it are kept from now on."""
    do = _text(form, DO)
    data: dict[str, object] = {}
    faults: list[Reason] = []
    for ask in asks:
        rule, name = ask.field, f"{PREFIX}.{ask.field.id}"
        if rule.files is not None:
            data[rule.id], refused = _files(form, rule, rule.files, application)
            faults += [invalid(rule, each) for each in refused]
        elif ask.rows is not None:
            data[rule.id] = _rows(form, rule, do)
        elif rule.kind.name == "people":
            data[rule.id] = [each for each in form.getlist(name) if isinstance(each, str) and each]
        else:
            data[rule.id] = _text(form, name)
    revision, seq = _number(form, "revision"), _number(form, "seq")
    is_changed_only = do.startswith(("add:", "drop:"))
    return Sent(data, _text(form, REASON), revision, seq, tuple(faults), is_changed_only, is_tried=do == FORESEE)


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
