"""Compiles `approvals`: how many different persons must sign a step, and of which roles one each.

What is signed waits in the case until it is enough: it must be such that it can wait there, and that several persons can come by.
"""

from __future__ import annotations

import re

from engine.core.choosing import Chosen, Fixed
from engine.core.compiled import Approvals
from engine.core.compiling.draft import Draft
from engine.core.compiling.values import compile_choice
from engine.core.field import FieldRule
from engine.core.problem import Path
from engine.definition import step as written
from engine.label import Label

FEWEST = 2
"""One signature is no approval by several."""
_WHOLE = re.compile(r"[0-9]{1,3}")
_ALONE = ("system", "parent", "integration")
"""Who performs steps and is not several persons."""


def compile_approvals(draft: Draft, step: written.Step, path: Path) -> Approvals | None:
    """The rule of signatures; None when one person alone performs the step."""
    if step.approvals is None:
        return None
    here: Path = (*path, "approvals")
    if path[0] == "start":
        sentence = Label("建单时还没有可供会签的工单", "there is no case yet that several persons could sign")
        draft.report("not-allowed-here", here, sentence, of_key=True)
        return None
    admitted = [word if isinstance(word, str) else word.role for word in step.by]
    _check_signers(draft, admitted, path)
    _check_form(draft, step, path)
    return Approvals(_at_least(draft, step.approvals, (*here, "at_least")), _each_of(draft, step.approvals, admitted, (*here, "each_of")))


def _at_least(draft: Draft, approvals: written.Approvals, path: Path) -> Chosen[int]:
    def reading(text: str, at: Path) -> int | None:
        if _WHOLE.fullmatch(text) is None:
            sentence = Label("应为整数，实际为“{text}”", "expected a whole number, found “{text}”").fill(text=text)
            draft.report("bad-number", at, sentence, Label("请写数字。", "Write digits."))
            return None
        if int(text) < FEWEST:
            sentence = Label("会签至少 {limit} 人，实际为 {text}", "expected at least {limit} signatures, found {text}")
            way_out = Label("只需一人时去掉 approvals。", "Leave “approvals” out where one person is enough.")
            draft.report("out-of-range", at, sentence.fill(limit=FEWEST, text=text), way_out)
        return int(text)

    return compile_choice(draft, approvals.at_least, path, reading) or Fixed(FEWEST)


def _each_of(draft: Draft, approvals: written.Approvals, admitted: list[str], path: Path) -> tuple[str, ...]:
    found: list[str] = []
    for index, role in enumerate(approvals.each_of):
        if role not in draft.bundle.roles:
            draft.unknown("unknown-role", Label("角色", "role"), role, (*path, index), draft.offered_roles)
        elif role not in admitted:
            sentence = Label("“{role}”不在 by 中，没有人能以此角色签署", "“{role}” is not in “by”: nobody can sign as one")
            draft.report(
                "signer-without-right",
                (*path, index),
                sentence.fill(role=role),
                Label("把“{role}”加到 by，或从 each_of 去掉。", "Add “{role}” to “by”, or take it out of “each_of”.").fill(role=role),
            )
        else:
            found.append(role)
    return tuple(found)


def _check_signers(draft: Draft, admitted: list[str], path: Path) -> None:
    for index, word in enumerate(admitted):
        if word in _ALONE:
            sentence = Label("会签须由不同的人签署，“{word}”不是人", "several persons sign this step, and “{word}” is none")
            draft.report("not-allowed-here", (*path, "by", index), sentence.fill(word=word))


def _check_form(draft: Draft, step: written.Step, path: Path) -> None:
    for index, asked in enumerate(step.asks):
        name = (asked if isinstance(asked, str) else asked.rows).removesuffix("?")
        rule = draft.fields.get(name)
        if rule is not None and any(part.personal or part.kind.name in ("file", "files") for part in _parts(rule)):
            sentence = Label(
                "表单要在工单里等齐签署，不能问个人信息或附件：“{name}”",
                "the form waits in the case until all have signed: it cannot ask for the personal data or files of “{name}”",
            )
            way_out = Label(
                "另写一个步骤先填写它，会签时用 shows 展示。", "Ask for it in a step before, and show it to the signers by “shows”."
            )
            draft.report("unsignable-field", (*path, "asks", index), sentence.fill(name=name), way_out)


def _parts(rule: FieldRule) -> tuple[FieldRule, ...]:
    return (rule, *(rule.rows.columns.values() if rule.rows is not None else ()))
