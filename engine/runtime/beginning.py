"""Beginning a process: its first files, and the schemas beside it by which an editor completes.

Writes no file over, but for schemas when these are asked for.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.authoring import starter
from engine.authoring.document import read_file
from engine.authoring.library import find_on_path
from engine.authoring.organisation import read_roles
from engine.authoring.schema import KINDS, file_name, text_of
from engine.authoring.supplies import read_supplies
from engine.errors import Conflict, Unavailable, Unknown, reason_of
from engine.label import Label
from engine.settings import Settings

UNNAMED = Label("新流程", "New process")
"""The title of a process that was given none."""

_SCHEMAS = "schema"
_USUAL = "service-hours"
"""The calendar that a new process names, where there is one of that name."""


def begin(
    settings: Settings, folder: Path, workflow: str, title: Label, *, owner: str | None, organisation: str | None
) -> tuple[Path, ...]:
    """Make the files of a new process and the schemas that are missing; what was made.

    Raises Misuse for an id that cannot be one, Conflict for a file that is there, Unknown for a role, an organisation or a folder that is
    not, Unavailable where nothing can be written.
    """
    starter.require_id(workflow)
    if not folder.is_dir():
        sentence = Label("没有文件夹“{folder}”。", "There is no folder “{folder}”.").fill(folder=folder)
        raise Unknown(sentence, Label("请先运行“aftercare init”，或用 --into 指定。", "Run “aftercare init” first, or name one by --into."))
    registry, _, _ = read_roles(settings.role_path())
    calendars = sorted(read_supplies([folder, *settings.definition_path()]).calendars)
    calendar = _USUAL if _USUAL in calendars else next(iter(calendars), _USUAL)
    known = [read_file(path).data for path in find_on_path([folder, *settings.definition_path()])]
    numbers = {str(data.get("number")) for data in known if isinstance(data, dict)}
    file = folder / f"{workflow}.yaml"
    texts = starter.fill(
        workflow, title, starter.cast(registry, owner, organisation), calendar, starter.pick_number(workflow, numbers), str(file)
    )
    wanted = {folder / f"{workflow}{ending}": text for ending, text in texts.items()}
    there = next((path for path in wanted if path.exists()), None)
    if there is not None:
        sentence = Label("文件“{path}”已存在，不会覆盖。", "The file “{path}” is there already and is not written over.").fill(path=there)
        raise Conflict(sentence, Label("换一个标识，或先移走它。", "Choose another id, or move it away first."))
    missing = {folder / _SCHEMAS / file_name(kind): text_of(kind) for kind in KINDS}
    return tuple(_written({**wanted, **{path: text for path, text in missing.items() if not path.exists()}}))


def write_schemas(folder: Path) -> tuple[Path, ...]:
    """Write the schemas of all kinds of files; where. Raises Unavailable."""
    return tuple(_written({folder / file_name(kind): text_of(kind) for kind in KINDS}))


def _written(texts: dict[Path, str]) -> Iterator[Path]:
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as error:
            sentence = Label("无法写入 {path}：{why}。", "Cannot write {path}: {why}.").fill(path=path, why=reason_of(error))
            raise Unavailable(sentence) from error
        yield path
