"""Reads the written procedures: from files in the folders `procedures` beside the processes to an index of their clauses.

Knows the files and what may be wrong with them; must not know who carries a clause out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from engine.authoring.diagnostic import Diagnostic, arranged
from engine.authoring.document import Document, read_file
from engine.authoring.loader import load
from engine.core.problem import Path as Place
from engine.core.problem import Problem
from engine.definition.element import Bilingual
from engine.definition.procedure import ProcedureFile
from engine.errors import did_you_mean
from engine.label import Label

PROCEDURES = "procedures"

ClauseKind = Literal["position", "procedure", "step", "approval", "record", "form", "register", "report", "reminder", "rule"]

KINDS: Mapping[ClauseKind, Label] = {
    "position": Label("岗位", "position"),
    "procedure": Label("规程", "procedure"),
    "step": Label("步骤", "step"),
    "approval": Label("审批", "approval"),
    "record": Label("记录", "record"),
    "form": Label("表单", "form"),
    "register": Label("台账", "register"),
    "report": Label("报表", "report"),
    "reminder": Label("提醒", "reminder"),
    "rule": Label("规则", "rule"),
}


@dataclass(frozen=True, slots=True)
class Clause:
    """One thing that the procedures say, by the word under which documents name it: `dealer-callback/list`, `rem-dealer-callback-3d`."""

    id: str
    kind: ClauseKind
    title: Label
    procedures: tuple[str, ...] = ()
    """Those that demand it, or to which a rule applies."""


@dataclass(frozen=True, slots=True)
class Procedures:
    """All clauses by their ids, and what is wrong with the files. Without files nobody can say what a clause is."""

    clauses: Mapping[str, Clause] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    faulty: tuple[str, ...] = ()
    """The names of files whose clauses are not among them, because of mistakes."""

    @property
    def are_written(self) -> bool:
        """Whether there are any, right or wrong."""
        return bool(self.documents)

    def demanded_by(self, procedure: str) -> tuple[Clause, ...]:
        """What one procedure demands, its rules included, in the order of its file."""
        return tuple(each for each in self.clauses.values() if procedure in each.procedures)


def read_procedures(folders: Sequence[Path]) -> Procedures:
    """What lies in `procedures` of the folders; a file of an earlier folder stands for one of the same name in a later one.

    Raises Misuse for a file that cannot be read.
    """
    files: dict[str, Path] = {}
    for folder in folders:
        for path in sorted((folder / PROCEDURES).glob("*.yaml")):
            files.setdefault(path.name, path)
    return check_procedures([read_file(path) for path in files.values()])


def check_procedures(documents: Sequence[Document]) -> Procedures:
    """The same for documents already read."""
    loaded = [(document, *load(document, ProcedureFile)) for document in documents]
    files = [(document, file) for document, file, _ in loaded if file is not None]
    flows = {name for _, file in files for name in file.flows}
    seen: dict[str, str] = {}
    diagnostics = [one for _, _, of_file in loaded for one in of_file]
    for document, file in files:
        # A file that names a procedure of one with mistakes is not to blame.
        strangers = _strangers(file, flows) if len(files) == len(documents) else ()
        diagnostics.extend(Diagnostic.of(each, document) for each in (*_within(file), *strangers, *_twice(file, document, seen)))
    wrong = {each.file for each in diagnostics}
    return Procedures(
        {each.id: each for document, file in files if document.file not in wrong for _, each in _clauses(file)},
        arranged(diagnostics),
        {each.file: each for each in documents},
        tuple(Path(file).name for file in sorted(wrong)),
    )


def is_procedures(path: Path) -> bool:
    """Whether a file lies where written procedures lie, and so is no process; or a folder is where they lie."""
    return PROCEDURES in path.absolute().parts[-2:]


def _clauses(file: ProcedureFile) -> Iterator[tuple[Place, Clause]]:
    """Every clause of a file with the place of its key."""
    for name, title in file.positions.items():
        yield ("positions", name), Clause(name, "position", title.label)
    for flow, procedure in file.flows.items():
        yield ("flows", flow), Clause(flow, "procedure", procedure.title.label)
        for name, title in procedure.steps.items():
            kind: ClauseKind = "approval" if name in procedure.approvals else "step"
            yield ("flows", flow, "steps", name), Clause(f"{flow}/{name}", kind, title.label, (flow,))
        yield from _parts(flow, "records", procedure.records)
        yield from _parts(flow, "reminders", procedure.reminders)
    for name, paper in file.forms.items():
        yield ("forms", name), Clause(name, paper.kind, paper.title.label, paper.used_in)
    for name, rule in file.rules.items():
        yield ("rules", name), Clause(name, "rule", rule.title.label, rule.applies_to)


def _parts(flow: str, section: Literal["records", "reminders"], titles: Mapping[str, Bilingual]) -> Iterator[tuple[Place, Clause]]:
    for name, title in titles.items():
        clause = (
            Clause(f"{flow}/{name}", "record", title.label, (flow,))
            if section == "records"
            else Clause(name, "reminder", title.label, (flow,))
        )
        yield ("flows", flow, section, name), clause


def _within(file: ProcedureFile) -> Iterator[Problem]:
    """Approvals that are none of the steps."""
    for flow, procedure in file.flows.items():
        for index, name in enumerate(procedure.approvals):
            if name not in procedure.steps:
                sentence = Label("“{flow}”没有步骤“{name}”", "“{flow}” has no step “{name}”").fill(flow=flow, name=name)
                yield Problem("unknown-clause", ("flows", flow, "approvals", index), sentence, did_you_mean(name, procedure.steps))


def _strangers(file: ProcedureFile, flows: set[str]) -> Iterator[Problem]:
    """Procedures that a form or a rule belongs to, and that no file tells of."""
    named = [(("forms", name, "used_in"), each.used_in) for name, each in file.forms.items()]
    named += [(("rules", name, "applies_to"), each.applies_to) for name, each in file.rules.items()]
    for place, words in named:
        for index, word in enumerate(words):
            if word not in flows:
                sentence = Label("没有规程“{name}”", "there is no procedure “{name}”").fill(name=word)
                yield Problem("unknown-clause", (*place, index), sentence, did_you_mean(word, flows))


def _twice(file: ProcedureFile, document: Document, seen: dict[str, str]) -> Iterator[Problem]:
    """Ids under which two clauses would be named."""
    for place, clause in _clauses(file):
        if clause.id in seen:
            sentence = Label("条款“{id}”已在“{file}”中", "“{file}” holds a clause “{id}” already").fill(id=clause.id, file=seen[clause.id])
            yield Problem("duplicate-name", place, sentence, Label("换一个标识。", "Choose another id."), of_key=True)
        seen.setdefault(clause.id, Path(document.file).name)
