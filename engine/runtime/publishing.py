"""Publishing: checked definitions enter the store, all of them or none. What is published never changes; new text, new number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.authoring.library import Checked
from engine.authoring.rendering import Rendered
from engine.authoring.rendition import rendition
from engine.definition.bundle import Bundle
from engine.errors import Conflict
from engine.label import Label, joined, verbatim
from engine.store import definitions, requests
from engine.store.database import Database


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of one document. `unchanged`: this very meaning was published before under this number."""

    workflow: str
    version: int
    digest: str
    status: Literal["published", "unchanged"]


class VersionTaken(Conflict):
    """A version number was already used for another text."""

    code = "version_taken"


class Unpublished(Conflict):
    """A document opens cases of a workflow that nobody has published, or is a variant of one that is not published as it stands."""

    code = "unpublished"


def publish(database: Database, documents: Sequence[Checked], principal: str, now: datetime) -> tuple[Publication, ...]:
    """Publish every document in one transaction. Raises VersionTaken, naming every next number, and then publishes none.

    Raises Unpublished likewise for documents that open cases of workflows which nobody has published, and for variants of a base
    that is neither among the documents nor what is published newest.
    """
    with database.write() as connection:
        stored = {(each.workflow, each.version): each for each in definitions.all_versions(connection)}
        results: list[Publication] = []
        refusals: list[Label] = []
        _demand_children(documents, {name for name, _ in stored})
        _demand_bases(documents, stored.values())
        for each in documents:
            workflow, digest = each.bundle.workflow, each.compiled.digest
            newest = max((version for name, version in stored if name == workflow.workflow), default=0)
            same = stored.get((workflow.workflow, workflow.version))
            if same is not None and same.digest == digest:
                results.append(Publication(workflow.workflow, workflow.version, digest, "unchanged"))
            elif workflow.version > newest:
                definitions.publish(connection, _published(each, principal, now))
                results.append(Publication(workflow.workflow, workflow.version, digest, "published"))
            else:
                refusals.append(_taken(each, newest))
        if refusals:
            raise VersionTaken(
                joined(refusals, verbatim("\n")),
                Label(
                    "已发布的版本不可更改；请把 version 改为上述编号后再发布。本次未发布任何文件。",
                    "A published version never changes: raise “version” as said and publish again. Nothing was published now.",
                ),
            )
        requests.prune(connection, now)
        return tuple(results)


def _demand_children(documents: Sequence[Checked], published: set[str]) -> None:
    known = published | {each.bundle.workflow.workflow for each in documents}
    missing = [(each.document.file, name) for each in documents for name in each.bundle.children if name not in known]
    if missing:
        sentence = Label("{file}：要开的流程 {name} 尚未发布。", "{file}: the workflow {name}, whose cases it opens, is not published.")
        lines = [sentence.fill(file=file, name=name) for file, name in missing]
        raise Unpublished(
            joined(lines, verbatim("\n")),
            Label("请先发布它，或与本流程一起发布。本次未发布任何文件。", "Publish it first, or both together. Nothing was published now."),
        )


def _demand_bases(documents: Sequence[Checked], stored: Iterable[definitions.Published]) -> None:
    together = {each.bundle.workflow.workflow for each in documents}
    newest = {each.workflow: each for each in sorted(stored, key=lambda each: each.version)}
    missing = [
        (each.document.file, base.name)
        for each in documents
        for base in each.rendered.bases()
        if base.name not in together and not (base.name in newest and _is_published(base, newest[base.name]))
    ]
    if missing:
        sentence = Label("{file}：基础流程 {name} 尚未按当前文本发布。", "{file}: its base {name} is not published as it stands.")
        lines = [sentence.fill(file=file, name=name) for file, name in missing]
        raise Unpublished(
            joined(lines, verbatim("\n")),
            Label("请与变体一起发布。本次未发布任何文件。", "Publish it together with the variant. Nothing was published now."),
        )


def _is_published(base: Rendered, stored: definitions.Published) -> bool:
    workflow = Bundle.restored(stored.form).workflow
    return base.workflow is not None and base.workflow.model_dump(exclude_defaults=True) == workflow.model_dump(exclude_defaults=True)


def _published(each: Checked, principal: str, now: datetime) -> definitions.Published:
    workflow = each.bundle.workflow
    return definitions.Published(
        digest=each.compiled.digest,
        workflow=workflow.workflow,
        version=workflow.version,
        title=workflow.title.label,
        # What shares is published as what it means; the text of one file would not tell.
        text=rendition(each.document) if each.rendered.is_shared else each.document.text,
        form=each.bundle.form(),
        published_at=now,
        published_by=principal,
    )


def _taken(each: Checked, newest: int) -> Label:
    workflow = each.bundle.workflow
    sentence = Label(
        "{file}：{workflow} 的第 {version} 版已发布，内容不同（最新为第 {newest} 版）；下一个编号是 {next}。",
        "{file}: version {version} of {workflow} is published with other content (the newest is {newest}); the next number is {next}.",
    )
    return sentence.fill(file=each.document.file, workflow=workflow.workflow, version=workflow.version, newest=newest, next=newest + 1)
