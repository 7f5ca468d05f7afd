"""Resolves the words of `by` and `not_by`: a role, a person field, a party, `assignee`, `integration`, `system`, `parent`.

In `not_by` also a step. And those of `tell`, which names whoever can be reached: a role, a person field, a party, `assignee`.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.compiling.draft import Draft
from engine.core.problem import Path
from engine.definition.step import Step
from engine.definition.who import Who, word_of
from engine.label import Label
from roles.policy import Right

_NO_OPENING = Label("尚不支持自动建单（system）", "cases that the “system” opens are not yet supported")

_PLAIN = {
    "assignee": Right("assignee", "assignee"),
    "integration": Right("integration", "integration"),
    "system": Right("system", "system"),
    "parent": Right("parent", "parent"),
}
_WITHOUT_AN_ADDRESS = ("integration", "system", "parent")
_WHO = Label("角色、人员字段或当事方", "role, person field or party")


def compile_by(draft: Draft, step: Step, path: Path, *, is_start: bool) -> tuple[Right, ...]:
    """Who may perform the step."""
    if not step.by:
        draft.report("missing-key", (*path, "by"), Label("by 不能为空：须写明谁可执行", "“by” is empty: say who may do this"), of_key=True)
    rights: list[Right] = []
    for index, written in enumerate(step.by):
        here: Path = (*path, "by", index)
        word, right = word_of(written), _who(draft, written)
        if is_start and word == "system":
            draft.report("not-supported", here, _NO_OPENING)
        elif right is None:
            _unknown(draft, written, here, [*_reached(draft), "integration", "system", "parent"])
        elif is_start and right.kind in ("field", "assignee"):
            sentence = Label("工单尚未建立，“{word}”还不存在", "“{word}” does not exist before the case is opened").fill(word=word)
            draft.report("not-allowed-here", here, sentence)
        else:
            rights.append(right)
    return tuple(rights)


def compile_not_by(draft: Draft, step: Step, path: Path) -> tuple[frozenset[str], tuple[Right, ...]]:
    """Who may not: the steps whose performers are excluded, and the excluded roles and person fields."""
    steps: set[str] = set()
    rights: list[Right] = []
    for index, word in enumerate(step.not_by):
        here: Path = (*path, "not_by", index)
        right = _right(draft, word)
        if word in draft.scope.steps:
            steps.add(word)
        elif right is None:
            known = [*_reached(draft), "integration", "system", "parent", *draft.scope.steps]
            draft.unknown("unknown-step", Label("步骤、角色或人员字段", "step, role or person field"), word, here, known)
        else:
            rights.append(right)
    return frozenset(steps), tuple(rights)


def compile_tell(draft: Draft, words: Sequence[Who], path: Path) -> tuple[Right, ...]:
    """Who is told."""
    rights: list[Right] = []
    for index, written in enumerate(words):
        right = _who(draft, written)
        if right is None or right.kind in _WITHOUT_AN_ADDRESS:
            _unknown(draft, written, (*path, index), _reached(draft))
        else:
            rights.append(right)
    return tuple(rights)


def _who(draft: Draft, written: Who) -> Right | None:
    """The right that is written, if it means anything."""
    if isinstance(written, str):
        return _right(draft, written)
    return Right("role", written.role, anywhere=True) if written.role in draft.bundle.roles else None


def _unknown(draft: Draft, written: Who, path: Path, known: Sequence[str]) -> None:
    if isinstance(written, str):
        draft.unknown("unknown-role", _WHO, written, path, known)
    else:
        draft.unknown("unknown-role", Label("角色", "role"), written.role, (*path, "role"), draft.offered_roles)


def _right(draft: Draft, word: str) -> Right | None:
    if word in draft.bundle.roles:
        return Right("role", word)
    if word in draft.document.parties:
        return Right("party", word)
    if word in draft.fields and draft.fields[word].kind.name in ("person", "people"):
        return Right("field", word)
    return _PLAIN.get(word)


def _reached(draft: Draft) -> list[str]:
    persons = [name for name, rule in draft.fields.items() if rule.kind.name in ("person", "people")]
    return [*draft.offered_roles, *draft.document.parties, *persons, "assignee"]
