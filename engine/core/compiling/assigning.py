"""Compiles `assign`: a person field, `actor`, `nobody`, or one of the holders of a role."""

from __future__ import annotations

from engine.core.choosing import Chosen, Fixed
from engine.core.compiled import Holder
from engine.core.compiling.draft import Draft
from engine.core.compiling.values import compile_choice
from engine.core.problem import Path
from engine.definition.step import Pick, Step
from engine.label import Label


def compile_assign(draft: Draft, step: Step, path: Path) -> Chosen[Holder] | None:
    """Who holds the case from here on."""
    if step.assign is None:
        return None
    if isinstance(step.assign, Pick):
        return _compile_pick(draft, step.assign, (*path, "assign"))

    def reading(word: str, at: Path) -> Holder | None:
        if word == "actor":
            return Holder("actor")
        if word == "nobody":
            return Holder("nobody")
        persons = [name for name, rule in draft.fields.items() if rule.kind.name == "person"]
        if word in persons:
            return Holder("field", word)
        draft.unknown("unknown-field", Label("人员字段", "person field"), word, at, [*persons, "actor", "nobody"])
        return None

    return compile_choice(draft, step.assign, (*path, "assign"), reading)


def _compile_pick(draft: Draft, pick: Pick, path: Path) -> Chosen[Holder] | None:
    if pick.role not in draft.bundle.roles:
        draft.unknown("unknown-role", Label("角色", "role"), pick.role, (*path, "role"), draft.offered_roles)
        return None
    return Fixed(Holder("role", role=pick.role, pick=pick.pick))
