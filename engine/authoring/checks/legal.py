"""A variant may weaken much, and says so, but never a legal clock of its base."""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.rendering import Rendered
from engine.core.problem import Problem
from engine.label import Label


def check_legal(rendered: Rendered) -> Iterator[Problem]:
    """A problem for each weakening of a clock that is legal in the base. Which rungs it has is for the variant to say."""
    if rendered.base is None or rendered.base.workflow is None:
        return
    clocks = rendered.base.workflow.clocks
    for each in rendered.weakenings():
        if each.kind == "clock" and clocks[each.element].legal:
            sentence = Label("法定时限不得放宽：{what}", "a legal clock cannot be weakened: {what}").fill(what=each.sentence)
            way_out = Label("删去这处改动；变体只能使法定时限更严。", "Delete this change; a variant can only make a legal clock stricter.")
            yield Problem("legal-weakened", each.path, sentence, way_out)
