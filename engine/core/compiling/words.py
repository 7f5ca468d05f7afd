"""Resolves the words of `by` and `not_by`: a role, a person field, a party, `assignee`, `integration`, in `not_by` also a step."""

from __future__ import annotations

from engine.core.compiling.draft import Draft
from engine.core.problem import Path
from engine.definition.step import Step
from engine.label import Label
from roles.policy import Right

_NOT_YET = {
    "system": Label("尚不支持自动步骤（system）", "automatic steps (“system”) are not yet supported"),
    "parent": Label("尚不支持子流程（parent）", "children (“parent”) are not yet supported"),
}


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
        elif right is None:
            draft.unknown("unknown-role", Label("角色、人员字段或当事方", "role, person field or party"), word, here, _known(draft))
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
            known = [*_known(draft), *draft.scope.steps]
            draft.unknown("unknown-step", Label("步骤、角色或人员字段", "step, role or person field"), word, here, known)
        else:
            rights.append(right)
    return frozenset(steps), tuple(rights)


def _right(draft: Draft, word: str) -> Right | None:
    if word in draft.bundle.roles:
        return Right("role", word)
    if word in draft.document.parties:
        return Right("party", word)
    if word in draft.fields and draft.fields[word].kind.name in ("person", "people"):
        return Right("field", word)
    if word == "assignee":
        return Right("assignee", word)
    if word == "integration":
        return Right("integration", word)
    return None


def _known(draft: Draft) -> list[str]:
    persons = [name for name, rule in draft.fields.items() if rule.kind.name in ("person", "people")]
    return [*draft.offered_roles, *draft.document.parties, *persons, "assignee", "integration"]
