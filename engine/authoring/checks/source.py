"""Checks what documents say of the written procedures: every clause exists, and whoever claims a procedure carries out all of it.

Works on documents as written, together with the others of the library: a clause may be carried out by any of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.authoring.procedures import KINDS, Procedures
from engine.authoring.tracing import Traces, citations, omissions
from engine.core.problem import Path, Problem
from engine.definition.organisation import RoleFile
from engine.definition.workflow import Workflow
from engine.errors import did_you_mean
from engine.label import Label


def check_source(workflow: Workflow, procedures: Procedures, traces: Traces) -> Iterator[Problem]:
    """A problem for each word that is no clause, for each clause that is missing, and for each that is left out in vain.

    `traces`: those of all documents of the library, this one included. Where nobody has written procedures down, a word of `source`
    stands for itself.
    """
    if not procedures.are_written:
        return
    for citation in citations(workflow):
        yield from _unknown(citation.clause, citation.path, procedures)
    yield from _missing(workflow, procedures, traces)
    for omission in omissions(workflow):
        path: Path = (*omission.path, "clause")
        if omission.clause not in procedures.clauses:
            yield from _unknown(omission.clause, path, procedures)
        elif omission.clause in traces.citations:
            by = traces.citations[omission.clause][0]
            sentence = Label("“{clause}”并未省略：“{by}”执行它", "“{clause}” is not left out: “{by}” carries it out")
            yield _in_vain(sentence.fill(clause=omission.clause, by=by.workflow), path)
        elif not set(procedures.clauses[omission.clause].procedures) & set(workflow.source):
            sentence = Label("“{clause}”不属于本文件 source 所列的规程", "“{clause}” belongs to no procedure that this document claims")
            yield _in_vain(sentence.fill(clause=omission.clause), path)


def check_role_source(file: RoleFile, procedures: Procedures) -> Iterator[Problem]:
    """A problem for each word of a role's `source` that is no clause."""
    for role, post in file.roles.items() if procedures.are_written else ():
        for index, word in enumerate(post.source):
            yield from _unknown(word, ("roles", role, "source", index), procedures)


def leaves_open(workflow: Workflow, procedures: Procedures, traces: Traces) -> bool:
    """Whether the document claims a procedure of which something is missing in these traces, which a document beside may carry out."""
    return any(traces.is_missing(clause) for name in workflow.source for clause in procedures.demanded_by(name))


def _unknown(word: str, path: Path, procedures: Procedures) -> Iterator[Problem]:
    if word in procedures.clauses:
        return
    sentence = Label("书面规程中没有条款“{word}”", "the written procedures have no clause “{word}”").fill(word=word)
    if procedures.faulty:
        way_out = Label("先改正“{file}”。", "Mend “{file}” first.").fill(file=procedures.faulty[0])
        yield Problem("unknown-clause", path, sentence, way_out)
        return
    flow, _, part = word.partition("/")
    alike = [each for each in procedures.clauses if each.startswith(f"{flow}/")] if part else []
    yield Problem("unknown-clause", path, sentence, did_you_mean(word, alike or _whole(procedures)))


def _whole(procedures: Procedures) -> Sequence[str]:
    return [each for each in procedures.clauses if "/" not in each]


def _missing(workflow: Workflow, procedures: Procedures, traces: Traces) -> Iterator[Problem]:
    if procedures.faulty:
        return
    told: set[str] = set()
    for index, name in enumerate(workflow.source):
        for clause in procedures.demanded_by(name):
            if traces.is_missing(clause) and clause.id not in told:
                told.add(clause.id)
                sentence = Label(
                    "“{flow}”要求的{kind}“{title}”（{clause}）没有文件执行",
                    "of “{flow}”, nobody carries out the {kind} “{title}” ({clause})",
                ).fill(flow=name, kind=KINDS[clause.kind], title=clause.title, clause=clause.id)
                way_out = Label(
                    "在执行它的元素上写 source: {clause}；确不执行的，列入 left_out 并说明理由。",
                    "Write “source: {clause}” at what carries it out, or list it in “left_out” with the reason.",
                ).fill(clause=clause.id)
                yield Problem("clause-not-carried-out", ("source", index), sentence, way_out)


def _in_vain(sentence: Label, path: Path) -> Problem:
    return Problem("left-out-in-vain", path, sentence, Label("从 left_out 中删去它。", "Take it out of “left_out”."))
