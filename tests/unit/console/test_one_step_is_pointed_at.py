"""The step that a page points at: the first way on that is his, and none in its place while he may not go it."""

from __future__ import annotations

import pytest

from engine.core.decision import Reason, ReasonCode
from engine.core.explain import Option
from engine.label import verbatim
from web.console.case.choices import main_of


def option(step: str, *codes: ReasonCode) -> Option:
    """A step, with what stands against it."""
    reasons = tuple(Reason(each, verbatim(each)) for each in codes)
    return Option(step, verbatim(step), not reasons, reasons, (), (), (), needs_reason=False, conditions=())


@pytest.mark.parametrize(
    ("found", "pointed_at"),
    [
        ([option("note"), option("agree"), option("decline")], "agree"),
        ([option("agree", "guard_unmet"), option("decline")], None),
        ([option("agree", "not_authorised"), option("decline")], "decline"),
        ([option("agree", "separation_of_duties", "guard_unmet"), option("decline")], "decline"),
        ([option("agree", "not_authorised"), option("note")], None),
        ([option("note")], None),
    ],
)
def test_the_first_way_on_that_is_his_is_pointed_at_or_none(found: list[Option], pointed_at: str | None) -> None:
    assert main_of(("agree", "decline"), found) == pointed_at
