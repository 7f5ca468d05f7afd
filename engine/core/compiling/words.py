"""Resolves the words of `by` and `not_by`: a role, a person field, a party, `assignee`, `integration`, `system`, in `not_by` also a step.

And those of `tell`, which names whoever can be reached: a role, a person field, a party, `assignee`.
"""

from __future__ import annotations

from engine.core.compiling.draft import Draft
from engine.core.problem import Path
from engine.definition.step import Step
from engine.label import Label
from roles.policy import Right

_NOT_YET = {"parent": Label("尚不支持子流程（parent）", "children (“parent”) are not yet supported")}
_NO_OPENING = Label("尚不支持自动建单（system）", "cases that the “system” opens are not yet supported")

_PLAIN = {
    "assignee": Right("assignee", "assignee"),
    "integration": Right("integration", "integration"),
    "system": Right("system", "system"),
}
_WITHOUT_AN_ADDRESS = ("integration", "system")
_WHO = Label("角色、人员字段或当事方", "role, person field or party")


def compile_by(draft: Draft, step: Step, path: Path, *, is_start: bool) -> tuple[Right, ...]:
    """Who may perform the step."""
    if not step.by:
        draft.report("missing-key", (*path, "by"), Label("by 不能为空：须写明谁可执行", "“by” is empty: say who may do this"), of_key=True)
    rights: list[Right] = []
    for index, word in enumerate(step.by):
        here: Path = (*path, "by", index)
        right = _right(draft, word)
        if word in _NOT_YET:
            draft.report("not-supported", here, _NOT_YET[word])
        elif is_start and word == "system":
            draft.report("not-supported", here, _NO_OPENING)
        elif right is None:
            draft.unknown("unknown-role", _WHO, word, here, [*_reached(draft), "integration", "system"])
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
        elif word in _NOT_YET:
            draft.report("not-supported", here, _NOT_YET[word])
        elif right is None:
            known = [*_reached(draft), "integration", "system", *draft.scope.steps]
            draft.unknown("unknown-step", Label("步骤、角色或人员字段", "step, role or person field"), word, here, known)
        else:
            rights.append(right)
    return frozenset(steps), tuple(rights)


def compile_tell(draft: Draft, words: tuple[str, ...], path: Path) -> tuple[Right, ...]:
    """Who is told."""
    rights: list[Right] = []
    for index, word in enumerate(words):
        right = _right(draft, word)
        if right is None or right.kind in _WITHOUT_AN_ADDRESS:
            draft.unknown("unknown-role", _WHO, word, (*path, index), _reached(draft))
        else:
            rights.append(right)
    return tuple(rights)


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
