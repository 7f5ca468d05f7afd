"""Compiles the lines of `notify` and the telling part of a rung: who is told, with which template and which values.

Knows which templates the bundle has, not what they say.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.core.choosing import Chosen, Fixed
from engine.core.compiling.draft import Draft
from engine.core.compiling.values import compile_choice
from engine.core.compiling.words import compile_tell
from engine.core.expression import Expression
from engine.core.kind import BOOLEAN
from engine.core.problem import Path
from engine.core.telling import NoticeRule
from engine.definition.message import Notice
from engine.label import Label

_SEEN_ANYWAY = frozenset({"case", "recipient", "clock"})
"""What every template can show, so that `with` must not call a value so."""


def compile_notices(draft: Draft, notices: Sequence[Notice], path: Path) -> tuple[NoticeRule, ...]:
    """The lines of `notify`, in order."""
    return tuple(compile_notice(draft, notice, (*path, index)) for index, notice in enumerate(notices))


def compile_notice(draft: Draft, notice: Notice, path: Path) -> NoticeRule:
    """One line; what cannot be resolved is reported and left out."""
    if not notice.tell:
        draft.report("missing-key", path, Label("须写明告知谁（tell）", "say who is told: “tell” is missing"), of_key=True)
    if notice.template is None:
        draft.report("missing-key", path, Label("须写明用哪个模板（template）", "say in which words: “template” is missing"), of_key=True)
    when = draft.expression(notice.when, (*path, "when"), BOOLEAN) if notice.when is not None else None
    if when is not None:
        draft.decide_by(when.reads)
    return NoticeRule(
        tell=compile_tell(draft, notice.tell, (*path, "tell")),
        template=_compile_template(draft, notice, (*path, "template")),
        when=when,
        values=_compile_values(draft, notice, path),
    )


def _compile_template(draft: Draft, notice: Notice, path: Path) -> Chosen[str]:
    def reading(name: str, at: Path) -> str | None:
        if name in draft.bundle.templates:
            return name
        draft.unknown("unknown-template", Label("消息模板", "template"), name, at, draft.offered_templates)
        return None

    return (compile_choice(draft, notice.template, path, reading) if notice.template is not None else None) or Fixed("")


def _compile_values(draft: Draft, notice: Notice, path: Path) -> tuple[tuple[str, Expression], ...]:
    values: list[tuple[str, Expression]] = []
    for name, text in notice.values.items():
        here: Path = (*path, "with", name)
        if name in _SEEN_ANYWAY:
            sentence = Label("“{name}”是保留名称", "“{name}” is a reserved name").fill(name=name)
            draft.report("reserved-name", here, sentence, Label("换一个名称。", "Choose another name."), of_key=True)
        value = draft.expression(text, here, None)
        if value is not None:
            values.append((name, value))
    return tuple(values)
