"""The published definitions, compiled once per process and kept: by digest, and the newest of each workflow.

A case is decided by the definition it was opened with; running reads the stored form and never parses YAML.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from threading import Lock

from engine.core.codec import Kinds
from engine.core.compiled import CompiledDefinition
from engine.core.compiling import compile_bundle
from engine.definition.bundle import Bundle
from engine.errors import Damaged, Unknown, did_you_mean
from engine.label import Label
from engine.runtime.naming import id_of
from engine.store import calendars, definitions
from engine.store.database import Database
from engine.timing.calendar import WorkingCalendar
from engine.timing.official import Official


class Catalog:
    """Reads definitions from the store; safe to share between threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._compiled: dict[str, CompiledDefinition] = {}
        self._calendars: dict[tuple[str, int], Mapping[str, WorkingCalendar]] = {}
        self._lock = Lock()

    def by_digest(self, digest: str) -> CompiledDefinition:
        """The definition that a case is pinned to. Raises Damaged when the store does not have it any more."""
        found = self._compiled.get(digest)
        return found if found is not None else self._compile(digest)

    def kinds(self, digest: str) -> Kinds:
        """The kinds of the fields of a definition: what the store needs to read its cases."""
        return self.by_digest(digest).kinds

    def calendars(self, definition: CompiledDefinition, edition: int) -> Mapping[str, WorkingCalendar]:
        """The calendars that a definition names, with the official holidays of an edition; what is loaded never changes."""
        key = (definition.digest, edition)
        found = self._calendars.get(key)
        if found is None:
            found = self._calendars[key] = self._with_holidays(definition, edition)
        return found

    def edition(self) -> int:
        """The newest edition of official holidays; 0 when none are loaded."""
        edition: int = self._database.ask("surroundings", {})[0][2]
        return edition

    def newest(self, workflow: str) -> CompiledDefinition:
        """The newest published version of a workflow, by id or title. Raises Unknown, with the nearest name."""
        with self._database.read() as reader:
            published = definitions.latest_digests(reader.connection)
        if workflow in published:
            return self.by_digest(published[workflow])
        known = {name: self.by_digest(digest) for name, digest in published.items()}
        titles = {name: each.title for name, each in known.items()}
        found = known.get(id_of(workflow, titles))
        if found is None:
            raise Unknown(
                Label("没有已发布的流程“{name}”。", "There is no published workflow “{name}”.").fill(name=workflow),
                did_you_mean(workflow, [*titles, *(title.zh for title in titles.values()), *(title.en for title in titles.values())])
                or Label("请先运行“aftercare publish”发布流程。", "Publish it first with “aftercare publish”."),
            )
        return found

    def version(self, workflow: str, version: int | None) -> CompiledDefinition:
        """A published version of a workflow, by id or title; None: the newest. Raises Unknown like `newest`."""
        newest = self.newest(workflow)
        if version is None or version == newest.version:
            return newest
        with self._database.read() as reader:
            found = definitions.version_of(reader.connection, newest.workflow, version)
        if found is None:
            raise Unknown(
                Label("流程“{name}”没有第 {version} 版。", "The workflow “{name}” has no version {version}.").fill(
                    name=newest.workflow, version=version
                ),
                Label("最新为第 {newest} 版。", "The newest is {newest}.").fill(newest=newest.version),
            )
        return self.by_digest(found.digest)

    def text_of(self, workflow: str, version: int | None = None) -> str:
        """The text of a published version as it was published. As `version`."""
        digest = self.version(workflow, version).digest
        with self._database.read() as reader:
            published = definitions.by_digest(reader.connection, digest)
        return "" if published is None else published.text

    def all_newest(self) -> tuple[CompiledDefinition, ...]:
        """The newest version of every published workflow, by id."""
        with self._database.read() as reader:
            digests = definitions.latest_digests(reader.connection)
        return tuple(self.by_digest(digest) for digest in digests.values())

    def owners(self) -> Mapping[str, str]:
        """workflow → the role that owns it, by its newest version."""
        return {each.workflow: each.owner for each in self.all_newest()}

    def every_version(self) -> tuple[CompiledDefinition, ...]:
        """Everything ever published, by workflow and version: what open cases may be pinned to."""
        with self._database.read() as reader:
            digests = definitions.digests(reader.connection)
        return tuple(self.by_digest(digest) for digest in digests)

    def _with_holidays(self, definition: CompiledDefinition, edition: int) -> Mapping[str, WorkingCalendar]:
        if all(each.country is None for each in definition.calendars.values()):
            return definition.calendars
        with self._database.read() as reader:
            years = [row.year for row in calendars.official(reader.connection) if row.edition <= edition]
        return {
            name: replace(each, official=Official.of(each.country, years)) if each.country is not None else each
            for name, each in definition.calendars.items()
        }

    def _compile(self, digest: str) -> CompiledDefinition:
        with self._lock:
            if digest in self._compiled:
                return self._compiled[digest]
            with self._database.read() as reader:
                published = definitions.by_digest(reader.connection, digest)
            compiled = _restored(published.form) if published is not None else None
            if compiled is None or compiled.digest != digest:
                raise Damaged(
                    Label("数据库中的流程定义 {digest} 缺失或已被改动。", "The stored definition {digest} is missing or was changed.").fill(
                        digest=digest[:12]
                    ),
                    Label(
                        "请用“aftercare verify”查看损坏范围，并从备份恢复。",
                        "Run “aftercare verify” to see how far the damage goes, and restore a backup.",
                    ),
                )
            self._compiled[digest] = compiled
            return compiled


@lru_cache(maxsize=64)
def _restored(form: str) -> CompiledDefinition | None:
    """A stored form, compiled; None when it is none any more. The same form is compiled once, whichever database it comes from."""
    try:
        compiled = compile_bundle(Bundle.restored(form))
    except ValueError:
        return None
    return compiled if isinstance(compiled, CompiledDefinition) else None
