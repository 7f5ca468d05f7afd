"""The doctor: looks at settings, database, definitions, people, the workers and holidays in turn, and says what is wrong and what to do.

Never raises for what it finds: a fault is a finding, and what cannot be looked at because of it is left out. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from engine.authoring.diagnostic import Diagnostic, has_errors
from engine.authoring.excerpt import count
from engine.authoring.library import Checked, Library, find_on_path, read_library
from engine.authoring.organisation import read_roles
from engine.errors import AftercareError
from engine.label import Label, listed, verbatim
from engine.runtime.catalog import Catalog
from engine.runtime.directory import Directory
from engine.runtime.finding import Finding
from engine.runtime.timeliness import (
    ENDPOINTS,
    HOLIDAYS,
    INCIDENTS,
    TIMELINESS,
    look_at_endpoints,
    look_at_holidays,
    look_at_incidents,
    look_at_work,
)
from engine.runtime.timesource import time_of
from engine.runtime.workforce import Workforce
from engine.settings import Settings
from engine.store import cases, definitions, people
from engine.store.database import Database
from engine.store.definitions import Published
from roles.registry import RoleRegistry

NAMED = 10
"""How many of several things a finding names."""

_SETTINGS = Label("设置", "settings")
_DATABASE = Label("数据库", "database")
_WRITING = Label("写入", "writing")
_INTEGRITY = Label("完整性", "integrity")
_ROLES = Label("角色文件", "role files")
_DEFINITIONS = Label("流程文件", "workflow files")
_PUBLISHED = Label("已发布流程", "published")
_PEOPLE = Label("人员", "people")


def examine(environ: Mapping[str, str], directory: Path, options: Mapping[str, str]) -> Iterator[Finding]:
    """All findings, in an order in which each fault stands before what follows from it."""
    try:
        settings = Settings.load(environ, directory, options)
    except AftercareError as error:
        yield _fault(_SETTINGS, error)
        return
    yield Finding(_SETTINGS, True, verbatim("\n".join(f"{key} = {value}" for key, value in settings.shown().items() if value)))
    registry = library = None
    try:
        registry, found, _ = read_roles(settings.role_path())
        yield _files(_ROLES, Label("{n} 个角色", "{n} roles").fill(n=len(registry.roles)), found)
        library = read_library(find_on_path(settings.definition_path()), registry, settings.definition_path())
        yield _files(_DEFINITIONS, Label("{n} 个流程", "{n} workflows").fill(n=len(library.checked)), library.diagnostics)
    except AftercareError as error:
        yield _fault(_ROLES if registry is None else _DEFINITIONS, error)
    yield from _database(settings, registry, library)


def _database(settings: Settings, registry: RoleRegistry | None, library: Library | None) -> Iterator[Finding]:
    try:
        database = Database.open(settings.database)
    except AftercareError as error:
        yield _fault(_DATABASE, error)
        return
    try:
        time = Label("模拟时间", "simulated time") if database.purpose.simulated else Label("真实时间", "real time")
        yield Finding(_DATABASE, True, Label("{place}，{time}", "{place}, on {time}").fill(place=database.place, time=time))
        yield from _looked(_INTEGRITY, _integrity(database))
        yield from _looked(_WRITING, _writing(database))
        yield from _looked(_PUBLISHED, _published(database, library))
        yield from _looked(_PEOPLE, _people(database, registry))
        yield from _looked(TIMELINESS, look_at_work(database))
        yield from _looked(INCIDENTS, look_at_incidents(database))
        yield from _looked(ENDPOINTS, look_at_endpoints(database))
        yield from _looked(HOLIDAYS, look_at_holidays(database))
    finally:
        database.close()


def _looked(what: Label, look: Iterator[Finding]) -> Iterator[Finding]:
    try:
        yield from look
    except AftercareError as error:
        yield _fault(what, error)


def _integrity(database: Database) -> Iterator[Finding]:
    faults = database.examine()
    if faults:
        restore = Label("请用“aftercare restore”恢复最近的备份。", "Restore the latest backup with “aftercare restore”.")
        yield Finding(_INTEGRITY, False, verbatim("; ".join(faults[:3])), restore)
    else:
        yield Finding(_INTEGRITY, True, Label("完好；历史记录可用“aftercare verify”核对", "sound; “aftercare verify” checks the history"))


def _writing(database: Database) -> Iterator[Finding]:
    with database.write():
        yield Finding(_WRITING, True, Label("可以写入", "the database can be written"))


def _published(database: Database, library: Library | None) -> Iterator[Finding]:
    catalog = Catalog(database)
    with database.read() as reader:
        stored = definitions.all_versions(reader.connection)
    for each in stored:
        catalog.by_digest(each.digest)
    publish = Label("请用“aftercare publish”发布。", "Publish with “aftercare publish”.")
    if not stored:
        yield Finding(_PUBLISHED, False, Label("还没有发布任何流程。", "No workflow is published yet."), publish)
        return
    yield Finding(_PUBLISHED, True, listed(verbatim(_version(each)) for each in stored))
    waiting = [_named(each) for each in (library.checked if library else ()) if each.compiled.digest not in {one.digest for one in stored}]
    if waiting:
        sentence = Label("文件已改动但未发布：{names}。", "These files are not published as they stand: {names}.")
        yield Finding(_PUBLISHED, False, sentence.fill(names=", ".join(waiting)), publish)


def _version(each: Published) -> str:
    return f"{each.workflow} v{each.version}"


def _named(each: Checked) -> str:
    return f"{each.bundle.workflow.workflow} v{each.bundle.workflow.version}"


def _people(database: Database, registry: RoleRegistry | None) -> Iterator[Finding]:
    with database.read() as reader:
        everybody = people.all_people(reader.connection)
        held = {each.assignment.role for each in people.assignments_of(reader.connection)}
        left = cases.held(reader, [each.id for each in everybody if each.disabled_at is not None])
    if not everybody:
        load = Label("请用“aftercare people load 文件”载入。", "Load a team with “aftercare people load FILE”.")
        yield Finding(_PEOPLE, False, Label("还没有任何人员。", "There is nobody yet."), load)
        return
    unknown = sorted(held - registry.roles.keys()) if registry is not None else []
    if unknown:
        sentence = Label("人员所持角色已不在角色文件中：{names}。", "People hold roles that no role file declares: {names}.")
        mend = Label(
            "请补上角色文件，或用“aftercare people revoke”撤销。",
            "Bring the file back, or revoke the roles with “aftercare people revoke”.",
        )
        yield Finding(_PEOPLE, False, sentence.fill(names=", ".join(unknown)), mend)
        return
    if left:
        sentence = Label("停用人员仍承办未结工单：{left}。", "Disabled people still hold open cases: {left}.")
        hand_on = Label(
            "请用“aftercare assign 编号 人员 --as 主管”改派。", "Give them to others with “aftercare assign NUMBER PERSON --as SUPERVISOR”."
        )
        yield Finding(_PEOPLE, False, sentence.fill(left="; ".join(map(_left_with, left.items()))), hand_on)
        return
    gaps = Workforce(Catalog(database), Directory(database), time_of(database, database.simulated_now())).gaps()
    if gaps:
        sentence = Label("有 {n} 处没有人能办完，例如{first}", "People cannot finish everything ({n}), for example {first}")
        see = Label("请用“aftercare people proof”查看。", "See “aftercare people proof”.")
        yield Finding(_PEOPLE, False, sentence.fill(n=len(gaps), first=gaps[0].told), see)
        return
    counted = Label("{n} 人，{roles} 种角色有人担任", "people: {n}, roles held: {roles}")
    yield Finding(_PEOPLE, True, counted.fill(n=len(everybody), roles=len(held)))


def _left_with(held: tuple[str, tuple[str, ...]]) -> str:
    person, numbers = held
    more = ["…"] if len(numbers) > NAMED else []
    return f"{person} ({', '.join([*numbers[:NAMED], *more])})"


def _files(what: Label, counted: Label, found: Sequence[Diagnostic]) -> Finding:
    sentence = Label("{counted}，{found}", "{counted}, {found}").fill(counted=counted, found=count(found))
    see = Label("请用“aftercare check”查看。", "See them with “aftercare check”.")
    return Finding(what, False, sentence, see) if has_errors(found) else Finding(what, True, sentence)


def _fault(what: Label, error: AftercareError) -> Finding:
    return Finding(what, False, error.sentence, error.way_out)
